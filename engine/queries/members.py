"""The people of an administrator: who there is, and what each may do where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from engine.errors import Forbidden
from engine.model.people import Membership, Organisation, Person
from engine.queries.people import OrganisationRow, organisations
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds, may
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A role that somebody holds somewhere."""

    role: Role
    role_name: str
    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person; ``invited``: without a password so far."""

    id: int
    name: str
    email: str
    active: bool
    invited: bool
    roles: tuple[HeldRow, ...]


@dataclass(frozen=True, slots=True)
class MembersRow:
    """The people of an administrator, and the organisations where he gives roles."""

    people: tuple[MemberRow, ...]
    organisations: tuple[OrganisationRow, ...]


def members(reader: Reader, actor: Actor) -> MembersRow:
    """
    Return the people with a role in what the actor administers, and those without any role.

    Raises:
        Forbidden: He administers nothing.
    """
    if not holds(actor, Right.ADMINISTER):
        raise Forbidden
    all_places = organisations(reader, actor)
    places = tuple(one for one in all_places if may(actor, Right.ADMINISTER, one.path))
    shown = or_(_has_role({one.id for one in places}), Membership.person_id.is_(None))
    found: dict[int, MemberRow] = {}
    for row in reader.rows(_PEOPLE.where(shown)):
        before = found.get(row.id)
        roles = (*(before.roles if before else ()), *_held(row))
        invited = row.password_hash is None
        found[row.id] = MemberRow(row.id, row.name, row.email, row.active, invited, roles)
    return MembersRow(tuple(found.values()), places)


def _held(row: Any) -> Iterator[HeldRow]:
    if row.role:
        role = Role(row.role)
        yield HeldRow(role, ROLE_NAMES[role], row.organisation_id, row.short_name)


def _has_role(places: set[int]) -> ColumnElement[bool]:
    return Membership.organisation_id.in_(places) if places else false()


_PEOPLE = (
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
