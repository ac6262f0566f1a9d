"""What a coordinator has to look at first: where a case is stuck, and whose move it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, func, select

from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.records import Incident
from engine.model.tasks import ExtensionRequest, Task, TaskCandidate
from engine.queries.moves import IS_OPEN
from engine.queries.visible import visible_to
from engine.rules.access import ROLE_NAMES, Actor, Right, Role
from engine.unit import Reader

MOST: Final = 5
"""Lines of each kind; the list below has the rest."""
NEAR: Final = timedelta(days=3)
"""A task that nobody has taken so shortly before its deadline is worth a look."""

Reason = Literal["incident", "late", "request", "idle"]


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """
    One case to look at.

    ``reason``: it has an incident (``words`` say which), its latest task is overdue, somebody
    asks for a later deadline (``asked_at``, with his ``words``), or nobody has taken a task.
    """

    reason: Reason
    case_id: int
    task_id: int | None
    organisation: str
    zone: str
    title: str
    who: str
    due_at: datetime | None = None
    asked_at: datetime | None = None
    words: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class AttentionGroup:
    """The first lines of one reason, and how many more there are."""

    reason: Reason
    rows: tuple[AttentionRow, ...]
    more: int


def attention(reader: Reader, actor: Actor) -> list[AttentionGroup]:
    """Return what stands in the cases that the actor steers, by reason; for others nothing."""
    visible = visible_to(actor, Right.STEER)
    running = Case.status == "running"
    found: dict[Reason, Sequence[Any]] = {
        "incident": reader.rows(_incidents().where(visible)),
        "late": _one_of_each(reader.rows(_late(visible, reader.now))),
        "request": reader.rows(_requests().where(visible, running)),
        "idle": reader.rows(_idle(reader.now).where(visible, running)),
    }
    return [
        AttentionGroup(reason, tuple(_row(reason, row) for row in rows), rows[0].total - len(rows))
        for reason, rows in found.items()
        if rows
    ]


def _one_of_each(rows: Sequence[Any]) -> Sequence[Any]:
    """Return the first task of each case."""
    return list({row.case_id: row for row in reversed(rows)}.values())[::-1]


_TOTAL: Final = func.count().over().label("total")
_WHERE: Final = (Organisation.short_name, Organisation.zone)
_TASK: Final = (
    Task.case_id,
    Task.id.label("task_id"),
    *_WHERE,
    Task.title,
    Task.item,
    Task.role,
    Task.due_at,
    Person.name.label("who"),
)


def _tasks(*more: Any) -> Select[*tuple[Any, ...]]:
    """Return open tasks with their case and holder, those due first in front."""
    return (
        select(*_TASK, *more)
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(IS_OPEN)
        .order_by(Task.due_at, Task.id)
    )


def _late(visible: ColumnElement[bool], now: datetime) -> Select[*tuple[Any, ...]]:
    """Return the latest tasks of the cases that have overdue ones, several where one day ends."""
    first = func.min(Task.due_at).label("first")
    worst = (
        select(Task.case_id, first, (func.count() - 1).label("more"), _TOTAL)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(IS_OPEN, Task.due_at < now, Case.status == "running", visible)
        .group_by(Task.case_id)
        .order_by(first, Task.case_id)
        .limit(MOST)
        .subquery()
    )
    same = (worst.c.case_id == Task.case_id) & (worst.c.first == Task.due_at)
    return _tasks(worst.c.more, worst.c.total).join(worst, same)


def _idle(now: datetime) -> Select[*tuple[Any, ...]]:
    free = TaskCandidate.task_id == Task.id
    near = TaskCandidate.due_at.between(now, now + NEAR)
    return _tasks(_TOTAL).join(TaskCandidate, free).where(near).limit(MOST)


def _requests() -> Select[*tuple[Any, ...]]:
    asked = ExtensionRequest
    more = asked.wanted_at.label("asked_at"), asked.reason.label("words")
    undecided = (asked.task_id == Task.id) & asked.decided_at.is_(None)
    return _tasks(_TOTAL, *more).join(asked, undecided).limit(MOST)


def _incidents() -> Select[*tuple[Any, ...]]:
    return (
        select(Incident.case_id, *_WHERE, Incident.sentence.label("words"), _TOTAL)
        .select_from(Incident)
        .join(Case, Case.id == Incident.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.at, Incident.id)
        .limit(MOST)
    )


def _row(reason: Reason, row: Any) -> AttentionRow:
    given = row._asdict()
    title = " — ".join(part for part in (given.get("title"), given.get("item")) if part)
    role = given.get("role")
    return AttentionRow(
        reason=reason,
        case_id=row.case_id,
        task_id=given.get("task_id"),
        organisation=row.short_name,
        zone=row.zone,
        title=title,
        who=given.get("who") or (ROLE_NAMES[Role(role)] if role else ""),
        due_at=given.get("due_at"),
        asked_at=given.get("asked_at"),
        words=given.get("words") or "",
        more=int(given.get("more") or 0),
    )
