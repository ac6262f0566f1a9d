"""Processes that begin by the calendar."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.starts import StartDue
from engine.errors import Forbidden
from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Incident, StartSubscription
from engine.scheduler import tick
from tests.timely import bundle, flows, work
from tests.town import Town


def begun_by(text: str, form: str = "timeCycle") -> Any:
    """Return a cycle that a timer begins."""
    kind = f"<timerEventDefinition><{form}>{text}</{form}></timerEventDefinition>"
    start = f'<startEvent id="start">{kind}</startEvent>'
    return bundle("seasonal", start, work("a"), flows("start", "a", "end"))


def schools(town: Town) -> list[str]:
    """Return the schools that have a case, in the order of their cases."""
    found = select(Organisation.name).join(Case, Case.organisation_id == Organisation.id)
    return [row.name for row in town.rows(found.order_by(Case.id))]


def armed(town: Town) -> list[datetime]:
    """Return the moments of the timers that begin cases."""
    return [row.due_at for row in town.rows(select(StartSubscription.due_at))]


def test_a_date_begins_a_case_in_every_school_of_the_cycle(town: Town, clock: FrozenClock) -> None:
    """At its moment, once, in the schools below the cycle's office and in no others."""
    town.cycle(begun_by("2026-12-01T04:00:00+00:00", "timeDate"))
    assert 0 == tick(town.engine).starts
    clock.move_to(datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    assert ["school", "second"] == schools(town)
    clock.advance(timedelta(days=400))
    assert 0 == tick(town.engine).starts
    assert [] == armed(town)


def test_a_repetition_is_armed_from_its_last_moment(town: Town, clock: FrozenClock) -> None:
    """A late tick does not shift the next beginning."""
    town.cycle(begun_by("R/2026-12-01T04:00:00+00:00/P1M"))
    clock.move_to(datetime(2026, 12, 1, 9, 30, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    assert [datetime(2027, 1, 1, 4, 0, tzinfo=UTC)] == armed(town)


def test_moments_missed_by_a_standstill_begin_cases_once(town: Town, clock: FrozenClock) -> None:
    """Three months late there is one beginning, and the next one lies ahead."""
    town.cycle(begun_by("R/2026-12-01T04:00:00+00:00/P1M"))
    clock.move_to(datetime(2027, 3, 15, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    assert ["school", "second"] == schools(town)
    assert [datetime(2027, 4, 1, 4, 0, tzinfo=UTC)] == armed(town)


def test_a_school_whose_case_is_under_way_is_passed_over(town: Town, clock: FrozenClock) -> None:
    """The next month finds both cases still open and begins no third."""
    town.cycle(begun_by("R/2026-12-01T04:00:00+00:00/P1M"))
    for month in (1, 2):
        clock.move_to(datetime(2027, month, 1, 4, 0, tzinfo=UTC))
        tick(town.engine)
    assert ["school", "second"] == schools(town)


def test_a_newer_version_takes_the_timer_over(town: Town, clock: FrozenClock) -> None:
    """Of two versions only the newest begins cases."""
    town.cycle(begun_by("2026-12-01T04:00:00+00:00", "timeDate"))
    town.cycle(begun_by("2026-12-02T04:00:00+00:00", "timeDate"), "far office")
    clock.move_to(datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    assert 0 == tick(town.engine).starts
    clock.move_to(datetime(2026, 12, 2, 4, 0, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    assert ["far school", "school", "second"] == sorted(schools(town))


def test_a_beginning_that_fails_tells_so_and_does_not_repeat(
    town: Town, clock: FrozenClock
) -> None:
    """A diagram that cannot begin does not stop the clock; the next moment is armed."""
    kind = "<timerEventDefinition><timeCycle>R/2026-12-01T04:00:00+00:00/P1M</timeCycle></timerEventDefinition>"
    broken = bundle(
        "broken",
        f'<startEvent id="start">{kind}</startEvent>',
        work("a", 'on("soon")'),
        flows("start", "a", "end"),
    )
    town.cycle(broken)
    clock.move_to(datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert "start" == incident.kind
    assert incident.sentence.startswith("Дела не начаты по календарю: ")
    assert [] == schools(town)
    assert [datetime(2027, 1, 1, 4, 0, tzinfo=UTC)] == armed(town)


def test_a_timer_that_cannot_be_armed_again_is_looked_at_the_next_day(
    town: Town, clock: FrozenClock
) -> None:
    """It begins its cases, tells of the failure, and does not hold up the clock."""
    text = '=["R/2026-12-01T04:00:00+00:00/P1M", "soon"][count([end_of_year() &gt; "2027-09"])]'
    town.cycle(begun_by(text))
    clock.move_to(datetime(2027, 9, 1, tzinfo=UTC))
    assert 1 == tick(town.engine).starts
    (incident,) = town.rows(select(Incident.sentence))
    assert "soon" in incident.sentence
    assert [clock.now() + timedelta(days=1)] == armed(town)


def test_without_a_timer_that_is_due_nothing_begins(town: Town) -> None:
    """Two workers may look at the same head of the queue; the second finds nothing."""
    assert 0 == town.do(StartDue())


def test_only_the_system_begins_by_the_calendar(town: Town) -> None:
    """A person starts a case by the command for it."""
    with pytest.raises(Forbidden):
        town.do(StartDue(), "coordinator.office")
