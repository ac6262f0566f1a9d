"""What a coordinator does when a case cannot go on by itself; and how that is noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select, update

from engine.bus import Command, after_refusal, handles
from engine.commands.carry_out import carry_out, raise_incident
from engine.commands.locked import LockedCase, lock_case
from engine.commands.steps import advance
from engine.errors import (
    EngineError,
    Fault,
    IncidentClosed,
    NotFound,
    ReasonMissing,
    RepairRefused,
)
from engine.events import CaseRestored, IncidentResolved, TokenMoved
from engine.model.base import ROOM
from engine.model.records import Incident, Job
from engine.process.orders import Complete, Fail, Move
from engine.process.restore import renumbered, reopened
from engine.process.state import load
from engine.rules.access import Right
from engine.rules.names import remark
from engine.unit import Unit

_LOST_A_STEP: Final = frozenset({"failed", "stuck"})


def note_fault(unit: Unit, case_id: int, fault: Fault) -> None:
    """
    Write the incident of a refused step, once as long as it stands.

    For a transaction of its own, after the one of the step has been undone.
    """
    case = lock_case(unit, case_id)
    element, why = str(fault.details["element"]), str(fault.details["why"])
    same = select(Incident.id).where(
        Incident.case_id == case_id,
        Incident.kind == "fault",
        Incident.element == element,
        Incident.resolved_at.is_(None),
    )
    unit.asked = True
    if unit.value(same) is None:
        raise_incident(unit, case, "fault", element, why)


# services that failed for good ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RetryJob(Command[None]):
    """Let a service that has failed for good be tried once more."""

    incident_id: int


@handles(RetryJob)
def retry_job(unit: Unit, command: RetryJob) -> None:
    """
    Make the job due at once, as if it had never been tried.

    Raises:
        RepairRefused: The incident is not one of a service, or its job is gone.
    """
    case, incident = _open_incident(unit, command.incident_id)
    again = update(Job).where(Job.id == incident.job_id)
    if not unit.execute(again.values(due_at=unit.now, attempts=0, last_error="")):
        raise RepairRefused(why="действие уже не ожидается")
    _resolve(unit, case, incident, "действие повторяется")


@dataclass(frozen=True, slots=True)
class FinishJob(Command[None]):
    """Say by hand what a failed service would have answered; the case goes on."""

    incident_id: int
    values: Mapping[str, Any] = field(default_factory=dict)


@handles(FinishJob)
def finish_job_by_hand(unit: Unit, command: FinishJob) -> None:
    """
    Complete the service's token with the given values.

    Raises:
        RepairRefused: The incident is not one of a service.
        NotOpen: The case does not wait for the service any more.
    """
    case, incident = _open_incident(unit, command.incident_id)
    advance(unit, case, Complete(_token_of(incident), command.values))
    _resolve(unit, case, incident, "результат действия введён вручную")


@dataclass(frozen=True, slots=True)
class FailJob(Command[None]):
    """Let a failed service raise an error that the diagram catches by its code."""

    incident_id: int
    code: str


@handles(FailJob)
def fail_job_by_hand(unit: Unit, command: FailJob) -> None:
    """
    Fail the service's token with the code.

    Raises:
        RepairRefused: The incident is not one of a service.
        NotOpen: The case does not wait for the service any more.
    """
    case, incident = _open_incident(unit, command.incident_id)
    advance(unit, case, Fail(_token_of(incident), command.code))
    _resolve(unit, case, incident, f"действие завершено ошибкой «{command.code}»")


def _token_of(incident: Any) -> int:
    if incident.job_id is None:
        raise RepairRefused(why="этот сбой не связан с автоматическим действием")
    return int(incident.job_id % ROOM)


# cases that went wrong --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PutBack(Command[None]):
    """Put a case back to where it stood before the step that failed it."""

    incident_id: int


@handles(PutBack)
def put_back(unit: Unit, command: PutBack) -> None:
    """
    Restore the state before the incident; its open work is offered anew.

    Raises:
        RepairRefused: Nothing was lost, or the case has gone on since.
    """
    case, incident = _open_incident(unit, command.incident_id)
    if incident.kind not in _LOST_A_STEP or incident.state_before is None:
        raise RepairRefused(why="шаг не был сохранён, возвращать нечего")
    if case.state.waits or any(t.state == "open" for t in case.state.tokens.values()):
        raise RepairRefused(why="дело с тех пор пошло дальше")
    restored = renumbered(load(incident.state_before), case.state.serial)
    language = case.language(unit.now)
    effects = reopened(case.process.definition, restored, language)
    unit.record(CaseRestored(case_id=case.id))
    carry_out(unit, case, restored, effects, language)
    _resolve(unit, case, incident, "дело возвращено в состояние до сбоя")


@dataclass(frozen=True, slots=True)
class MoveToken(Command[None]):
    """Set a case on from another element of the same process or sub-process."""

    case_id: int
    token: int
    target: str
    reason: str


@handles(MoveToken)
def move_token(unit: Unit, command: MoveToken) -> None:
    """
    Move one token; work that was open there is closed.

    Raises:
        ReasonMissing: No reason is given.
        NotOpen: The token is gone.
        Fault: A token cannot be moved there.
    """
    case = lock_case(unit, command.case_id)
    unit.allow(Right.STEER, case.path, case.id)
    if not command.reason.strip():
        raise ReasonMissing
    token = case.state.tokens.get(command.token)
    event = TokenMoved(
        case_id=case.id,
        element=token.at if token else "",
        target=command.target,
        reason=remark(command.reason),
    )
    advance(unit, case, Move(command.token, command.target))
    unit.record(event)


@dataclass(frozen=True, slots=True)
class ResolveIncident(Command[None]):
    """Note that an incident has been dealt with otherwise, and how."""

    incident_id: int
    resolution: str


@handles(ResolveIncident)
def resolve_incident(unit: Unit, command: ResolveIncident) -> None:
    """
    Close the incident with the given sentence.

    Raises:
        ReasonMissing: It is not said how.
        IncidentClosed: It is closed already.
    """
    case, incident = _open_incident(unit, command.incident_id)
    if not command.resolution.strip():
        raise ReasonMissing
    _resolve(unit, case, incident, remark(command.resolution))


def _open_incident(unit: Unit, incident_id: int) -> tuple[LockedCase, Any]:
    """Read an incident with its case locked, for who may steer the case."""
    incident = unit.first(select(*Incident.__table__.columns).where(Incident.id == incident_id))
    if incident is None or incident.case_id is None:
        raise NotFound
    case = lock_case(unit, incident.case_id)
    unit.allow(Right.STEER, case.path, case.id)
    if incident.resolved_at is not None:
        raise IncidentClosed
    return case, incident


def _resolve(unit: Unit, case: LockedCase, incident: Any, resolution: str) -> None:
    closed = update(Incident).where(Incident.id == incident.id, Incident.resolved_at.is_(None))
    done = unit.execute(
        closed.values(
            resolved_at=unit.now,
            resolved_by=unit.actor.person_id or None,
            resolution=resolution,
        )
    )
    if not done:
        raise IncidentClosed
    event = IncidentResolved(
        case_id=case.id, element=incident.element, incident_id=incident.id, resolution=resolution
    )
    unit.record(event)


def _note_of_case(unit: Unit, command: Any, refusal: EngineError) -> None:
    """Note the fault of a command that names its case."""
    if isinstance(refusal, Fault):
        note_fault(unit, command.case_id, refusal)


def notes_fault(kind: type[Command[Any]]) -> None:
    """Let a refused step of a command that names its ``case_id`` leave an incident."""
    after_refusal(kind)(_note_of_case)


notes_fault(MoveToken)
