"""Tables whose rows are given, as an expert meets them: item by item, with what is still left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.queries.sources import Backing, Source
from engine.rules.scoring import NOT_APPLICABLE, Total, total
from web.forms import Entry

SCORE: Final = "score"
"""The column that adds up."""


@dataclass(frozen=True, slots=True)
class Item:
    """
    One criterion, goal or remark with the fields about it.

    ``first`` are asked at once, ``then`` once the score is given; ``filled``: nothing required
    is missing. ``weight`` is what a point counts for.
    """

    number: int
    key: str
    fixed: Entry
    first: tuple[Entry, ...]
    then: tuple[Entry, ...]
    lines: tuple[Source, ...]
    filled: bool
    score: int | None
    weight: float

    @property
    def id(self) -> str:
        """Return the id that links lead to."""
        return f"item-{self.fixed.path}"

    @property
    def title(self) -> str:
        """Return what it is about."""
        return self.fixed.shown


@dataclass(frozen=True, slots=True)
class Scale:
    """A table of given rows; ``most`` is the greatest score of one item, 0 where none is given."""

    entry: Entry
    items: tuple[Item, ...]
    most: int

    @property
    def path(self) -> str:
        """Return the path of the table."""
        return self.entry.path

    @property
    def filled(self) -> int:
        """Return how many items are complete."""
        return sum(item.filled for item in self.items)

    @property
    def next(self) -> Item | None:
        """Return the first item that is not."""
        return next((item for item in self.items if not item.filled), None)

    @property
    def total(self) -> Total | None:
        """Return what the scores given so far come to; None where nothing is scored."""
        scores = [(item.score, item.weight) for item in self.items]
        return total(scores, self.most) if self.most else None


def scales_of(
    entries: Sequence[Entry], backings: Mapping[str, Backing], weights: Mapping[str, float]
) -> dict[str, Scale]:
    """Return the tables of given rows of a form, by their path."""
    found = (one for one in entries if one.field.kind == "table" and one.field.rows)
    return {one.path: _scale(one, backings, weights) for one in found}


def _scale(table: Entry, backings: Mapping[str, Backing], weights: Mapping[str, float]) -> Scale:
    column = next((one for one in table.field.columns if one.key == SCORE), None)
    values = [int(one.value) for one in column.options if one.value.isdecimal()] if column else []
    rows = enumerate(table.rows, start=1)
    items = (_item(number, row, backings, weights) for number, row in rows)
    return Scale(table, tuple(items), max(values, default=0))


def _item(
    number: int,
    row: Sequence[Entry],
    backings: Mapping[str, Backing],
    weights: Mapping[str, float],
) -> Item:
    fixed = next(cell for cell in row if cell.field.readonly)
    key = str(fixed.value)
    backing = backings.get(key, Backing())
    cells = [_offering(cell, backing) for cell in row if cell is not fixed]
    score = next((cell for cell in cells if cell.field.key == SCORE), None)
    after = cells.index(score) + 1 if score else len(cells)
    given = str(score.value) if score and score.value is not None else ""
    points = {one.value for one in score.field.options if one.value.isdecimal()} if score else ()
    return Item(
        number,
        key,
        fixed,
        tuple(cells[:after]),
        tuple(cells[after:]),
        tuple(backing.lines),
        all(cell.shown.strip() for cell in cells if cell.field.required),
        int(given) if given in points else None,
        weights.get(key, 1),
    )


def _offering(cell: Entry, backing: Backing) -> Entry:
    """Return a cell without «Н/П» where the programme does not allow it."""
    if cell.field.key != SCORE or backing.optional:
        return cell
    options = (one for one in cell.options if one.value != NOT_APPLICABLE)
    return replace(cell, options=tuple(options))
