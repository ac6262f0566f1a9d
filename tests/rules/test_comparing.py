"""Indicators are compared with last year and with peers, with care for small numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.comparing import VERDICTS, Care, Compared, Measured, compare, percentile

CARE = Care(few=10, notable=5.0)
SHARE = st.builds(Measured, st.floats(0, 100), st.integers(1, 500))


def test_a_line_of_the_comparison() -> None:
    """Change, mean, median and percentile of peers stand beside the value."""
    line = compare("mean", Measured(66, 40), Measured(60, 38), [50, 60, 70], CARE)
    assert Compared(6, 3, 60, 60, 66.7, "better", caution=False) == line


def test_what_cannot_be_compared_is_empty() -> None:
    """Without last year and without peers nothing is invented."""
    line = compare("mean", Measured(66, 40), None, [], CARE)
    assert Compared(None, 0, None, None, None, "none", caution=False) == line


@pytest.mark.parametrize("students", [None, 9])
def test_few_students_carry_a_caution_and_prove_nothing(students: int | None) -> None:
    """Below the setting, or with an unknown number, a change is not called one."""
    line = compare("quality", Measured(10, students), Measured(90, 50), [], CARE)
    assert ("few", True) == (line.verdict, line.caution)


def test_a_large_change_of_few_is_chance_where_a_large_school_sees_it() -> None:
    """Twenty points of 12 students may be chance; of 200 they are not (two shares, 95 %)."""
    few = compare("quality", Measured(70, 12), Measured(50, 12), [], CARE)
    many = compare("quality", Measured(70, 200), Measured(50, 200), [], CARE)
    assert ("same", "better") == (few.verdict, many.verdict)


def test_more_failures_are_worse() -> None:
    """Of those who failed, less is better: in the verdict and in the percentile."""
    line = compare("failed", Measured(30, 200), Measured(10, 200), [10, 20, 40], CARE)
    assert ("worse", 33.3) == (line.verdict, line.percentile)


@pytest.mark.parametrize(("now", "verdict"), [(62.9, "same"), (63.1, "better"), (56.9, "worse")])
def test_a_mean_must_change_notably(now: float, verdict: str) -> None:
    """A mean is called changed beyond the setting, 5 per cent of last year's."""
    assert verdict == compare("mean", Measured(now, 40), Measured(60, 40), [], CARE).verdict


def test_an_equal_peer_counts_half() -> None:
    """Standing level with the only peer is the middle."""
    assert 50.0 == percentile("mean", 4.0, [4.0])


@given(SHARE, SHARE)
def test_last_year_and_this_year_mirror_each_other(now: Measured, last: Measured) -> None:
    """What is better one way is worse the other way."""
    mirror = {"better": "worse", "worse": "better"}
    there = compare("quality", now, last, [], CARE).verdict
    back = compare("quality", last, now, [], CARE).verdict
    assert back == mirror.get(there, there)
    assert there in VERDICTS


@given(st.floats(0, 100), st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_a_percentile_is_a_share(value: float, peers: list[float]) -> None:
    """It lies between 0 and 100, at the ends for the worst and the best."""
    found = percentile("progress", value, peers)
    assert found is not None
    assert 0 <= found <= 100
    assert (found == 100) == all(peer < value for peer in peers)
