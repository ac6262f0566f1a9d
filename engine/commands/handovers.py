"""What a coordinator changes about a task: who has it, and until when."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, select, update

from engine.bus import Command, handles
from engine.commands.carry_out import WITHDRAW_OFFER
from engine.commands.holders import refuse_ended, staying
from engine.commands.locked import CaseFacts, TaskFacts, look_at_task
from engine.commands.openings import rung_after
from engine.errors import DeadlineRefused, PersonUnfit, ReasonMissing
from engine.events import DeadlineMoved, TaskReassigned
from engine.model.people import Membership, Person
from engine.model.tasks import OPEN, DeadlineChange, Task, TaskCandidate
from engine.rules.access import Right
from engine.rules.calendar import day_of, end_of
from engine.rules.names import remark
from engine.unit import Stale, Unit

FURTHEST: Final = 366
"""Days from today to a deadline; later than that is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class ReassignTask(Command[int]):
    """Give a task to another person of its role; returns its case."""

    task_id: int
    person_id: int
    reason: str


@handles(ReassignTask)
def reassign_task(unit: Unit, command: ReassignTask) -> int:
    """
    Change the holder; the one before keeps his draft, and who had delegated it is out of it.

    Raises:
        ReasonMissing: No reason is given.
        PersonUnfit: The person is not active, or does not hold the role.
        NotOpen: The task is not open any more.
    """
    case, task, reason = _steered(unit, command.task_id, command.reason)
    if task.assignee_id == command.person_id and task.owner_id is None:
        return case.id
    _refuse_unfit(unit, case, task, command.person_id)
    changed = unit.execute(
        update(Task)
        .where(Task.id == task.id, Task.state == OPEN)
        .values(assignee_id=command.person_id, owner_id=None, claimed_at=unit.now)
    )
    if not changed:
        raise Stale
    unit.defer(WITHDRAW_OFFER, {"task_id": task.id})
    unit.record(
        TaskReassigned(
            case_id=case.id,
            task_id=task.id,
            element=task.element,
            person_id=command.person_id,
            reason=reason,
            former_id=task.assignee_id,
        )
    )
    return case.id


def _steered(unit: Unit, task_id: int, reason: str) -> tuple[CaseFacts, TaskFacts, str]:
    """Read an open task of a case that the actor may steer; refuse an empty reason."""
    case, task = look_at_task(unit, task_id)
    unit.allow(Right.STEER, case.path, case.id)
    reason = remark(reason)
    if not reason:
        raise ReasonMissing
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    return case, task, reason


def _refuse_unfit(unit: Unit, case: CaseFacts, task: TaskFacts, person_id: int) -> None:
    """
    Refuse who may not do the work of the task.

    Work of a role is for who holds it in the task's organisation; work given by name is for
    who holds the role anywhere above or in the school.
    """
    active = select(Person.id).where(Person.id == person_id, Person.active)
    if unit.value(staying(active)) is None:
        raise PersonUnfit(why="такого человека нет, или он больше не работает в системе")
    places = case.path if task.personal else (task.organisation_id,)
    holds = exists().where(
        Membership.person_id == person_id,
        Membership.role == task.role,
        Membership.organisation_id.in_(places),
    )
    if not unit.value(select(holds)):
        raise PersonUnfit(why="у него нет роли, которой поручена задача")


@dataclass(frozen=True, slots=True)
class MoveDeadline(Command[int]):
    """Move the deadline of an open task to the end of another day; returns its case."""

    task_id: int
    due_on: date
    reason: str


@handles(MoveDeadline)
def move_deadline(unit: Unit, command: MoveDeadline) -> int:
    """
    Keep the date before, and who changed it why; the reminders follow the new one.

    Raises:
        ReasonMissing: No reason is given.
        DeadlineRefused: The day is past, too far away, or it is the deadline already.
        NotOpen: The task is not open any more.
    """
    case, task, reason = _steered(unit, command.task_id, command.reason)
    redate(unit, case, task, command.due_on, reason)
    return case.id


def redate(unit: Unit, case: CaseFacts, task: TaskFacts, due_on: date, reason: str) -> None:
    """
    Move the deadline of an open task, for who has been found to have the right.

    Raises:
        DeadlineRefused: The day is past, too far away, or it is the deadline already.
    """
    today = day_of(unit.now, case.zone)
    if due_on < today:
        raise DeadlineRefused(why="этот день уже прошёл")
    if (due_on - today).days > FURTHEST:
        raise DeadlineRefused(why="он дальше чем через год")
    due_at = end_of(due_on, case.zone)
    if due_at == task.due_at:
        raise DeadlineRefused(why="он уже такой")
    rung, remind_at = rung_after(unit, case.zone, task.remind, task.opened_at, due_at)
    moved = (
        update(Task)
        .where(Task.id == task.id, Task.state == OPEN, Task.due_at == task.due_at)
        .values(due_at=due_at, rung=rung, remind_at=remind_at)
    )
    if not unit.execute(moved):
        raise Stale
    offers = update(TaskCandidate).where(TaskCandidate.task_id == task.id)
    unit.execute(offers.values(due_at=due_at))
    unit.add(
        DeadlineChange,
        {
            "task_id": task.id,
            "due_before": task.due_at,
            "due_after": due_at,
            "reason": reason,
            "person_id": unit.actor.person_id or None,
            "at": unit.now,
        },
    )
    unit.record(
        DeadlineMoved(
            case_id=case.id,
            task_id=task.id,
            element=task.element,
            due_before=f"{day_of(task.due_at, case.zone):%d.%m.%Y}",
            due_after=f"{due_on:%d.%m.%Y}",
            reason=reason,
        )
    )
