"""The filters of a list that one has saved, and those that others share with one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from engine.model.people import Organisation, Person
from engine.model.preferences import SavedFilter
from engine.rules.access import Actor
from engine.rules.sharing import shareable
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class SavedFilterRow:
    """A filter; ``shared`` names the organisation that sees it, ``who`` whose it is."""

    id: int
    name: str
    query: str
    mine: bool
    shared: str
    who: str


def saved_filters(reader: Reader, actor: Actor, page: str) -> Sequence[SavedFilterRow]:
    """Return the actor's own filters of a page and those of his organisations, by name."""
    places = {grant.organisation_id for grant in actor.grants if grant.organisation_id}
    rows = reader.rows(
        select(
            SavedFilter.id,
            SavedFilter.name,
            SavedFilter.query,
            SavedFilter.person_id,
            Organisation.short_name,
            Person.name.label("who"),
        )
        .join(Person, Person.id == SavedFilter.person_id)
        .outerjoin(Organisation, Organisation.id == SavedFilter.organisation_id)
        .where(
            SavedFilter.page == page,
            or_(
                SavedFilter.person_id == actor.person_id,
                SavedFilter.organisation_id.in_(places),
            ),
        )
        .order_by(SavedFilter.name, SavedFilter.id)
    )
    return [
        SavedFilterRow(
            row.id,
            row.name,
            row.query,
            row.person_id == actor.person_id,
            row.short_name or "",
            row.who,
        )
        for row in rows
    ]


def places_to_share(reader: Reader, actor: Actor) -> Sequence[tuple[int, str]]:
    """Return the organisations that the actor may share with, by number and name."""
    places = shareable(actor)
    if not places:
        return ()
    found = select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(places))
    return [(row.id, row.short_name) for row in reader.rows(found.order_by(Organisation.sort_key))]
