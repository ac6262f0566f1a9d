"""Cycles: which there are, how they are set, and where a case may be started."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, or_, select, true
from sqlalchemy.orm import aliased

from engine.errors import Forbidden, NotFound
from engine.model.cases import Case, Cycle
from engine.model.definitions import Definition
from engine.model.people import Organisation
from engine.queries.people import OrganisationRow, organisations
from engine.rules.access import Actor, Right, holds, may, path_of
from engine.rules.calendar import day_of, school_year
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle, and how many of its cases are under way and over."""

    id: int
    name: str
    school_year: int
    organisation: str
    process: str
    running: int
    ended: int


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as this cycle has it, and as the diagram declares it."""

    name: str
    label: str
    value: Any
    default: Any


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A school in the reach of a cycle, with its newest case there."""

    organisation_id: int
    organisation: str
    case_id: int | None
    status: str
    startable: bool


@dataclass(frozen=True, slots=True)
class CyclePageRow:
    """A cycle with its settings and its schools. ``steerable``: the actor may change settings."""

    cycle: CycleRow
    definition_id: int
    steerable: bool
    settings: tuple[SettingRow, ...]
    places: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process of which cycles can be opened, in its newest version."""

    key: str
    name: str
    number: int
    definition_id: int


@dataclass(frozen=True, slots=True)
class NewCycleRow:
    """What the form of a new cycle offers; ``school_year`` is that of today."""

    process: ProcessRow
    processes: tuple[ProcessRow, ...]
    places: tuple[OrganisationRow, ...]
    school_year: int
    settings: tuple[SettingRow, ...]


def cycles(reader: Reader, actor: Actor) -> list[CycleRow]:
    """Return the cycles that concern the actor's organisations, newest year first."""
    statement = _CYCLES.where(_concerns(reader, actor))
    rows = reader.rows(statement.order_by(Cycle.school_year.desc(), Cycle.name, Cycle.id))
    return [_row(row) for row in rows]


def cycle_page(reader: Reader, actor: Actor, cycle_id: int) -> CyclePageRow:
    """
    Return a cycle with its settings and the schools of the actor in its reach.

    Raises:
        NotFound: There is none, or it does not concern him.
    """
    found = reader.one(_CYCLES.where(Cycle.id == cycle_id, _concerns(reader, actor)))
    settings = _settings(reader, found.definition_id, found.settings)
    steerable = may(actor, Right.STEER, path_of(found.path))
    places = tuple(_places(reader, actor, cycle_id, found.path))
    return CyclePageRow(_row(found), found.definition_id, steerable, settings, places)


def processes(reader: Reader) -> list[ProcessRow]:
    """Return the processes of which cycles can be opened, by name."""
    last = select(func.max(Definition.id)).group_by(Definition.key)
    columns = select(Definition.id, Definition.key, Definition.name, Definition.number)
    rows = reader.rows(columns.where(Definition.id.in_(last)).order_by(Definition.name))
    return [ProcessRow(row.key, row.name, row.number, row.id) for row in rows]


def new_cycle(reader: Reader, actor: Actor, key: str = "") -> NewCycleRow:
    """
    Return what the form of a new cycle offers, for one process or the first by name.

    Raises:
        Forbidden: The actor may open none.
        NotFound: There is no process.
    """
    if not holds(actor, Right.START):
        raise Forbidden
    offered = processes(reader)
    chosen = next((one for one in offered if one.key == key or not key), None)
    if chosen is None:
        raise NotFound
    places = [one for one in organisations(reader, actor) if may(actor, Right.START, one.path)]
    zone = places[0].zone if places else "Europe/Moscow"
    year = school_year(day_of(reader.now, zone))
    settings = _settings(reader, chosen.definition_id, {})
    return NewCycleRow(chosen, tuple(offered), tuple(places), year, settings)


def _settings(reader: Reader, definition_id: int, own: Mapping[str, Any]) -> tuple[SettingRow, ...]:
    """Return the settings that a version declares, with the values that a cycle has of its own."""
    declared = reader.versions.get(definition_id).definition.settings
    return tuple(
        SettingRow(one.name, one.label or one.name, own.get(one.name, one.value), one.value)
        for one in declared
    )


_newer = aliased(Definition)
_under_way = func.sum(case((Case.status.in_(("running", "suspended")), 1), else_=0))

_CYCLES = (
    select(
        Cycle.id,
        Cycle.name,
        Cycle.school_year,
        Cycle.definition_key,
        Cycle.settings,
        Organisation.short_name,
        Organisation.path,
        select(func.count(Case.id)).where(Case.cycle_id == Cycle.id).scalar_subquery().label("all"),
        select(func.coalesce(_under_way, 0))
        .where(Case.cycle_id == Cycle.id)
        .scalar_subquery()
        .label("running"),
        Definition.id.label("definition_id"),
        Definition.name.label("process"),
    )
    .select_from(Cycle)
    .join(Organisation, Organisation.id == Cycle.organisation_id)
    .join(Definition, Definition.key == Cycle.definition_key)
    .where(
        Definition.number
        == select(func.max(_newer.number))
        .where(_newer.key == Cycle.definition_key)
        .scalar_subquery()
    )
)


def _row(row: Any) -> CycleRow:
    return CycleRow(
        row.id,
        row.name,
        row.school_year,
        row.short_name,
        row.process,
        int(row.running),
        int(row.all) - int(row.running),
    )


def _concerns(reader: Reader, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of cycles at, above or below an organisation where a role is held."""
    if actor.is_system:
        return true()
    held = {grant.organisation_id for grant in actor.grants if grant.organisation_id}
    paths = [row.path for row in reader.rows(_PATHS.where(Organisation.id.in_(held)))]
    above = {step for path in paths for step in path_of(path)}
    below = (Organisation.path.startswith(path, autoescape=True) for path in paths)
    return or_(false(), Organisation.id.in_(above), *below)


_PATHS = select(Organisation.path)


def _places(reader: Reader, actor: Actor, cycle_id: int, path: str) -> Iterator[PlaceRow]:
    """Yield the schools below the cycle where the actor may watch, by name."""
    at, older = aliased(Case), aliased(Case)
    newer = select(func.max(older.number)).where(
        older.cycle_id == cycle_id, older.organisation_id == Organisation.id
    )
    rows = reader.rows(
        select(Organisation.id, Organisation.short_name, Organisation.path, at.id, at.status)
        .outerjoin(
            at,
            (at.organisation_id == Organisation.id)
            & (at.cycle_id == cycle_id)
            & (at.number == newer.scalar_subquery()),
        )
        .where(Organisation.kind == "school", Organisation.path.startswith(path, autoescape=True))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    for organisation_id, name, steps, case_id, status in rows:
        if may(actor, Right.WATCH, path_of(steps)):
            startable = status not in ("running", "suspended")
            startable = startable and may(actor, Right.START, path_of(steps))
            yield PlaceRow(organisation_id, name, case_id, status or "", startable)
