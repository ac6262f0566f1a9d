"""Deployed processes: their versions, for whoever deploys them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.errors import Forbidden
from engine.model.cases import Case
from engine.model.definitions import Definition
from engine.model.people import Person
from engine.rules.access import Actor, Right, holds
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A version of a process: who deployed it when, and how many cases run on it."""

    id: int
    key: str
    number: int
    name: str
    hash: str
    deployed_at: datetime
    deployed_by: str
    running: int


@dataclass(frozen=True, slots=True)
class DefinitionPageRow:
    """A version with the names of its files; the diagram is the first."""

    definition: DefinitionRow
    files: tuple[str, ...]


def definitions(reader: Reader, actor: Actor) -> list[DefinitionRow]:
    """
    Return all versions of all processes, the newest of each first.

    Raises:
        Forbidden: The actor deploys nothing.
    """
    _refuse_strangers(actor)
    rows = reader.rows(_VERSIONS.order_by(Definition.name, Definition.key, Definition.id.desc()))
    return [DefinitionRow(*row) for row in rows]


def definition_page(reader: Reader, actor: Actor, definition_id: int) -> DefinitionPageRow:
    """
    Return one version.

    Raises:
        Forbidden: The actor deploys nothing.
        NotFound: There is none.
    """
    _refuse_strangers(actor)
    row = DefinitionRow(*reader.one(_VERSIONS.where(Definition.id == definition_id)))
    version = reader.versions.get(definition_id)
    others = sorted(set(version.files) - {version.main})
    return DefinitionPageRow(row, (version.main, *others))


_VERSIONS = (
    select(
        Definition.id,
        Definition.key,
        Definition.number,
        Definition.name,
        Definition.hash,
        Definition.deployed_at,
        func.coalesce(Person.name, ""),
        select(func.count(Case.id))
        .where(Case.definition_id == Definition.id, Case.status.in_(("running", "suspended")))
        .scalar_subquery(),
    )
    .select_from(Definition)
    .outerjoin(Person, Person.id == Definition.deployed_by)
)


def _refuse_strangers(actor: Actor) -> None:
    if not holds(actor, Right.DEPLOY):
        raise Forbidden
