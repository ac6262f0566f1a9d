"""Control never falls into school breaks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.breaks import Break, breaks, school_day
from engine.rules.calendar import RUSSIA

USUAL = "28.10–05.11, 29.12–11.01, 22.03–31.03, 01.06–31.08"


def test_breaks_are_written_as_days_and_months() -> None:
    """A hyphen or a dash joins the two days; blanks do not matter."""
    assert (Break((10, 28), (11, 5)), Break((12, 29), (1, 11))) == breaks(
        "28.10-05.11 , 29.12 – 11.01"
    )


@pytest.mark.parametrize("text", ["28.10", "31.02-03.03", "июнь", "01.01-31.12"])
def test_what_is_no_break_is_refused(text: str) -> None:
    """A slip, an impossible day and a whole year of rest are refused."""
    with pytest.raises(ValueError, match=r".+"):
        breaks(text)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2027, 1, 4), date(2027, 1, 12)),
        (date(2026, 12, 31), date(2027, 1, 12)),
        (date(2027, 3, 25), date(2027, 4, 1)),
        (date(2027, 7, 1), date(2027, 9, 1)),
        (date(2027, 2, 27), date(2027, 3, 1)),
        (date(2027, 4, 6), date(2027, 4, 6)),
    ],
)
def test_the_next_school_day_is_found(day: date, found: date) -> None:
    """A break over the new year, the summer and a weekend are stepped over."""
    assert found == school_day(day, breaks(USUAL))


def test_a_year_whose_only_school_days_are_holidays_has_no_answer() -> None:
    """A setting that leaves the first of January alone is told, not waited for."""
    with pytest.raises(ValueError, match="2028"):
        school_day(date(2027, 3, 1), breaks("02.01-31.12"))


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_a_school_day_is_worked_and_lies_in_no_break(day: date) -> None:
    """Whatever day is asked about."""
    found = school_day(day, breaks(USUAL))
    assert found >= day
    assert RUSSIA.is_workday(found)
    assert not any(one.holds(found) for one in breaks(USUAL))
