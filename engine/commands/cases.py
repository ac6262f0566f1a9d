"""The life of a case: begun, suspended, resumed, cancelled; and messages to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, insert, select, update

from engine.bus import Command, handles
from engine.commands.incidents import notes_fault
from engine.commands.locked import LockedCase, lock_case
from engine.commands.openings import rung_after
from engine.commands.steps import advance
from engine.driver import DUPLICATES
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
from engine.prepared import Prepared
from engine.process.orders import Deliver, Set, Start
from engine.process.state import State, dump
from engine.rules.access import Right, path_of
from engine.rules.names import remark
from engine.unit import Unit

MESSAGE_RIGHTS: Final[Mapping[str, Right]] = {
    "cancel": Right.CANCEL,
    "postpone": Right.CANCEL,
    "expert_left": Right.PANEL,
    "expert_added": Right.PANEL,
}
"""What it takes to send a message to a case by hand; for any other, the right to steer it."""


# begin ------------------------------------------------------------------------------------------

NEW: Final = State()

_BEFORE: Final = (
    Case.cycle_id == bindparam("cycle_id"),
    Case.organisation_id == bindparam("organisation_id"),
)
READ_PLACE: Final = Prepared(
    select(
        Cycle.organisation_id.label("cycle_place"),
        Cycle.school_year,
        Cycle.settings,
        Definition.id.label("definition_id"),
        Organisation.path,
        Organisation.zone,
        Organisation.short_name,
        select(func.max(Case.number)).where(*_BEFORE).scalar_subquery().label("last_number"),
        exists()
        .where(*_BEFORE, Case.ended_at.is_(None), Case.id != bindparam("previous_id"))
        .label("under_way"),
    )
    .join(Definition, Definition.key == Cycle.definition_key)
    .join(Organisation, Organisation.id == bindparam("organisation_id"))
    .where(Cycle.id == bindparam("cycle_id"))
    .order_by(Definition.number.desc())
    .limit(1)
)
WRITE_NEW_CASE: Final = Prepared(
    insert(Case)
    .values(
        cycle_id=bindparam("cycle_id"),
        organisation_id=bindparam("organisation_id"),
        definition_id=bindparam("definition_id"),
        number=bindparam("number"),
        status="running",
        stage="",
        outcome="",
        version=1,
        state=bindparam("state"),
        started_at=bindparam("now"),
        started_by=bindparam("person_id"),
        previous_id=bindparam("previous_id"),
    )
    .returning(Case.id)
)


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
    place = _place(unit, command)
    unit.allow(Right.START, path_of(place.path))
    case = _new_case(unit, command, place)
    unit.record(CaseStarted(case_id=case.id))
    own = {
        "case_id": case.id,
        "organisation_id": case.organisation_id,
        "school_year": place.school_year,
        "previous_id": command.previous_id,
    }
    main = case.process.definition.processes[0]
    advance(unit, case, Start(main, {**command.variables, **own}, command.at))
    return case.id


def _place(unit: Unit, command: StartCase) -> Any:
    """Return the cycle and the organisation, which must lie in its reach."""
    asked = {
        "cycle_id": command.cycle_id,
        "organisation_id": command.organisation_id,
        "previous_id": command.previous_id or 0,
    }
    for row in unit.run(READ_PLACE, asked):
        if row.cycle_place in path_of(row.path):
            return row
    raise NotFound


def _new_case(unit: Unit, command: StartCase, place: Any) -> LockedCase:
    """Write the row of a case that has not begun; it is ours alone until the commit."""
    values = {
        "cycle_id": command.cycle_id,
        "organisation_id": command.organisation_id,
        "definition_id": place.definition_id,
        "number": _number(unit, command, place),
        "state": dump(NEW),
        "now": unit.now,
        "person_id": unit.actor.person_id or None,
        "previous_id": command.previous_id,
    }
    process = unit.versions.get(place.definition_id)
    try:
        (written,) = unit.run(WRITE_NEW_CASE, values)
    except DUPLICATES as error:
        raise CaseExists from error
    return LockedCase(
        id=written.id,
        cycle_id=command.cycle_id,
        organisation_id=command.organisation_id,
        definition_id=place.definition_id,
        number=values["number"],
        status="running",
        stage="",
        outcome="",
        version=1,
        started_at=unit.now,
        path=path_of(place.path),
        zone=place.zone,
        place=place.short_name,
        settings={**process.defaults, **place.settings},
        process=process,
        stored=values["state"],
        state=NEW,
    )


def _number(unit: Unit, command: StartCase, place: Any) -> int:
    """
    Return the number of the new case in its cycle and place; refuse a second one at a time.

    The case that it repeats is about to end, and does not count.
    """
    if place.under_way:
        raise CaseExists
    if command.previous_id is not None:
        repeated = select(Case.id).where(
            Case.id == command.previous_id, Case.organisation_id == command.organisation_id
        )
        unit.one(repeated)
    return (place.last_number or 0) + 1


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
    reason = remark(reason)
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
