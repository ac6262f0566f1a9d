"""The people of an administrator: who there is, and what each may do where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from engine.errors import Forbidden, NotFound
from engine.model.cases import Case
from engine.model.people import LoginAttempt, Membership, Organisation, Person
from engine.model.records import Outgoing
from engine.model.tasks import OPEN, Task
from engine.queries.people import OrganisationRow, organisations
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds, may
from engine.rules.searches import words_of
from engine.rules.throttling import account_of
from engine.unit import Reader

PAGE: Final = 50
STATES: Final = ("invited", "shut", "roleless")


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A role that somebody holds somewhere."""

    role: Role
    role_name: str
    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person; ``invited``: without a password so far. ``roles`` only those the reader gives."""

    id: int
    name: str
    email: str
    active: bool
    invited: bool
    roles: tuple[HeldRow, ...]


@dataclass(frozen=True, slots=True)
class MemberFilters:
    """What narrows the list: words of name or address, an organisation with all below, a role."""

    words: str = ""
    organisation_id: int = 0
    role: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class MembersRow:
    """A page of people, how many there are, and the organisations where the reader gives roles."""

    people: tuple[MemberRow, ...]
    total: int
    pages: int
    organisations: tuple[OrganisationRow, ...]


def members(reader: Reader, actor: Actor, filters: MemberFilters | None = None) -> MembersRow:
    """
    Return the people with a role in what the actor administers, and those without any role.

    Raises:
        Forbidden: He administers nothing.
    """
    filters = filters or MemberFilters()
    places = administered(reader, actor)
    keys = {one.id for one in places}
    shown = select(Person.id).where(_within(keys), *_narrowed(filters, places))
    total = int(reader.value(select(func.count()).select_from(shown.subquery())))
    pages = max(-(-total // PAGE), 1)
    page = min(max(filters.page, 1), pages)
    ids = shown.order_by(Person.sort_key, Person.id).limit(PAGE).offset((page - 1) * PAGE)
    people = _members(reader, _PEOPLE.where(Person.id.in_(ids)), keys)
    return MembersRow(tuple(people), total, pages, places)


def administered(reader: Reader, actor: Actor) -> tuple[OrganisationRow, ...]:
    """
    Return the organisations where the actor gives roles, as a tree.

    Raises:
        Forbidden: There are none.
    """
    if not holds(actor, Right.ADMINISTER):
        raise Forbidden
    places = organisations(reader, actor)
    return tuple(one for one in places if may(actor, Right.ADMINISTER, one.path))


def _within(places: set[int]) -> ColumnElement[bool]:
    """Tell who belongs to the list of whoever administers these places."""
    works = exists().where(Membership.person_id == Person.id).correlate(Person)
    here = works.where(Membership.organisation_id.in_(places) if places else false())
    return or_(here, ~works)


def _narrowed(
    filters: MemberFilters, places: tuple[OrganisationRow, ...]
) -> Iterable[ColumnElement[bool]]:
    for word in words_of(filters.words):
        email = Person.email.contains(word, autoescape=True)
        yield or_(Person.sort_key.contains(word, autoescape=True), email)
    below = {one.id for one in places if filters.organisation_id in (0, *one.path)}
    if filters.organisation_id or filters.role:
        held = exists().where(
            Membership.person_id == Person.id, Membership.organisation_id.in_(below)
        )
        yield held.where(Membership.role == filters.role) if filters.role else held
    if filters.state == "invited":
        yield Person.password_hash.is_(None)
    elif filters.state == "shut":
        yield ~Person.active
    elif filters.state == "roleless":
        yield ~exists().where(Membership.person_id == Person.id)


def _members(
    reader: Reader, found: Select[*tuple[Any, ...]], places: set[int]
) -> Iterable[MemberRow]:
    rows: dict[int, list[Any]] = {}
    for row in reader.rows(found):
        rows.setdefault(row.id, []).append(row)
    for key, held in rows.items():
        first = held[0]
        roles = tuple(_held(row) for row in held if row.organisation_id in places)
        invited = first.password_hash is None
        yield MemberRow(key, first.name, first.email, first.active, invited, roles)


def _held(row: Any) -> HeldRow:
    role = Role(row.role)
    return HeldRow(role, ROLE_NAMES[role], row.organisation_id, row.short_name)


_PEOPLE: Final = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.active,
        Person.password_hash,
        Membership.role,
        Membership.organisation_id,
        Organisation.short_name,
    )
    .select_from(Person)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .order_by(Person.sort_key, Person.id, Organisation.path, Membership.role)
)


# one person -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldTaskRow:
    """An open task that a person holds."""

    task_id: int
    title: str
    item: str
    organisation: str
    zone: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """The last letter that invited a person: when, whether it left, or was given up."""

    at: datetime
    sent_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberPageRow:
    """
    A person as his administrator sees him.

    ``elsewhere``: he has roles that the reader does not administer, so his name, address and
    entrance are not the reader's to change. ``colleagues`` may get his tasks.
    """

    person: MemberRow
    elsewhere: bool
    signed_in_at: datetime | None
    invitation: InvitationRow | None
    tasks: tuple[HeldTaskRow, ...]
    colleagues: tuple[tuple[int, str], ...]
    organisations: tuple[OrganisationRow, ...]


def member_page(reader: Reader, actor: Actor, person_id: int) -> MemberPageRow:
    """
    Return one person.

    Raises:
        Forbidden: The actor administers nothing.
        NotFound: There is no such person in what he administers.
    """
    places = administered(reader, actor)
    keys = {one.id for one in places}
    rows = reader.rows(_PEOPLE.where(Person.id == person_id, _within(keys)))
    if not rows:
        raise NotFound
    (person,) = _members(reader, _PEOPLE.where(Person.id == person_id), keys)
    held = {row.organisation_id for row in rows if row.organisation_id}
    return MemberPageRow(
        person,
        not held <= keys,
        _signed_in_at(reader, person.email),
        _invitation(reader, person_id),
        _tasks(reader, person_id),
        _colleagues(reader, person_id, held & keys),
        places,
    )


def _signed_in_at(reader: Reader, email: str) -> datetime | None:
    """Return when somebody was last let in, as far back as attempts are kept."""
    account = LoginAttempt.account_hash == account_of(email, reader.settings.secret_key)
    at: datetime | None = reader.value(
        select(func.max(LoginAttempt.at)).where(account, LoginAttempt.ok)
    )
    return at


def _invitation(reader: Reader, person_id: int) -> InvitationRow | None:
    columns = (Outgoing.created_at, Outgoing.sent_at, Outgoing.given_up_at)
    letter = Outgoing.dedup_key.startswith(f"invitation:{person_id}:")
    found = select(*columns).where(Outgoing.person_id == person_id, letter)
    row = reader.first(found.order_by(Outgoing.id.desc()).limit(1))
    return None if row is None else InvitationRow(*row)


def _tasks(reader: Reader, person_id: int) -> tuple[HeldTaskRow, ...]:
    held = (
        select(
            Task.id,
            Task.title,
            Task.item,
            Organisation.short_name,
            Organisation.zone,
            Task.due_at,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Task.assignee_id == person_id, Task.state == OPEN)
        .order_by(Task.due_at, Task.id)
    )
    return tuple(HeldTaskRow(*row) for row in reader.rows(held))


def _colleagues(reader: Reader, person_id: int, places: set[int]) -> tuple[tuple[int, str], ...]:
    """Return who may sign in and holds a role in the same organisations."""
    works = exists().where(
        Membership.person_id == Person.id, Membership.organisation_id.in_(places)
    )
    found = select(Person.id, Person.name).where(Person.active, Person.id != person_id, works)
    rows = reader.rows(found.order_by(Person.sort_key, Person.id))
    return tuple((row.id, row.name) for row in rows)
