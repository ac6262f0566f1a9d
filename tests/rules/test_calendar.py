"""Working days of Russia and local time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.calendar import RUSSIA, Calendar, day_of, end_of, moment_of, school_year

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))
ZONES = st.sampled_from(
    ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Kamchatka", "Europe/Berlin"]
)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-11-25", True),
        ("2026-11-28", False),  # Saturday
        ("2025-11-01", True),  # a Saturday worked for Monday 3 November
        ("2025-11-03", False),
        ("2027-02-20", True),  # a Saturday worked for Monday 22 February
        ("2027-02-22", False),
        ("2026-01-09", False),  # moved from 3 January
        ("2026-12-31", False),  # moved from 4 January
        ("2026-11-04", False),
    ],
)
def test_days_off_are_those_of_the_production_calendar(day: str, *, worked: bool) -> None:
    """Holidays, days moved by decree and working Saturdays are known."""
    assert worked is RUSSIA.is_workday(date.fromisoformat(day))


@pytest.mark.parametrize(("year", "worked"), [(2025, 247), (2026, 247), (2027, 247)])
def test_a_year_has_as_many_working_days_as_decreed(year: int, worked: int) -> None:
    """The norms of 2025 to 2027 are 247 days each; weekday-and-no-holiday counts 246 in two."""
    assert worked == RUSSIA.workdays_between(date(year - 1, 12, 31), date(year, 12, 31))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2024-12-27", 3, "2025-01-10"),  # over the working Saturday 28 December and New Year
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-28", 0, "2026-11-30"),
        ("2026-11-27", 0, "2026-11-27"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-11-29", -1, "2026-11-27"),
    ],
)
def test_working_days_are_counted_from_the_next_day(day: str, n: int, expected: str) -> None:
    """The first day of a term is the day after the event; zero stays, or rolls on."""
    assert date.fromisoformat(expected) == RUSSIA.workday(date.fromisoformat(day), n)


@given(DAYS, st.integers(1, 60))
def test_the_nth_working_day_has_n_working_days_up_to_it(day: date, n: int) -> None:
    """Counting the days of a term that was counted out gives its length again."""
    found = RUSSIA.workday(day, n)
    assert RUSSIA.is_workday(found)
    assert n == RUSSIA.workdays_between(day, found)


@given(DAYS, st.integers(1, 60))
def test_counting_back_undoes_counting_on(day: date, n: int) -> None:
    """From a working day, n on and n back is the same day."""
    start = RUSSIA.at_or_after(day)
    assert start == RUSSIA.workday(RUSSIA.workday(start, n), -n)


@given(DAYS)
def test_rolling_stops_at_the_nearest_working_day(day: date) -> None:
    """Between a day and the one it rolls to, nobody works."""
    before, after = RUSSIA.at_or_before(day), RUSSIA.at_or_after(day)
    assert before <= day <= after
    assert (before == day) is RUSSIA.is_workday(day) is (after == day)
    assert RUSSIA.workdays_between(before, after) == (0 if before == after else 1)


@given(day=DAYS, worked=st.booleans())
def test_exceptions_of_an_organisation_win(day: date, *, worked: bool) -> None:
    """A quarantine or a moved Saturday of one school overrules the country."""
    days = frozenset({day})
    calendar = Calendar(working_days=days) if worked else Calendar(days_off=days)
    assert worked is calendar.is_workday(day)
    neighbour = day + timedelta(days=1)
    assert RUSSIA.is_workday(neighbour) is calendar.is_workday(neighbour)


@given(DAYS, ZONES)
def test_a_day_ends_a_second_before_the_next(day: date, zone: str) -> None:
    """The last second of a day belongs to it, and the one after it to the next."""
    end = end_of(day, zone)
    assert UTC is end.tzinfo
    assert day == day_of(end, zone)
    assert day + timedelta(days=1) == day_of(end + timedelta(seconds=1), zone)


def test_the_zone_decides_the_moment() -> None:
    """The same date ends five hours earlier in Yekaterinburg, and knew another offset in 2014."""
    zone = "Asia/Yekaterinburg"
    assert datetime(2026, 12, 9, 18, 59, 59, tzinfo=UTC) == end_of(date(2026, 12, 9), zone)
    assert datetime(2014, 10, 1, 17, 59, 59, tzinfo=UTC) == end_of(date(2014, 10, 1), zone)


def test_clocks_that_change_do_not_move_a_date() -> None:
    """In a zone with summer time a day of 23 hours ends at its own midnight."""
    start = moment_of(date(2026, 3, 29), datetime.min.time(), "Europe/Berlin")
    length = end_of(date(2026, 3, 29), "Europe/Berlin") - start
    assert timedelta(hours=23) == length + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("day", "year"), [("2026-09-01", 2026), ("2027-08-31", 2026), ("2026-08-31", 2025)]
)
def test_a_school_year_begins_in_september(day: str, year: int) -> None:
    """September to December and the January to August after them are one school year."""
    assert year == school_year(date.fromisoformat(day))
