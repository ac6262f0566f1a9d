"""Who is late: overdue tasks gathered by person, by role, or by organisation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import aliased

from engine.errors import Forbidden
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.tasks import Task
from engine.queries.cases import CaseFilters, conditions
from engine.queries.moves import IS_OPEN
from engine.queries.visible import visible_to
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds
from engine.unit import Reader

By = Literal["person", "role", "organisation"]
WAYS: Final[tuple[By, ...]] = get_args(By)
MOST: Final = 100
"""Groups on one page; an export has all of them."""


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """
    Whose overdue tasks, how many, the latest of them, and since when it is late.

    ``person_id`` holds them; without one they are offered to the ``role`` in the organisation
    ``place``. What the gathering does not tell apart is empty.
    """

    person_id: int
    holder: str
    role: str
    role_name: str
    organisation_id: int
    place: str
    tasks: int
    cases: int
    task_id: int
    case_id: int
    title: str
    school: str
    due_at: datetime
    zone: str

    @property
    def who(self) -> str:
        """Return who has the move, as narrowly as the gathering knows."""
        return self.holder or self.role_name or self.place


@dataclass(frozen=True, slots=True)
class OverduePage:
    """The first groups, and how many groups and tasks there are in all."""

    rows: tuple[OverdueRow, ...]
    groups: int
    tasks: int


def overdue(
    reader: Reader,
    actor: Actor,
    by: By = "person",
    filters: CaseFilters | None = None,
    *,
    most: int | None = MOST,
) -> OverduePage:
    """
    Return the overdue tasks of running cases that the actor steers, the latest group first.

    Args:
        reader: The transaction to read in.
        actor: Who asks.
        by: How they are gathered.
        filters: Only those of these cases.
        most: How many groups at most; None: all.

    Raises:
        Forbidden: He steers no case.
    """
    if not holds(actor, Right.STEER):
        raise Forbidden
    late = _late(reader, actor, by, filters or CaseFilters())
    totals = func.count().over().label("groups"), func.sum(late.c.tasks).over().label("all")
    worst = select(late, *totals).where(late.c.place == 1).order_by(late.c.due_at, late.c.id)
    rows = reader.rows(worst.limit(most))
    groups, tasks = (rows[0].groups, int(rows[0].all)) if rows else (0, 0)
    return OverduePage(tuple(_row(by, row) for row in rows), groups, tasks)


_PLACE: Final = aliased(Organisation)


def _late(reader: Reader, actor: Actor, by: By, filters: CaseFilters) -> Any:
    """Return every overdue task with its place in its group, and the size of that."""
    groups = tuple(_groups(by))
    window: dict[str, Any] = {"partition_by": groups, "order_by": (Task.due_at, Task.id)}
    case_first = func.row_number().over(
        partition_by=(*groups, Task.case_id), order_by=(Task.due_at, Task.id)
    )
    numbered = (
        select(
            Task.id,
            Task.case_id,
            Task.title,
            Task.item,
            Task.role,
            Task.assignee_id,
            Task.organisation_id,
            Task.due_at,
            Person.name.label("holder"),
            _PLACE.short_name.label("place_name"),
            Organisation.short_name.label("school"),
            Organisation.zone,
            func.row_number().over(**window).label("place"),
            func.count().over(partition_by=groups).label("tasks"),
            case_first.label("case_place"),
            *(group.label(f"g{n}") for n, group in enumerate(groups)),
        )
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(_PLACE, _PLACE.id == Task.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(IS_OPEN, Task.due_at < reader.now, Case.status == "running")
        .where(visible_to(actor, Right.STEER), *conditions(filters, reader.now))
        .subquery()
    )
    same = [numbered.c[f"g{n}"] for n in range(len(groups))]
    cases = func.count().filter(numbered.c.case_place == 1).over(partition_by=same)
    return select(numbered, cases.label("cases")).subquery()


def _groups(by: By) -> Iterator[SQLColumnExpression[Any]]:
    """Yield what tells groups apart; tasks that nobody holds are gathered by their offer."""
    free = Task.assignee_id.is_(None)
    match by:
        case "person":
            yield func.coalesce(Task.assignee_id, 0)
            yield _if(free, Task.role, "")
            yield _if(free, Task.organisation_id, 0)
        case "role":
            yield Task.role
        case "organisation":
            yield Task.organisation_id


def _if(condition: ColumnElement[bool], value: Any, otherwise: Any) -> ColumnElement[Any]:
    return sql_case((condition, value), else_=otherwise)


def _row(by: By, row: Any) -> OverdueRow:
    has_role, has_place = by != "organisation", by != "role"
    return OverdueRow(
        person_id=row.assignee_id or 0 if by == "person" else 0,
        holder=row.holder or "" if by == "person" else "",
        role=row.role if has_role else "",
        role_name=ROLE_NAMES[Role(row.role)] if has_role and row.role else "",
        organisation_id=row.organisation_id if has_place else 0,
        place=row.place_name if has_place else "",
        tasks=row.tasks,
        cases=row.cases,
        task_id=row.id,
        case_id=row.case_id,
        title=" — ".join(part for part in (row.title, row.item) if part),
        school=row.school,
        due_at=row.due_at,
        zone=row.zone,
    )
