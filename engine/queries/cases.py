"""The list of cases, the one that is latest first; and what it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Subquery,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from engine.model.base import Moment
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.model.records import Incident
from engine.model.tasks import Task
from engine.process.state import load
from engine.queries.moves import IS_OPEN, MoveRow, WaitRow, moves_of, waits_of
from engine.queries.stages import outcome_name, stage_name
from engine.queries.visible import visible_to
from engine.queries.worklist import Cursor, Page
from engine.rules.access import Actor
from engine.rules.names import sort_key
from engine.unit import Reader

PAGE: Final = 50
AT_ONCE: Final = 2_000
"""Cases read at once where all of them are wanted."""
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""The deadline of a case without open tasks: it stands behind all others."""
MOST_WORDS: Final = 6

STATUS_NAMES: Final[Mapping[str, str]] = {
    "running": "идёт",
    "suspended": "приостановлено",
    "completed": "завершено",
    "failed": "остановлено ошибкой",
    "cancelled": "отменено",
}
ALIVE: Final = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """
    What the list is narrowed to; empty values narrow nothing.

    ``words``: of the name of the school. ``late``: only cases with an overdue task. ``stage`` is
    a key of the diagram.
    """

    status: str = ""
    cycle_id: int = 0
    organisation_id: int = 0
    stage: str = ""
    late: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """
    One case in the list.

    ``move`` is the open task with the earliest deadline, ``wait`` what it waits for when nobody
    has a move; ``open`` and ``overdue`` count tasks.
    """

    case_id: int
    number: int
    organisation_id: int
    organisation: str
    cycle_id: int
    cycle: str
    status: str
    status_name: str
    stage: str
    outcome: str
    started_at: datetime
    ended_at: datetime | None
    open: int
    overdue: int
    move: MoveRow | None
    wait: WaitRow | None
    incidents: int
    zone: str


def cases(
    reader: Reader,
    actor: Actor,
    filters: CaseFilters | None = None,
    *,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> Page[CaseRow]:
    """
    Return a page of the cases that the actor may watch, the one that is latest first.

    Args:
        reader: The transaction to read in.
        actor: Who asks.
        filters: What it is narrowed to.
        after: Where the page before ended.
        limit: How many rows.
    """
    keys = _keys(actor, filters or CaseFilters(), after, reader.now, limit + 1)
    found = (
        select(*CASE_COLUMNS, Case.state, INCIDENTS, keys.c.first)
        .select_from(keys)
        .join(Case, Case.id == keys.c.id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .order_by(keys.c.first, Organisation.sort_key, Case.id)
    )
    rows = reader.rows(found)
    moves = moves_of(reader, [row.id for row in rows[:limit]])
    listed = tuple(case_row(reader, row, moves.get(row.id, [])) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(listed, Cursor(last.first, last.id) if last else None)


def every_case(reader: Reader, actor: Actor, filters: CaseFilters) -> Iterator[CaseRow]:
    """Yield all cases of a list in its order, read some at a time."""
    page = cases(reader, actor, filters, limit=AT_ONCE)
    yield from page.rows
    while page.next:
        page = cases(reader, actor, filters, after=page.next, limit=AT_ONCE)
        yield from page.rows


def _keys(
    actor: Actor, filters: CaseFilters, after: Cursor | None, now: datetime, limit: int
) -> Subquery:
    """
    Return ids and first deadlines of a page: only these are sorted, the rest is read for it alone.

    Of the case that a cursor names the school is looked up, since its name stands in the order.
    """
    first = func.coalesce(FIRST, literal(NEVER, Moment))
    order = (first, Organisation.sort_key, Case.id)
    found = (
        select(Case.id, first.label("first"))
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(visible_to(actor), *conditions(filters, now))
    )
    if after is not None:
        there = select(Organisation.sort_key).join(Case, Case.organisation_id == Organisation.id)
        name = there.where(Case.id == after.task_id).correlate(None).scalar_subquery()
        found = found.where(tuple_(*order) > tuple_(literal(after.at, Moment), name, after.task_id))
    return found.order_by(*order).limit(limit).subquery()


CASE_COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.organisation_id,
    Organisation.short_name,
    Organisation.zone,
    Case.cycle_id,
    Cycle.name.label("cycle"),
    Case.status,
    Case.stage,
    Case.outcome,
    Case.definition_id,
    Case.started_at,
    Case.ended_at,
)

INCIDENTS: Final = (
    select(func.count())
    .where(Incident.case_id == Case.id, Incident.resolved_at.is_(None))
    .correlate(Case)
    .scalar_subquery()
    .label("incidents")
)
"""How many unresolved incidents a case has."""


FIRST: Final = (
    select(func.min(Task.due_at))
    .where(Task.case_id == Case.id, IS_OPEN)
    .correlate(Case)
    .scalar_subquery()
)
"""The first deadline among the open tasks of a case."""


def conditions(filters: CaseFilters, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of the filters, for a statement of cases and their schools."""
    wanted = {
        Case.status: filters.status,
        Case.cycle_id: filters.cycle_id,
        Case.organisation_id: filters.organisation_id,
        Case.stage: filters.stage,
    }
    yield from (column == value for column, value in wanted.items() if value)
    if filters.late:
        yield now > FIRST
    for word in sort_key(filters.words).split()[:MOST_WORDS]:
        yield _named(word)


def _named(word: str) -> ColumnElement[bool]:
    """
    Return the condition of schools with a word in their full or short name.

    A number is compared by value, so 1 does not find 12. Short names have no folded form: the
    usual ways to write the word are looked for.
    """
    full = Organisation.sort_key.contains(word, autoescape=True)
    if word.isdecimal():
        return full
    ways = dict.fromkeys((word, word.upper(), word.capitalize()))
    return or_(full, *(Organisation.short_name.contains(way, autoescape=True) for way in ways))


def case_row(reader: Reader, row: Any, moves: Sequence[MoveRow]) -> CaseRow:
    """Return a stored row in words, with the open tasks of its case by deadline."""
    return CaseRow(
        case_id=row.id,
        number=row.number,
        organisation_id=row.organisation_id,
        organisation=row.short_name,
        cycle_id=row.cycle_id,
        cycle=row.cycle,
        status=row.status,
        status_name=STATUS_NAMES[row.status],
        stage=stage_name(reader, row.definition_id, row.stage),
        outcome=outcome_name(reader, row.definition_id, row.outcome),
        started_at=row.started_at,
        ended_at=row.ended_at,
        open=len(moves),
        overdue=sum(move.overdue for move in moves),
        move=moves[0] if moves else None,
        wait=None if moves or row.status not in ALIVE else _wait(reader, row),
        incidents=row.incidents,
        zone=row.zone,
    )


def _wait(reader: Reader, row: Any) -> WaitRow | None:
    nodes = reader.versions.get(row.definition_id).definition.nodes
    return next(iter(waits_of(load(row.state), nodes)), None)


# how many stand where ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StandRow:
    """A stage of a process: how many cases under way stand there, how many of them are late."""

    process: str
    key: str
    name: str
    cases: int
    late: int


@dataclass(frozen=True, slots=True)
class CountsRow:
    """How many cases a list has, how many of them are late, and where those under way stand."""

    cases: int
    late: int
    stages: tuple[StandRow, ...]


def counts(reader: Reader, actor: Actor, filters: CaseFilters) -> CountsRow:
    """Return the counts of a list; those of stages as if none of them were chosen."""
    late = func.sum(case((reader.now > FIRST, 1), else_=0))
    found = (
        select(Case.definition_id, Case.stage, Case.status, func.count().label("n"), late)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(visible_to(actor), *conditions(replace(filters, stage=""), reader.now))
        .group_by(Case.definition_id, Case.stage, Case.status)
    )
    rows = [(*row[:3], row[3], int(row[4] or 0)) for row in reader.rows(found)]
    chosen = [row for row in rows if filters.stage in ("", row[1])]
    return CountsRow(
        sum(row[3] for row in chosen), sum(row[4] for row in chosen), tuple(_stands(reader, rows))
    )


def _stands(reader: Reader, rows: Sequence[Any]) -> Iterator[StandRow]:
    """Yield the stages of the newest version of each process, those of older ones counted in."""
    versions = {row[0]: reader.versions.get(row[0]) for row in rows if row[2] in ALIVE}
    newest = {version.definition.processes[0]: key for key, version in sorted(versions.items())}
    for process, definition_id in newest.items():
        for stage in versions[definition_id].definition.stages:
            here = [
                row
                for row in rows
                if row[2] in ALIVE
                and row[1] == stage.key
                and versions[row[0]].definition.processes[0] == process
            ]
            yield StandRow(
                process, stage.key, stage.name, sum(r[3] for r in here), sum(r[4] for r in here)
            )
