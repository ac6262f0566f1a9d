"""Incidents that wait for a coordinator, with the repairs that each allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from engine.errors import Forbidden
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.model.records import Incident, Job
from engine.process.model import Node
from engine.process.state import load
from engine.queries.visible import visible_to
from engine.rules.access import Actor, Right, holds
from engine.unit import Reader

MOST: Final = 200
"""Incidents on one page, newest first; whoever has more looks at the oldest elsewhere first."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A place where a case stands: the token and the name of its element."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """
    An open incident of a case.

    ``retries``: a service failed and can be tried again, finished or failed by hand; whoever
    finishes it says the values of ``answers``.
    ``puts_back``: the state before the step that failed is kept, and nothing has happened since.
    """

    id: int
    case_id: int
    organisation: str
    zone: str
    cycle: str
    at: datetime
    kind: str
    element: str
    sentence: str
    retries: bool
    answers: tuple[str, ...]
    puts_back: bool
    tokens: tuple[TokenRow, ...]
    targets: tuple[tuple[str, str], ...]
    """Elements to set the case on from: key and name."""


def incidents(reader: Reader, actor: Actor) -> list[IncidentRow]:
    """
    Return the open incidents of the cases that the actor steers, newest first.

    Raises:
        Forbidden: He steers none.
    """
    if not holds(actor, Right.STEER):
        raise Forbidden
    found = reader.rows(_OPEN.where(visible_to(actor, Right.STEER)).limit(MOST))
    return [_row(reader, row) for row in found]


_OPEN = (
    select(
        Incident.id,
        Incident.case_id,
        Incident.at,
        Incident.kind,
        Incident.element,
        Incident.sentence,
        Incident.state_before.is_not(None).label("is_kept"),
        Job.id.label("job_id"),
        Case.definition_id,
        Case.state,
        Cycle.name.label("cycle"),
        Organisation.short_name,
        Organisation.zone,
    )
    .join(Case, Case.id == Incident.case_id)
    .join(Cycle, Cycle.id == Case.cycle_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(Job, Job.id == Incident.job_id)
    .where(Incident.resolved_at.is_(None))
    .order_by(Incident.at.desc(), Incident.id.desc())
)


def _row(reader: Reader, row: Any) -> IncidentRow:
    nodes = reader.versions.get(row.definition_id).definition.nodes
    state = load(row.state)
    tokens = [t for t in state.tokens.values() if t.state in ("open", "wait", "join")]
    is_dark = not state.waits and all(t.state != "open" for t in tokens)
    at = nodes.get(row.element)
    return IncidentRow(
        id=row.id,
        case_id=row.case_id,
        organisation=row.short_name,
        zone=row.zone,
        cycle=row.cycle,
        at=row.at,
        kind=row.kind,
        element=(at.name if at else "") or row.element,
        sentence=row.sentence,
        retries=row.job_id is not None,
        answers=_answers(at),
        puts_back=bool(row.is_kept) and is_dark,
        tokens=tuple(TokenRow(t.id, nodes[t.at].name or t.at) for t in tokens),
        targets=tuple(_targets(nodes)),
    )


def _answers(node: Node | None) -> tuple[str, ...]:
    """Return the names under which a service answers, those that its outputs only pass on."""
    outputs = node.outputs if node else ()
    return tuple(dict.fromkeys(inside for _, inside in outputs if inside.isidentifier()))


def _targets(nodes: Any) -> Iterator[tuple[str, str]]:
    """Yield the elements of the main diagram that have a name, for people to choose from."""
    for key, node in nodes.items():
        if node.name and "/" not in key:
            yield key, node.name
