"""What comes next for who has nothing to do: whose move it is now, and which will be his."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select

from engine.model.base import ROOM
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation, Person
from engine.model.records import Timer
from engine.model.tasks import OPEN, Task
from engine.process.around import after
from engine.process.model import PEOPLE, Definition, Node
from engine.process.state import load
from engine.queries.stages import stage_name
from engine.queries.visible import visible_to
from engine.rules.access import ROLE_NAMES, Actor, Role, path_of
from engine.unit import Reader

LOOKED_AT: Final = 200
"""So many cases are looked at: the page of who has nothing to do must not take for ever."""

SHOWN: Final = 3
STEPS: Final = 12
"""How far ahead in the diagram the next work of the reader is looked for."""


@dataclass(frozen=True, slots=True)
class ProspectRow:
    """
    One case of the reader, and where it stands.

    ``title``, ``who`` and ``due_at`` are the work that others do now; of a case whose tasks the
    reader may not see, and of one that waits, there is none. ``waits_for`` and ``waits_until``
    are the timer that is next. ``mine`` is the work that will be the reader's, as far as the
    diagram tells.
    """

    case_id: int
    organisation: str
    cycle: str
    stage: str
    zone: str
    title: str = ""
    who: str = ""
    due_at: datetime | None = None
    waits_for: str = ""
    waits_until: datetime | None = None
    mine: str = ""


def prospects(reader: Reader, actor: Actor) -> Sequence[ProspectRow]:
    """Return the cases whose next work may be the actor's, the nearest first."""
    seats = {grant.case_id for grant in actor.grants if grant.case_id}
    watched = visible_to(actor)
    cases = {
        row.id: row
        for row in reader.rows(
            _CASES.where(or_(watched, Case.id.in_(seats)))
            .order_by(Case.started_at.desc(), Case.id.desc())
            .limit(LOOKED_AT)
        )
    }
    if not cases:
        return ()
    moves = {row.case_id: row for row in reversed(reader.rows(_moves(list(cases), watched)))}
    timers = {row.case_id: row for row in reversed(reader.rows(_timers(list(cases))))}
    ahead = sorted(cases.values(), key=lambda case: _when(moves.get(case.id), timers.get(case.id)))
    rows = [_row(reader, actor, c, moves.get(c.id), timers.get(c.id)) for c in ahead[: SHOWN * 4]]
    return sorted(rows, key=lambda row: not row.mine)[:SHOWN]


_CASES: Final = (
    select(
        Case.id,
        Case.definition_id,
        Case.organisation_id,
        Case.stage,
        Case.state,
        Cycle.name.label("cycle"),
        Organisation.short_name,
        Organisation.zone,
        Organisation.path,
    )
    .join(Cycle, Cycle.id == Case.cycle_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .where(Case.status == "running")
)


def _moves(cases: Iterable[int], watched: Any) -> Any:
    """Return the open tasks of cases, as far as the reader may watch them."""
    return (
        select(
            Task.case_id, Task.title, Task.item, Task.role, Task.due_at, Person.name.label("holder")
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.case_id.in_(cases), Task.state == OPEN, watched)
        .order_by(Task.due_at, Task.id)
    )


def _timers(cases: Iterable[int]) -> Any:
    return (
        select(Timer.id, Timer.case_id, Timer.due_at)
        .where(Timer.case_id.in_(cases))
        .order_by(Timer.due_at, Timer.id)
    )


def _when(move: Any, timer: Any) -> tuple[bool, datetime | None]:
    """Return when something happens in a case; what never does comes last."""
    at = [one.due_at for one in (move, timer) if one is not None]
    return (not at, min(at, default=None))


def _row(reader: Reader, actor: Actor, case: Any, move: Any, timer: Any) -> ProspectRow:
    definition = reader.versions.get(case.definition_id).definition
    state = load(case.state)
    wait = state.waits.get(timer.id % ROOM) if timer and not move else None
    node = definition.nodes.get(wait.at) if wait else None
    here = [token.at for token in state.tokens.values() if token.state != "inside"]
    return ProspectRow(
        case.id,
        case.short_name,
        case.cycle,
        stage_name(reader, case.definition_id, case.stage),
        case.zone,
        " — ".join(part for part in (move.title, move.item) if part) if move else "",
        (move.holder or _role_name(move.role)) if move else "",
        move.due_at if move else None,
        node.name if node else "",
        timer.due_at if wait else None,
        _next(definition, here, _Mine(actor, case)),
    )


def _role_name(role: str) -> str:
    return ROLE_NAMES[Role(role)] if role else ""


class _Mine:
    """Whether the work at an element of a case would be the actor's."""

    def __init__(self, actor: Actor, case: Any) -> None:
        here = case.organisation_id
        above = set(path_of(case.path)) - {here}
        self._own = {role for place, role in actor.places if place == here}
        self._own |= {grant.role for grant in actor.grants if grant.case_id == case.id}
        self._office = {role for place, role in actor.places if place in above}

    def __call__(self, node: Node) -> bool:
        """Tell it by the role of the work."""
        if node.kind not in PEOPLE or node.work is None:
            return False
        return node.work.role in (self._office if node.work.office else self._own)


def _next(definition: Definition, starts: Iterable[str], is_mine: _Mine) -> str:
    """Return the nearest work of the actor behind some elements; far ahead is not looked."""
    nodes = definition.nodes
    todo = deque(key for key in starts if key in nodes)
    seen = set(todo)
    for _ in range(STEPS):
        if not todo:
            break
        for step in after(definition, todo.popleft()):
            node = nodes.get(step.key)
            if node is None or step.key in seen:
                continue
            if is_mine(node):
                return node.name
            seen.add(step.key)
            todo.append(step.key)
    return ""
