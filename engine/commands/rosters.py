"""Taking in lists of schools and people: all good lines of a list in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, insert, select

from engine.bus import Command, handles
from engine.commands.links import link_row
from engine.commands.once import insert_once
from engine.commands.people import CreateOrganisation, create_organisation
from engine.errors import Forbidden
from engine.events import PersonCreated, PersonInvited, RoleGranted
from engine.model.people import Membership, Organisation, Person
from engine.model.records import Outgoing
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds, may, path_of
from engine.rules.names import email_of, sort_key
from engine.rules.rosters import Line, Sheet
from engine.rules.verdicts import Fate, Known, Place, Somebody, Verdict, judge
from engine.unit import Reader, Unit

_AT_ONCE: Final = 200


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
    people = _hire(unit, verdicts)
    roles = _appoint(unit, verdicts, people, places)
    new = [people[key] for key in _created(verdicts)]
    with_role = [key for key in new if key in roles] if command.invite else []
    _invite(unit, with_role)
    wrong = sum(verdict.fate is Fate.WRONG for verdict in verdicts)
    return TakenIn(len(schools), len(new), sum(roles.values()), len(with_role), wrong)


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


def _created(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return the names of the people that a list creates, by e-mail."""
    return {
        email_of(v.line.cell("email")): v.line.cell("name")
        for v in verdicts
        if v.fate is Fate.CREATE and v.line.sheet is Sheet.PEOPLE
    }


def _hire(unit: Unit, verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Create people, many at once; return the keys of all that roles are for, by e-mail."""
    emails = {email_of(v.line.cell("email")) for v in verdicts if v.role}
    known = select(Person.email, Person.id).where(Person.email.in_(emails))
    keys = {row.email: row.id for row in unit.rows(known)}
    rows = [
        {"name": name, "email": email, "active": True, "sort_key": sort_key(name)}
        for email, name in _created(verdicts).items()
    ]
    for start in range(0, len(rows), _AT_ONCE):
        part = insert(Person).values(rows[start : start + _AT_ONCE])
        written = unit.connection.execute(part.returning(Person.email, Person.id))
        keys.update((row.email, row.id) for row in written)
    for row in rows:
        unit.record(PersonCreated(person_id=keys[str(row["email"])]))
    return keys


def _appoint(
    unit: Unit, verdicts: Sequence[Verdict], people: Mapping[str, int], places: Mapping[int, int]
) -> Counter[int]:
    """Give the roles; return how many each person has got."""
    given: Counter[int] = Counter()
    for verdict in verdicts:
        place, role = verdict.place, verdict.role
        if verdict.fate not in (Fate.CREATE, Fate.GRANT) or place is None or role is None:
            continue
        person_id = people[email_of(verdict.line.cell("email"))]
        where = places.get(place.id, place.id)
        row = {"person_id": person_id, "organisation_id": where, "role": role.value}
        unit.add(Membership, row)
        name = ROLE_NAMES[role]
        event = RoleGranted(person_id=person_id, role=name, organisation=place.short_name)
        unit.record(event)
        given[person_id] += 1
    return given


def _invite(unit: Unit, people: Sequence[int]) -> None:
    """Write the letters of people who have neither a password nor a role elsewhere."""
    when = unit.now.isoformat()
    rows = [link_row(unit, key, "", "invitation", when)[0] for key in people]
    if rows:
        insert_once(unit, Outgoing, rows)
    for key in people:
        unit.record(PersonInvited(person_id=key))


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
