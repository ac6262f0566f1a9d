"""Who may work at a task, and what one is told who comes too late."""

from datetime import datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from engine.commands.locked import CaseFacts, TaskFacts
from engine.errors import NotOpen, NotYours, TaskDoneByOther, TaskDoneByYou, TaskTaken
from engine.model.people import Person
from engine.model.tasks import DONE
from engine.rules.access import may_take
from engine.unit import Unit


def allow_work(unit: Unit, case: CaseFacts, task: TaskFacts) -> None:
    """
    Let go on who holds the task, has delegated it, has done it, or is offered it.

    Raises:
        Forbidden: He may see the case, and no more.
        NotFound: He may not even know of it.
    """
    me = unit.actor.person_id
    mine = me in (task.assignee_id, task.owner_id, task.done_by) and not unit.actor.is_system
    offered = not task.personal and may_take(unit.actor, task.role, task.organisation_id)
    unit.allow_if(mine or offered, case.path, case.id)


def refuse_ended(unit: Unit, case: CaseFacts, task: TaskFacts) -> NoReturn:
    """Say that a task is not open any more, and if somebody has done it, who and when."""
    if task.state == DONE and task.done_by and task.ended_at:
        when = local(task.ended_at, case.zone)
        if task.done_by == unit.actor.person_id:
            raise TaskDoneByYou(when=when)
        raise TaskDoneByOther(who=name_of(unit, task.done_by), when=when)
    raise NotOpen


def refuse_taken(unit: Unit, case: CaseFacts, task: TaskFacts) -> NoReturn:
    """Say who holds a task, and since when; or that nobody does."""
    if task.assignee_id is None:
        raise NotYours
    since = task.claimed_at or task.opened_at
    raise TaskTaken(who=name_of(unit, task.assignee_id), when=local(since, case.zone))


def staying(people: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Let nobody keep the people of a statement out while they are given a task."""
    return people.with_for_update(of=Person, read=True, key_share=True)


def name_of(unit: Unit, person_id: int) -> str:
    """Return the name of a person."""
    return str(unit.value(select(Person.name).where(Person.id == person_id)))


def local(moment: datetime, zone: str) -> str:
    """Return a moment as people at the organisation read it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d.%m.%Y в %H:%M}"
