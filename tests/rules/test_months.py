"""Months are added by the calendar."""

from datetime import date

import pytest

from engine.rules.months import months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(2026, 1, 31), 25, date(2028, 2, 29)),
    ],
)
def test_the_same_day_or_the_last_of_the_month(day: date, months: int, later: date) -> None:
    """A month after 31 January is the end of February; years are passed over."""
    assert later == months_later(day, months)
