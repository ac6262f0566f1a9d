"""The lists that forms of a review offer to choose from: goals, criteria, indicators, people."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, select

from engine.model.goals import Goal, goals_of, reviewed
from engine.model.indicators import values_of
from engine.model.panels import PanelMember
from engine.model.people import Membership, Organisation, Person
from engine.model.reviews import Criterion, Objection, merged_of
from engine.queries.tasks import TaskPageRow
from engine.rules.access import ROLE_NAMES, Role
from engine.rules.fields import Field, Option, opened
from engine.rules.forms import Form
from engine.rules.indicators import Indicator, indicator
from engine.unit import Reader

Options = tuple[Option, ...]

_SEATS: Final = {"admitted": "reserve", "reserve": "reserve", "panel": "member"}
"""Scopes of people on the panel, by the state they are in."""
_PEOPLE: Final = frozenset({"person", "persons"})


def choices(reader: Reader, page: TaskPageRow, form: Form) -> dict[str, Options]:
    """Return the lists that a form names, each by its name."""
    wanted = [*opened(form.fields), *(c for one in form.inputs for c in one.columns)]
    names = dict.fromkeys(name for one in wanted for name in (one.choices, one.rows) if name)
    return {name: LISTS[name](reader, page) for name in names if name in LISTS}


def people(reader: Reader, page: TaskPageRow, form: Form) -> dict[str, Options]:
    """Return whom each field may name, by its key and, of a column, by ``table.column`` too."""
    found: dict[str, Options] = {}
    for one in form.inputs:
        if one.kind in _PEOPLE:
            found[one.key] = _people(reader, page, one)
        for column in one.columns:
            if column.kind in _PEOPLE:
                offered = _people(reader, page, column)
                found[column.key] = found[f"{one.key}.{column.key}"] = offered
    return found


# people -----------------------------------------------------------------------------------------


def _people(reader: Reader, page: TaskPageRow, field: Field) -> Options:
    if field.scope in _SEATS:
        return _seated(reader, page, _SEATS[field.scope])
    here = Organisation.id == page.path[-1]
    anywhere = Organisation.path.startswith(f"{page.path[0]}/", autoescape=True)
    place = anywhere if field.scope == "municipality" else here
    rows = reader.rows(_holders(field.role).where(place))
    about: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        line = f"{ROLE_NAMES[Role(row.role)]}, {row.short_name}"
        about.setdefault(row.id, (row.name, []))[1].append(line)
    return tuple(
        Option(str(key), f"{name} — {'; '.join(lines)}") for key, (name, lines) in about.items()
    )


def _holders(role: str) -> Select[*tuple[Any, ...]]:
    rows = (
        select(Person.id, Person.name, Membership.role, Organisation.short_name)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.active)
        .order_by(Person.sort_key, Person.id, Organisation.path)
    )
    return rows.where(Membership.role == role) if role else rows


def _seated(reader: Reader, page: TaskPageRow, state: str) -> Options:
    kinds = {"public": "общественный эксперт", "professional": "профессиональный эксперт"}
    rows = reader.rows(
        select(Person.id, Person.name, PanelMember.kind, PanelMember.competence)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .where(PanelMember.case_id == page.case_id, PanelMember.state == state)
        .order_by(Person.sort_key, Person.id)
    )
    return tuple(
        Option(str(row.id), f"{row.name} — {kinds[row.kind]}, {row.competence}") for row in rows
    )


# lists ------------------------------------------------------------------------------------------


def _named(rows: Sequence[Any]) -> Options:
    return tuple(Option(str(row.id), f"{row.code}. {row.title}") for row in rows)


def _goals(reader: Reader, page: TaskPageRow) -> Options:
    return _named(reader.rows(goals_of(page.case_id)))


def _ties(reader: Reader, page: TaskPageRow) -> Options:
    return _named(reader.rows(goals_of(page.case_id).where(Goal.classification == "tie")))


def _reviewed(reader: Reader, page: TaskPageRow) -> Options:
    return _named(reader.rows(reviewed(page.case_id)))


def _unsolved(reader: Reader, page: TaskPageRow) -> Options:
    wanted = page.names.get("unsolved") or []
    rows = reader.rows(reviewed(page.case_id))
    return _named([row for row in rows if row.id in wanted] or rows)


def _own(reader: Reader, page: TaskPageRow) -> Options:
    wanted = page.names.get("goals") or []
    return _named([row for row in reader.rows(goals_of(page.case_id)) if row.id in wanted])


def _criteria(reader: Reader, page: TaskPageRow) -> Options:
    rows = select(Criterion).where(Criterion.case_id == page.case_id)
    return _named(reader.rows(rows.order_by(Criterion.id)))


def _indicators(reader: Reader, page: TaskPageRow) -> Options:
    rows = reader.rows(values_of(page.case_id, 0))
    found = [Indicator(row.source, row.subject, row.grade, row.measure) for row in rows]
    return tuple(Option(one.key, one.label) for one in found)


def _goal_indicators(reader: Reader, page: TaskPageRow) -> Options:
    keys = dict.fromkeys(row.indicator for row in reader.rows(reviewed(page.case_id)))
    found = [one for one in map(indicator, keys) if one is not None]
    return tuple(Option(one.key, one.label) for one in found)


def _diverging(reader: Reader, page: TaskPageRow) -> Options:
    rows = [row for row in reader.rows(merged_of(page.case_id)) if row.diverges]
    spread = "оценки от {0:g} до {1:g}, среднее {2:g}"
    return tuple(
        Option(str(row.id), f"{row.label} ({_said(spread, row.lowest, row.highest, row.mean)})")
        for row in rows
    )


def _said(text: str, *numbers: float) -> str:
    return text.format(*numbers).replace(".", ",")


def _objections(reader: Reader, page: TaskPageRow) -> Options:
    rows = select(Objection).where(Objection.case_id == page.case_id, Objection.accepted.is_(None))
    return tuple(
        Option(str(row.id), f"{row.point}: {row.text}")
        for row in reader.rows(rows.order_by(Objection.id))
    )


LISTS: Final[Mapping[str, Callable[[Reader, TaskPageRow], Options]]] = {
    "goals": _goals,
    "ties": _ties,
    "reviewed_goals": _reviewed,
    "unsolved_goals": _unsolved,
    "own_goals": _own,
    "criteria": _criteria,
    "indicators": _indicators,
    "goal_indicators": _goal_indicators,
    "diverging": _diverging,
    "objections": _objections,
}
"""What ``choices`` and ``rows`` of a form may name."""
