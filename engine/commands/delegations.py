"""A colleague does one's task and gives it back: the owner stays the owner."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update

from engine.bus import Command, handles
from engine.commands.carry_out import WITHDRAW_OFFER
from engine.commands.holders import allow_work, name_of, refuse_ended, refuse_taken, staying
from engine.commands.locked import CaseFacts, TaskFacts, look_at_task
from engine.errors import NotDelegable, NotDelegated, PersonUnfit, ReasonMissing, TaskDelegated
from engine.events import TaskDelegatedTo, TaskRecalled, TaskReturned
from engine.model.people import Membership, Person
from engine.model.tasks import OPEN, Task
from engine.rules.delegations import is_own_work
from engine.rules.names import remark
from engine.unit import Stale, Unit


@dataclass(frozen=True, slots=True)
class DelegateTask(Command[int]):
    """Let a colleague do one's task; returns its case. A free task becomes one's own first."""

    task_id: int
    person_id: int
    note: str = ""


@handles(DelegateTask)
def delegate_task(unit: Unit, command: DelegateTask) -> int:
    """
    Make the colleague the holder and the holder the owner.

    Raises:
        NotDelegable: It is the own work of an expert.
        PersonUnfit: The colleague is oneself, is not active, or works elsewhere.
        TaskDelegated: A colleague has delegated it to oneself: it goes back, not on.
        TaskTaken: Somebody else holds it.
        NotOpen: It is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    me = unit.actor.person_id
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if (task.owner_id, task.assignee_id) == (me, command.person_id):
        return case.id
    if task.owner_id is not None and task.assignee_id == me:
        raise TaskDelegated(who=name_of(unit, task.owner_id))
    if task.assignee_id not in (None, me):
        refuse_taken(unit, case, task)
    _refuse_own_work(unit, case, task)
    _refuse_stranger(unit, task, command.person_id)
    _hold(unit, task, assignee_id=command.person_id, owner_id=me)
    if task.assignee_id is None:
        unit.defer(WITHDRAW_OFFER, {"task_id": task.id})
    note = remark(command.note)
    unit.record(TaskDelegatedTo(**_about(case, task), person_id=command.person_id, note=note))
    return case.id


def _refuse_own_work(unit: Unit, case: CaseFacts, task: TaskFacts) -> None:
    """Refuse what an expert answers for himself."""
    form = unit.versions.get(case.definition_id).forms.get(task.form.removesuffix(".json"))
    if is_own_work(task.role, form.subject if form else ""):
        raise NotDelegable(
            why="это личная работа. Если вы не можете её сделать, спросите координатора"
        )


def _refuse_stranger(unit: Unit, task: TaskFacts, person_id: int) -> None:
    """Refuse who is no active colleague in the organisation whose work it is."""
    if person_id == unit.actor.person_id:
        raise PersonUnfit(why="это вы сами")
    works = exists().where(
        Membership.person_id == Person.id, Membership.organisation_id == task.organisation_id
    )
    colleague = select(Person.id).where(Person.id == person_id, Person.active, works)
    if unit.value(staying(colleague)) is None:
        raise PersonUnfit(why="он не работает в этой организации")


@dataclass(frozen=True, slots=True)
class ReturnTask(Command[int]):
    """Give a task back to who has delegated it, with a remark; returns its case."""

    task_id: int
    note: str


@handles(ReturnTask)
def return_task(unit: Unit, command: ReturnTask) -> int:
    """
    Make the owner the holder again; what the delegate has typed stays his draft.

    Raises:
        ReasonMissing: There is no remark: the owner would not know what is left to do.
        NotDelegated: Nobody has delegated it.
        NotOpen: It is not open any more.
    """
    case, task, owner = _delegated(unit, command.task_id)
    if task.assignee_id != unit.actor.person_id:
        refuse_taken(unit, case, task)
    note = remark(command.note)
    if not note:
        raise ReasonMissing
    _hold(unit, task, assignee_id=owner, owner_id=None)
    unit.record(TaskReturned(**_about(case, task), person_id=owner, note=note))
    return case.id


@dataclass(frozen=True, slots=True)
class RecallTask(Command[int]):
    """Take a task back that one has delegated; returns its case."""

    task_id: int


@handles(RecallTask)
def recall_task(unit: Unit, command: RecallTask) -> int:
    """
    Make the owner the holder again.

    Raises:
        NotDelegated: It is not delegated, or somebody else has delegated it.
        NotOpen: It is not open any more.
    """
    case, task, owner = _delegated(unit, command.task_id)
    if owner != unit.actor.person_id or task.assignee_id is None:
        raise NotDelegated
    _hold(unit, task, assignee_id=owner, owner_id=None)
    unit.record(TaskRecalled(**_about(case, task), person_id=task.assignee_id))
    return case.id


def _delegated(unit: Unit, task_id: int) -> tuple[CaseFacts, TaskFacts, int]:
    """Return an open task with its owner, for those two people."""
    case, task = look_at_task(unit, task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if task.owner_id is None:
        raise NotDelegated
    return case, task, task.owner_id


def _hold(unit: Unit, task: TaskFacts, **who: int | None) -> None:
    """Change holder and owner, if they still are those that were read."""
    same = (
        Task.assignee_id.is_not_distinct_from(task.assignee_id),
        Task.owner_id.is_not_distinct_from(task.owner_id),
    )
    held = update(Task).where(Task.id == task.id, Task.state == OPEN, *same)
    if not unit.execute(held.values(claimed_at=unit.now, **who)):
        raise Stale


def _about(case: CaseFacts, task: TaskFacts) -> dict[str, Any]:
    return {"case_id": case.id, "task_id": task.id, "element": task.element}
