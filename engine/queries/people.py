"""Who signed in, what he may do, and the people and organisations to choose from."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select, true

from engine.errors import NotFound
from engine.model.panels import PanelMember
from engine.model.people import IS_DEMO, Membership, Organisation, Person, WebSession
from engine.model.preferences import Preference
from engine.model.tasks import OPEN, Task, TaskCandidate
from engine.rules.access import ROLE_NAMES, Actor, Grant, Path, Role
from engine.rules.sessions import fingerprint, is_alive, is_stale
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class SessionRow:
    """
    A live session. ``stale``: write its use down with `TouchSession`.

    ``language`` is empty until its person has chosen one.
    """

    person_id: int
    name: str
    csrf: str
    stale: bool
    language: str = ""


def session_of(reader: Reader, secret: str) -> SessionRow | None:
    """Return the session of a browser's secret; None when it has ended or never was."""
    found = (
        select(WebSession, Person.name)
        .join(Person)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(WebSession.id_hash == fingerprint(secret), Person.active)
    )
    columns = (
        WebSession.person_id,
        WebSession.csrf,
        WebSession.seen_at,
        WebSession.expires_at,
        Person.name,
        Preference.language,
    )
    row = reader.first(found.with_only_columns(*columns))
    if row is None or not is_alive(row.seen_at, row.expires_at, reader.now):
        return None
    stale = is_stale(row.seen_at, reader.now)
    return SessionRow(row.person_id, row.name, row.csrf, stale, row.language or "")


def actor_of(reader: Reader, person_id: int) -> Actor:
    """
    Return a person with all he may do: roles in organisations, and places on panels of cases.

    Raises:
        NotFound: There is no such person, or he may not sign in any more.
    """
    name = reader.value(select(Person.name).where(Person.id == person_id, Person.active))
    if name is None:
        raise NotFound
    held = select(Membership.role, Membership.organisation_id)
    roles = reader.rows(held.where(Membership.person_id == person_id))
    seat = select(PanelMember.case_id, PanelMember.is_lead)
    seats = reader.rows(
        seat.where(PanelMember.person_id == person_id, PanelMember.state == "member")
    )
    grants = [Grant(Role(row.role), row.organisation_id) for row in roles]
    grants += [Grant(Role.LEAD if s.is_lead else Role.EXPERT, case_id=s.case_id) for s in seats]
    return Actor(person_id, name, tuple(grants))


# the demo ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DemoPersonRow:
    """An invented person to sign in as: who and what, where, and how many tasks wait for him."""

    person_id: int
    name: str
    role: Role
    role_name: str
    organisation: str
    waiting: int


def demo_people(reader: Reader) -> list[DemoPersonRow]:
    """
    Return the invented people of a demo by role, those with most to do first.

    Of any other database none.
    """
    if reader.value(IS_DEMO) is None:
        return []
    columns = select(Person.id, Person.name, Membership.role, Organisation.short_name)
    joined = columns.add_columns(_waiting()).select_from(Membership).join(Person).join(Organisation)
    rows = reader.rows(joined.order_by(Organisation.path, Person.sort_key))
    people = [
        DemoPersonRow(key, name, Role(role), ROLE_NAMES[Role(role)], place, waiting)
        for key, name, role, place, waiting in rows
    ]
    return sorted(people, key=lambda person: (list(Role).index(person.role), -person.waiting))


def _waiting() -> ColumnElement[int]:
    """Count the open tasks that a person holds, or that are offered to his role."""
    held = select(func.count()).where(Task.assignee_id == Person.id, Task.state == OPEN)
    offered = select(func.count()).where(
        TaskCandidate.organisation_id == Membership.organisation_id,
        TaskCandidate.role == Membership.role,
    )
    held, offered = held.correlate(Person), offered.correlate(Membership)
    return held.scalar_subquery() + offered.scalar_subquery()


# to choose from ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation; ``depth`` 0 stands at the top, ``path`` ends with its own id."""

    id: int
    kind: str
    name: str
    short_name: str
    zone: str
    depth: int
    path: Path


def organisations(reader: Reader, actor: Actor) -> list[OrganisationRow]:
    """Return the organisations where the actor holds a role, and those below, as a tree."""
    shown = Organisation
    columns = select(
        shown.id, shown.kind, shown.name, shown.short_name, shown.zone, shown.path, shown.sort_key
    )
    rows = reader.rows(columns.where(_reached(reader, actor)))
    keys = {row.id: row.sort_key for row in rows}
    steps = {row.id: [int(step) for step in row.path.split("/") if step] for row in rows}
    ordered = sorted(rows, key=lambda row: [(keys.get(step, ""), step) for step in steps[row.id]])
    return [
        OrganisationRow(
            row.id,
            row.kind,
            row.name,
            row.short_name,
            row.zone,
            sum(step in keys for step in steps[row.id]) - 1,
            tuple(steps[row.id]),
        )
        for row in ordered
    ]


def _reached(reader: Reader, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the organisations at or below those where a role is held."""
    if actor.is_system:
        return true()
    held = {grant.organisation_id for grant in actor.grants if grant.organisation_id}
    tops = reader.rows(select(Organisation.path).where(Organisation.id.in_(held)))
    below = (Organisation.path.startswith(row.path, autoescape=True) for row in tops)
    return or_(false(), *below)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody to choose: the name, and what tells namesakes apart."""

    id: int
    name: str
    about: str


def people(
    reader: Reader,
    actor: Actor,
    organisation_id: int,
    roles: tuple[Role, ...] = (),
    case_id: int = 0,
) -> list[PersonRow]:
    """
    Return the active people of an organisation and of those above it, in Russian order.

    Args:
        reader: Of the page.
        actor: Who looks; a stranger to the organisation gets an empty list.
        organisation_id: The school whose form is filled in.
        roles: Only who holds one of these; empty: any role.
        case_id: A case of that school, for those who are known there by its panel only.
    """
    path = reader.one(select(Organisation.path).where(Organisation.id == organisation_id)).path
    places = [int(step) for step in path.split("/") if step]
    if not _belongs(actor, places, case_id):
        return []
    rows = reader.rows(
        select(Person.id, Person.name, Membership.role, Organisation.short_name)
        .select_from(Membership)
        .join(Person)
        .join(Organisation)
        .where(Person.active, Membership.organisation_id.in_(places))
        .where(Membership.role.in_(roles) if roles else true())
        .order_by(Person.sort_key, Person.id, Organisation.path)
    )
    about: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        line = f"{ROLE_NAMES[Role(row.role)]}, {row.short_name}"
        about.setdefault(row.id, (row.name, []))[1].append(line)
    return [PersonRow(key, name, "; ".join(lines)) for key, (name, lines) in about.items()]


def _belongs(actor: Actor, places: list[int], case_id: int) -> bool:
    held = any(grant.organisation_id in places for grant in actor.grants)
    return actor.is_system or held or any(case_id and g.case_id == case_id for g in actor.grants)
