"""Taking in lists of schools and people: all good lines of a list in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from engine.bus import Command, handles
from engine.commands.invitations import InvitePerson, invite_person
from engine.commands.people import (
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    create_organisation,
    create_person,
    grant_role,
)
from engine.errors import Forbidden
from engine.model.people import Membership, Organisation, Person
from engine.rules.access import Actor, Right, Role, holds, may, path_of
from engine.rules.names import email_of
from engine.rules.rosters import Line, Sheet
from engine.rules.verdicts import Fate, Known, Place, Somebody, Verdict, judge
from engine.unit import Reader, Unit


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a list has brought; ``wrong`` lines were left out."""

    schools: int
    people: int
    roles: int
    invited: int
    wrong: int


def judged(reader: Reader, actor: Actor, lines: Sequence[Line]) -> list[Verdict]:
    """
    Return what would become of the lines of a list, in order; nothing is written.

    Raises:
        Forbidden: The actor administers nothing.
    """
    if not holds(actor, Right.ADMINISTER):
        raise Forbidden
    return judge(lines, _known(reader, actor, lines))


@dataclass(frozen=True, slots=True)
class TakeInRoster(Command[TakenIn]):
    """Take in the good lines of a list; ``invite`` those whom it creates with a role."""

    lines: tuple[Line, ...]
    invite: bool = False


@handles(TakeInRoster)
def take_in_roster(unit: Unit, command: TakeInRoster) -> TakenIn:
    """
    Judge the lines anew, since others work meanwhile, and write what is new.

    Taking in the same list again changes nothing.
    """
    unit.allow_if(holds(unit.actor, Right.ADMINISTER), ())
    verdicts = judged(unit, unit.actor, command.lines)
    places: dict[int, int] = {}
    schools = [v for v in verdicts if v.fate is Fate.CREATE and v.line.sheet is Sheet.SCHOOLS]
    for verdict in schools:
        _found(unit, verdict, places)
    people, roles = _hire(unit, verdicts, places)
    invited = [key for key, has_role in people.items() if has_role and command.invite]
    for person_id in invited:
        invite_person(unit, InvitePerson(person_id))
    wrong = sum(verdict.fate is Fate.WRONG for verdict in verdicts)
    return TakenIn(len(schools), len(people), roles, len(invited), wrong)


def _found(unit: Unit, verdict: Verdict, places: dict[int, int]) -> None:
    """Create a school; note its key under the number that it was judged with."""
    school = verdict.place
    if school is not None:
        places[school.id] = create_organisation(
            unit,
            CreateOrganisation(
                school.kind, school.name, school.zone, school.parent_id, school.short_name
            ),
        )


def _hire(
    unit: Unit, verdicts: Sequence[Verdict], places: Mapping[int, int]
) -> tuple[dict[int, bool], int]:
    """Create people and give roles; return whether each new person has one, and how many."""
    keys: dict[str, int] = {}
    has_role: dict[int, bool] = {}
    roles = 0
    for verdict in verdicts:
        if verdict.line.sheet is Sheet.SCHOOLS or verdict.fate not in (Fate.CREATE, Fate.GRANT):
            continue
        email = email_of(verdict.line.cell("email"))
        if verdict.fate is Fate.CREATE:
            keys[email] = create_person(unit, CreatePerson(verdict.line.cell("name"), email))
            has_role[keys[email]] = False
        person_id = keys.get(email) or _key(unit, email)
        if verdict.place and verdict.role:
            where = places.get(verdict.place.id, verdict.place.id)
            roles += grant_role(unit, GrantRole(person_id, where, verdict.role))
            if person_id in has_role:
                has_role[person_id] = True
    return has_role, roles


def _key(unit: Unit, email: str) -> int:
    return int(unit.value(select(Person.id).where(Person.email == email)))


# what is known ----------------------------------------------------------------------------------


def _known(reader: Reader, actor: Actor, lines: Sequence[Line]) -> Known:
    """Read the places of the administrator, and of people those whom the list names."""
    rows = reader.rows(select(*_PLACE).order_by(Organisation.path))
    places = {
        row.id: Place(row.id, row.name, row.short_name, row.kind, row.parent_id, row.zone)
        for row in rows
        if may(actor, Right.ADMINISTER, path_of(row.path))
    }
    emails = {email_of(line.cell("email")) for line in lines if line.sheet is Sheet.PEOPLE}
    held = reader.rows(_held(emails)) if emails else []
    near = {row.email for row in held if row.organisation_id in places or not row.role}
    people = {row.email: Somebody(row.id, row.name, row.email in near) for row in held}
    roles = {(row.email, row.organisation_id, Role(row.role)) for row in held if row.role}
    return Known(places, people, roles)


_PLACE = (
    Organisation.id,
    Organisation.name,
    Organisation.short_name,
    Organisation.kind,
    Organisation.parent_id,
    Organisation.zone,
    Organisation.path,
)


def _held(emails: set[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(Person.id, Person.name, Person.email, Membership.organisation_id, Membership.role)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(Person.email.in_(emails))
    )
