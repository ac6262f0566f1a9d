"""Whose move it is in a case: its open tasks, and what it waits for besides them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import literal_column, select
from sqlalchemy.orm import aliased

from engine.model.base import from_ms
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.tasks import OPEN, Task
from engine.process.model import Kind, Node
from engine.process.state import State
from engine.queries.stages import stage_name
from engine.rules.access import ROLE_NAMES, Role
from engine.rules.calendar import day_of
from engine.rules.names import task_name
from engine.unit import Reader

WAITING: Final = frozenset({Kind.CATCH, Kind.RECEIVE, Kind.EVENT_BASED, Kind.SERVICE})
"""Where a case waits for something that no person of ours does."""


IS_OPEN: Final = Task.state == literal_column(str(OPEN))
"""Written out: a database looks into the index of open tasks only for what it can read there."""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """
    Whose move it is: an open task, who holds it or whose role it is, since when, until when.

    ``since`` is when the holder got it, or when it was opened for the role.
    """

    task_id: int
    element: str
    title: str
    item: str
    stage_key: str
    stage: str
    holder_id: int | None
    holder: str
    role_name: str
    organisation: str
    opened_at: datetime
    since: datetime
    due_at: datetime
    due_on: date
    overdue: bool

    @property
    def who(self) -> str:
        """Return the holder, or the role that may take it."""
        return self.holder or self.role_name

    @property
    def name(self) -> str:
        """Return the title with what tells it apart from the others of its panel."""
        return task_name(self.title, self.item)


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What a case waits for that no person does, and until when if that is known."""

    name: str
    until: datetime | None


_PLACE: Final = aliased(Organisation)

_MOVES: Final = (
    select(
        Task.case_id,
        Task.id,
        Task.element,
        Task.title,
        Task.item,
        Task.stage,
        Task.role,
        Task.assignee_id,
        Task.opened_at,
        Task.claimed_at,
        Task.due_at,
        Person.name.label("holder"),
        _PLACE.short_name,
        Organisation.zone,
        Case.definition_id,
    )
    .join(Case, Case.id == Task.case_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .join(_PLACE, _PLACE.id == Task.organisation_id)
    .outerjoin(Person, Person.id == Task.assignee_id)
    .order_by(Task.due_at, Task.id)
)


def moves_of(reader: Reader, case_ids: Sequence[int]) -> Mapping[int, list[MoveRow]]:
    """Return the open tasks of cases that somebody was let into, each case's by deadline."""
    moves: defaultdict[int, list[MoveRow]] = defaultdict(list)
    found = _MOVES.where(Task.case_id.in_(case_ids), IS_OPEN)
    for row in reader.rows(found) if case_ids else ():
        moves[row.case_id].append(_move(reader, row))
    return moves


def _move(reader: Reader, row: Any) -> MoveRow:
    return MoveRow(
        task_id=row.id,
        element=row.element,
        title=row.title,
        item=row.item,
        stage_key=row.stage,
        stage=stage_name(reader, row.definition_id, row.stage),
        holder_id=row.assignee_id,
        holder=row.holder or "",
        role_name=ROLE_NAMES[Role(row.role)] if row.role else "",
        organisation=row.short_name,
        opened_at=row.opened_at,
        since=row.claimed_at or row.opened_at,
        due_at=row.due_at,
        due_on=day_of(row.due_at, row.zone),
        overdue=row.due_at < reader.now,
    )


def waits_of(state: State, nodes: Mapping[str, Node]) -> tuple[WaitRow, ...]:
    """Return what a case waits for besides its tasks, what has a date first."""
    found = sorted(_waits(state, nodes), key=lambda one: (one.until is None, one.until, one.name))
    return tuple(dict.fromkeys(found))


def _waits(state: State, nodes: Mapping[str, Node]) -> Iterator[WaitRow]:
    alarms = {wait.at: from_ms(wait.due) for wait in state.waits.values() if wait.kind == "timer"}
    for element in {token.at for token in state.tokens.values()}:
        node = nodes.get(element)
        if node is not None and node.kind in WAITING and node.name:
            yield WaitRow(node.name, alarms.get(element))
