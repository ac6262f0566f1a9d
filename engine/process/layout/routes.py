"""
Flows led through the gaps of a grid, so that none crosses an element.

Between two columns lies a gap for vertical legs, above each line a channel for horizontal ones,
left of everything a margin. Legs that would lie on one another get tracks of their own; those
that share their source or their target share a track.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from engine.process.layout.grid import Box, Grid, Link

TRACK: Final = 12
"""Distance between neighbouring tracks."""
GAP: Final = 36
"""Least width of a gap between columns."""
NAMED_GAP: Final = 112
"""Least width of a gap in which the name of a flow stands."""
CHANNEL: Final = 44
"""Least height of a channel above a line."""
ROW: Final = 50
"""Free height between two rows: boundary events and labels hang there."""
HANG: Final = 34
"""How far below its element a flow leaves a boundary event."""

Place = tuple[Literal["gap", "channel", "margin"], int, int]
"""A gap (line, column it lies before), a channel (line it lies above, 0), or the margin."""
Point = tuple[int, int]


@dataclass(slots=True)
class Leg:
    """A stretch of a flow within a place: its track, and from where to where it reaches."""

    link: Link
    place: Place
    track: int = 0
    reach: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Plan:
    """The grid with its routes, and how wide everything has become."""

    grid: Grid
    legs: dict[str, list[Leg]] = field(default_factory=dict)
    rooms: dict[Place, int] = field(default_factory=dict)
    """Number of tracks by place."""
    tops: dict[tuple[int, int], int] = field(default_factory=dict)
    """Height at which a row of a line begins."""
    starts: dict[Place, int] = field(default_factory=dict)
    """Where a gap (x), a channel (y) or the margin (x) begins."""
    named: set[Place] = field(default_factory=set)
    """Gaps in which names of flows stand."""
    width: int = 0
    height: int = 0


def route(grid: Grid) -> Plan:
    """Return the plan of a grid: elements placed, flows on their tracks."""
    plan = Plan(grid)
    taken: defaultdict[tuple[int, int, int], list[Link]] = defaultdict(list)
    for link in grid.links:
        plan.legs[link.key] = [Leg(link, place) for place in _places(grid, link, taken)]
        if link.name:
            plan.named.add(plan.legs[link.key][0].place)
    for _ in range(2):
        _measure(plan)
        _reach(plan)
        _tracks(plan)
    _measure(plan)
    return plan


def _places(grid: Grid, link: Link, taken: dict[tuple[int, int, int], list[Link]]) -> list[Place]:
    """Return the gaps and channels a flow goes through, in order."""
    source, target = grid.boxes[link.source], grid.boxes[link.target]
    out: Place = ("gap", source.line, source.column + 1)
    into: Place = ("gap", target.line, target.column)
    if source.line != target.line:
        return _between_lines(source, target, out, into)
    if target.column == source.column + 1:
        return [out]
    if target.column > source.column:
        between = range(source.column + 1, target.column)
        for row, place in ((target.row, out), (source.row, into)):
            if not (link.port and place is into) and _clear(grid, link, between, row, taken):
                return [place]
    return [out, ("channel", source.line, 0), into]


def _clear(
    grid: Grid,
    link: Link,
    columns: range,
    row: int,
    taken: dict[tuple[int, int, int], list[Link]],
) -> bool:
    """Take a row straight through several columns, if neither element nor flow is in the way."""
    line = grid.boxes[link.source].line
    cells = [(line, column, row) for column in columns]
    others = [other for cell in cells for other in taken[cell]]
    if not grid.free(line, columns, row) or any(_apart(link, other) for other in others):
        return False
    for cell in cells:
        taken[cell].append(link)
    return True


def _between_lines(source: Box, target: Box, out: Place, into: Place) -> list[Place]:
    """Return the way to another line: the channel between neighbours, or around by the margin."""
    if target.line == source.line + 1:
        return [out, ("channel", target.line, 0), into]
    leaving = source.line + (target.line > source.line)
    return [out, ("channel", leaving, 0), ("margin", 0, 0), ("channel", target.line, 0), into]


def _apart(one: Link, other: Link) -> bool:
    """Tell whether two flows must not lie on one another."""
    return one.source != other.source and one.target != other.target


# sizes --------------------------------------------------------------------------------------------


def _measure(plan: Plan) -> None:
    """Place gaps, channels, columns and rows one after another; then the elements."""
    plan.starts[("margin", 0, 0)] = 0
    left = _room(plan, ("margin", 0, 0), 0)
    top = 0
    for number, columns in enumerate(plan.grid.lines):
        plan.starts[("channel", number, 0)] = top
        top += _room(plan, ("channel", number, 0), CHANNEL)
        top = _rows(plan, number, top)
        plan.width = max(plan.width, _columns(plan, number, columns, left))
    plan.starts[("channel", len(plan.grid.lines), 0)] = top
    plan.height = top + _room(plan, ("channel", len(plan.grid.lines), 0), 0)


def _room(plan: Plan, place: Place, least: int) -> int:
    """Return how much a place takes."""
    return max(least, (plan.rooms.get(place, 0) + 1) * TRACK)


def _rows(plan: Plan, line: int, top: int) -> int:
    """Place the rows of a line; return where it ends."""
    boxes = [box for box in plan.grid.boxes.values() if box.line == line]
    for row in range(max((box.row for box in boxes), default=0) + 1):
        height = max((box.height for box in boxes if box.row == row), default=0)
        for box in boxes:
            if box.row == row:
                box.y = top + (height - box.height) // 2
        plan.tops[line, row] = top + height // 2
        top += height + ROW
    return top


def _columns(plan: Plan, line: int, columns: Sequence[Sequence[str]], left: int) -> int:
    """Place the columns of a line and the gaps before them; return where the last gap ends."""
    for number, column in enumerate(columns):
        place: Place = ("gap", line, number)
        plan.starts[place] = left
        left += _room(plan, place, NAMED_GAP if place in plan.named else GAP)
        width = max(plan.grid.boxes[key].width for key in column)
        for key in column:
            box = plan.grid.boxes[key]
            box.x = left + (width - box.width) // 2
        left += width
    last: Place = ("gap", line, len(columns))
    plan.starts[last] = left
    return left + _room(plan, last, NAMED_GAP if last in plan.named else GAP)


# tracks -------------------------------------------------------------------------------------------


def _reach(plan: Plan) -> None:
    """Note from where to where each leg reaches in its place."""
    for link in plan.grid.links:
        points = points_of(plan, link)
        for number, leg in enumerate(plan.legs[link.key]):
            before, after = points[-2 * len(plan.legs[link.key]) - 1 + 2 * number :][:2]
            along = 0 if leg.place[0] == "channel" else 1
            leg.reach = (min(before[along], after[along]), max(before[along], after[along]))


def _tracks(plan: Plan) -> None:
    """Give each leg the first track on which it meets no flow that is not its own kind."""
    by_place: defaultdict[Place, list[Leg]] = defaultdict(list)
    for legs in plan.legs.values():
        for leg in legs:
            by_place[leg.place].append(leg)
    for place, legs in by_place.items():
        tracks: list[list[Leg]] = []
        for leg in sorted(legs, key=lambda leg: leg.reach):
            leg.track = next(
                (n for n, track in enumerate(tracks) if not any(_meet(leg, x) for x in track)),
                len(tracks),
            )
            if leg.track == len(tracks):
                tracks.append([])
            tracks[leg.track].append(leg)
        plan.rooms[place] = len(tracks)


def _meet(one: Leg, other: Leg) -> bool:
    """Tell whether two legs on one track would run into each other."""
    overlap = one.reach[0] <= other.reach[1] + TRACK and other.reach[0] <= one.reach[1] + TRACK
    return overlap and _apart(one.link, other.link)


def points_of(plan: Plan, link: Link) -> list[Point]:
    """Return the corners of a flow from its element to the next."""
    source, target = plan.grid.boxes[link.source], plan.grid.boxes[link.target]
    points = _leaving(source, link)
    for leg in plan.legs[link.key]:
        at = plan.starts[leg.place] + (leg.track + 1) * TRACK
        x, y = points[-1]
        points.append((x, at) if leg.place[0] == "channel" else (at, y))
    points.append((points[-1][0], target.middle))
    points.append((target.x, target.middle))
    return points


def _leaving(source: Box, link: Link) -> list[Point]:
    """Return where a flow leaves: the right side, or below the boundary event it comes from."""
    if not link.port:
        return [(source.right, source.middle)]
    x = port_of(source, link.port)
    return [(x, source.bottom + 18), (x, source.bottom + HANG)]


def port_of(box: Box, boundary: str) -> int:
    """Return the x of the centre of a boundary event, which sits on the lower edge of its host."""
    return box.right - 24 - 44 * box.boundaries.index(boundary)
