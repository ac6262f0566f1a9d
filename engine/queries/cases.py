"""The coordinator's list of cases, and the page of one: what happens now, who, until when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import aliased

from engine.errors import NotFound
from engine.model.base import from_ms
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation, Person
from engine.model.records import Incident
from engine.model.tasks import OPEN, Task
from engine.process.state import load
from engine.queries.stages import outcome_name, stage_name
from engine.queries.visible import visible_to
from engine.rules.access import ROLE_NAMES, Actor, Path, Right, Role, may, path_of
from engine.rules.calendar import day_of
from engine.unit import Reader

MOST: Final = 500

STATUS_NAMES: Final[Mapping[str, str]] = {
    "running": "идёт",
    "suspended": "приостановлено",
    "completed": "завершено",
    "failed": "остановлено ошибкой",
    "cancelled": "отменено",
}


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """
    What the list is narrowed to; empty values narrow nothing.

    ``late``: only cases with an overdue task. ``stage`` is a key of the diagram.
    """

    status: str = ""
    cycle_id: int = 0
    organisation_id: int = 0
    stage: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Whose move it is: an open task, who holds it or whose role it is, until when."""

    task_id: int
    element: str
    title: str
    item: str
    stage: str
    holder_id: int | None
    holder: str
    role_name: str
    organisation: str
    due_at: datetime
    due_on: date
    overdue: bool

    @property
    def who(self) -> str:
        """Return the holder, or the role that may take it."""
        return self.holder or self.role_name


@dataclass(frozen=True, slots=True)
class CaseRow:
    """
    One case in the list.

    ``move`` is the open task with the earliest deadline; ``open`` and ``overdue`` count tasks.
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
    incidents: int
    zone: str


def cases(reader: Reader, actor: Actor, filters: CaseFilters | None = None) -> list[CaseRow]:
    """Return the cases that the actor may watch, the one that is latest first."""
    filters = filters or CaseFilters()
    work = _work()
    found = (
        select(*_COLUMNS, work.c.n, work.c.first, _incidents().label("incidents"))
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(work, work.c.case_id == Case.id)
        .where(visible_to(actor), *_conditions(filters))
        .order_by(work.c.first.is_(None), work.c.first, Organisation.sort_key, Case.id)
        .limit(MOST)
    )
    rows = reader.rows(found)
    moves = _moves(reader, [row.id for row in rows if row.n])
    listed = [_case(reader, row, moves.get(row.id, [])) for row in rows]
    return [row for row in listed if row.overdue or not filters.late]


_COLUMNS: Final = (
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


def _work() -> Subquery:
    """Return how many open tasks each case has, and the first deadline among them."""
    return (
        select(Task.case_id, func.count().label("n"), func.min(Task.due_at).label("first"))
        .where(Task.state == OPEN)
        .group_by(Task.case_id)
        .subquery()
    )


def _incidents() -> Any:
    """Return how many unresolved incidents a case has."""
    raised = select(func.count()).where(Incident.case_id == Case.id, Incident.resolved_at.is_(None))
    return raised.correlate(Case).scalar_subquery()


def _conditions(filters: CaseFilters) -> list[ColumnElement[bool]]:
    wanted = {
        Case.status: filters.status,
        Case.cycle_id: filters.cycle_id,
        Case.organisation_id: filters.organisation_id,
        Case.stage: filters.stage,
    }
    return [column == value for column, value in wanted.items() if value]


def _case(reader: Reader, row: Any, moves: Sequence[MoveRow]) -> CaseRow:
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
        open=row.n or 0,
        overdue=sum(move.overdue for move in moves),
        move=moves[0] if moves else None,
        incidents=row.incidents,
        zone=row.zone,
    )


def _moves(reader: Reader, case_ids: Sequence[int]) -> Mapping[int, list[MoveRow]]:
    """Return the open tasks of cases, each case's by deadline."""
    place = aliased(Organisation)
    found = (
        select(
            Task.case_id,
            Task.id,
            Task.element,
            Task.title,
            Task.item,
            Task.stage,
            Task.role,
            Task.assignee_id,
            Task.due_at,
            Person.name.label("holder"),
            place.short_name,
            Organisation.zone,
            Case.definition_id,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(place, place.id == Task.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.case_id.in_(case_ids), Task.state == OPEN)
        .order_by(Task.due_at, Task.id)
    )
    moves: defaultdict[int, list[MoveRow]] = defaultdict(list)
    for row in reader.rows(found) if case_ids else ():
        moves[row.case_id].append(_move(reader, row))
    return moves


def _move(reader: Reader, row: Any) -> MoveRow:
    due_on = day_of(row.due_at, row.zone)
    return MoveRow(
        task_id=row.id,
        element=row.element,
        title=row.title,
        item=row.item,
        stage=stage_name(reader, row.definition_id, row.stage),
        holder_id=row.assignee_id,
        holder=row.holder or "",
        role_name=ROLE_NAMES[Role(row.role)] if row.role else "",
        organisation=row.short_name,
        due_at=row.due_at,
        due_on=due_on,
        overdue=due_on < day_of(reader.now, row.zone),
    )


# one case ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of the cycle: ``done``, ``current`` or ``ahead``."""

    key: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class CasePageRow:
    """
    One case.

    ``moves`` are its open tasks by deadline; ``tokens`` the elements where it stands, for the
    picture; ``messages`` what it waits for from outside, by name, and ``alarms`` until when, by
    element. The rights are the reader's.
    """

    case: CaseRow
    definition_id: int
    zone: str
    path: Path
    moves: Sequence[MoveRow]
    stages: Sequence[StageRow]
    tokens: Sequence[str]
    messages: Sequence[str]
    alarms: Mapping[str, datetime]
    variables: Mapping[str, Any]
    previous_id: int | None
    may_steer: bool
    may_cancel: bool
    may_panel: bool


def case_page(reader: Reader, actor: Actor, case_id: int) -> CasePageRow:
    """
    Return a case for who may watch it.

    Raises:
        NotFound: There is none, or the actor may not know of it.
    """
    more = (Case.state, Case.previous_id, Organisation.path)
    row = reader.one(
        select(*_COLUMNS, *more, _incidents().label("incidents"), _open().label("n"))
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.id == case_id)
    )
    path = path_of(row.path)
    if not may(actor, Right.WATCH, path, case_id):
        raise NotFound
    moves = _moves(reader, [case_id]).get(case_id, [])
    state = load(row.state)
    return CasePageRow(
        case=_case(reader, row, moves),
        definition_id=row.definition_id,
        zone=row.zone,
        path=path,
        moves=moves,
        stages=_stages(reader, row),
        tokens=sorted({token.at for token in state.tokens.values()}),
        messages=sorted({w.name for w in state.waits.values() if w.kind == "message"}),
        alarms={w.at: from_ms(w.due) for w in state.waits.values() if w.kind == "timer"},
        variables=state.variables,
        previous_id=row.previous_id,
        may_steer=may(actor, Right.STEER, path, case_id),
        may_cancel=may(actor, Right.CANCEL, path, case_id),
        may_panel=may(actor, Right.PANEL, path, case_id),
    )


def _open() -> Any:
    """Return how many tasks of a case are open."""
    tasks = select(func.count()).where(Task.case_id == Case.id, Task.state == OPEN)
    return tasks.correlate(Case).scalar_subquery()


def _stages(reader: Reader, row: Any) -> list[StageRow]:
    """Return the stages in order: those before the present one are done."""
    version = reader.versions.get(row.definition_id)
    at = version.stages.get(row.stage, -1)
    over = row.status == "completed"

    def state(place: int) -> str:
        if place < at or (over and place <= at):
            return "done"
        return "current" if place == at else "ahead"

    return [
        StageRow(stage.key, stage.name, state(place))
        for place, stage in enumerate(version.definition.stages)
    ]
