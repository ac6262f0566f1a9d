"""Timers of cases: fired once, at their moment, each by itself."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.timers import FireTimers
from engine.errors import Forbidden
from engine.model.cases import Case
from engine.model.records import Incident, JournalEntry, Timer
from engine.rules.access import SYSTEM
from engine.rules.retries import STEPS
from engine.scheduler import tick
from tests.timely import alarm, bundle, flows, pause, work
from tests.town import Town

on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)

WAITING = bundle("waiting", pause("w", "P3D"), flows("start", "w", "end"))
NAGGING = bundle(
    "nagging",
    work("a"),
    alarm("r", "a", "R3/P1D", "timeCycle", cancel="false"),
    work("b"),
    flows("start", "a", "end"),
    flows("r", "b", "end"),
)
POISONED = bundle(
    "poisoned",
    pause("w", "P1D"),
    '<exclusiveGateway id="g"/>',
    flows("start", "w", "g"),
    '<sequenceFlow id="no" sourceRef="g" targetRef="end">'
    "<conditionExpression>1 == 2</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="no2" sourceRef="g" targetRef="end">'
    "<conditionExpression>2 == 1</conditionExpression></sequenceFlow>",
)


def status(town: Town, case: int) -> str:
    """Return the status of a case."""
    return str(town.value(select(Case.status).where(Case.id == case)))


def timers(town: Town) -> list[Any]:
    """Return all timer rows."""
    return town.rows(select(*Timer.__table__.columns).order_by(Timer.id))


def test_a_timer_fires_at_its_moment_and_once(town: Town, clock: FrozenClock) -> None:
    """Not a millisecond early; afterwards there is nothing to fire."""
    case = town.case(town.cycle(WAITING))
    clock.advance(timedelta(days=3) - timedelta(milliseconds=1))
    assert 0 == town.do(FireTimers())
    clock.advance(timedelta(milliseconds=1))
    assert 1 == town.do(FireTimers())
    assert "completed" == status(town, case)
    assert 0 == town.do(FireTimers())


def test_a_firing_stands_in_the_journal(town: Town, clock: FrozenClock) -> None:
    """What a timer did can be read afterwards; nobody did it."""
    case = town.case(town.cycle(WAITING))
    clock.advance(timedelta(days=3))
    tick(town.engine)
    fired = select(JournalEntry.element, JournalEntry.actor_id, JournalEntry.case_id)
    (line,) = town.rows(fired.where(JournalEntry.event == "TimerFired"))
    assert ("w", None, case) == tuple(line)


def test_a_repeated_timer_counts_from_its_last_moment(town: Town, clock: FrozenClock) -> None:
    """A tick that comes late does not shift the later ones; after the third it is gone."""
    case = town.case(town.cycle(NAGGING))
    begun = clock.now()
    late = timedelta(hours=5)
    for number in (1, 2):
        clock.move_to(begun + timedelta(days=number) + late)
        assert 1 == town.do(FireTimers())
        (row,) = timers(town)
        assert begun + timedelta(days=number + 1) == row.due_at
    clock.move_to(begun + timedelta(days=3))
    assert 1 == town.do(FireTimers())
    assert [] == timers(town)
    assert 3 == len(town.open_tasks(case, "b"))


def test_missed_firings_of_a_repetition_are_made_up(town: Town, clock: FrozenClock) -> None:
    """A repetition of the diagram belongs to the case: after a standstill each one happens."""
    case = town.case(town.cycle(NAGGING))
    clock.advance(timedelta(days=30))
    assert 3 == tick(town.engine).timers
    assert 3 == len(town.open_tasks(case, "b"))


def test_many_timers_go_in_batches_oldest_first(town: Town, clock: FrozenClock) -> None:
    """A pass takes one batch, in the order in which they fell due."""
    cycle = town.cycle(WAITING)
    first = town.case(cycle, "school")
    clock.advance(timedelta(hours=1))
    second = town.case(cycle, "second")
    clock.advance(timedelta(days=4))
    assert 1 == town.do(FireTimers(batch=1))
    assert ["completed", "running"] == [status(town, first), status(town, second)]
    assert 1 == town.do(FireTimers(batch=1))
    assert "completed" == status(town, second)


def test_a_suspended_case_fires_nothing_until_resumed(town: Town, clock: FrozenClock) -> None:
    """Suspending takes the timer away; resuming brings it back, due at once if it has passed."""
    case = town.case(town.cycle(WAITING))
    town.do(SuspendCase(case, "карантин"), "coordinator.office")
    clock.advance(timedelta(days=10))
    assert 0 == tick(town.engine).timers
    town.do(ResumeCase(case), "coordinator.office")
    assert 1 == tick(town.engine).timers
    assert "completed" == status(town, case)


def test_a_cancelled_case_fires_nothing(town: Town, clock: FrozenClock) -> None:
    """Its timers end with it."""
    case = town.case(town.cycle(WAITING))
    town.do(CancelCase(case, "приказ"), "director.school")
    clock.advance(timedelta(days=10))
    assert 0 == tick(town.engine).timers
    assert "cancelled" == status(town, case)


def test_a_firing_whose_wait_is_gone_is_dropped(town: Town, clock: FrozenClock) -> None:
    """A row that no state knows of does nothing and does not come back."""
    case = town.case(town.cycle(WAITING))
    with town.engine.unit(SYSTEM) as unit:
        unit.add(Timer, {"id": case * 1_000_000 + 999, "case_id": case, "due_at": clock.now()})
    assert 1 == town.do(FireTimers())
    assert [case * 1_000_000 + 999] != [row.id for row in timers(town)]
    assert "running" == status(town, case)
    assert [] == town.rows(select(Incident.id))


def test_a_poisoned_timer_leaves_the_others_alone(town: Town, clock: FrozenClock) -> None:
    """One case cannot go on; the timer behind it in the same batch fires all the same."""
    poisoned = town.case(town.cycle(POISONED))
    clock.advance(timedelta(days=1))
    healthy = town.case(town.cycle(WAITING), "second")
    clock.advance(timedelta(days=3))
    assert 2 == town.do(FireTimers())
    assert "completed" == status(town, healthy)
    assert "running" == status(town, poisoned)
    (row,) = timers(town)
    assert (1, clock.now() + STEPS.wait(1, row.id)) == (row.attempts, row.due_at)


def test_a_timer_that_fails_for_good_becomes_an_incident(town: Town, clock: FrozenClock) -> None:
    """It is tried five times, further apart each time; then the coordinator is told, once."""
    case = town.case(town.cycle(POISONED))
    clock.advance(timedelta(days=1))
    for attempt in range(1, STEPS.attempts + 1):
        assert 1 == tick(town.engine).timers
        (row,) = timers(town)
        assert attempt == row.attempts
        clock.move_to(row.due_at)
    assert 0 == tick(town.engine).timers
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert (case, "timer", "w") == (incident.case_id, incident.kind, incident.element)
    assert incident.sentence.startswith("Таймер не сработал: ")
    assert "running" == status(town, case)


def test_only_the_system_fires_timers(town: Town) -> None:
    """A person has no button for it."""
    with pytest.raises(Forbidden):
        town.do(FireTimers(), "coordinator.office")


@on_postgres
def test_a_timer_of_a_busy_case_comes_back(town: Town, clock: FrozenClock) -> None:
    """
    While another worker holds the case, its timer is put off for a second, not tried.

    SQLite has one writer: there nobody can hold a case meanwhile.
    """
    case = town.case(town.cycle(WAITING))
    clock.advance(timedelta(days=3))
    with town.engine.database.writers.connect() as other, other.begin():
        other.execute(update(Case).where(Case.id == case).values(stage=""))
        assert 1 == town.engine.do(FireTimers(), SYSTEM)
    (row,) = timers(town)
    assert (clock.now() + timedelta(seconds=1), 0) == (row.due_at, row.attempts)
    clock.advance(timedelta(seconds=1))
    town.do(FireTimers())
    assert "completed" == status(town, case)
