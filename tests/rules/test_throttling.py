"""Throttling of sign-in: the delay grows, is bounded, and keeps no owner out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.throttling import ACCOUNT, ADDRESS, PAIR, Ladder, Tally, scope_of, wait

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NONE = Tally()
LADDERS = (PAIR, ACCOUNT, ADDRESS)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (9, 16), (11, 60), (1000, 60)]
)
def test_the_delay_doubles_up_to_its_cap(failures: int, seconds: int) -> None:
    """Five failures are free; from the sixth attempt on the wait doubles, up to a minute."""
    assert timedelta(seconds=seconds) == PAIR.delay(failures)


@given(st.sampled_from(LADDERS), st.integers(0, 10_000))
def test_more_failures_never_wait_less(ladder: Ladder, failures: int) -> None:
    """The delay never falls as failures grow, and never exceeds a minute: nobody is locked out."""
    assert ladder.delay(failures) <= ladder.delay(failures + 1) <= timedelta(minutes=1)


def test_the_wait_counts_from_the_last_failure() -> None:
    """Time that has passed since the last failure is not waited again."""
    pair = Tally(7, NOW - timedelta(seconds=3))
    assert timedelta(seconds=1) == wait(NOW, pair, NONE, NONE, known=True)
    assert timedelta(0) == wait(NOW + timedelta(seconds=1), pair, NONE, NONE, known=True)


def test_a_stranger_waits_for_the_account_and_the_address() -> None:
    """From an address that never signed in, the largest of the three waits holds."""
    assert timedelta(seconds=60) == wait(NOW, NONE, Tally(40, NOW), NONE, known=False)
    assert timedelta(seconds=30) == wait(NOW, NONE, NONE, Tally(500, NOW), known=False)


def test_the_owner_is_not_kept_out_by_others() -> None:
    """Where the account has signed in before, failures of others do not count."""
    assert timedelta(0) == wait(NOW, NONE, Tally(1000, NOW), Tally(1000, NOW), known=True)


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_one_customer_is_one_address(address: str, scope: str) -> None:
    """Who owns 2^64 addresses of IPv6 does not get as many tries."""
    assert scope == scope_of(address)
