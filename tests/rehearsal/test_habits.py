"""Habits: invented people keep working hours, and are late only when they should be."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.habits import Habits
from engine.rules.calendar import RUSSIA, day_of, end_of

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Krasnoyarsk", "Asia/Kamchatka"]
MOMENTS = st.integers(0, 365 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))


@given(MOMENTS, st.integers(0, 60), st.sampled_from(ZONES), st.integers(), st.none() | st.just(3))
def test_people_work_in_working_hours(
    opened_at: datetime, days: int, zone: str, seed: int, late: int | None
) -> None:
    """Nothing is taken or finished at night, on a day off, or before it was there."""
    due_at = end_of(day_of(opened_at, zone) + timedelta(days=days), zone)
    plan = Habits(zone).plan(opened_at, due_at, Random(seed), late)
    assert opened_at < plan.claim_at <= plan.finish_at
    for moment in (plan.claim_at, plan.finish_at):
        local = moment.astimezone(ZoneInfo(zone))
        assert 9 <= local.hour < 17
        assert RUSSIA.is_workday(local.date())


@given(MOMENTS, st.integers(1, 60), st.integers())
def test_who_is_punctual_is_in_time(opened_at: datetime, workdays: int, seed: int) -> None:
    """With a working day or more to go, nobody is late who is not meant to be."""
    due_on = RUSSIA.workday(day_of(opened_at, "Europe/Moscow"), workdays)
    due_at = end_of(due_on, "Europe/Moscow")
    plan = Habits("Europe/Moscow").plan(opened_at, due_at, Random(seed))
    assert plan.finish_at < due_at


@pytest.mark.parametrize(("late", "day"), [(1, 7), (3, 9), (4, 10), (5, 11)])
def test_who_is_to_be_late_is_late_by_working_days(late: int, day: int) -> None:
    """Due on Friday 4 December: one working day later is Monday the 7th."""
    opened_at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    due_at = datetime(2026, 12, 4, 20, 59, 59, tzinfo=UTC)
    plan = Habits("Europe/Moscow").plan(opened_at, due_at, Random(1), late)
    assert day == plan.finish_at.day


def test_some_are_late_by_chance() -> None:
    """Of a thousand tasks about a fifth, when that is the share; none when it is nothing."""
    opened_at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    due_at = opened_at + timedelta(days=14)
    for tardy, least, most in ((0.0, 0, 0), (0.2, 150, 250), (1.0, 1000, 1000)):
        habits, random = Habits("Europe/Moscow", tardy), Random(1)
        late = sum(habits.plan(opened_at, due_at, random).finish_at > due_at for _ in range(1000))
        assert least <= late <= most
