"""Letting a person in again, or keeping him out; and what then becomes of the tasks he holds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from engine.bus import Command, handles
from engine.commands.openings import offer
from engine.commands.people import allow_over, reach_over
from engine.errors import SuccessorUnfit
from engine.events import DoorOpened, DoorShut, TaskReassigned, TaskReleased
from engine.model.cases import Case
from engine.model.people import Membership, Organisation, Person, WebSession
from engine.model.tasks import OPEN, Task
from engine.rules.access import path_of
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of the open tasks of somebody who was kept out; ``left`` are still his."""

    given: int = 0
    freed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class ChangeActive(Command[Handed]):
    """
    Let a person in again, or keep him out: an account is never deleted, what he did stays his.

    Of somebody kept out ``successor_id`` gets the open tasks that he may do; without one, and
    where he may not, tasks go back to their roles. What was given by name and fits nobody stays.
    """

    person_id: int
    active: bool
    successor_id: int | None = None


@handles(ChangeActive)
def change_active(unit: Unit, command: ChangeActive) -> Handed:
    """
    Change it for whoever administers every organisation where the person holds a role.

    Raises:
        SuccessorUnfit: The successor may not sign in, is the person himself, or works elsewhere.
    """
    person = unit.get(Person, command.person_id, lock=True)
    allow_over(unit, person.id)
    was, person.active = person.active, command.active
    if command.active:
        if not was:
            unit.record(DoorOpened(person_id=person.id))
        return Handed()
    _refuse_unfit(unit, command)
    unit.execute(delete(WebSession).where(WebSession.person_id == person.id))
    if was:
        unit.record(DoorShut(person_id=person.id))
    return _hand_on(unit, person.id, command.successor_id)


def _refuse_unfit(unit: Unit, command: ChangeActive) -> None:
    successor = command.successor_id
    if successor is None:
        return
    active = select(Person.id).where(Person.id == successor, Person.active)
    if successor == command.person_id or unit.value(active) is None:
        raise SuccessorUnfit
    if not any(reach_over(unit, successor)):
        raise SuccessorUnfit


# tasks ------------------------------------------------------------------------------------------


def _hand_on(unit: Unit, person_id: int, successor_id: int | None) -> Handed:
    """Do it task by task: there are as many as one person holds."""
    lent = Task.owner_id == person_id, Task.state == OPEN
    unit.execute(update(Task).where(*lent).values(owner_id=None))
    given = freed = left = 0
    for task in unit.rows(_HELD.where(Task.assignee_id == person_id)):
        if task.owner_id is not None:
            _give(unit, task, task.owner_id)
            given += 1
        elif successor_id is not None and _fits(unit, task, successor_id):
            _give(unit, task, successor_id)
            given += 1
        elif task.personal:
            left += 1
        else:
            _free(unit, task)
            freed += 1
    return Handed(given, freed, left)


_HELD = (
    select(
        Task.id,
        Task.case_id,
        Task.element,
        Task.organisation_id,
        Task.role,
        Task.personal,
        Task.assignee_id,
        Task.owner_id,
        Task.due_at,
        Organisation.path,
    )
    .join(Case, Case.id == Task.case_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .where(Task.state == OPEN)
    .order_by(Task.case_id, Task.id)
    .with_for_update(of=Task, key_share=True)
)


def _fits(unit: Unit, task: Any, person_id: int) -> bool:
    """Tell whether somebody holds the role of a task where its work lies."""
    places = path_of(task.path) if task.personal else (task.organisation_id,)
    holds = exists().where(
        Membership.person_id == person_id,
        or_(Membership.role == task.role, task.role == ""),
        Membership.organisation_id.in_(places),
    )
    return bool(unit.value(select(holds)))


def _give(unit: Unit, task: Any, person_id: int) -> None:
    held = update(Task).where(Task.id == task.id)
    unit.execute(held.values(assignee_id=person_id, owner_id=None, claimed_at=unit.now))
    about = {"case_id": task.case_id, "task_id": task.id, "element": task.element}
    reason = "тот, кто её вёл, больше не работает в системе"
    before = task.assignee_id
    unit.record(TaskReassigned(**about, person_id=person_id, reason=reason, former_id=before))


def _free(unit: Unit, task: Any) -> None:
    unit.execute(update(Task).where(Task.id == task.id).values(assignee_id=None, claimed_at=None))
    offer(unit, task.id, task.organisation_id, task.role, task.due_at)
    event = TaskReleased(case_id=task.case_id, task_id=task.id, element=task.element)
    unit.record(event)
