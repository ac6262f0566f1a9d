"""Processes that begin by the calendar."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from engine.bus import Command, handles
from engine.commands.claims import attempted, skipping, why
from engine.commands.definitions import next_start
from engine.commands.messages import begin_everywhere
from engine.commands.outbox import report
from engine.model.records import StartSubscription
from engine.rules.calendar import DAY
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class StartDue(Command[int]):
    """Begin the cases whose timer is due next; return how many timers were taken: 1 or 0."""


@handles(StartDue)
def start_due(unit: Unit, _command: StartDue) -> int:
    """
    Begin a case in every school of this year's cycles, and arm the timer with its next moment.

    A repeated timer counts from its last moment, not from the clock, so it neither drifts nor
    fires twice; moments that passed while the program stood still begin cases once. What fails
    is not tried again before the next moment: an incident says why.
    """
    unit.allow_system()
    due = (
        select(StartSubscription)
        .with_only_columns(*StartSubscription.__table__.columns)
        .where(StartSubscription.due_at <= unit.now)
        .order_by(StartSubscription.due_at)
        .limit(1)
    )
    row = unit.first(skipping(due, StartSubscription))
    if row is None:
        return 0
    _report(unit, attempted(unit, lambda: _begin(unit, row)))
    problem = attempted(unit, lambda: _arm(unit, row))
    _report(unit, problem)
    if problem is not None:
        unit.execute(update(StartSubscription).where(*_same(row)).values(due_at=unit.now + DAY))
    return 1


def _begin(unit: Unit, row: Any) -> None:
    begin_everywhere(unit, row.definition_key, row.element, {})


def _arm(unit: Unit, row: Any) -> None:
    """Arm the timer with its first moment after now, or remove one that fires once."""
    version = unit.versions.get(row.definition_id)
    event = version.definition.nodes[row.element].events[0]
    if event.form != "timeCycle":
        unit.execute(delete(StartSubscription).where(*_same(row)))
        return
    due_at = next_start(unit, version, event, row.due_at)
    while due_at <= unit.now:
        due_at = next_start(unit, version, event, due_at)
    unit.execute(update(StartSubscription).where(*_same(row)).values(due_at=due_at))


def _same(row: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        StartSubscription.definition_key == row.definition_key,
        StartSubscription.element == row.element,
    )


def _report(unit: Unit, problem: Exception | None) -> None:
    if problem is not None:
        report(unit, None, "start", f"Дела не начаты по календарю: {why(problem)}")
