"""What the rehearsal looks at: open tasks, who could do them, and what is due next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.model.base import Moment
from engine.model.cases import Case
from engine.model.panels import PanelMember
from engine.model.people import Membership, Organisation, Person
from engine.model.records import DigestRound, Incident, Job, Outgoing, StartSubscription, Timer
from engine.model.tasks import OPEN, Task
from engine.prepared import Prepared
from engine.rules.access import Path, Role, path_of
from engine.rules.retries import STEPS
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class TaskSight:
    """An open task as the person who does it sees it."""

    id: int
    case_id: int
    definition_id: int
    organisation_id: int
    place: str
    element: str
    title: str
    item: str
    form: str
    role: str
    assignee_id: int | None
    opened_at: datetime
    due_at: datetime


_TASKS = (
    select(
        Task.id,
        Task.case_id,
        Case.definition_id,
        Task.organisation_id,
        Organisation.short_name,
        Task.element,
        Task.title,
        Task.item,
        Task.form,
        Task.role,
        Task.assignee_id,
        Task.opened_at,
        Task.due_at,
    )
    .join(Case, Case.id == Task.case_id)
    .join(Organisation, Organisation.id == Task.organisation_id)
    .where(Task.state == OPEN)
)


def open_tasks(reader: Reader, case_ids: Sequence[int]) -> list[TaskSight]:
    """Return the open tasks of cases, oldest first."""
    found = _TASKS.where(Task.case_id.in_(case_ids)).order_by(Task.opened_at, Task.id)
    return [TaskSight(*row) for row in reader.rows(found)]


def open_task(reader: Reader, task_id: int) -> TaskSight | None:
    """Return a task if it is still open."""
    row = reader.first(_TASKS.where(Task.id == task_id))
    return None if row is None else TaskSight(*row)


def holders(reader: Reader, organisation_id: int, role: str) -> list[int]:
    """Return who holds a role in an organisation and could do its work."""
    held = Membership.organisation_id == organisation_id, Membership.role == role
    found = select(Person.id).join(Membership).where(*held, Person.active).order_by(Person.id)
    return [row.id for row in reader.rows(found)]


def nearest(reader: Reader, case_id: int, role: Role) -> int | None:
    """Return who holds a role on the panel of a case, in its school or nearest above it."""
    if role in {Role.LEAD, Role.EXPERT}:
        seats = PanelMember.case_id == case_id, PanelMember.state == "member"
        wanted = PanelMember.is_lead if role is Role.LEAD else ~PanelMember.is_lead
        seat = select(PanelMember.person_id).where(*seats, wanted).order_by(PanelMember.id)
        return _first(reader.value(seat))
    for place in reversed(path_of_case(reader, case_id)):
        if found := holders(reader, place, role):
            return found[0]
    return None


def path_of_case(reader: Reader, case_id: int) -> Path:
    """Return the organisations from the root down to the school of a case."""
    path = select(Organisation.path).join(Case, Case.organisation_id == Organisation.id)
    return path_of(reader.one(path.where(Case.id == case_id)).path)


def _first(value: Any) -> int | None:
    return None if value is None else int(value)


# what is due ------------------------------------------------------------------------------------


def next_due(reader: Reader) -> datetime | None:
    """Return the next moment after now at which the scheduler has something to do."""
    (row,) = reader.run(_NEXT, {"now": reader.now})
    return min((moment for moment in row if moment is not None), default=None)


_NOW = bindparam("now", type_=Moment)
_UNSENT = Outgoing.sent_at.is_(None), Outgoing.given_up_at.is_(None)
_DUE: tuple[tuple[InstrumentedAttribute[Any], tuple[ColumnElement[bool], ...]], ...] = (
    (Timer.due_at, (Timer.attempts < STEPS.attempts,)),
    (Job.due_at, (Job.attempts <= STEPS.attempts,)),
    (Task.remind_at, (Task.state == OPEN,)),
    (Outgoing.not_before, _UNSENT),
    (StartSubscription.due_at, ()),
    (DigestRound.due_at, ()),
)
_NEXT = Prepared(
    select(
        *(
            select(func.min(column)).where(column > _NOW, *conditions).scalar_subquery().label(name)
            for (column, conditions), name in zip(_DUE, "abcdef", strict=True)
        )
    )
)


def is_alive(reader: Reader, case_id: int) -> bool:
    """Tell whether something will move a case without anybody: a timer, a service, a message."""
    rows = (
        select(Timer.id).where(Timer.case_id == case_id),
        select(Job.id).where(Job.case_id == case_id, Job.attempts <= STEPS.attempts),
        select(Outgoing.id).where(Outgoing.case_id == case_id, Outgoing.kind != "mail", *_UNSENT),
    )
    return any(reader.first(row.limit(1)) is not None for row in rows)


def incidents(reader: Reader) -> list[tuple[int, str, str]]:
    """Return case (0 without one), element and sentence of every incident that is unresolved."""
    found = select(Incident.case_id, Incident.element, Incident.sentence)
    rows = reader.rows(found.where(Incident.resolved_at.is_(None)).order_by(Incident.id))
    return [(row.case_id or 0, row.element, row.sentence) for row in rows]


def running(reader: Reader, case_ids: Sequence[int]) -> list[int]:
    """Return those of the cases that run."""
    found = select(Case.id).where(Case.id.in_(case_ids), Case.status == "running")
    return [row.id for row in reader.rows(found.order_by(Case.id))]


def standing(reader: Reader, case_ids: Sequence[int]) -> list[int]:
    """Return the running cases in which nobody has a task and nothing will happen by itself."""
    found = running(reader, case_ids)
    busy = {task.case_id for task in open_tasks(reader, found)}
    return [case for case in found if case not in busy and not is_alive(reader, case)]


@dataclass(frozen=True, slots=True)
class CaseSight:
    """A running case that began by itself; ``previous_id`` is the one that it repeats."""

    id: int
    previous_id: int | None
    zone: str


def strangers(reader: Reader, known: Sequence[int]) -> list[CaseSight]:
    """Return the running cases that are not among those known."""
    found = select(Case.id, Case.previous_id, Organisation.zone).join(Organisation)
    new = found.where(Case.id.not_in(known), Case.status == "running").order_by(Case.id)
    return [CaseSight(*row) for row in reader.rows(new)]
