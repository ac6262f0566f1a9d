"""The organisations of an administrator as a tree, with what goes on in each."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select

from engine.model.cases import Case
from engine.model.people import Membership, Person
from engine.queries.members import administered
from engine.queries.people import OrganisationRow
from engine.rules.access import ROLE_NAMES, Actor, Role
from engine.unit import Reader

KEY_ROLES: Final = (Role.HEAD, Role.COORDINATOR, Role.DIRECTOR, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class BranchRow:
    """
    An organisation of the tree with what goes on in it.

    ``keyholders`` are the names of those in charge, by role name, in the order of `KEY_ROLES`.
    """

    organisation: OrganisationRow
    people: int
    cases: int
    keyholders: tuple[tuple[str, tuple[str, ...]], ...]
    lacks_deputy: bool


def organisation_tree(reader: Reader, actor: Actor) -> list[BranchRow]:
    """
    Return the organisations of an administrator, each below its own.

    Raises:
        Forbidden: He administers nothing.
    """
    places = administered(reader, actor)
    keys = {one.id for one in places}
    working = select(Membership.organisation_id, func.count(func.distinct(Membership.person_id)))
    working = working.join(Person).where(Person.active, Membership.organisation_id.in_(keys))
    running = select(Case.organisation_id, func.count()).where(Case.organisation_id.in_(keys))
    running = running.where(Case.status.in_(("running", "suspended")))
    people = _counts(reader, working.group_by(Membership.organisation_id))
    cases = _counts(reader, running.group_by(Case.organisation_id))
    charge = _in_charge(reader, keys)
    return [
        BranchRow(
            one,
            people.get(one.id, 0),
            cases.get(one.id, 0),
            tuple(
                (ROLE_NAMES[role], tuple(charge[one.id, role]))
                for role in KEY_ROLES
                if (one.id, role) in charge
            ),
            one.kind == "school" and (one.id, Role.DEPUTY) not in charge,
        )
        for one in places
    ]


def _counts(reader: Reader, statement: Select[*tuple[Any, ...]]) -> dict[int, int]:
    return {key: int(count) for key, count in reader.rows(statement)}


def _in_charge(reader: Reader, places: set[int]) -> dict[tuple[int, Role], list[str]]:
    found = (
        select(Membership.organisation_id, Membership.role, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.active, Membership.organisation_id.in_(places))
        .where(Membership.role.in_(KEY_ROLES))
        .order_by(Person.sort_key, Person.id)
    )
    names: dict[tuple[int, Role], list[str]] = {}
    for row in reader.rows(found):
        names.setdefault((row.organisation_id, Role(row.role)), []).append(row.name)
    return names
