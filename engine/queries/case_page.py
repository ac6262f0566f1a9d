"""The page of one case: where it stands, whose move it is, what it waits for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from engine.errors import NotFound
from engine.model.base import from_ms
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.model.tasks import DONE, OPEN, Task
from engine.process.model import PEOPLE
from engine.process.state import load
from engine.queries.cases import CASE_COLUMNS, INCIDENTS, CaseRow, case_row
from engine.queries.moves import MoveRow, WaitRow, moves_of, waits_of
from engine.rules.access import Actor, Path, Right, may, path_of
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class StageRow:
    """
    A stage of the cycle: ``done``, ``current`` or ``ahead``.

    ``tasks`` of it are ``finished``, ``open`` and ``late``; a stage that is not past counts those
    that the diagram still has before it.
    """

    key: str
    name: str
    state: str
    finished: int = 0
    tasks: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class CasePageRow:
    """
    One case.

    ``moves`` are its open tasks by deadline, ``waits`` what it waits for besides; ``tokens`` the
    elements where it stands, for the picture; ``messages`` what it waits for from outside, by
    name, and ``alarms`` until when, by element. The rights are the reader's.
    """

    case: CaseRow
    definition_id: int
    zone: str
    path: Path
    moves: Sequence[MoveRow]
    waits: Sequence[WaitRow]
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
    row = reader.one(_CASE.where(Case.id == case_id))
    path = path_of(row.path)
    if not may(actor, Right.WATCH, path, case_id):
        raise NotFound
    moves = moves_of(reader, [case_id]).get(case_id, [])
    state = load(row.state)
    nodes = reader.versions.get(row.definition_id).definition.nodes
    return CasePageRow(
        case=case_row(reader, row, moves),
        definition_id=row.definition_id,
        zone=row.zone,
        path=path,
        moves=moves,
        waits=waits_of(state, nodes),
        stages=tuple(_stages(reader, row)),
        tokens=sorted({token.at for token in state.tokens.values()}),
        messages=sorted({w.name for w in state.waits.values() if w.kind == "message"}),
        alarms={w.at: from_ms(w.due) for w in state.waits.values() if w.kind == "timer"},
        variables=state.variables,
        previous_id=row.previous_id,
        may_steer=may(actor, Right.STEER, path, case_id),
        may_cancel=may(actor, Right.CANCEL, path, case_id),
        may_panel=may(actor, Right.PANEL, path, case_id),
    )


_CASE = (
    select(*CASE_COLUMNS, Case.state, Case.previous_id, Organisation.path, INCIDENTS)
    .join(Cycle, Cycle.id == Case.cycle_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
)


def _stages(reader: Reader, row: Any) -> Iterator[StageRow]:
    """Yield the stages in order: those before the present one are done."""
    version = reader.versions.get(row.definition_id)
    at = version.stages.get(row.stage, -1)
    over = row.status == "completed"
    work = _work(reader, row.id)
    for place, stage in enumerate(version.definition.stages):
        here = {element: counted for (key, element), counted in work.items() if key == stage.key}
        drawn = {
            key
            for key, node in version.definition.nodes.items()
            if node.kind in PEOPLE and node.work is not None and node.work.stage == stage.key
        }
        is_past = place < at or (over and place <= at)
        finished, opened, late = map(sum, zip(*here.values(), (0, 0, 0), strict=True))
        ahead = 0 if is_past else len(drawn - here.keys())
        yield StageRow(
            stage.key,
            stage.name,
            "done" if is_past else "current" if place == at else "ahead",
            finished,
            finished + opened + ahead,
            opened,
            late,
        )


def _work(reader: Reader, case_id: int) -> Mapping[tuple[str, str], tuple[int, int, int]]:
    """Return by stage and element how many tasks are done, open and late."""

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    is_open = Task.state == OPEN
    counted = (
        number(Task.state == DONE),
        number(is_open),
        number(is_open & (Task.due_at < reader.now)),
    )
    found = select(Task.stage, Task.element, *counted).where(Task.case_id == case_id)
    rows = reader.rows(found.group_by(Task.stage, Task.element))
    return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in rows}
