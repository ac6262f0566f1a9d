"""Requests for a later deadline: of one task, and all that wait for an answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select

from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.tasks import OPEN, ExtensionRequest, Task
from engine.queries.visible import visible_to
from engine.rules.access import Actor, Right
from engine.rules.calendar import day_of
from engine.unit import Reader

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """
    A request: who asks for which day instead of which, and why.

    ``state`` is ``open``, ``granted`` or ``declined``, with the answer of who decided.
    """

    id: int
    task_id: int
    case_id: int
    title: str
    organisation: str
    zone: str
    person_id: int
    who: str
    at: datetime
    due_on: date
    wanted_on: date
    reason: str
    state: str
    decided_by: str
    decided_at: datetime | None
    answer: str


def _found() -> Select[*tuple[Any, ...]]:
    decider = Person.__table__.alias("decider")
    return (
        select(
            ExtensionRequest.id,
            ExtensionRequest.task_id,
            Task.case_id,
            Task.title,
            Task.item,
            Task.due_at,
            Organisation.short_name,
            Organisation.zone,
            ExtensionRequest.person_id,
            Person.name,
            ExtensionRequest.at,
            ExtensionRequest.wanted_at,
            ExtensionRequest.reason,
            ExtensionRequest.granted,
            decider.c.name.label("decider"),
            ExtensionRequest.decided_at,
            ExtensionRequest.answer,
        )
        .join(Task, Task.id == ExtensionRequest.task_id)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(Person, Person.id == ExtensionRequest.person_id)
        .outerjoin(decider, decider.c.id == ExtensionRequest.decided_by)
    )


def extensions_of(reader: Reader, task_id: int) -> list[ExtensionRow]:
    """Return the requests about a task whose page the reader has been let into, oldest first."""
    mine = _found().where(ExtensionRequest.task_id == task_id)
    return [_row(row) for row in reader.rows(mine.order_by(ExtensionRequest.id))]


def open_extensions(reader: Reader, actor: Actor) -> list[ExtensionRow]:
    """
    Return the requests that the actor may answer, those of the nearest deadline first.

    With the task a request ends too: nobody has to answer it any more.
    """
    waiting = _found().where(
        ExtensionRequest.decided_at.is_(None),
        Task.state == OPEN,
        visible_to(actor, Right.STEER),
    )
    return [_row(row) for row in reader.rows(waiting.order_by(Task.due_at, Task.id).limit(MOST))]


def _row(row: Any) -> ExtensionRow:
    granted = {None: "open", True: "granted", False: "declined"}
    return ExtensionRow(
        id=row.id,
        task_id=row.task_id,
        case_id=row.case_id,
        title=" — ".join(part for part in (row.title, row.item) if part),
        organisation=row.short_name,
        zone=row.zone,
        person_id=row.person_id,
        who=row.name,
        at=row.at,
        due_on=day_of(row.due_at, row.zone),
        wanted_on=day_of(row.wanted_at, row.zone),
        reason=row.reason,
        state=granted[row.granted],
        decided_by=row.decider or "",
        decided_at=row.decided_at,
        answer=row.answer,
    )
