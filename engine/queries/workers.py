"""Who else could do the tasks of a list."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, tuple_

from engine.model.people import Membership, Organisation, Person
from engine.queries.people import PersonRow
from engine.queries.worklist import WorklistRow
from engine.rules.access import ROLE_NAMES, Actor, Role
from engine.unit import Reader


def workers(reader: Reader, actor: Actor, rows: Collection[WorklistRow]) -> Sequence[PersonRow]:
    """Return the active people who hold the roles that the actor shares with the tasks, by name."""
    wanted = {(row.place_id, row.role) for row in rows} & set(actor.places)
    if not wanted:
        return ()
    found = (
        select(Person.id, Person.name, Membership.role, Organisation.short_name)
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.active, tuple_(Membership.organisation_id, Membership.role).in_(wanted))
        .order_by(Person.sort_key, Person.id, Membership.role)
    )
    known = {
        row.id: PersonRow(row.id, row.name, f"{ROLE_NAMES[Role(row.role)]}, {row.short_name}")
        for row in reader.rows(found)
    }
    return tuple(known.values())
