"""
Elements of one process or sub-process in lines, columns and rows.

A stage is a band of one or more lines; a line holds columns of elements, each to the right of
what leads to it. Document order is plan order: a flow that runs against it is a way back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 2000
"""Width after which a band goes on in another line; fits a page across."""
BETWEEN: Final = 48
"""What a gap between two columns takes at least, for counting."""


@dataclass(slots=True)
class Box:
    """An element to be placed; sizes and positions in diagram units, the corner top left."""

    key: str
    width: int
    height: int
    stage: str = ""
    boundaries: tuple[str, ...] = ()
    line: int = -1
    column: int = 0
    row: int = 0
    x: int = 0
    y: int = 0

    @property
    def right(self) -> int:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Return the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Return the height of the centre."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Link:
    """A flow; `source` is the element it leaves, `port` the boundary event if it leaves one."""

    key: str
    source: str
    target: str
    port: str = ""
    name: str = ""


@dataclass(slots=True)
class Grid:
    """Boxes by key with their places; `lines` holds keys by column, in order of rows."""

    boxes: dict[str, Box]
    links: Sequence[Link]
    lines: list[list[list[str]]] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    """The stage of each line."""

    def free(self, line: int, columns: Iterable[int], row: int) -> bool:
        """Tell whether no element of a line stands in a row of these columns."""
        taken = {self.boxes[k].row for c in columns for k in self.lines[line][c]}
        return row not in taken


def arrange(boxes: Iterable[Box], links: Sequence[Link]) -> Grid:
    """Return the boxes in their lines, columns and rows."""
    grid = Grid({box.key: box for box in boxes}, links)
    order = {key: n for n, key in enumerate(grid.boxes)}
    for stage in dict.fromkeys(box.stage for box in grid.boxes.values()):
        band = [box.key for box in grid.boxes.values() if box.stage == stage]
        layers = _layers(band, links, order)
        for line in _lines(grid, layers):
            _add_line(grid, line, stage)
    return grid


def _lines(grid: Grid, layers: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """Yield the columns of one line after another, none wider than a page if it can be."""
    line: list[list[str]] = []
    width = 0
    for layer in layers:
        needed = max(grid.boxes[key].width for key in layer) + BETWEEN
        if line and width + needed > WIDTH:
            yield line
            line, width = [], 0
        line.append(layer)
        width += needed
    if line:
        yield line


def _layers(
    keys: Sequence[str], links: Sequence[Link], order: Mapping[str, int]
) -> list[list[str]]:
    """
    Return keys by layer: the longest way to each along the flows that go forward.

    What no flow reaches, such as event sub-processes, stands side by side.
    """
    linked = {end for link in links for end in (link.source, link.target)}
    depth = {key: 0 if key in linked else place for place, key in enumerate(keys)}
    for key in keys:
        if key not in linked:
            continue
        before = [
            depth[link.source] + 1
            for link in links
            if link.target == key and link.source in depth and order[link.source] < order[key]
        ]
        depth[key] = max(before, default=0)
    last = max(depth.values(), default=0)
    layers = [[key for key in keys if depth[key] == layer] for layer in range(last + 1)]
    return [layer for layer in layers if layer]


def _add_line(grid: Grid, columns: Sequence[Sequence[str]], stage: str) -> None:
    """Add a line; each element stands in the row of what leads to it when that is free."""
    line = len(grid.lines)
    grid.lines.append([list(column) for column in columns])
    grid.stages.append(stage)
    for number, column in enumerate(columns):
        taken: set[int] = set()
        for key in sorted(column, key=lambda k: _wish(grid, k, line)):
            box = grid.boxes[key]
            row = _wish(grid, key, line)
            while row in taken:
                row += 1
            taken.add(row)
            box.line, box.column, box.row = line, number, row


def _wish(grid: Grid, key: str, line: int) -> int:
    """Return the row that suits an element: of its first predecessor in the line, or below it."""
    for link in grid.links:
        source = grid.boxes[link.source]
        if link.target == key and source.line == line:
            return source.row + bool(link.port)
    return 0
