"""
The list of one's tasks, by deadline: those one holds, and those one may take.

A page is the merge of one short index scan for each group (organisation and role) and one for
the tasks one holds; what it costs does not depend on how many tasks there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import (
    Select,
    Subquery,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from engine.model.base import from_ms, to_ms
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.model.tasks import OPEN, Task, TaskCandidate
from engine.prepared import Prepared
from engine.queries.stages import stage_name
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.access import ROLE_NAMES, Actor, Role
from engine.rules.calendar import day_of
from engine.unit import Reader

__all__ = ["Cursor", "Page", "TaskPageRow", "WorklistRow", "counts", "task_page", "worklist"]

R = TypeVar("R")

PAGE: Final = 50
COUNTED: Final = 1000
"""Counting stops here: «1000+» says as much as the exact number, and is at hand at once."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended; written into the link to the next one."""

    due_at: datetime
    task_id: int

    def __str__(self) -> str:
        return f"{to_ms(self.due_at)}.{self.task_id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """Return the cursor that a link carries; None when it carries nothing readable."""
        due, _, task = text.partition(".")
        if not (due.isdecimal() and task.isdecimal()) or len(text) > len("9") * 40:
            return None
        try:
            return cls(from_ms(int(due)), int(task))
        except (OverflowError, ValueError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some rows, and where to go on; ``next`` is None on the last page."""

    rows: tuple[R, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """
    One task in the list.

    ``mine``: the reader holds it; else he may take it. ``due_on`` and ``overdue`` are by the
    school's own day. ``suspended``: the case stands still, so nothing can be finished.
    """

    task_id: int
    case_id: int
    element: str
    title: str
    item: str
    stage: str
    role: str
    organisation: str
    cycle: str
    mine: bool
    personal: bool
    suspended: bool
    opened_at: datetime
    due_at: datetime
    due_on: date
    overdue: bool
    zone: str


def worklist(
    reader: Reader,
    actor: Actor,
    *,
    mine: bool | None = None,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> Page[WorklistRow]:
    """
    Return a page of the actor's tasks, the earliest deadline first.

    Args:
        reader: The transaction to read in.
        actor: Whose list.
        mine: Only those he holds (True), only those he may take (False), or both.
        after: Where the page before ended.
        limit: How many rows.
    """
    places = () if mine else actor.places
    if not places and mine is False:
        return Page((), None)
    statement = _page(len(places), holds=mine is not False)
    found = reader.run(statement, _values(actor, places, after, limit + 1))
    rows = tuple(_row(reader, actor, row) for row in found[:limit])
    more = len(found) > limit
    return Page(rows, Cursor(rows[-1].due_at, rows[-1].task_id) if more else None)


def counts(reader: Reader, actor: Actor) -> tuple[int, int]:
    """Return how many tasks the actor holds and how many he may take, up to `COUNTED` each."""
    held = reader.run(_count(0, holds=True), _values(actor, (), None, COUNTED))
    places = actor.places
    if not places:
        return int(held[0][0]), 0
    offered = reader.run(_count(len(places), holds=False), _values(actor, places, None, COUNTED))
    return int(held[0][0]), int(offered[0][0])


def _values(
    actor: Actor, places: tuple[tuple[int, Role], ...], after: Cursor | None, limit: int
) -> Mapping[str, Any]:
    values: dict[str, Any] = {
        "me": actor.person_id,
        "after_due": after.due_at if after else from_ms(0),
        "after_id": after.task_id if after else 0,
        "most": limit,
    }
    for number, (organisation_id, role) in enumerate(places):
        values |= {f"organisation_{number}": organisation_id, f"role_{number}": str(role)}
    return values


def _row(reader: Reader, actor: Actor, row: Any) -> WorklistRow:
    today = day_of(reader.now, row.zone)
    due_on = day_of(row.due_at, row.zone)
    return WorklistRow(
        task_id=row.id,
        case_id=row.case_id,
        element=row.element,
        title=row.title,
        item=row.item,
        stage=stage_name(reader, row.definition_id, row.stage),
        role=ROLE_NAMES[Role(row.role)] if row.role else "",
        organisation=row.short_name,
        cycle=row.cycle,
        mine=row.assignee_id == actor.person_id,
        personal=row.personal,
        suspended=row.status == "suspended",
        opened_at=row.opened_at,
        due_at=row.due_at,
        due_on=due_on,
        overdue=due_on < today,
        zone=row.zone,
    )


# the statements, one for each number of groups -----------------------------------------------------


@lru_cache(maxsize=64)
def _page(groups: int, *, holds: bool) -> Prepared:
    """Return the page: the merged keys first, then what is shown of these few tasks."""
    merged = _merged(groups, holds=holds)
    keys = (
        select(merged.c.task_id, merged.c.due_at)
        .order_by(merged.c.due_at, merged.c.task_id)
        .limit(bindparam("most"))
        .subquery("page")
    )
    shown = (
        Task.id,
        Task.case_id,
        Task.element,
        Task.title,
        Task.item,
        Task.stage,
        Task.role,
        Task.personal,
        Task.assignee_id,
        Task.opened_at,
        Task.due_at,
        Case.status,
        Case.definition_id,
        Organisation.short_name,
        Organisation.zone,
        Cycle.name.label("cycle"),
    )
    return Prepared(
        select(*shown)
        .select_from(keys)
        .join(Task, Task.id == keys.c.task_id)
        .join(Case, Case.id == Task.case_id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .order_by(keys.c.due_at, keys.c.task_id)
    )


@lru_cache(maxsize=64)
def _count(groups: int, *, holds: bool) -> Prepared:
    merged = _merged(groups, holds=holds)
    few = select(literal_column("1")).select_from(merged).limit(bindparam("most")).subquery("few")
    return Prepared(select(func.count().label("n")).select_from(few))


def _merged(groups: int, *, holds: bool) -> Subquery:
    """Return the scans under one another; each stops after as many rows as a page can use."""
    scans = [*_offers(groups), *([_held()] if holds else [])]
    parts = [select(s.c.task_id, s.c.due_at) for s in (scan.subquery() for scan in scans)]
    return union_all(*parts).subquery("merged")


def _offers(groups: int) -> Iterator[Select[*tuple[Any, ...]]]:
    """Yield the scan of each group: a range of the primary key of the candidates."""
    offer = TaskCandidate
    for number in range(groups):
        yield (
            select(offer.task_id.label("task_id"), offer.due_at.label("due_at"))
            .where(
                offer.organisation_id == bindparam(f"organisation_{number}"),
                offer.role == bindparam(f"role_{number}"),
                _behind(offer.due_at, offer.task_id),
            )
            .order_by(offer.due_at, offer.task_id)
            .limit(bindparam("most"))
        )


def _held() -> Select[*tuple[Any, ...]]:
    """Return the scan of the tasks that the reader holds: a range of a partial index."""
    return (
        select(Task.id.label("task_id"), Task.due_at.label("due_at"))
        .where(
            Task.assignee_id == bindparam("me"),
            Task.state == literal_column(str(OPEN)),
            _behind(Task.due_at, Task.id),
        )
        .order_by(Task.due_at, Task.id)
        .limit(bindparam("most"))
    )


def _behind(due_at: Any, task_id: Any) -> Any:
    after = tuple_(
        bindparam("after_due", type_=due_at.type), bindparam("after_id", type_=task_id.type)
    )
    return tuple_(due_at, task_id) > after
