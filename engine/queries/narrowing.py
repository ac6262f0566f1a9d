"""What the worklist can be narrowed by, and what is left of it then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.queries.stages import stage_name
from engine.rules.names import sort_key
from engine.rules.searches import found_in, words_of
from engine.unit import Reader

SEARCHED: Final = 5000
"""So many tasks are looked through; nobody has more, and a page must not take for ever."""


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """
    What the list is narrowed to; empty values narrow nothing.

    ``words`` are looked for in title, item, school and cycle. ``organisation_id`` is the
    school's. ``stage`` is a name, since processes number their stages as they like.
    ``priority`` is one of the task's, or None. ``late``: only past their deadline.
    """

    words: str = ""
    organisation_id: int = 0
    cycle_id: int = 0
    stage: str = ""
    priority: int | None = None
    late: bool = False

    @property
    def any(self) -> bool:
        """Tell whether anything is narrowed."""
        return self != TaskFilters()


def narrowed(reader: Reader, rows: Iterable[Any], filters: TaskFilters) -> list[Any]:
    """Return the stored rows that pass the filters."""
    words = words_of(filters.words)
    return [
        row
        for row in rows
        if _passes(reader, row, filters)
        and found_in(words, row.title, row.item, row.short_name, row.cycle)
    ]


def _passes(reader: Reader, row: Any, wanted: TaskFilters) -> bool:
    return (
        wanted.organisation_id in (0, row.organisation_id)
        and wanted.cycle_id in (0, row.cycle_id)
        and wanted.priority in (None, row.priority)
        and (not wanted.late or row.due_at < (row.ended_at or reader.now))
        and wanted.stage in ("", stage_name(reader, row.definition_id, row.stage))
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """The schools, cycles and stages to narrow a list by: those that stand in it."""

    organisations: Sequence[tuple[int, str]] = ()
    cycles: Sequence[tuple[int, str]] = ()
    stages: Sequence[str] = ()

    @property
    def any(self) -> bool:
        """Tell whether there is anything to choose."""
        return len(self.organisations) > 1 or len(self.cycles) > 1 or len(self.stages) > 1


def offer_of(reader: Reader, rows: Sequence[Any]) -> Offer:
    """Return what to narrow rows by."""
    schools = {row.organisation_id: row.short_name for row in rows}
    cycles = {row.cycle_id: row.cycle for row in rows}
    versions = dict.fromkeys(row.definition_id for row in rows)
    stages = (stage for key in versions for stage in reader.versions.get(key).definition.stages)
    return Offer(
        sorted(schools.items(), key=lambda one: sort_key(one[1])),
        sorted(cycles.items(), key=lambda one: sort_key(one[1])),
        tuple(dict.fromkeys(stage.name for stage in stages)),
    )
