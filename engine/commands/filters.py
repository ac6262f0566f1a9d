"""Filters of lists that one keeps under a name."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select, update

from engine.bus import Command, handles
from engine.errors import FilterRefused, Forbidden, NotFound
from engine.model.preferences import FILTERED_PAGES, SavedFilter
from engine.rules.names import tidy
from engine.rules.sharing import shareable
from engine.unit import Unit

MOST: Final = 30
LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 1000


@dataclass(frozen=True, slots=True)
class SaveFilter(Command[int]):
    """
    Keep the query of a list's address under a name; returns its number.

    A name that one has used already is used anew. With an ``organisation_id`` everybody who
    holds a role there sees the filter too.
    """

    page: str
    name: str
    query: str
    organisation_id: int | None = None


@handles(SaveFilter)
def save_filter(unit: Unit, command: SaveFilter) -> int:
    """
    Write the filter, over the one with its name.

    Raises:
        FilterRefused: It has no name, is too long, or there are too many.
        Forbidden: He may not share it with that organisation.
    """
    unit.allow_anyone()
    if command.organisation_id not in (None, *shareable(unit.actor)):
        raise Forbidden
    row = {
        "person_id": unit.actor.person_id,
        "organisation_id": command.organisation_id,
        "page": command.page,
        "name": _fit(unit, command),
        "query": command.query,
    }
    same = (
        (SavedFilter.person_id == row["person_id"])
        & (SavedFilter.page == row["page"])
        & (SavedFilter.name == row["name"])
    )
    if unit.execute(update(SavedFilter).where(same).values(**row)):
        return int(unit.value(select(SavedFilter.id).where(same)))
    return unit.insert(SavedFilter, row)


def _fit(unit: Unit, command: SaveFilter) -> str:
    """Return the name as it is kept; refuse what cannot be."""
    name = tidy(command.name)
    if not name:
        raise FilterRefused(why="дайте ему название")
    if len(name) > LONGEST_NAME:
        raise FilterRefused(why=f"название длиннее {LONGEST_NAME} знаков")
    if command.page not in FILTERED_PAGES or not command.query.strip():
        raise FilterRefused(why="сначала выберите, что показать")
    if len(command.query) > LONGEST_QUERY:
        raise FilterRefused(why="в нём слишком много условий")
    mine = select(func.count()).where(
        SavedFilter.person_id == unit.actor.person_id,
        SavedFilter.page == command.page,
        SavedFilter.name != name,
    )
    if unit.value(mine) >= MOST:
        raise FilterRefused(why=f"их уже {MOST}, удалите лишний")
    return name


@dataclass(frozen=True, slots=True)
class DeleteFilter(Command[None]):
    """Delete a filter of one's own."""

    filter_id: int


@handles(DeleteFilter)
def delete_filter(unit: Unit, command: DeleteFilter) -> None:
    """
    Delete it, for all who saw it.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    unit.allow_anyone()
    mine = SavedFilter.person_id == unit.actor.person_id
    if not unit.execute(delete(SavedFilter).where(SavedFilter.id == command.filter_id, mine)):
        raise NotFound
