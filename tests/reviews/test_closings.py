"""How a review ends: decided, published, repeated, cancelled, postponed, carried over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.closings import CancelReview, PostponeTask
from engine.commands.handovers import MoveDeadline
from engine.errors import DeadlineRefused, Forbidden, NobodyWaits, NotFound, NotOpen, ReasonMissing
from engine.model.cases import Case
from engine.model.councils import ManagementDecision
from engine.model.documents import Document
from engine.model.goals import goals_of
from engine.model.indicators import values_of
from engine.model.tasks import DeadlineChange, Task
from tests.review import Review
from tests.reviews.conftest import At

# the decision -----------------------------------------------------------------------------------


def test_a_decision_says_whether_measures_worked(at: At) -> None:
    """The mark comes from the control stage, not from the director."""
    review = at("s8_decision")
    review.finish("s8_decision", decision="keep_practice")
    assert review.row(select(ManagementDecision)).effective
    assert review.open("s8_publish")


def test_results_are_published_at_an_address(at: At) -> None:
    """Something that is no address is refused, and so is a missing confirmation."""
    review = at("s8_publish")
    assert ["url"] == list(review.refused("s8_publish", url="на сайте школы"))
    assert ["redacted"] == list(review.refused("s8_publish", redacted=False))


def test_the_final_note_holds_goals_conclusions_and_decisions(at: At) -> None:
    """It is next year's baseline in one text."""
    note = at("end").row(select(Document).where(Document.title == "Итоговая справка"))
    assert "Поднять качество" in note.text
    assert 5 <= len(note.text.splitlines())


# again ------------------------------------------------------------------------------------------


def test_a_repeated_review_is_a_linked_case_that_begins_with_its_order(at: At) -> None:
    """It takes over the goals and the newest values; the old case ends."""
    review = at("s8_decision")
    review.finish("s8_decision", decision="repeat")
    assert ("completed", "end_ok") == review.outcome
    again = review.row(select(Case).where(Case.previous_id == review.case_id))
    assert (2, "running") == (again.number, again.status)
    old, review.case_id = review.case_id, again.id
    assert ["s2_order"] == [row.element for row in review.open()]
    assert [row.code for row in review.rows(goals_of(old))] == [
        row.code for row in review.rows(goals_of(again.id))
    ]
    values = {(row.source, row.measure): row.value for row in review.rows(values_of(again.id, 0))}
    assert (4.1, 3.6) == (values["oge", "mean"], values["ege", "mean"])


def test_a_repeated_review_goes_all_the_way(at: At) -> None:
    """From its order to its own decision."""
    review = at("s8_decision")
    review.finish("s8_decision", decision="repeat")
    review.case_id = review.row(select(Case).where(Case.previous_id == review.case_id)).id
    assert ("completed", "end_ok") == review.to_the_end()


# cancelled --------------------------------------------------------------------------------------


@pytest.mark.parametrize("element", ["s1_source", "s2_coi", "s3_visit", "s6_done"])
def test_the_director_cancels_at_any_time(at: At, element: str) -> None:
    """Every open task goes; the order is a document with its reason."""
    review = at(element)
    review.town.do(CancelReview(review.case_id, "карантин", "17"), "director.school")
    review.tick()
    assert ("completed", "end_cancelled") == review.outcome
    assert [] == review.open()
    order = review.row(select(Document).where(Document.title == "Об отмене ОПЭКО"))
    assert ("17", "карантин") == (order.number, order.text)


def test_not_everybody_cancels(at: At) -> None:
    """A deputy may not, a stranger does not know of it; it takes a reason, and a case that runs."""
    review = at("s2_order")
    with pytest.raises(Forbidden):
        review.town.do(CancelReview(review.case_id, "так"), "deputy.school")
    with pytest.raises(NotFound):
        review.town.do(CancelReview(review.case_id, "так"), "director.second")
    with pytest.raises(ReasonMissing):
        review.town.do(CancelReview(review.case_id, " "), "director.school")
    ended = at("end")
    with pytest.raises(NobodyWaits):
        ended.town.do(CancelReview(ended.case_id, "так"), "director.school")


# postponed --------------------------------------------------------------------------------------


def asked(review: Review, element: str, nth: int = 0, days: int = 30) -> Any:
    """Ask for more time for a task; return the task as it was."""
    row = review.open(element)[nth]
    until = (row.due_at + timedelta(days=days)).date()
    review.town.do(PostponeTask(row.id, until, "эксперт болен"), "deputy.school")
    return row


def test_the_old_date_is_in_force_until_the_director_agrees(at: At) -> None:
    """Nothing moves by asking."""
    review = at("s2_order")
    row = asked(review, "s2_order")
    assert row.due_at == review.row(select(Task).where(Task.id == row.id)).due_at
    assert review.open("ep_approve")


def test_a_moved_deadline_keeps_its_history(at: At) -> None:
    """Invariant 7: the first date, the new one, why, who agreed and when."""
    review = at("s2_order")
    row = asked(review, "s2_order")
    review.finish("ep_approve")
    change = review.row(select(DeadlineChange))
    assert (row.id, row.due_at, "эксперт болен") == (
        change.task_id,
        change.due_before,
        change.reason,
    )
    assert review.town.people["director.school"] == change.person_id
    assert change.due_after == review.row(select(Task).where(Task.id == row.id)).due_at


def test_a_refused_request_changes_nothing(at: At) -> None:
    """And it leaves no history."""
    review = at("s2_order")
    asked(review, "s2_order")
    review.finish("ep_approve", postpone="refuse")
    assert [] == review.rows(select(DeadlineChange))


def test_a_task_that_was_done_meanwhile_is_not_moved(at: At) -> None:
    """The director is told, and refuses."""
    review = at("s2_order")
    asked(review, "s2_order")
    review.finish("s2_order")
    assert ["postpone"] == list(review.refused("ep_approve"))
    review.finish("ep_approve", postpone="refuse")
    assert [] == review.open("ep_approve")


def test_a_deadline_that_moved_meanwhile_is_not_moved_again(at: At) -> None:
    """The director is told at his answer, and refuses."""
    review = at("s2_order")
    row = asked(review, "s2_order")
    day = (row.due_at + timedelta(days=30)).date()
    review.town.do(MoveDeadline(row.id, day, "так"), "coordinator.office")
    assert ["postpone"] == list(review.refused("ep_approve"))


def test_two_requests_do_not_mix(at: At) -> None:
    """Each answer moves its own task."""
    review = at("s2_coi")
    first, second = asked(review, "s2_coi", 0), asked(review, "s2_coi", 1)
    review.finish("ep_approve", 1)
    assert second.id == review.row(select(DeadlineChange)).task_id
    review.finish("ep_approve")
    assert [second.id, first.id] == [row.task_id for row in review.rows(select(DeadlineChange))]


def test_a_request_makes_sense(at: At) -> None:
    """A reason, an open task, a day to come."""
    review = at("s2_order")
    row = review.open("s2_order")[0]
    with pytest.raises(ReasonMissing):
        review.town.do(PostponeTask(row.id, date(2027, 1, 1), ""), "deputy.school")
    for day in (date(2020, 1, 1), row.due_at.date(), date(2036, 1, 1)):
        with pytest.raises(DeadlineRefused):
            review.town.do(PostponeTask(row.id, day, "так"), "deputy.school")
    review.finish("s2_order")
    with pytest.raises(NotOpen):
        review.town.do(PostponeTask(row.id, date(2027, 1, 1), "так"), "deputy.school")


# the end of the year ----------------------------------------------------------------------------

AUTUMN = datetime(2027, 8, 31, 5, tzinfo=UTC)


def test_on_31_august_the_coordinator_decides_about_an_open_case(at: At) -> None:
    """The task lies in the office above the school; the case itself goes on."""
    review = at("s6_done")
    review.clock.move_to(AUTUMN)
    review.tick()
    (row,) = review.open("ey_decide")
    assert review.town.organisations["office"] == row.organisation_id
    assert review.open("s6_done")


def test_a_case_that_is_carried_over_is_asked_about_a_year_later(at: At) -> None:
    """Yearly, as long as it is open."""
    review = at("s6_done")
    review.clock.move_to(AUTUMN)
    review.tick()
    review.finish("ey_decide", year="carry")
    assert [] == review.open("ey_decide")
    review.clock.move_to(AUTUMN + timedelta(days=366))
    review.tick()
    assert review.open("ey_decide")


def test_a_case_may_be_closed_as_it_is(at: At) -> None:
    """Its open tasks go, the final note is written, the outcome says so."""
    review = at("s6_done")
    review.clock.move_to(AUTUMN)
    review.tick()
    review.finish("ey_decide", year="close")
    assert ("completed", "end_closed") == review.outcome
    assert [] == review.open()
    title = "Итоговая справка: дело закрыто как есть"
    assert 1 == len(review.rows(select(Document).where(Document.title == title)))
