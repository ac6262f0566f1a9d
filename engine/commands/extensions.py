"""A holder asks for a later deadline; a coordinator decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from engine.bus import Command, handles
from engine.commands.handovers import FURTHEST, redate
from engine.commands.holders import allow_work, refuse_ended, refuse_taken
from engine.commands.locked import CaseFacts, TaskFacts, lock_task, look_at_task
from engine.errors import (
    DeadlineRefused,
    ExtensionDecided,
    ExtensionPending,
    NotFound,
    ReasonMissing,
)
from engine.events import (
    ExtensionDeclined,
    ExtensionGranted,
    ExtensionRequested,
    ExtensionWithdrawn,
)
from engine.model.tasks import OPEN, ExtensionRequest
from engine.rules.access import Right
from engine.rules.calendar import day_of, end_of
from engine.rules.names import remark
from engine.unit import Stale, Unit


@dataclass(frozen=True, slots=True)
class RequestExtension(Command[int]):
    """Ask for a later deadline of a task that one holds or may take; returns the request."""

    task_id: int
    wanted_on: date
    reason: str


@handles(RequestExtension)
def request_extension(unit: Unit, command: RequestExtension) -> int:
    """
    Write the request; until it is granted the old deadline is in force.

    Asking for the same day again is harmless: a double click.

    Raises:
        ReasonMissing: No reason is given.
        DeadlineRefused: The day is not later than the deadline, or is past, or too far away.
        ExtensionPending: Somebody has asked for another day, and nobody has answered yet.
        TaskTaken: Somebody else holds the task.
        NotOpen: It is not open any more.
    """
    # Locked, so that of two requests at one moment the second finds the first.
    case, task = lock_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if task.assignee_id not in (None, unit.actor.person_id):
        refuse_taken(unit, case, task)
    reason = remark(command.reason)
    if not reason:
        raise ReasonMissing
    refuse_day(unit, case, task, command.wanted_on)
    row = {
        "task_id": task.id,
        "person_id": unit.actor.person_id,
        "wanted_at": end_of(command.wanted_on, case.zone),
        "reason": reason,
        "at": unit.now,
    }
    if (before := _pending(unit, task.id, row)) is not None:
        return before
    request = unit.insert(ExtensionRequest, row)
    until = f"{command.wanted_on:%d.%m.%Y}"
    about = _about(case.id, task.id, task.element)
    unit.record(ExtensionRequested(**about, request_id=request, until=until, reason=reason))
    return request


def refuse_day(unit: Unit, case: CaseFacts, task: TaskFacts, wanted_on: date) -> None:
    """
    Refuse a day that helps nobody.

    Raises:
        DeadlineRefused: It is not later than the deadline, or is past, or too far away.
    """
    today = day_of(unit.now, case.zone)
    if wanted_on < today:
        raise DeadlineRefused(why="этот день уже прошёл")
    if (wanted_on - today).days > FURTHEST:
        raise DeadlineRefused(why="он дальше чем через год")
    if wanted_on <= day_of(task.due_at, case.zone):
        raise DeadlineRefused(why="он не позже нынешнего")


def _pending(unit: Unit, task_id: int, row: Mapping[str, Any]) -> int | None:
    """Return the same request made before; refuse when another one is open."""
    asked = select(ExtensionRequest.id, ExtensionRequest.person_id, ExtensionRequest.wanted_at)
    pending = ExtensionRequest.task_id == task_id, ExtensionRequest.decided_at.is_(None)
    found = unit.first(asked.where(*pending))
    if found is None:
        return None
    if (found.person_id, found.wanted_at) == (row["person_id"], row["wanted_at"]):
        return int(found.id)
    raise ExtensionPending


@dataclass(frozen=True, slots=True)
class DecideExtension(Command[int]):
    """Grant a request, which moves the deadline, or decline it with a word; returns its task."""

    request_id: int
    granted: bool
    answer: str = ""


@handles(DecideExtension)
def decide_extension(unit: Unit, command: DecideExtension) -> int:
    """
    Decide once; the deadline moves as by `MoveDeadline`, with the reason of who asked.

    Raises:
        ReasonMissing: It is declined without a word.
        ExtensionDecided: Somebody has decided otherwise, or it was withdrawn.
        DeadlineRefused: The wanted day has passed meanwhile.
        NotOpen: The task is not open any more.
    """
    request, case, task = _requested(unit, command.request_id)
    unit.allow(Right.STEER, case.path, case.id)
    answer = remark(command.answer)
    if request.decided_at is not None:
        if (request.granted, request.decided_by) == (command.granted, unit.actor.person_id):
            return task.id
        raise ExtensionDecided
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if not (command.granted or answer):
        raise ReasonMissing
    _decide(unit, request.id, granted=command.granted, answer=answer)
    about = {**_about(case.id, task.id, task.element), "request_id": request.id}
    if not command.granted:
        person = request.person_id
        unit.record(ExtensionDeclined(**about, person_id=person, answer=answer))
        return task.id
    unit.record(ExtensionGranted(**about, person_id=request.person_id))
    if request.wanted_at > task.due_at:
        redate(unit, case, task, day_of(request.wanted_at, case.zone), request.reason)
    return task.id


def _decide(unit: Unit, request_id: int, *, granted: bool, answer: str) -> None:
    undecided = update(ExtensionRequest).where(
        ExtensionRequest.id == request_id, ExtensionRequest.decided_at.is_(None)
    )
    said = {"granted": granted, "answer": answer}
    who = {"decided_by": unit.actor.person_id, "decided_at": unit.now}
    if not unit.execute(undecided.values(**said, **who)):
        raise Stale


@dataclass(frozen=True, slots=True)
class WithdrawExtension(Command[int]):
    """Take one's own request back before it is decided; returns its task."""

    request_id: int


@handles(WithdrawExtension)
def withdraw_extension(unit: Unit, command: WithdrawExtension) -> int:
    """
    Delete the request; the journal keeps that there was one.

    Raises:
        ExtensionDecided: It has been decided, or withdrawn.
    """
    request, case, task = _requested(unit, command.request_id)
    unit.allow_if(request.person_id == unit.actor.person_id, case.path, case.id)
    undecided = ExtensionRequest.id == request.id, ExtensionRequest.decided_at.is_(None)
    if not unit.execute(delete(ExtensionRequest).where(*undecided)):
        raise ExtensionDecided
    about = _about(case.id, task.id, task.element)
    unit.record(ExtensionWithdrawn(**about, request_id=request.id))
    return task.id


def _requested(unit: Unit, request_id: int) -> tuple[Any, CaseFacts, TaskFacts]:
    """Return a request with its task and case; one that was withdrawn is not there any more."""
    found = select(*ExtensionRequest.__table__.columns).where(ExtensionRequest.id == request_id)
    request = unit.first(found)
    if request is None:
        raise NotFound
    return request, *look_at_task(unit, request.task_id)


def _about(case_id: int, task_id: int, element: str) -> dict[str, Any]:
    return {"case_id": case_id, "task_id": task_id, "element": element}
