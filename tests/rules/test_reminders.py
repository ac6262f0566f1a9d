"""The reminder ladder: its rungs, its manners, and what is left of it after a standstill."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.calendar import DAY, RUSSIA, Calendar, day_of, end_of, moment_of
from engine.rules.reminders import (
    BEGIN,
    END,
    POLICIES,
    Audience,
    Step,
    Term,
    climb,
    next_rung,
    polite,
)

ZONE = "Asia/Yekaterinburg"
OPENED = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
ZONES = st.sampled_from([ZONE, "Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Berlin"])
MOMENTS = st.integers(0, 8 * 365 * 24).map(
    lambda hours: datetime(2020, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
)
LENGTHS = st.integers(0, 120)
LIVE = st.sampled_from(sorted(set(POLICIES) - {"none"}))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Draw the term of a task: any policy with rungs, any length, any zone."""
    opened, zone = draw(MOMENTS), draw(ZONES)
    due_on = day_of(opened, zone) + timedelta(days=draw(LENGTHS))
    return Term(draw(LIVE), opened, end_of(due_on, zone), zone)


def some(term: Term) -> list[Step]:
    """Return all steps given once and some of the weekly ones."""
    return list(islice(term.steps(), 20))


def std(due_on: date) -> Term:
    """Return a term of the standard policy, opened on Wednesday 25 November 2026."""
    return Term("std", OPENED, end_of(due_on, ZONE), ZONE)


def on(day: int, hour: int = 8, month: int = 12) -> datetime:
    """Return a local hour in the winter of the tests."""
    return moment_of(date(2026, month, day), time(hour), ZONE)


def test_the_standard_ladder_of_two_weeks() -> None:
    """Ten working days: a week, three and one day before, on the day, two escalations, Mondays."""
    found = [(s.at, s.rung.kind, s.rung.to[-1]) for s in islice(std(date(2026, 12, 9)).steps(), 10)]
    assert [
        (on(27, month=11), "unclaimed", Audience.PERFORMERS),
        (on(2), "reminder", Audience.PERFORMERS),
        (on(2), "unclaimed", Audience.COORDINATOR),
        (on(4), "reminder", Audience.PERFORMERS),
        (on(8), "reminder", Audience.PERFORMERS),
        (on(9), "reminder", Audience.PERFORMERS),
        (on(10), "overdue", Audience.COORDINATOR),
        (on(14), "overdue", Audience.HEAD),
        (on(21), "overdue", Audience.HEAD),
        (on(28), "overdue", Audience.HEAD),
    ] == found


def test_a_long_term_reminds_two_weeks_before() -> None:
    """Only a term of more than 21 days has the rung of 14 days."""
    assert on(3) in [s.at for s in some(std(date(2026, 12, 17)))]
    assert on(1) not in [s.at for s in some(std(date(2026, 12, 15)))]


def test_a_week_of_holidays_has_no_monday() -> None:
    """The weekly rung of 28 December is followed by that of 11 January."""
    weekly = [s.at for s in islice(std(date(2026, 12, 2)).steps(), 14) if s.at > on(27)]
    assert [on(28), moment_of(date(2027, 1, 11), BEGIN, ZONE)] == weekly[:2]


def test_a_policy_without_rungs_arms_nothing() -> None:
    """`none` is silent."""
    assert next_rung("none", OPENED, OPENED + DAY, OPENED, ZONE) is None


def test_a_task_without_a_policy_has_the_standard_one() -> None:
    """A forgotten policy is no reason to forget the task."""
    due = end_of(date(2026, 12, 9), ZONE)
    assert next_rung("std", OPENED, due, OPENED, ZONE) == next_rung("", OPENED, due, OPENED, ZONE)


@given(terms())
def test_no_rung_falls_on_a_day_off_or_at_night(term: Term) -> None:
    """Every step is on a working day, within the hours of work, after the day of opening."""
    for step in some(term):
        local = step.at.astimezone(ZoneInfo(term.zone))
        assert RUSSIA.is_workday(local.date())
        assert BEGIN <= local.time() < END
        assert local.date() > day_of(term.opened_at, term.zone)


@given(terms())
def test_reminders_come_before_the_end_and_escalations_after_it(term: Term) -> None:
    """The last chance is at or before the due day, and nobody is told of delay on that day."""
    for step in some(term):
        assert (step.rung.kind == "overdue") is (step.at > term.due_at)


@given(terms())
def test_steps_follow_one_another(term: Term) -> None:
    """Moments never go back, and no number is given twice."""
    steps = some(term)
    assert sorted(s.at for s in steps) == [s.at for s in steps]
    assert len(steps) == len({s.number for s in steps})


@given(terms())
def test_an_organisation_with_a_day_off_gets_its_rungs_on_another(term: Term) -> None:
    """The days off of one school move its own rungs."""
    days = frozenset(day_of(s.at, term.zone) for s in some(term))
    moved = Term(term.remind, term.opened_at, term.due_at, term.zone, Calendar(days_off=days))
    assert not days & {day_of(s.at, term.zone) for s in some(moved)}


@given(terms(), st.integers(0, 400))
def test_the_next_rung_lies_ahead(term: Term, days: int) -> None:
    """A task is armed with the first step after now: none is given twice, none is passed over."""
    now = term.opened_at + DAY * days
    armed = next_rung(term.remind, term.opened_at, term.due_at, now, term.zone)
    assert armed is not None
    ahead = [(s.number, s.at) for s in islice(term.steps(), 100) if s.at > now]
    assert ahead[0] == armed


@given(term=terms(), held=st.booleans())
def test_a_ladder_climbed_in_time_gives_each_day_once(term: Term, *, held: bool) -> None:
    """Woken at each armed moment, a task speaks at most once a day, with the gravest rung."""
    given_on: list[date] = []
    armed = next_rung(term.remind, term.opened_at, term.due_at, term.opened_at, term.zone)
    for _ in range(12):
        assert armed is not None
        step = climb(term, armed[0], armed[1], held=held).step
        same_day = [s for s in some(term) if s.at == armed[1]]
        fitting = [s for s in same_day if not (held and s.rung.kind == "unclaimed")]
        assert (fitting[-1] if fitting else None) == step
        given_on += [day_of(step.at, term.zone)] if step else []
        armed = next_rung(term.remind, term.opened_at, term.due_at, armed[1], term.zone)
    assert len(given_on) == len(set(given_on))


@given(term=terms(), late=st.integers(0, 60), held=st.booleans())
def test_of_missed_rungs_only_the_latest_is_given(term: Term, late: int, *, held: bool) -> None:
    """However long the program stood still, one step is given, and none that is still ahead."""
    armed = next_rung(term.remind, term.opened_at, term.due_at, term.opened_at, term.zone)
    assert armed is not None
    now = armed[1] + DAY * late
    step = climb(term, armed[0], now, held=held).step
    passed = [s for s in islice(term.steps(), 60) if s.at <= now]
    missed = passed[[s.number for s in passed].index(armed[0]) :]
    fitting = [s for s in missed if not (held and s.rung.kind == "unclaimed")]
    assert (fitting[-1] if fitting else None) == step


def test_a_held_task_is_not_called_unclaimed() -> None:
    """Who has taken a task is not told that nobody took it."""
    term, at = std(date(2026, 12, 9)), on(27, month=11)
    assert climb(term, 6, at, held=True).step is None
    step = climb(term, 6, at, held=False).step
    assert step is not None
    assert "unclaimed" == step.rung.kind


@pytest.mark.parametrize(
    ("rung", "now", "first"),
    [
        (5, on(9), True),
        (8, on(10), True),
        (5, on(14), True),  # stood still from the due day to the second escalation
        (9, on(14), False),
        (11, on(21), False),
    ],
)
def test_a_delay_is_told_for_the_first_time_once(rung: int, now: datetime, *, first: bool) -> None:
    """A letter goes at once for the first delay, also when its own rung was missed."""
    assert first is climb(std(date(2026, 12, 9)), rung, now, held=True).first_delay


def test_a_step_put_off_is_still_given() -> None:
    """A weekly rung that fell into a standstill is given on the day after, from its number."""
    term = std(date(2026, 12, 9))
    step = climb(term, 11, on(22), held=True).step
    assert step is not None
    assert (11, on(21)) == (step.number, step.at)


def test_a_number_that_no_ladder_knows_gives_the_latest_step() -> None:
    """A policy that was shortened after the task was armed still reminds."""
    step = climb(std(date(2026, 12, 9)), 99, on(9, 9), held=True).step
    assert step is not None
    assert 5 == step.number


def test_a_policy_that_nobody_knows_is_the_standard_one() -> None:
    """A name that a later program dropped does not silence a task."""
    due = end_of(date(2026, 12, 9), ZONE)
    assert next_rung("std", OPENED, due, OPENED, ZONE) == next_rung(
        "old", OPENED, due, OPENED, ZONE
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (on(9, 9), on(9, 9)),
        (on(9, 8), on(9, 8)),
        (on(9, 7), on(9, 8)),
        (on(9, 18), on(10, 8)),
        (on(11, 23), on(14, 8)),  # Friday night
        (on(12, 12), on(14, 8)),  # Saturday noon
        (on(30, 20), moment_of(date(2027, 1, 11), BEGIN, ZONE)),
    ],
)
def test_a_rude_moment_waits_for_the_next_morning(moment: datetime, expected: datetime) -> None:
    """At night and on days off nothing is said; within the hours of work nothing waits."""
    assert expected == polite(moment, ZONE)


@given(MOMENTS, ZONES)
def test_waiting_for_a_polite_moment_happens_once(moment: datetime, zone: str) -> None:
    """The polite moment is never earlier, is polite itself, and is within the hours of work."""
    found = polite(moment, zone)
    assert found >= moment
    assert found == polite(found, zone)
    local = found.astimezone(ZoneInfo(zone))
    assert RUSSIA.is_workday(local.date())
    assert BEGIN <= local.time() < END
