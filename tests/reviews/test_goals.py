"""The goals of a case: their list, who can solve them, why a review is held."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from engine.model.goals import Goal, Ground, SelfAssessment, goals_of
from tests.review import Review
from tests.reviews.conftest import At


def said(review: Review, *know_how: str) -> list[dict[str, Any]]:
    """Return the answers of an association, goal by goal."""
    goals = [row.id for row in review.rows(goals_of(review.case_id))]
    return [
        {"goal": str(goal), "know_how": answer}
        for goal, answer in zip(goals, know_how, strict=True)
    ]


def judged(review: Review, first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Let both associations answer; return the classes of the goals."""
    review.finish("s1_selfassess", answers=said(review, *first))
    review.finish("s1_selfassess", answers=said(review, *second))
    return [row.classification for row in review.rows(goals_of(review.case_id))]


def test_goals_get_codes_that_nobody_typed(at: At) -> None:
    """A code is the number of the row."""
    review = at("s1_request")
    assert ["З1", "З2"] == [row.code for row in review.rows(goals_of(review.case_id))]


def test_a_code_names_one_goal(at: At) -> None:
    """Two goals with one code could not be told apart."""
    rows = [{"code": "А", "title": "Раз", "priority": "low"}] * 2
    assert ["tasks.1.code"] == list(at("s1_tasks").refused("s1_tasks", tasks=rows))


def test_a_target_needs_an_indicator_that_was_measured(at: At) -> None:
    """Control measures the same indicator again, so it must exist."""
    review = at("s1_tasks")
    foreign = {"title": "Раз", "priority": "low", "indicator": "ege|химия|11|mean"}
    assert ["tasks.0.indicator"] == list(review.refused("s1_tasks", tasks=[foreign]))
    bare = {"title": "Раз", "priority": "low", "target": 4}
    assert ["tasks.0.target"] == list(review.refused("s1_tasks", tasks=[bare]))


@pytest.mark.parametrize(
    ("first", "second", "classes"),
    [
        (("no", "yes"), ("no", "yes"), ["experts", "own"]),
        (("no", "partly"), ("yes", "yes"), ["tie", "help"]),
        (("partly", "yes"), ("yes", "yes"), ["help", "own"]),
    ],
)
def test_goals_are_classified_by_all_associations(
    at: At, first: Sequence[str], second: Sequence[str], classes: list[str]
) -> None:
    """Most cannot: experts; even: a tie; some can: with help; all can: alone."""
    assert classes == judged(at("s1_selfassess"), first, second)


def test_an_association_answers_for_every_goal(at: At) -> None:
    """A goal left out would not be judged."""
    review = at("s1_selfassess")
    assert ["answers"] == list(
        review.refused("s1_selfassess", answers=said(review, "no", "no")[:1])
    )


def test_the_deputy_decides_a_tie(at: At) -> None:
    """What the associations leave even is decided before the grounds."""
    review = at("s1_selfassess")
    judged(review, ("no", "yes"), ("yes", "yes"))
    (tie,) = [row for row in review.rows(goals_of(review.case_id)) if row.classification == "tie"]
    review.finish("s1_tie", decisions=[{"goal": str(tie.id), "goal_class": "experts"}])
    assert [] == review.open("s1_tie")
    assert "experts" == review.row(select(Goal).where(Goal.id == tie.id)).classification


def test_goals_for_experts_are_a_ground(at: At) -> None:
    """Nothing else need be stated."""
    review = at("s1_grounds")
    review.finish("s1_grounds")
    assert ["experts"] == [row.ground for row in review.rows(select(Ground))]
    assert review.open("s2_agenda")


def test_stated_grounds_are_kept_beside(at: At) -> None:
    """Transparency and competitiveness are grounds of their own (seed 003, point 2)."""
    review = at("s1_grounds")
    review.finish("s1_grounds", transparency=True, competitiveness=True)
    grounds = {row.ground for row in review.rows(select(Ground))}
    assert {"experts", "transparency", "competitiveness"} == grounds


def test_without_any_ground_the_own_plan_goes_on_alone(at: At) -> None:
    """No review is held; the case ends when the school's own measures are done."""
    review = at("s1_selfassess")
    judged(review, ("yes", "yes"), ("yes", "yes"))
    review.finish("s1_grounds")
    assert ["measures_plan/mp_plan"] == [row.element for row in review.open()]
    assert ("completed", "end_notneeded") == review.to_the_end()


def test_a_reworked_list_keeps_the_history_of_its_goals(at: At) -> None:
    """A goal keeps its row by its code and is judged anew; one that fell out is dropped."""
    review = at("s2_pedsovet")
    review.finish("s2_pedsovet", decision="rework")
    review.finish("s1_tasks", tasks=[{"code": "З2", "title": "Заново", "priority": "low"}])
    first, second = review.rows(select(Goal).order_by(Goal.id))
    assert (first.dropped, second.dropped, second.revision) == (True, False, 2)
    review.until("s1_selfassess")
    review.finish("s1_selfassess", answers=said(review, "yes"))
    revisions = {row.revision for row in review.rows(select(SelfAssessment))}
    assert {1, 2} == revisions


def test_a_goal_under_way_is_not_begun_twice(at: At) -> None:
    """After a rework the school's own plan is not opened again for what it already does."""
    review = at("s2_pedsovet")
    own = [row.element for row in review.open() if row.element.startswith("measures_plan")]
    review.finish("s2_pedsovet", decision="rework")
    review.until("s2_agenda")
    plans = [row for row in review.open() if row.element == "measures_plan/mp_plan"]
    assert len(plans) <= len(own)


def test_an_answer_cannot_be_wanted_yesterday(at: At) -> None:
    """The request names a day to come."""
    assert ["answer_by"] == list(at("s1_request").refused("s1_request", answer_by="2020-01-01"))
