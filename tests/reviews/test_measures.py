"""Measures have somebody who answers for them, a date, and a mark."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.measures import control_day
from engine.model.measures import Measure
from engine.rules.breaks import breaks
from engine.rules.calendar import RUSSIA
from tests.diagrams.shipped import version
from tests.review import Review
from tests.reviews.conftest import At

DEFAULTS = version().defaults


def plan(review: Review, element: str = "s6_plan", **more: Any) -> list[dict[str, Any]]:
    """Return the proposed measures with something changed in the first."""
    rows = review.answers(review.open(element)[0])["measures"]
    return [{**rows[0], **more}, *rows[1:]]


def ours(review: Review) -> list[Any]:
    """Return the measures of the review, without the school's own."""
    return review.rows(select(Measure).where(~Measure.own).order_by(Measure.id))


def test_a_measure_is_somebodys_until_a_day(at: At) -> None:
    """The task is given by name, and due on the measure's own date."""
    review = at("s6_plan")
    teacher = review.town.people["teacher.school"]
    rows = plan(review, responsible=teacher, due_on="2027-01-20")
    review.finish("s6_plan", measures=rows)
    review.finish("s6_approve")
    (task,) = review.open("s6_done")
    assert (teacher, date(2027, 1, 20)) == (task.assignee_id, task.due_at.date())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"goal": "999"}, "measures.0.goal"),
        ({"due_on": "2020-01-01"}, "measures.0.due_on"),
        ({"responsible": 999}, "measures.0.responsible"),
    ],
)
def test_a_measure_that_cannot_be_done_is_refused(
    at: At, change: dict[str, Any], field: str
) -> None:
    """A goal of another case, a day that is past, a person who does not work here."""
    review = at("s6_plan")
    assert [field] == list(review.refused("s6_plan", measures=plan(review, **change)))


def test_every_goal_has_a_measure(at: At) -> None:
    """A goal without one would never be solved."""
    review = at("s1_selfassess")
    for _ in range(2):
        answers = review.answers(review.open("s1_selfassess")[0])["answers"]
        review.finish("s1_selfassess", answers=[{**row, "know_how": "no"} for row in answers])
    review.until("s6_plan")
    assert 2 == len(plan(review))
    assert ["measures"] == list(review.refused("s6_plan", measures=plan(review)[:1]))


def test_an_expert_does_not_answer_for_measures(at: At) -> None:
    """Measures are the school's: who works elsewhere is not on offer."""
    review = at("s6_plan")
    rows = plan(review, responsible=review.town.people["expert1"])
    assert ["measures.0.responsible"] == list(review.refused("s6_plan", measures=rows))


def test_a_returned_plan_is_replaced(at: At) -> None:
    """What the director sent back does not stay beside the new one."""
    review = at("s6_plan")
    review.finish("s6_plan")
    review.finish("s6_approve", plan="return", remarks="Конкретнее")
    review.finish("s6_plan", measures=plan(review, text="Заново"))
    assert ["Заново"] == [row.text for row in ours(review)]


def test_a_mark_that_is_not_yes_is_explained(at: At) -> None:
    """Partly and no say what got in the way; the database asks for it too."""
    review = at("s6_done")
    assert ["comment"] == list(review.refused("s6_done", done="partly"))
    review.finish("s6_done", done="partly", comment="Не хватило часов", value=3.9)
    (row,) = ours(review)
    assert ("partly", 3.9) == (row.done, row.value)
    bare = {**row._asdict(), "id": 99, "comment": ""}
    with pytest.raises(IntegrityError):
        review.write(Measure, bare)


def test_control_waits_for_its_day(at: At) -> None:
    """After the last measure the case stands until the computed date."""
    review = at("s6_done")
    review.finish("s6_done")
    assert [] == review.open()
    on = date.fromisoformat(review.state.variables["control_on"])
    assert control_day(review.clock.now().date(), DEFAULTS) == on
    review.pass_time()
    assert on == review.clock.now().date()
    assert review.open("s7_remeasure")


@given(st.dates(date(2025, 1, 1), date(2032, 12, 31)))
def test_control_never_falls_into_breaks_or_days_off(done_on: date) -> None:
    """Three months later or the first school day after that."""
    on = control_day(done_on, DEFAULTS)
    assert (on - done_on).days >= 88
    assert RUSSIA.is_workday(on)
    assert not any(one.holds(on) for one in breaks(DEFAULTS["breaks"]))


# the school's own plan --------------------------------------------------------------------------


def test_own_measures_run_beside_the_review(at: At) -> None:
    """They are planned, approved and done while the council prepares."""
    review = at("measures_plan/mp_measure")
    assert review.open("s2_agenda") or review.open("s2_pedsovet")
    review.finish("measures_plan/mp_measure")
    assert {"yes"} == {row.done for row in review.rows(select(Measure)) if row.own and row.done}


def test_an_own_plan_that_was_returned_is_replaced(at: At) -> None:
    """As in the review itself."""
    review = at("measures_plan/mp_approve")
    before = len(review.rows(select(Measure)))
    review.finish("measures_plan/mp_approve", own_plan="return", remarks="Мало")
    review.finish("measures_plan/mp_plan")
    assert before == len(review.rows(select(Measure)))


def test_an_own_plan_is_extended_only_so_often(at: At) -> None:
    """Twice by the setting; then its result is summed up."""
    review = at("measures_plan/mp_review")
    for _ in range(DEFAULTS["own_rounds"]):
        review.finish("measures_plan/mp_review", own_next="more")
        review.until("measures_plan/mp_review")
    said = review.refused("measures_plan/mp_review", own_next="more")
    assert ["own_next"] == list(said)
    review.finish("measures_plan/mp_review")
    assert not [row for row in review.open() if row.element.startswith("measures_plan")]
