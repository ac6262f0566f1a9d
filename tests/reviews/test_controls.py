"""The control stage judges the same goals again; a majority decides, rounds are bounded."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.cycles import ChangeSettings
from engine.model.measures import ControlScore, Measure
from engine.model.reviews import Conclusion, ConclusionItem
from tests.review import Review
from tests.reviews.conftest import At


def judged(review: Review, *verdicts: str) -> None:
    """Let the experts judge the only goal, one after another."""
    for verdict in verdicts:
        row = review.open("s7_control")[0]
        rows = [{**goal, "effective": verdict} for goal in review.answers(row)["goals"]]
        review.finish("s7_control", goals=rows)


def missed(review: Review) -> None:
    """Let the second measurement stay below the target of the goal."""
    rows = review.answers(review.open("s7_remeasure")[0])["rows"]
    review.finish("s7_remeasure", rows=[{**row, "value": 3.0} for row in rows])


def level(review: Review) -> str:
    """Return the verdict of the newest control conclusion."""
    newest = select(Conclusion.id).order_by(Conclusion.id.desc()).limit(1).scalar_subquery()
    item = review.row(select(ConclusionItem).where(ConclusionItem.conclusion_id == newest))
    return str(item.level)


def test_before_and_after_come_from_the_data(at: At) -> None:
    """What an expert sends in for them is not believed."""
    review = at("s7_control")
    row = review.open("s7_control")[0]
    rows = [{**goal, "before": 0, "after": 99} for goal in review.answers(row)["goals"]]
    review.finish("s7_control", goals=rows)
    score = review.row(select(ControlScore))
    assert (3.6, 4.1) == (score.before, score.after)


@pytest.mark.parametrize(
    ("verdicts", "found"),
    [
        (("yes", "yes", "no"), "yes"),
        (("no", "partly", "no"), "no"),
        (("yes", "partly", "no"), "partly"),
    ],
)
def test_the_majority_decides_and_a_tie_is_partly(
    at: At, verdicts: tuple[str, ...], found: str
) -> None:
    """Whatever the lead sends in, the verdict is counted."""
    review = at("s7_control")
    judged(review, *verdicts)
    items = review.answers(review.open("s7_conclusion")[0])["items"]
    review.finish("s7_conclusion", items=[{**item, "verdict": "yes"} for item in items])
    assert found == level(review)


def test_a_reached_target_is_enough(at: At) -> None:
    """Though the experts doubt it, the value is there: no new measures."""
    review = at("s7_control")
    judged(review, "no", "no", "no")
    review.finish("s7_conclusion")
    assert review.open("s8_decision")


def test_only_goals_without_effect_get_new_measures(at: At) -> None:
    """The round goes up by one, and control comes again after the new measures."""
    review = at("s7_remeasure")
    missed(review)
    judged(review, "no", "no", "yes")
    review.finish("s7_conclusion")
    foreign = review.answers(review.open("s7_adjust")[0])["measures"]
    assert ["measures.0.goal"] == list(
        review.refused("s7_adjust", measures=[{**foreign[0], "goal": "2"}])
    )
    review.finish("s7_adjust")
    assert 1 == review.state.variables["control_round"]
    assert {0, 1} == {row.round for row in review.rows(select(Measure)) if not row.own}
    review.until("s7_control")
    judged(review, "yes", "yes", "yes")
    assert {0, 1} == {row.round for row in review.rows(select(ControlScore))}


def test_rounds_never_exceed_their_bound(at: At) -> None:
    """Invariant 6: after two adjustments the director decides, and cannot extend either."""
    review = at("s7_remeasure")
    for round_ in range(3):
        missed(review)
        judged(review, "no", "no", "no")
        review.finish("s7_conclusion")
        if round_ < 2:
            review.until("s7_adjust")
            review.finish("s7_adjust")
            review.until("s7_remeasure")
    assert 2 == review.state.variables["control_round"]
    assert "ineffective" == review.state.variables["effect"]
    assert ["decision"] == list(review.refused("s8_decision", decision="extend_measures"))
    conclusions = select(Conclusion).where(Conclusion.stage == "control")
    assert [0, 1, 2] == [row.round for row in review.rows(conclusions)]


def test_a_bound_that_was_lowered_holds_at_once(at: At) -> None:
    """Invariant 6, though the adjustment was open already."""
    review = at("s7_remeasure")
    missed(review)
    judged(review, "no", "no", "no")
    review.finish("s7_conclusion")
    review.town.do(ChangeSettings(1, {"max_rounds": 0}), "coordinator.office")
    assert ["measures"] == list(review.refused("s7_adjust"))


def test_effective_measures_may_be_extended(at: At) -> None:
    """The director may go on with what works: new measures for any goal of the review."""
    review = at("s8_decision")
    review.finish("s8_decision", decision="extend_measures")
    review.finish("s7_adjust")
    assert 1 == review.state.variables["control_round"]


def test_an_expert_judges_every_goal(at: At) -> None:
    """A goal left out would stay without a verdict."""
    assert ["goals"] == list(at("s7_control").refused("s7_control", goals=[]))


def test_control_scores_lie_on_the_scale(at: At) -> None:
    """0 to 4, as everywhere."""
    review = at("s7_control")
    row = review.open("s7_control")[0]
    goals: list[dict[str, Any]] = review.answers(row)["goals"]
    said = review.refused("s7_control", goals=[{**goals[0], "score": "5"}])
    assert ["goals.0.score"] == list(said)
