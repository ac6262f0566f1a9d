"""The papers of the review: each is issued by the step that needs it, and says what was said."""

import pytest
from flask import Flask
from sqlalchemy import select

from engine.errors import NotFound
from engine.model.documents import Document, DocumentSignature, Edition
from engine.model.reviews import MergedScore
from engine.papers.content import restored
from engine.papers.printing import name_of
from engine.printer import print_paper
from engine.queries.documents import documents_of_task
from tests.papers.reading import words_of
from tests.review import Review
from tests.reviews.conftest import At
from tests.reviews.pages import enter


def paper(review: Review, kind: str, version: int = 0) -> str:
    """Return what the newest document of a kind says in Word."""
    document = review.rows(select(Document).where(Document.kind == kind).order_by(Document.id))[-1]
    town = review.town
    who = town.actor("director.school")
    return words_of(print_paper(town.engine, who, document.id, "docx", version).content)


def editions(review: Review, kind: str) -> list[int]:
    """Return the versions of the newest document of a kind."""
    newest = select(Document.id).where(Document.kind == kind).order_by(Document.id.desc()).limit(1)
    found = select(Edition).where(Edition.document_id == newest.scalar_subquery())
    rows = review.rows(found.order_by(Edition.version))
    return [row.version for row in rows]


TEN = {
    "order": ("О проведении ОПЭКО", "s2_order"),
    "request": ("Запрос администрации на привлечение независимых экспертов", "s2_request"),
    "minutes": ("Протокол педагогического совета", "s2_pedsovet"),
    "declaration": ("Декларация: Некто expert1", "s2_coi"),
    "programme": ("Программа ОПЭКО", "s2_program"),
    "conclusion": ("Заключение по результатам первого этапа", "s5_conclusion"),
    "plan": ("План мер по заключению", "s6_plan"),
    "decision": ("Управленческое решение по результатам ОПЭКО", "s8_decision"),
    "note": ("Итоговая справка", ""),
}


def test_the_ten_papers_are_issued_by_their_steps(at: At) -> None:
    """Nine on the usual way, numbered; the tenth, a dissenting opinion, below."""
    review = at("end")
    found = {(row.kind, row.title): row for row in review.rows(select(Document))}
    for kind, (title, element) in TEN.items():
        row = found[kind, title]
        assert row.number
        assert (row.task_id is None) == (element == "")
        name = name_of(
            restored(review.rows(select(Edition).filter_by(document_id=row.id))[0].content)
        )
        assert name.startswith(("Приказ №", *(f"{word} №" for word in WORDS)))


WORDS = (
    "Запрос",
    "Протокол",
    "Декларация",
    "Программа",
    "Заключение",
    "План мер",
    "Управленческое решение",
    "Итоговая справка",
)


def test_an_order_says_what_was_ordered(at: At) -> None:
    """Number, date, period and coordinator; its director has signed it by sending it in."""
    review = at("s2_order")
    review.finish("s2_order", order_no="7-ОД", group="Группа из трёх человек")
    words = paper(review, "order")
    for part in ("ПРИКАЗ", "№ 7-ОД", "ПРИКАЗЫВАЮ:", "Некто deputy", "Группа из трёх человек"):
        assert part in words
    for part in ("Директор", "Контроль за исполнением", "Лист подписей", "Некто director.school"):
        assert part in words
    assert "директор" in words[words.index("Лист подписей") :]


def test_minutes_show_quorum_and_vote(at: At) -> None:
    """With a line for the chairman, who has no account of his own in this step."""
    review = at("s2_pedsovet")
    review.finish("s2_pedsovet")
    words = paper(review, "minutes")
    for part in ("15 из 20 членов", "за — 12, против — 2, воздержались — 1", "Председатель"):
        assert part in words


def test_the_summary_shows_every_score(at: At) -> None:
    """What no person writes is a table too: each criterion and goal with its mean and range."""
    review = at("s4_choice")
    words = paper(review, "record")
    for part in ("Сводная таблица оценок", "Критерий, задача", "Среднее", "Согласованность"):
        assert part in words
    for row in review.rows(select(MergedScore)):
        assert row.label in words


def test_a_plan_sent_in_again_is_the_same_document(at: At) -> None:
    """Its number stays, its edition grows; approved, it says by which order."""
    review = at("s6_approve")
    assert [1] == editions(review, "plan")
    review.finish("s6_approve", plan="return", remarks="Мало")
    review.finish("s6_plan")
    assert [1, 2] == editions(review, "plan")
    assert "УТВЕРЖДЁН" not in paper(review, "plan")
    review.finish("s6_approve", order_no="9-ОД")
    assert [1, 2, 3] == editions(review, "plan")
    assert "УТВЕРЖДЁН" in paper(review, "plan")
    assert "№ 9-ОД" in paper(review, "plan")
    assert "План мер по заключению" in paper(review, "order")
    titles = [row.title for row in review.rows(select(Document).where(Document.kind == "plan"))]
    assert ["План собственных мер", "План мер по заключению"] == titles


def test_a_conclusion_gathers_signatures_and_dissent(at: At) -> None:
    """Each signature makes an edition; a dissent goes with it word for word, and as a paper."""
    review = at("s5_sign")
    people = [row.assignee_id for row in review.open("s5_sign")]
    assert "Лист подписей" not in paper(review, "conclusion")
    review.finish("s5_sign", sign="dissent", text="Мера преждевременна")
    review.finish("s5_sign")
    words = paper(review, "conclusion")
    assert [1, 2, 3] == editions(review, "conclusion")
    assert ("с особым мнением" in words, "согласен" in words) == (True, True)
    assert "Мера преждевременна" in words
    assert "Мера преждевременна" not in paper(review, "conclusion", 1)
    assert "Мера преждевременна" in paper(review, "dissent")
    signed = review.rows(select(DocumentSignature).where(~DocumentSignature.agrees))
    assert [people[0]] == [row.person_id for row in signed]


def test_a_finished_task_leads_to_its_paper(at: At) -> None:
    """On its page, for who may read it; nobody else sees that there is one."""
    review = at("s2_order")
    task = review.open("s2_order")[0].id
    review.finish("s2_order")
    page = enter(review, "director.school").open(f"/tasks/{task}")
    assert 1 == len(page.find(f"a[href$='/documents/{_ids(review, task)[0]}.pdf']"))
    with review.town.engine.read() as reader:
        assert [] == documents_of_task(reader, review.town.actor("teacher.second"), task)


def test_a_conclusion_can_be_had_without_names(at: At) -> None:
    """No expert's name and no sheet of signatures; nothing is kept, and rights are the same."""
    review = at("s6_plan")
    document = review.row(select(Document).where(Document.kind == "conclusion")).id
    browser = enter(review, "director.school")
    answer = browser.client.get(f"/documents/{document}.docx?names=no")
    words = words_of(answer.data)
    assert "%D0%B1%D0%B5%D0%B7" in answer.headers["Content-Disposition"]
    assert "Некто expert" not in words
    assert "Лист подписей" not in words
    assert "Некто expert" in paper(review, "conclusion")
    stranger = enter(review, "director.second", browser.client.application)
    assert 404 == stranger.client.get(f"/documents/{document}.docx?names=no").status_code


def _ids(review: Review, task: int) -> list[int]:
    return [row.document_id for row in review.rows(select(Edition).filter_by(task_id=task))]


def test_blindness_holds_for_files(at: At) -> None:
    """An opinion is its author's until all are in; a declaration is for who answers for the panel."""
    review = at("s3_opinion")
    first, *others = review.members()
    review.finish_as(first, "s3_opinion")
    opinion = review.row(select(Document).where(Document.kind == "opinion")).id
    declaration = review.rows(select(Document).where(Document.kind == "declaration"))[0]
    app: Flask | None = None
    for person, document, status in (
        (review.person(first), opinion, 200),
        (review.person(others[0]), opinion, 404),
        ("director.school", opinion, 404),
        ("director.second", opinion, 404),
        (review.person(declaration.signatory_id), declaration.id, 200),
        ("director.school", declaration.id, 200),
        ("secretary.school", declaration.id, 404),
    ):
        browser = enter(review, person, app)
        app = browser.client.application
        for form in ("docx", "pdf"):
            assert status == browser.client.get(f"/documents/{document}.{form}").status_code
    with pytest.raises(NotFound):
        print_paper(review.town.engine, review.town.actor("teacher.school"), opinion, "pdf")
