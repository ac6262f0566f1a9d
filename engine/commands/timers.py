"""Timers of running cases: each fires once, in the transaction that removes its row."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from engine.bus import Command, handles
from engine.commands.carry_out import raise_incident
from engine.commands.claims import BATCH, BUSY, attempted, free_cases, skipping, take, why
from engine.commands.locked import lock_case
from engine.commands.steps import advance
from engine.errors import CaseNotRunning, NotOpen
from engine.events import TimerFired
from engine.model.base import ROOM
from engine.model.records import Timer
from engine.process.orders import Deliver
from engine.rules.retries import STEPS
from engine.unit import Unit

_GONE: Final = (NotOpen, CaseNotRunning)
"""The case went on meanwhile: the firing is dropped with its row."""


@dataclass(frozen=True, slots=True)
class FireTimers(Command[int]):
    """Fire the timers that are due, one batch of them; return how many were taken."""

    batch: int = BATCH


@handles(FireTimers)
def fire_timers(unit: Unit, command: FireTimers) -> int:
    """
    Take the rows, then the cases, waiting for neither; fire each timer by itself.

    A timer that has failed for the last time stays as a row that is not tried any more, and an
    incident tells the coordinator.
    """
    unit.allow_system()
    due = (
        select(Timer.id)
        .where(Timer.due_at <= unit.now, Timer.attempts < STEPS.attempts)
        .order_by(Timer.due_at, Timer.id)
        .limit(command.batch)
    )
    rows = sorted(take(unit, Timer, skipping(due, Timer)), key=lambda row: (row.due_at, row.id))
    free = free_cases(unit, {row.case_id for row in rows})
    for row in rows:
        if row.case_id in free:
            _fire(unit, row)
        else:
            _put_back(unit, row, due_at=unit.now + BUSY)
    return len(rows)


def _fire(unit: Unit, row: Any) -> None:
    problem = attempted(unit, lambda: _deliver(unit, row))
    if problem is None or isinstance(problem, _GONE):
        return
    failures = row.attempts + 1
    due_at = unit.now + STEPS.wait(failures, row.id)
    _put_back(unit, row, due_at=due_at, attempts=failures)
    if STEPS.ends(failures):
        _tell(unit, row, problem)


def _deliver(unit: Unit, row: Any) -> None:
    """Take the case one step on; a repeated timer gets a new row from the step."""
    case, wait = lock_case(unit, row.case_id), row.id % ROOM
    if (awaited := case.state.waits.get(wait)) is not None:
        unit.record(TimerFired(case_id=case.id, element=awaited.at))
    advance(unit, case, Deliver(wait), spent=wait)


def _put_back(unit: Unit, row: Any, **changes: Any) -> None:
    unit.add(Timer, {**row._asdict(), **changes})


def _tell(unit: Unit, row: Any, problem: Exception) -> None:
    case = lock_case(unit, row.case_id)
    awaited = case.state.waits.get(row.id % ROOM)
    element = awaited.at if awaited else ""
    raise_incident(unit, case, "timer", element, f"Таймер не сработал: {why(problem)}")
