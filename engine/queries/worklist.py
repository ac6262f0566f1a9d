"""
The list of one's tasks, by deadline: those one holds, and those one may take.

A page is the merge of one short index scan for each group (organisation and role) and one for
the tasks one holds; what it costs does not depend on how many tasks there are.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

from engine.errors import NotFound
from engine.model.base import from_ms, to_ms
from engine.queries import scans
from engine.queries.stages import stage_name
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.access import ROLE_NAMES, Actor, Role, may_take
from engine.rules.calendar import day_of
from engine.rules.urgency import Urgency, urgency
from engine.unit import Reader

__all__ = [
    "Cursor",
    "Page",
    "TaskPageRow",
    "WorklistRow",
    "counts",
    "given_away",
    "put_aside",
    "task_page",
    "worklist",
    "worklist_row",
]

R = TypeVar("R")

PAGE: Final = 50
COUNTED: Final = 1000
"""Counting stops here: «1000+» says as much as the exact number, and is at hand at once."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, a deadline or the end of a task; written into the link to the next."""

    at: datetime
    task_id: int

    def __str__(self) -> str:
        return f"{to_ms(self.at)}.{self.task_id}"

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

    ``mine``: the reader holds it; else he may take it. ``owner`` has delegated it to him.
    ``urgency`` is by the school's own day. ``suspended``: the case
    stands still, so nothing can be finished. ``until``: it is put aside until then. ``holder`` is
    the colleague who does it for the reader.
    ``organisation_id`` is the school's; the work itself belongs to ``place_id``.
    """

    task_id: int
    case_id: int
    definition_id: int
    element: str
    title: str
    item: str
    stage: str
    role: str
    place_id: int
    organisation_id: int
    organisation: str
    cycle_id: int
    cycle: str
    priority: int
    mine: bool
    personal: bool
    owner: str
    suspended: bool
    opened_at: datetime
    due_at: datetime
    urgency: Urgency
    ended_at: datetime | None
    zone: str
    until: datetime | None = None
    holder: str = ""

    @property
    def role_name(self) -> str:
        """Return the role whose work it is, in words."""
        return ROLE_NAMES[Role(self.role)] if self.role else ""

    @property
    def due_on(self) -> date:
        """Return the due day at the school."""
        return day_of(self.due_at, self.zone)

    @property
    def overdue(self) -> bool:
        """Tell whether the deadline has passed."""
        return self.urgency == "late"


def worklist(
    reader: Reader,
    actor: Actor,
    *,
    mine: bool | None = None,
    after: Cursor | None = None,
    limit: int = PAGE,
    aside: bool = False,
) -> Page[WorklistRow]:
    """
    Return a page of the actor's tasks, the earliest deadline first.

    Args:
        reader: The transaction to read in.
        actor: Whose list.
        mine: Only those he holds (True), only those he may take (False), or both.
        after: Where the page before ended.
        limit: How many rows.
        aside: Leave out what he has put aside.
    """
    found = keys_of(reader, actor, mine=mine, after=after, limit=limit + 1, aside=aside)
    rows = tuple(row_of(reader, actor, row) for row in found[:limit])
    more = len(found) > limit
    return Page(rows, Cursor(rows[-1].due_at, rows[-1].task_id) if more else None)


def keys_of(
    reader: Reader,
    actor: Actor,
    *,
    mine: bool | None,
    after: Cursor | None,
    limit: int,
    aside: bool,
) -> list[Any]:
    """Return the stored rows of a page, not yet put into words."""
    places = () if mine else actor.places
    if not places and mine is False:
        return []
    statement = scans.page(len(places), holds=mine is not False, aside=aside)
    return reader.run(statement, scans.values_of(actor, places, reader.now, after, limit))


def counts(reader: Reader, actor: Actor, *, aside: bool = False) -> tuple[int, int]:
    """Return how many tasks the actor holds and how many he may take, up to `COUNTED` each."""
    places = actor.places
    given = scans.values_of(actor, places, reader.now, None, COUNTED)
    held = reader.run(scans.count(0, holds=True, aside=aside), given)
    if not places:
        return int(held[0].n), 0
    offered = reader.run(scans.count(len(places), holds=False, aside=aside), given)
    return int(held[0].n), int(offered[0].n)


def put_aside(reader: Reader, actor: Actor) -> tuple[WorklistRow, ...]:
    """Return what the actor has put aside, the first to come back first."""
    found = reader.run(scans.PUT_ASIDE, {"me": actor.person_id, "now": reader.now})
    return tuple(
        row_of(reader, actor, row, until=row.until)
        for row in found
        if row.assignee_id is not None or may_take(actor, row.role, row.place_id)
    )


def given_away(reader: Reader, actor: Actor) -> tuple[WorklistRow, ...]:
    """Return what the actor has delegated to colleagues, the earliest deadline first."""
    found = reader.run(scans.GIVEN, {"me": actor.person_id})
    return tuple(row_of(reader, actor, row, holder=row.holder) for row in found)


def worklist_row(reader: Reader, actor: Actor, task_id: int) -> WorklistRow:
    """
    Return an open task that the actor holds or may take, as it stands in his list.

    Raises:
        NotFound: There is none, it is over, or it is not for him.
    """
    for row in reader.run(scans.ONE, {"task_id": task_id}):
        free = row.assignee_id is None and may_take(actor, row.role, row.place_id)
        if row.ended_at is None and (free or row.assignee_id == actor.person_id):
            return row_of(reader, actor, row)
    raise NotFound


def row_of(reader: Reader, actor: Actor, row: Any, **more: Any) -> WorklistRow:
    """Return a stored row in words, with what only some lists know: `until`, `holder`."""
    return WorklistRow(
        task_id=row.id,
        case_id=row.case_id,
        definition_id=row.definition_id,
        element=row.element,
        title=row.title,
        item=row.item,
        stage=stage_name(reader, row.definition_id, row.stage),
        role=row.role,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        organisation=row.short_name,
        cycle_id=row.cycle_id,
        cycle=row.cycle,
        priority=row.priority,
        mine=row.assignee_id == actor.person_id,
        personal=row.personal,
        owner=row.owner or "",
        suspended=row.status == "suspended",
        opened_at=row.opened_at,
        due_at=row.due_at,
        urgency=urgency(row.due_at, reader.now, row.zone),
        ended_at=row.ended_at,
        zone=row.zone,
        **more,
    )
