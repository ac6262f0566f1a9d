"""The conclusion is signed on enough opinions, and answers what the school objects to."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.cycles import ChangeSettings
from engine.commands.tasks import CompleteTask
from engine.errors import NotFound
from engine.model.documents import Document
from engine.model.reviews import Conclusion, Dissent, Objection, OpinionScore, Signature
from engine.queries.reviews import conclusion
from tests.review import Review
from tests.reviews.conftest import At


def require(review: Review, opinions: int) -> None:
    """Let the cycle demand so many opinions."""
    review.town.do(ChangeSettings(1, {"min_experts": opinions}), "coordinator.office")


def test_a_conclusion_needs_enough_opinions(at: At) -> None:
    """Invariant 3: below the setting it can be neither written nor signed."""
    review = at("s5_conclusion")
    require(review, 5)
    said = review.refused("s5_conclusion")
    assert {"summary": ["Сдано заключений экспертов: 3, а нужно не меньше 5."]} == said
    require(review, 3)
    review.finish("s5_conclusion")
    require(review, 5)
    assert ["sign"] == list(review.refused("s5_sign"))


def test_the_draft_is_made_of_the_opinions(at: At) -> None:
    """The lead begins with what everybody has found; the same finding stands once."""
    review = at("s5_conclusion")
    given = [row.findings for row in review.rows(select(OpinionScore))]
    (item,) = review.answers(review.open("s5_conclusion")[0])["items"]
    assert 3 == len(given)
    assert list(dict.fromkeys(given)) == item["conclusion"].splitlines()
    assert "matches" == item["level"]


def test_a_conclusion_speaks_about_every_goal(at: At) -> None:
    """A goal left out would stay without a conclusion."""
    assert ["items"] == list(at("s5_conclusion").refused("s5_conclusion", items=[]))


def test_every_expert_signs_for_himself(at: At) -> None:
    """Who gave an opinion gets the task by name; another does not find it."""
    review = at("s5_sign")
    assert review.members() == [row.assignee_id for row in review.open("s5_sign")]
    row = review.open("s5_sign")[0]
    with pytest.raises(NotFound):
        review.town.do(CompleteTask(row.id, {"sign": "agree"}), "expert8")


def test_who_does_not_agree_signs_with_a_dissent(at: At) -> None:
    """Without its text the signature is refused."""
    review = at("s5_sign")
    assert ["text"] == list(review.refused("s5_sign", sign="dissent"))
    review.finish("s5_sign", sign="dissent", text="Вывод слишком мягкий.")
    assert ["Вывод слишком мягкий."] == [row.text for row in review.rows(select(Dissent))]
    assert [False] == [row.agrees for row in review.rows(select(Signature))]


def test_every_dissent_survives_into_the_final_documents(at: At) -> None:
    """Invariant 4: in the printed conclusion, the control conclusion and the final note."""
    review = at("s5_sign")
    review.finish("s5_sign", sign="dissent", text="Вывод слишком мягкий.")
    assert ("completed", "end_ok") == review.to_the_end()
    papers = review.rows(select(Document).where(Document.text.contains("слишком мягкий")))
    titles = {paper.title for paper in papers}
    assert {"Заключение контрольного этапа 1", "Итоговая справка"} < titles
    with review.town.engine.read() as reader:
        printed = conclusion(reader, review.town.actor("director.school"), review.case_id)
    assert ["Вывод слишком мягкий."] == [text for _, text in printed.dissents]
    assert 3 == len(printed.signed_by)


def test_a_dissent_has_a_text(at: At) -> None:
    """The database does not keep an empty one."""
    review = at("s5_sign")
    (task, *_) = review.open("s5_sign")
    row = {"case_id": review.case_id, "task_id": task.id, "person_id": task.assignee_id}
    empty = {**row, "stage": "sign", "text": "", "at": review.clock.now()}
    with pytest.raises(IntegrityError):
        review.write(Dissent, empty)


def test_a_school_without_objections_goes_on(at: At) -> None:
    """Reading is confirmed; the plan of measures follows."""
    review = at("s5_acquaint")
    review.finish("s5_acquaint")
    assert review.open("s6_plan")
    assert [] == review.rows(select(Objection))


def test_every_objection_is_answered_once(at: At) -> None:
    """The lead answers each; then the plan follows."""
    review = at("s5_acquaint")
    rows = [{"point": "1", "text": "Не так"}, {"point": "2", "text": "И это не так"}]
    review.finish("s5_acquaint", objections=rows)
    answers = review.answers(review.open("s5_answer")[0])["answers"]
    assert ["answers"] == list(review.refused("s5_answer", answers=answers[:1]))
    answers[1]["accepted"] = "no"
    review.finish("s5_answer", answers=answers)
    assert [True, False] == [row.accepted for row in review.rows(select(Objection))]
    assert review.open("s6_plan")


def test_a_case_has_one_first_conclusion(at: At) -> None:
    """The printed conclusion is the one that was signed."""
    assert 1 == len(at("s6_plan").rows(select(Conclusion)))
