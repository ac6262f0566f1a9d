"""Who could do somebody's task for him."""

from sqlalchemy import select

from engine.model.people import Membership, Person
from engine.queries.people import PersonRow
from engine.queries.tasks import TaskPageRow
from engine.rules.access import ROLE_NAMES, Actor, Role
from engine.unit import Reader


def colleagues(reader: Reader, actor: Actor, page: TaskPageRow) -> list[PersonRow]:
    """Return whom the actor may delegate a task to, in Russian order: nobody, unless he may."""
    if not page.may_delegate:
        return []
    works = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == page.organisation_id,
            Person.active,
            Person.id != actor.person_id,
        )
        .order_by(Person.sort_key, Person.id, Membership.role)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for row in reader.rows(works):
        found.setdefault(row.id, (row.name, []))[1].append(ROLE_NAMES[Role(row.role)])
    return [PersonRow(key, name, ", ".join(roles)) for key, (name, roles) in found.items()]
