"""Votes, panels and scores are counted as the model of ОПЭКО wants it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.scoring import (
    Tally,
    Total,
    against_team,
    by_expert,
    has_majority,
    has_quorum,
    ineffective,
    kendall_w,
    merge,
    ranked,
    score_of,
    tally,
    target_reached,
    total,
    verdict_of,
)

SCORES = st.lists(st.integers(0, 4), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("present", "members", "quorum"),
    [(6, 10, True), (5, 10, False), (10, 10, True), (11, 10, False), (0, 0, False), (1, 1, True)],
)
def test_a_quorum_is_more_than_half(present: int, members: int, *, quorum: bool) -> None:
    """Half of the members is no quorum, and more people than members is a slip."""
    assert quorum is has_quorum(present, members)


def test_the_share_of_a_quorum_is_a_setting() -> None:
    """A school may demand two thirds."""
    assert not has_quorum(6, 10, 2 / 3)
    assert has_quorum(7, 10, 2 / 3)


@pytest.mark.parametrize(("votes", "present", "enough"), [(5, 10, False), (6, 10, True)])
def test_a_majority_is_more_than_half_of_those_present(
    votes: int, present: int, *, enough: bool
) -> None:
    """A tie is no majority; those who abstain count as present."""
    assert enough is has_majority(votes, present)


@pytest.mark.parametrize(
    ("votes", "verdict"),
    [
        (["yes", "yes", "no"], "yes"),
        (["no", "no", "yes"], "no"),
        (["yes", "no"], "partly"),
        (["yes", "partly", "no"], "partly"),
        (["no", "no", "yes", "yes", "partly"], "partly"),
        ([], "partly"),
    ],
)
def test_a_tie_of_experts_is_partly(votes: list[str], verdict: str) -> None:
    """The verdict that most experts gave counts; without one it is «частично»."""
    assert verdict == verdict_of(votes)


def test_answers_of_associations_are_counted() -> None:
    """The share of «нет» is what classification looks at."""
    counted = tally(["yes", "no", "no", "partly"])
    assert Tally(1, 1, 2) == counted
    assert 0.5 == counted.share_no


def test_a_goal_that_nobody_judged_is_a_tie() -> None:
    """Without an answer a person decides: the share is that of a tie."""
    assert 0.5 == tally([]).share_no


@pytest.mark.parametrize(
    ("kinds", "reasons"),
    [
        (["public", "professional", "public"], 0),
        (["public", "professional"], 2),
        (["public", "professional", "public", "public"], 1),
        (["public"] * 3, 1),
        (["professional"] * 3, 1),
        ([], 4),
    ],
)
def test_an_unlawful_panel_hears_every_reason(kinds: list[str], reasons: int) -> None:
    """Too few, an even number, one kind only: each is said."""
    assert reasons == len(against_team(kinds, 3))


def test_scores_are_merged_with_their_range() -> None:
    """Mean and range stand side by side; a range equal to the threshold does not diverge."""
    merged = merge([1, 2.5, 2])
    assert (3, 1.83, 1, 2.5) == (merged.experts, merged.mean, merged.lowest, merged.highest)
    assert not merged.diverges(1.5)
    assert merged.diverges(1.4)


def test_nothing_cannot_be_merged() -> None:
    """A mean of nothing is no number."""
    with pytest.raises(ValueError, match="no scores"):
        merge([])


@given(SCORES)
def test_a_mean_lies_within_its_range(scores: list[int]) -> None:
    """Rounding never puts the mean outside of the scores."""
    merged = merge(scores)
    assert min(scores) <= merged.lowest <= merged.mean <= merged.highest <= max(scores)


def test_equal_scores_share_their_rank() -> None:
    """Ranks count from the smallest; equal ones get the mean of their places."""
    assert [1, 3.5, 2, 3.5] == ranked([0, 4, 1, 4])


def test_full_agreement_of_ranks_is_one() -> None:
    """Experts who order things alike agree wholly, whatever their severity."""
    assert 1.0 == kendall_w([[0, 1, 2], [2, 3, 4], [1, 2, 3]])


def test_opposite_orders_do_not_agree() -> None:
    """Two experts with opposite orders have no concordance."""
    assert 0.0 == kendall_w([[0, 1, 2], [2, 1, 0]])


def test_a_published_example_of_concordance() -> None:
    """Three raters and six things, from the definition of W (S = 139.5 without ties, m = 3, n = 6)."""
    ranks = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 2, 4, 3], [6, 3, 2, 5, 4, 1]]
    sums = [sum(column) for column in zip(*ranks, strict=True)]
    spread = sum((one - 10.5) ** 2 for one in sums)
    assert round(12 * spread / (9 * (6**3 - 6)), 3) == kendall_w(ranks)


@pytest.mark.parametrize("scores", [[], [[1, 2]], [[1], [2]], [[2, 2], [3, 3]]])
def test_what_tells_nothing_apart_has_no_concordance(scores: list[list[int]]) -> None:
    """One expert, one thing, or all scores equal: there is nothing to agree on."""
    assert kendall_w(scores) is None


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=2, max_size=7
        )
    )
)
def test_concordance_lies_between_nothing_and_one(scores: list[list[int]]) -> None:
    """Ties included, W is a share."""
    found = kendall_w(scores)
    assert found is None or 0 <= found <= 1


@pytest.mark.parametrize(
    ("before", "after", "target", "reached"),
    [
        (50, 60, 60, True),
        (50, 59, 60, False),
        (20, 10, 12, True),
        (20, 13, 12, False),
        (None, 61, 60, True),
        (50, None, 60, False),
        (50, 60, None, False),
    ],
)
def test_a_target_is_reached_from_its_own_side(
    before: float | None, after: float | None, target: float | None, *, reached: bool
) -> None:
    """A target below the start is reached from above; an unknown value reaches nothing."""
    assert reached is target_reached(before, after, target)


def test_only_goals_without_yes_and_without_target_are_ineffective() -> None:
    """«Да» of the experts or the target value is enough for a goal."""
    verdicts = {1: "yes", 2: "partly", 3: "no", 4: "no"}
    assert [2, 4] == ineffective(verdicts, {3: True})


def test_what_does_not_apply_is_no_score() -> None:
    """«Н/П» is neither the worst score nor a score at all."""
    assert (None, 0, 4) == (score_of("na"), score_of("0"), score_of("4"))
    assert Total(7, 8) == total([(3, 1), (None, 1), (4, 1)], 4)
    assert Total(0, 0) == total([(None, 1)], 4)


def test_a_weight_counts_in_the_points_and_in_the_most() -> None:
    """A criterion of double weight gives twice as many of both."""
    assert Total(7.5, 10) == total([(3, 2), (3, 0.5), (None, 9)], 4)


def test_several_scores_of_one_expert_are_one() -> None:
    """Who has seen two lessons has no two votes."""
    rows = [
        ("criterion", 1, 5, 2),
        ("criterion", 1, 5, 4),
        ("criterion", 1, 6, 1),
        ("goal", 1, 5, 0),
    ]
    assert {("criterion", 1): {5: 3, 6: 1}, ("goal", 1): {5: 0}} == by_expert(rows)
