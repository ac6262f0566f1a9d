"""Organisations, people, and what they may do where."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, exists, select, update

from engine.bus import Command, handles
from engine.errors import (
    EmailRefused,
    EmailTaken,
    NameMissing,
    NotEmpty,
    OrganisationTaken,
    PlacementRefused,
    ZoneUnknown,
)
from engine.events import (
    OrganisationCreated,
    OrganisationRenamed,
    PersonCreated,
    PersonRenamed,
    RoleGranted,
    RoleRevoked,
)
from engine.model.people import (
    FormerMembership,
    Installation,
    Membership,
    Organisation,
    Person,
    WebSession,
)
from engine.passwords import Hashed
from engine.rules.access import ROLE_NAMES, Path, Right, Role, may, path_of
from engine.rules.names import email_of, is_address, sort_key, tidy
from engine.unit import Unit

_ABOVE = {
    "municipality": frozenset({None}),
    "office": frozenset({"municipality"}),
    "school": frozenset({"municipality", "office"}),
}


@dataclass(frozen=True, slots=True)
class CreateOrganisation(Command[int]):
    """
    Create a municipality, an education office or a school; returns its id.

    ``zone`` is an IANA time zone; ``short_name`` stands in lists, by default the name itself.
    """

    kind: str
    name: str
    zone: str
    parent_id: int | None = None
    short_name: str = ""


@handles(CreateOrganisation)
def create_organisation(unit: Unit, command: CreateOrganisation) -> int:
    """Create it below its parent; only the installation itself has none above it."""
    above = _path_above(unit, command)
    name = tidy(command.name)
    _refuse_unknown_zone(command.zone)
    _refuse_same_name(unit, command.parent_id, name)
    row = {
        "parent_id": command.parent_id,
        "kind": command.kind,
        "name": name,
        "short_name": tidy(command.short_name) or name,
        "zone": command.zone,
        "path": f"?{command.parent_id}/{name}",  # unique until the database has given the id
        "sort_key": sort_key(name),
    }
    new_id = unit.insert(Organisation, row)
    path = "".join(f"{step}/" for step in (*above, new_id))
    unit.execute(update(Organisation).where(Organisation.id == new_id).values(path=path))
    unit.record(OrganisationCreated(organisation_id=new_id, name=name))
    return new_id


def _path_above(unit: Unit, command: CreateOrganisation) -> Path:
    """Ask for access above, and refuse what cannot stand there."""
    if command.parent_id is None:
        unit.allow_system()
        kind = None
        path: Path = ()
    else:
        parent = unit.get(Organisation, command.parent_id)
        kind, path = parent.kind, path_of(parent.path)
        unit.allow(Right.ADMINISTER, path)
    if kind not in _ABOVE.get(command.kind, frozenset()):
        raise PlacementRefused
    if not tidy(command.name):
        raise NameMissing
    return path


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(zone=zone) from error


def _refuse_same_name(unit: Unit, parent_id: int | None, name: str) -> None:
    same = Organisation.parent_id.is_not_distinct_from(parent_id), Organisation.name == name
    if unit.value(select(Organisation.id).where(*same)) is not None:
        raise OrganisationTaken(name=name)


@dataclass(frozen=True, slots=True)
class RenameOrganisation(Command[None]):
    """Give an organisation another name; ``short_name`` by default the name itself."""

    organisation_id: int
    name: str
    short_name: str = ""


@handles(RenameOrganisation)
def rename_organisation(unit: Unit, command: RenameOrganisation) -> None:
    """
    Rename it for whoever administers it; what was written under the old name stays as it was.

    Raises:
        NameMissing: There is no name.
        OrganisationTaken: Another organisation beside it is called so.
    """
    organisation = unit.get(Organisation, command.organisation_id, lock=True)
    unit.allow(Right.ADMINISTER, path_of(organisation.path))
    name, before = tidy(command.name), organisation.name
    if not name:
        raise NameMissing
    if name != before:
        _refuse_same_name(unit, organisation.parent_id, name)
        event = OrganisationRenamed(organisation_id=organisation.id, before=before, name=name)
        unit.record(event)
    organisation.name, organisation.sort_key = name, sort_key(name)
    organisation.short_name = tidy(command.short_name) or name


# people -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreatePerson(Command[int]):
    """Create somebody who may sign in; returns the id. Without a password: invited."""

    name: str
    email: str
    password: Hashed | None = None


@handles(CreatePerson)
def create_person(unit: Unit, command: CreatePerson) -> int:
    """Create the person for whoever administers anything; an address is one account."""
    unit.allow_if(_administers(unit), ())
    name, email = tidy(command.name), email_of(command.email)
    if not name:
        raise NameMissing
    refuse_address(unit, email)
    person_id = unit.insert(
        Person,
        {
            "name": name,
            "email": email,
            "password_hash": command.password,
            "active": True,
            "sort_key": sort_key(name),
        },
    )
    unit.record(PersonCreated(person_id=person_id))
    return person_id


@dataclass(frozen=True, slots=True)
class RenamePerson(Command[None]):
    """Correct the name of a person."""

    person_id: int
    name: str


@handles(RenamePerson)
def rename_person(unit: Unit, command: RenamePerson) -> None:
    """Change it for whoever administers every organisation where the person holds a role."""
    person = unit.get(Person, command.person_id, lock=True)
    allow_over(unit, person.id)
    name, before = tidy(command.name), person.name
    if not name:
        raise NameMissing
    if name != before:
        person.name, person.sort_key = name, sort_key(name)
        unit.record(PersonRenamed(person_id=person.id, before=before))


def refuse_address(unit: Unit, email: str) -> None:
    """
    Refuse what cannot be the e-mail address of another person.

    Raises:
        EmailRefused: That is no address.
        EmailTaken: Somebody has it.
    """
    if not is_address(email):
        raise EmailRefused(email=email)
    if unit.value(select(Person.id).where(Person.email == email)) is not None:
        raise EmailTaken(email=email)


def _administers(unit: Unit) -> bool:
    grants = unit.actor.grants
    places = [(grant.organisation_id,) for grant in grants if grant.organisation_id]
    return unit.actor.is_system or any(may(unit.actor, Right.ADMINISTER, p) for p in places)


# roles ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GrantRole(Command[bool]):
    """Give a person a role in an organisation; returns False where he already has it."""

    person_id: int
    organisation_id: int
    role: Role


@handles(GrantRole)
def grant_role(unit: Unit, command: GrantRole) -> bool:
    """Grant it for the administrator of that organisation."""
    organisation = unit.get(Organisation, command.organisation_id)
    unit.allow(Right.ADMINISTER, path_of(organisation.path))
    unit.get(Person, command.person_id)
    key = _key(command)
    if unit.session.get(Membership, key) is not None:
        return False
    unit.session.add(Membership(**key))
    unit.record(
        RoleGranted(
            person_id=command.person_id,
            role=ROLE_NAMES[command.role],
            organisation=organisation.short_name,
        )
    )
    return True


@dataclass(frozen=True, slots=True)
class RevokeRole(Command[bool]):
    """Take a role away; returns False where the person does not have it."""

    person_id: int
    organisation_id: int
    role: Role


@handles(RevokeRole)
def revoke_role(unit: Unit, command: RevokeRole) -> bool:
    """Take it, and end the sessions of the person: what was open was opened with more rights."""
    organisation = unit.get(Organisation, command.organisation_id)
    unit.allow(Right.ADMINISTER, path_of(organisation.path))
    if not unit.execute(delete(Membership).filter_by(**_key(command))):
        return False
    unit.add(FormerMembership, {**_key(command), "ended_at": unit.now})
    unit.execute(delete(WebSession).where(WebSession.person_id == command.person_id))
    unit.record(
        RoleRevoked(
            person_id=command.person_id,
            role=ROLE_NAMES[command.role],
            organisation=organisation.short_name,
        )
    )
    return True


def _key(command: GrantRole | RevokeRole) -> dict[str, object]:
    return {
        "person_id": command.person_id,
        "organisation_id": command.organisation_id,
        "role": command.role.value,
    }


def allow_over(unit: Unit, person_id: int) -> None:
    """
    Let only him go on who administers every organisation where a person holds a role.

    One of several is not enough: the account opens the others as well.
    """
    reach = reach_over(unit, person_id)
    unit.allow_if(bool(reach) and all(reach), ())


def reach_over(unit: Unit, person_id: int) -> list[bool]:
    """Return for each role of a person whether the actor administers where it is held."""
    places = select(Organisation.path).join(Membership).where(Membership.person_id == person_id)
    paths = [path_of(row.path) for row in unit.rows(places)]
    return [may(unit.actor, Right.ADMINISTER, path) for path in paths] or [unit.actor.is_system]


# the installation -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarkAsDemo(Command[None]):
    """Say for ever that this database holds invented people, who sign in without a password."""


@handles(MarkAsDemo)
def mark_as_demo(unit: Unit, command: MarkAsDemo) -> None:
    """Mark an empty database only: one with people in it never becomes a demo."""
    del command
    unit.allow_system()
    if unit.value(select(exists().where(Person.id > 0))):
        raise NotEmpty
    unit.add(Installation, {"name": "demo", "value": "yes"})
