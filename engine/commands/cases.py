"""The life of a case: begun, suspended, resumed, cancelled; and messages to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from engine.bus import Command, handles
from engine.commands.incidents import notes_fault
from engine.commands.locked import LockedCase, lock_case
from engine.commands.openings import rung_after
from engine.commands.steps import advance
from engine.errors import CaseExists, NobodyWaits, NotFound, ReasonMissing
from engine.events import (
    CaseCancelled,
    CaseResumed,
    CaseStarted,
    CaseSuspended,
    MessageReceived,
)
from engine.model.cases import Case, Cycle
from engine.model.definitions import Definition
from engine.model.people import Organisation
from engine.model.tasks import OPEN, Task
from engine.process.orders import Deliver, Set, Start
from engine.process.state import State, dump
from engine.rules.access import Right, path_of
from engine.unit import Unit

MESSAGE_RIGHTS: Final[Mapping[str, Right]] = {
    "cancel": Right.CANCEL,
    "postpone": Right.CANCEL,
    "expert_left": Right.PANEL,
    "expert_added": Right.PANEL,
}
"""What it takes to send a message to a case by hand; for any other, the right to steer it."""


# begin ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartCase(Command[int]):
    """
    Begin a case of a cycle for one organisation; returns its id.

    ``at`` names a start event other than the plain one; ``previous_id`` the case it repeats.
    """

    cycle_id: int
    organisation_id: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    previous_id: int | None = None
    at: str = ""


@handles(StartCase)
def start_case(unit: Unit, command: StartCase) -> int:
    """
    Begin it on the newest version of the cycle's process.

    Raises:
        CaseExists: One of this cycle is under way there.
        NotFound: No such cycle, no version of its process, or the place is not in its reach.
        Fault: The process cannot begin as it is drawn.
    """
    cycle, place = _cycle_and_place(unit, command)
    unit.allow(Right.START, path_of(place.path))
    number = _number(unit, command)
    row = {
        "cycle_id": cycle.id,
        "organisation_id": place.id,
        "definition_id": cycle.definition_id,
        "number": number,
        "status": "running",
        "version": 1,
        "state": dump(State()),
        "started_at": unit.now,
        "started_by": unit.actor.person_id or None,
        "previous_id": command.previous_id,
    }
    try:
        case_id = unit.insert(Case, row)
    except IntegrityError as error:
        raise CaseExists from error
    unit.record(CaseStarted(case_id=case_id))
    case = lock_case(unit, case_id)
    main = case.process.definition.processes[0]
    advance(unit, case, Start(main, _variables(case, cycle, command), command.at))
    return case_id


def _variables(case: LockedCase, cycle: Any, command: StartCase) -> dict[str, Any]:
    """Return what every case knows of itself, and what it was started with."""
    own = {
        "case_id": case.id,
        "organisation_id": case.organisation_id,
        "school_year": cycle.school_year,
        "previous_id": command.previous_id,
    }
    return {**command.variables, **own}


def _cycle_and_place(unit: Unit, command: StartCase) -> tuple[Any, Any]:
    """Return the cycle with the newest version of its process, and the organisation in it."""
    newest = (
        select(func.max(Definition.number))
        .where(Definition.key == Cycle.definition_key)
        .correlate(Cycle)
        .scalar_subquery()
    )
    cycle = unit.one(
        select(
            Cycle.id,
            Cycle.organisation_id,
            Cycle.school_year,
            Definition.id.label("definition_id"),
        )
        .join(Definition, Definition.key == Cycle.definition_key)
        .where(Cycle.id == command.cycle_id, Definition.number == newest)
    )
    place = unit.one(
        select(Organisation.id, Organisation.path).where(Organisation.id == command.organisation_id)
    )
    if cycle.organisation_id not in path_of(place.path):
        raise NotFound
    return cycle, place


def _number(unit: Unit, command: StartCase) -> int:
    """
    Return the number of the new case in its cycle and place; refuse a second one at a time.

    The case that is repeated may still be closing.
    """
    before = unit.rows(
        select(Case.id, Case.number, Case.status).where(
            Case.cycle_id == command.cycle_id, Case.organisation_id == command.organisation_id
        )
    )
    under_way = {row.id for row in before if row.status in ("running", "suspended")}
    if under_way - {command.previous_id}:
        raise CaseExists
    if command.previous_id is not None:
        repeated = select(Case.id).where(
            Case.id == command.previous_id, Case.organisation_id == command.organisation_id
        )
        unit.one(repeated)
    return max((row.number for row in before), default=0) + 1


# suspend, resume, cancel ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SuspendCase(Command[None]):
    """Let a case stand still: no timer fires, nobody is reminded, nothing can be finished."""

    case_id: int
    reason: str


@handles(SuspendCase)
def suspend_case(unit: Unit, command: SuspendCase) -> None:
    """
    Suspend it; its timers and reminders are taken up again when it is resumed.

    Raises:
        ReasonMissing: No reason is given.
        CaseNotRunning: It is over.
    """
    case, reason = _steered(unit, command.case_id, Right.STEER, command.reason)
    if case.status == "suspended":
        return
    advance(unit, case, Set("suspended"))
    open_tasks = update(Task).where(Task.case_id == case.id, Task.state == OPEN)
    unit.execute(open_tasks.values(remind_at=None))
    unit.record(CaseSuspended(case_id=case.id, reason=reason))


@dataclass(frozen=True, slots=True)
class ResumeCase(Command[None]):
    """Let a suspended case go on."""

    case_id: int


@handles(ResumeCase)
def resume_case(unit: Unit, command: ResumeCase) -> None:
    """
    Resume it; timers that came due meanwhile fire at once, reminders begin with the next rung.

    Raises:
        CaseNotRunning: It is over.
    """
    case = lock_case(unit, command.case_id)
    unit.allow(Right.STEER, case.path, case.id)
    if case.status == "running":
        return
    tasks = unit.rows(
        select(Task.id, Task.remind, Task.opened_at, Task.due_at).where(
            Task.case_id == case.id, Task.state == OPEN
        )
    )
    unit.record(CaseResumed(case_id=case.id))
    advance(unit, case, Set("running"))
    for task in tasks:
        rung, at = rung_after(unit, case.zone, task.remind, task.opened_at, task.due_at)
        again = update(Task).where(Task.id == task.id, Task.state == OPEN)
        unit.execute(again.values(rung=rung, remind_at=at))


@dataclass(frozen=True, slots=True)
class CancelCase(Command[None]):
    """End a case for good; its open tasks are taken away, and nothing is undone."""

    case_id: int
    reason: str


@handles(CancelCase)
def cancel_case(unit: Unit, command: CancelCase) -> None:
    """
    Cancel it.

    Raises:
        ReasonMissing: No reason is given.
        CaseNotRunning: It is over.
    """
    case, reason = _steered(unit, command.case_id, Right.CANCEL, command.reason)
    unit.record(CaseCancelled(case_id=case.id, reason=reason))
    advance(unit, case, Set("cancelled"))


def _steered(unit: Unit, case_id: int, right: Right, reason: str) -> tuple[LockedCase, str]:
    """Lock a case for who has the right; refuse an empty reason."""
    case = lock_case(unit, case_id)
    unit.allow(right, case.path, case.id)
    reason = reason.strip().rstrip(".")
    if not reason:
        raise ReasonMissing
    return case, reason


# messages by hand -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendMessage(Command[None]):
    """Give a case a message that it waits for: a complaint, the order to postpone, and the like."""

    case_id: int
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@handles(SendMessage)
def send_message(unit: Unit, command: SendMessage) -> None:
    """
    Deliver it to the wait that was armed first.

    Raises:
        NobodyWaits: The case does not wait for such a message.
        CaseNotRunning: It is suspended or over.
    """
    case = lock_case(unit, command.case_id)
    unit.allow(MESSAGE_RIGHTS.get(command.name, Right.STEER), case.path, case.id)
    waits = [
        wait.id
        for wait in case.state.waits.values()
        if wait.kind == "message" and wait.name == command.name
    ]
    if not waits:
        raise NobodyWaits(name=command.name)
    unit.record(MessageReceived(case_id=case.id, name=command.name))
    advance(unit, case, Deliver(min(waits), command.payload))


for _kind in (SuspendCase, ResumeCase, CancelCase, SendMessage):
    notes_fault(_kind)
