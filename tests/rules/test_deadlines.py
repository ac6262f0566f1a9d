"""What `due` expressions give, and when a due date ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TimerRefused
from engine.rules.calendar import RUSSIA, day_of
from engine.rules.deadlines import FUNCTIONS, Terms, default_due, due_moment

ZONE = "Asia/Yekaterinburg"
TODAY = date(2026, 11, 25)
STARTED = date(2026, 9, 10)
TERMS = Terms(TODAY, STARTED, ZONE)
OPENED = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (TERMS.in_workdays(5), "2026-12-02"),
        (TERMS.in_workdays(0), "2026-11-25"),
        (TERMS.in_workdays(5.0), "2026-12-02"),
        (TERMS.in_days(3), "2026-11-30"),  # 28 November is a Saturday
        (TERMS.in_days(40), "2027-01-11"),  # 4 January is a holiday
        (TERMS.in_months(3), "2027-02-25"),
        (TERMS.on("2026-12-06"), "2026-12-06"),  # a printed Sunday stays
        (TERMS.by_day(6, 25), "2027-06-25"),
        (TERMS.by_day(9, 10), "2026-09-10"),
        (TERMS.by_day(9, 9), "2027-09-09"),
        (TERMS.last_workday(5), "2027-05-31"),
        (TERMS.last_workday(12), "2026-12-30"),  # 31 December 2026 is off
        (TERMS.before("2026-12-23", 10), "2026-12-11"),  # 13 December is a Sunday
        (TERMS.after("2026-12-30", 2), "2027-01-12"),
        (TERMS.end_of_year(), "2027-08-31"),
        (TERMS.morning("2026-12-09"), "2026-12-09T04:00:00+00:00"),
    ],
)
def test_a_term_gives_the_date_a_person_would_count(found: str, expected: str) -> None:
    """Each function reads as the phrase it stands for."""
    assert expected == found


@pytest.mark.parametrize(
    "call",
    [
        lambda: TERMS.in_workdays(-1),
        lambda: TERMS.in_workdays(1.5),
        lambda: TERMS.in_workdays(True),
        lambda: TERMS.in_workdays("5"),
        lambda: TERMS.in_workdays(None),
        lambda: TERMS.in_workdays(10**9),
        lambda: TERMS.in_days(10**9),
        lambda: TERMS.in_months(37),
        lambda: TERMS.on(None),
        lambda: TERMS.on("09.12.2026"),
        lambda: TERMS.on("2026-02-30"),
        lambda: TERMS.by_day(2, 30),
        lambda: TERMS.by_day(2, 29),
        lambda: TERMS.by_day(13, 1),
        lambda: TERMS.by_day(0, 1),
        lambda: TERMS.by_day(1, 0),
        lambda: TERMS.last_workday(0),
        lambda: TERMS.before("", 1),
        lambda: TERMS.morning("soon"),
    ],
)
def test_nonsense_is_refused(call: Callable[[], str]) -> None:
    """What is no number of days and no date is refused, not guessed."""
    with pytest.raises(TimerRefused):
        call()


@given(DAYS, st.integers(0, 250))
def test_a_term_ends_on_a_working_day_and_not_before_it_began(today: date, n: int) -> None:
    """Terms counted from today never end on a day off and never in the past."""
    terms = Terms(today, today, ZONE)
    for found in (terms.in_workdays(n), terms.in_days(n), terms.in_months(n % 37)):
        day = date.fromisoformat(found)
        assert RUSSIA.is_workday(day)
        assert day >= today


@given(DAYS, st.integers(1, 12))
def test_a_month_is_added_by_the_calendar(today: date, n: int) -> None:
    """A month later is in the next month, or a few days on where that day is off."""
    found = date.fromisoformat(Terms(today, today, ZONE).in_months(n))
    months = (found.year - today.year) * 12 + found.month - today.month
    assert months in {n, n + 1}
    assert found.day <= 12 if months == n + 1 else found.day >= min(today.day, 28)


@given(DAYS, st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_a_day_of_the_year_comes_within_a_year_of_the_start(started: date, day: date) -> None:
    """By_day gives the first such day from the start on: never before it, never a year later."""
    if (day.month, day.day) != (2, 29):
        found = date.fromisoformat(Terms(started, started, ZONE).by_day(day.month, day.day))
        assert (day.month, day.day) == (found.month, found.day)
        assert started <= found < started + timedelta(days=366)


@given(DAYS, st.integers(0, 100))
def test_a_date_counted_back_is_at_least_so_many_days_before(day: date, n: int) -> None:
    """Rolling back only ever makes the notice longer."""
    found = date.fromisoformat(TERMS.before(day.isoformat(), n))
    assert RUSSIA.is_workday(found)
    assert (day - found).days >= n


def test_functions_go_by_the_names_diagrams_use() -> None:
    """Each name that an expression may call is there and bound to the terms of the command."""
    functions = TERMS.functions()
    assert set(FUNCTIONS) == set(functions)
    assert "2026-12-02" == functions["in_workdays"](5)


def test_a_due_date_ends_with_its_day_in_the_zone() -> None:
    """A deadline is inclusive: until 23:59:59 local."""
    assert datetime(2026, 12, 9, 18, 59, 59, tzinfo=UTC) == due_moment("2026-12-09", OPENED, ZONE)


def test_the_local_day_of_opening_counts() -> None:
    """A task opened at 23:30 UTC is opened on the next day in Yekaterinburg."""
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert date(2026, 11, 27) == day_of(due_moment("2026-11-25", late, ZONE), ZONE)


@given(DAYS)
def test_nobody_gets_a_task_that_is_overdue(day: date) -> None:
    """A date that has passed becomes the first working day after the opening; others stay."""
    due = due_moment(day.isoformat(), OPENED, ZONE)
    assert due > OPENED
    assert day_of(due, ZONE) == (day if day >= TODAY else date(2026, 11, 26))


def test_a_task_without_a_term_has_ten_working_days() -> None:
    """The default term is that of the policy."""
    assert date(2026, 12, 9) == day_of(default_due(OPENED, ZONE), ZONE)
