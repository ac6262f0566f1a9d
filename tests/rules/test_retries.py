"""Waiting between attempts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.retries import LETTERS, MESSAGES, STEPS, Patience

PATIENCES = st.sampled_from([STEPS, MESSAGES, LETTERS])


@given(PATIENCES, st.integers(1, 10_000), st.integers())
def test_the_wait_grows_up_to_its_longest(patience: Patience, failures: int, key: int) -> None:
    """A failure more never waits much less, and no wait exceeds the longest by over a quarter."""
    wait = patience.wait(failures, key)
    assert patience.first <= wait <= patience.longest * 1.25
    assert wait <= patience.wait(failures + 1, key) * 1.25


@given(PATIENCES, st.integers(1, 50), st.integers())
def test_the_wait_of_a_row_is_always_the_same(patience: Patience, failures: int, key: int) -> None:
    """Two machines that look at one row agree on when it is tried again."""
    assert patience.wait(failures, key) == patience.wait(failures, key)


def test_rows_that_failed_together_come_back_apart() -> None:
    """A thousand rows are spread over the quarter, so that they do not fall due at once."""
    waits = {STEPS.wait(3, key) for key in range(1000)}
    assert len(waits) > 900
    assert max(waits) - min(waits) > timedelta(seconds=20)


@pytest.mark.parametrize(
    ("patience", "at_least"),
    [
        (STEPS, timedelta(minutes=2)),
        (MESSAGES, timedelta(hours=8)),
        (LETTERS, timedelta(days=3, hours=12)),
    ],
)
def test_patience_lasts_as_long_as_it_says(patience: Patience, at_least: timedelta) -> None:
    """The waits before the last attempt add up to the stated time."""
    waits = [patience.wait(n, "row") for n in range(1, patience.attempts)]
    assert sum(waits, timedelta()) > at_least
    assert not patience.ends(patience.attempts - 1)
    assert patience.ends(patience.attempts)
