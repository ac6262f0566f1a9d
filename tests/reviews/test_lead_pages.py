"""The pages of the panel's lead, and what they keep from everybody until all opinions are in."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.errors import NotFound
from engine.model.documents import Attachment, Document
from engine.model.reviews import Opinion
from engine.model.tasks import Task
from engine.queries.scores import scores
from tests.review import Review
from tests.reviews.conftest import At
from tests.reviews.pages import enter
from tests.traced import statements
from web.app import create_app

SECRET = "сов-секретно-7"
WATCHERS = ("director.school", "secretary.school", "coordinator.office")


def one_in(at: At) -> tuple[Review, str, str, str]:
    """Return a review with one secret opinion in: its author, the lead, the third expert."""
    review = at("s3_materials")
    lead = review.lead()
    author, third = [person for person in review.members() if person != lead]
    while not _submitted(review, author):
        row = next(row for row in review.open() if row.assignee_id == author)
        nth = [r.id for r in review.open(row.element)].index(row.id)
        review.finish(row.element, nth, **_secret(review.answers(row)))
    return review, review.person(author), review.person(lead), review.person(third)


def _submitted(review: Review, person: int) -> bool:
    return bool(review.rows(select(Opinion.id).where(Opinion.person_id == person)))


def _secret(fields: dict[str, Any]) -> dict[str, Any]:
    """Return answers whose every text is the secret."""
    return {
        key: [
            {k: SECRET if k in ("findings", "evidence", "text") else v for k, v in row.items()}
            for row in value
        ]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else SECRET
        if key in ("notes", "observations")
        else value
        for key, value in fields.items()
    }


# blind ------------------------------------------------------------------------------------------


def test_the_lead_sees_who_is_awaited_and_reminds_him(at: At) -> None:
    """One tick, two names with what they are at; a press sends a notice."""
    review, _author, lead, third = one_in(at)
    browser = enter(review, lead)
    page = browser.open(f"/cases/{review.case_id}/scores")
    assert ["Кто сдал заключение: 1 из 3"] == page.texts("#who")
    assert 1 == len(page.find(".tag.done"))
    assert [] == page.find("table")
    assert "Оценки и тексты откроются" in page.text
    page = browser.press("Напомнить")
    assert ["Напоминание отправлено."] == page.texts("[role=status]")
    notices = enter(review, third).open("/notices").text
    assert "Изучить материалы" in notices


def test_no_address_tells_what_an_expert_wrote(at: At) -> None:
    """Every page of the site, opened by everybody with every key of his: the text is on none."""
    review, author, lead, third = one_in(at)
    app = create_app(review.town.engine)
    addresses = sorted(_addresses(app, review, review.town.people[author]))
    assert 40 < len(addresses)
    for who in (*WATCHERS, lead, third):
        browser = enter(review, who, app)
        for address in addresses:
            answer = browser.client.get(address)
            assert 500 > answer.status_code, (who, address)
            assert "application/pdf" != answer.mimetype, (who, address)
            assert SECRET not in _content(answer.data), (who, address)
    own = enter(review, author, app)
    assert any(SECRET in _content(own.client.get(one).data) for one in addresses)


def _addresses(app: Flask, review: Review, author: int) -> Iterator[str]:
    """Yield every address of the site, with the keys of the author's work."""
    mine = select(Task.id).where(Task.case_id == review.case_id, Task.done_by == author)
    papers = select(Document.id).where(Document.signatory_id == author)
    keys: dict[str, Sequence[int | str]] = {
        "task_id": [row.id for row in review.rows(mine)][-2:],
        "document_id": [row.id for row in review.rows(papers)][-2:],
        "file_id": [row.id for row in review.rows(select(Attachment.id))][-1:] or [1],
        "case_id": [review.case_id],
        "person_id": [author],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments)
        offered = [
            keys.get(name, [1] if name.endswith("_id") else ["docx", "pdf"]) for name in names
        ]
        for chosen in product(*offered):
            values = dict(zip(names, chosen, strict=True))
            yield app.url_map.bind("").build(rule.endpoint, values)


def _content(data: bytes) -> str:
    """Return what an answer says, a workbook or a document unpacked."""
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@pytest.mark.parametrize("who", ["director.second", "teacher.school", "expert8"])
def test_a_stranger_finds_no_scores(at: At, who: str) -> None:
    """Another school, a teacher, an expert of no panel."""
    review = at("s4_choice")
    with review.town.engine.read() as reader, pytest.raises(NotFound):
        scores(reader, review.town.actor(who), review.case_id)
    assert 404 == enter(review, who).open(f"/cases/{review.case_id}/scores").status


# open -------------------------------------------------------------------------------------------


def diverged(at: At) -> Review:
    """Return a review whose experts gave 1, 3 and 4 for the goal."""
    review = at("s3_materials")
    for person, score in zip(review.members(), "134", strict=True):
        while not _submitted(review, person):
            row = next(row for row in review.open() if row.assignee_id == person)
            nth = [r.id for r in review.open(row.element)].index(row.id)
            more: dict[str, Any] = {}
            if row.element == "s3_opinion":
                goals = review.answers(row)["goals"]
                more = {"goals": [{**goal, "score": score} for goal in goals]}
            review.finish(row.element, nth, **more)
    return review


def test_divergence_stands_by_expert_in_words_and_colour(at: At) -> None:
    """Each expert's score, mean and range; what differs says so, and can be seen alone."""
    review = diverged(at)
    browser = enter(review, review.person(review.lead()))
    page = browser.open(f"/cases/{review.case_id}/scores")
    assert 5 == len(page.find("tbody tr"))
    (row,) = page.find("tbody tr.apart")
    assert ["1", "3", "4", "2,67"] == [
        one.text_content().strip() for one in row.cssselect(".number")
    ]
    assert ["≠ расходятся на 3"] == page.texts("tbody .tag")
    only = browser.follow("Только расхождения 1")
    assert 1 == len(only.find("tbody tr"))


def test_reconciliation_shows_whose_score_is_which(at: At) -> None:
    """And what was agreed on stands in the table afterwards, with its reason."""
    review = diverged(at)
    row = review.open("s4_reconcile")[0]
    browser = enter(review, review.person(review.lead()))
    page = browser.open(f"/tasks/{row.id}")
    assert ["1", "3", "4"] == page.texts(".behind .mark")
    scored = [
        {**one, "agreed_score": 3, "reason": "Сверили."} for one in review.answers(row)["scores"]
    ]
    review.finish("s4_reconcile", scores=scored)
    assert "3 Сверили." in browser.open(f"/cases/{review.case_id}/scores").texts("td")


# the conclusion ---------------------------------------------------------------------------------


def test_the_draft_of_the_conclusion_names_its_sources(at: At) -> None:
    """Under each goal what every expert found; the paper comes before the signature."""
    review = at("s5_conclusion")
    row = review.open("s5_conclusion")[0]
    browser = enter(review, review.person(review.lead()))
    page = browser.open(f"/tasks/{row.id}")
    assert 3 == len(page.find(".behind li"))
    page = browser.press("Просмотр и подпись", {"summary": "Школа справляется."})
    assert "Школа справляется." in page.texts("#printed p")
    assert f"/tasks/{row.id}" == browser.press("Подписываю заключение").path


def test_a_member_signs_what_he_has_read(at: At) -> None:
    """The whole conclusion is on his page; his dissent is in it as soon as he has signed."""
    review = at("s5_sign")
    row = review.open("s5_sign")[0]
    who = review.person(row.assignee_id)
    browser = enter(review, who)
    page = browser.open(f"/tasks/{row.id}")
    assert 3 == len([line for line in page.texts(".printed-signs p") if "ещё не" in line])
    page = browser.press("Просмотр и подпись", sign="dissent", text="Вывод мягок.")
    assert "подпись: подписываю с особым мнением" in page.text
    page = browser.press("Подписываю заключение")
    assert "Вывод мягок." in page.texts("#printed p")
    assert any("особым мнением, 25" in line for line in page.texts(".printed-signs p"))
    assert "Вывод мягок." in browser.open(f"/cases/{review.case_id}/conclusion").texts("#printed p")


def test_objections_stand_beside_their_answers(at: At) -> None:
    """On the page of the conclusion, for the panel and for the school."""
    review = at("s5_acquaint")
    objection = {"point": "2", "text": "Не учтено полугодие", "evidence": "приказ"}
    review.finish("s5_acquaint", objections=[objection])
    row = review.open("s5_answer")[0]
    page = enter(review, review.person(review.lead())).open(f"/tasks/{row.id}")
    assert ["Чем подтверждается: приказ"] == page.texts(".behind li")
    answers = [
        {**one, "accepted": "no", "answer": "Учтено"} for one in review.answers(row)["answers"]
    ]
    review.finish("s5_answer", answers=answers)
    page = enter(review, "director.school").open(f"/cases/{review.case_id}/conclusion")
    assert "К пункту 2" in page.texts(".pair h3")
    assert {"Не учтено полугодие", "Учтено"} <= set(page.texts(".pair p"))
    assert ["✕ не принято"] == page.texts(".pair .tag")


def test_there_is_no_conclusion_before_it_is_written(at: At) -> None:
    """Its address says no more than any other that leads nowhere."""
    review = at("s4_choice")
    assert (
        404 == enter(review, "director.school").open(f"/cases/{review.case_id}/conclusion").status
    )


# speed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "path", "most"),
    [
        ("s3_visit", "/tasks/{task}", 22),
        ("s3_opinion", "/tasks/{task}", 23),
        ("s5_conclusion", "/tasks/{task}", 32),
        ("s5_conclusion", "/cases/{case}/scores", 18),
        ("s6_plan", "/cases/{case}/conclusion", 14),
    ],
)
def test_a_page_keeps_to_its_statements(at: At, element: str, path: str, most: int) -> None:
    """However many experts, goals and criteria there are; those of the frame included."""
    review = at(element)
    row = review.open(element)[0]
    who = review.person(row.assignee_id or review.lead())
    browser = enter(review, who)
    address = path.format(task=row.id, case=review.case_id)
    browser.open(address)
    with statements(review.town.engine) as seen:
        assert 200 == browser.client.get(address).status_code
    assert most >= len(seen)
