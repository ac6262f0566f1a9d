"""
A BPMN diagram as shapes and lines ready to be drawn: what is where, and its text in lines.

Only the drawing part of the file is read (BPMN DI); names are carried as text. The picture of
a version never changes; what is going on in a case is laid over it as marks.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from lxml.etree import _Element as Element

from engine.process.document import read_xml, tag
from web.lines import wrap

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
DD: Final = "{http://www.omg.org/spec/DD/20100524/DI}"

MARGIN: Final = 24
CONTAINERS: Final = ("participant", "lane", "subProcess", "transaction", "adHocSubProcess", "group")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in the units of the diagram."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Return its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def around(self, other: "Box") -> "Box":
        """Return the smallest box that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Box(x, y, right - x, bottom - y)

    def meets(self, other: "Box") -> bool:
        """Tell whether the two have something in common."""
        beside = self.right < other.x or other.right < self.x
        return not (beside or self.bottom < other.y or other.bottom < self.y)

    def grown(self, by: float) -> "Box":
        """Return the box with a margin on each side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Shape:
    """
    One element: ``kind`` is its BPMN tag, ``event`` what its event definition is (timer, …).

    ``look`` are the classes that its style hangs on; ``lines`` its wrapped name, in the shape or,
    of events and gateways, in ``label``.
    """

    key: str
    kind: str
    name: str
    box: Box
    look: str
    lines: tuple[str, ...]
    event: str = ""
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One flow: ``path`` is the ``d`` of an SVG path, ``box`` what it spans."""

    key: str
    kind: str
    path: str
    lines: tuple[str, ...]
    label: Box
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn version: containers stand behind the lines, the lines behind the nodes."""

    box: Box
    containers: tuple[Shape, ...]
    lines: tuple[Line, ...]
    nodes: tuple[Shape, ...]

    def part(self, keys: Collection[str]) -> "Picture":
        """Return only what lies around these shapes, or the whole without any of them."""
        shapes = (*self.containers, *self.nodes)
        boxes = [shape.box for shape in shapes if shape.key in keys]
        if not boxes:
            return self
        around = _union(boxes).grown(MARGIN)
        return Picture(
            around,
            tuple(shape for shape in self.containers if shape.box.meets(around)),
            tuple(line for line in self.lines if line.box.meets(around)),
            tuple(shape for shape in self.nodes if shape.box.meets(around)),
        )

    def group(self, name: str) -> str:
        """Return the key of the group with this name, empty without one."""
        return next((g.key for g in self.containers if g.kind == "group" and g.name == name), "")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is going on at an element: tasks open now, whether one is late, rounds done, a link."""

    open: int = 0
    late: bool = False
    done: int = 0
    link: str = ""

    @property
    def look(self) -> str:
        """Return the class of its style."""
        return "late" if self.late else "active" if self.open else "done" if self.done else ""

    @property
    def words(self) -> str:
        """Return the state in words, for those who do not see the colour."""
        if self.open:
            return "идёт сейчас, срок прошёл" if self.late else "идёт сейчас"
        return "пройдено" if self.done == 1 else f"пройдено, раз: {self.done}" if self.done else ""


Marks = Mapping[str, Mark]
NOTHING: Final = Mark()


@dataclass(slots=True)
class _Found:
    """Shapes and lines while the file is read."""

    containers: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    nodes: list[Shape] = field(default_factory=list)


def read_picture(raw: bytes, name: str = "") -> Picture:
    """
    Read the drawing of a BPMN file.

    Raises:
        DiagramRefused: The file cannot be read safely.
    """
    root = read_xml(raw, name)
    elements = {key: e for e in root.iter(f"{BPMN}*") if (key := e.get("id"))}
    found = _Found()
    # Further planes are the insides of collapsed sub-processes.
    plane = root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    for drawn in () if plane is None else plane.iterchildren(f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        element = elements.get((drawn.get("bpmnElement") or "").rpartition(":")[2])
        if element is not None:
            _add(found, element, drawn, elements)
    return Picture(_bounds(found), tuple(found.containers), tuple(found.lines), tuple(found.nodes))


def _add(found: _Found, element: Element, drawn: Element, elements: Mapping[str, Element]) -> None:
    if tag(drawn) == "BPMNEdge":
        found.lines.append(_line(element, drawn))
    elif (bounds := _box(drawn)) is not None:
        shape = _shape(element, drawn, bounds, elements)
        (found.containers if "container" in shape.look else found.nodes).append(shape)


def _shape(element: Element, drawn: Element, box: Box, elements: Mapping[str, Element]) -> Shape:
    kind, name = tag(element), _name(element, elements)
    look = " ".join(_looks(element, drawn, kind))
    label = None
    if kind.endswith(("Event", "Gateway")) or kind.startswith("data"):
        label = _label(drawn) or Box(box.middle[0] - 60, box.bottom + 4, 120, 14)
        lines = wrap(name, max(label.width, 90), 4, size=11)
    elif "container" in look:
        lines = (name,) if name else ()
    else:
        lines = _fitted(name, box)
    return Shape(element.get("id", ""), kind, name, box, look, lines, _event(element), label)


def _fitted(name: str, box: Box) -> tuple[str, ...]:
    """Return a name broken to fit a box of lines 13 high, with room for an icon above."""
    return wrap(name, box.width - 12, max(1, int((box.height - 8) // 13)), size=11.5)


def _looks(element: Element, drawn: Element, kind: str) -> Iterator[str]:
    yield kind
    if kind in CONTAINERS and (
        kind in ("participant", "lane", "group") or drawn.get("isExpanded") == "true"
    ):
        yield "container"
    if kind in ("participant", "lane") and drawn.get("isHorizontal", "true") == "true":
        yield "sideways"
    if element.get("triggeredByEvent") == "true":
        yield "on-event"
    if "false" in (element.get("cancelActivity"), element.get("isInterrupting")):
        yield "beside"
    if drawn.get("isMarkerVisible") == "true":
        yield "marked"
    for loop in element.iterchildren(f"{BPMN}multiInstanceLoopCharacteristics"):
        yield "one-by-one" if loop.get("isSequential") == "true" else "several"
    for _ in element.iterchildren(f"{BPMN}standardLoopCharacteristics"):
        yield "again"


def _line(element: Element, drawn: Element) -> Line:
    points = [_point(at) for at in drawn.iterchildren(f"{DD}waypoint")]
    path = "".join(f"{'L' if n else 'M'}{x:g} {y:g}" for n, (x, y) in enumerate(points))
    label = _label(drawn) or _beside(points)
    lines = wrap(element.get("name") or "", max(label.width, 90), 3, size=11)
    span = _union([Box(x, y, 0, 0) for x, y in points])
    return Line(element.get("id", ""), tag(element), path, lines, label, span)


def _beside(points: list[tuple[float, float]]) -> Box:
    """Return where to write the name of a flow that has no place of its own: at its middle."""
    if len(points) < 2:
        return Box(0, 0, 90, 14)
    (x1, y1), (x2, y2) = points[(len(points) - 1) // 2], points[(len(points) + 1) // 2]
    return Box((x1 + x2) / 2 - 45, (y1 + y2) / 2 - 16, 90, 14)


def _name(element: Element, elements: Mapping[str, Element]) -> str:
    if tag(element) == "textAnnotation":
        return (element.findtext(f"{BPMN}text") or "").strip()
    category = elements.get(element.get("categoryValueRef") or "")
    name = element.get("name") if category is None else category.get("value")
    return " ".join((name or "").split())


def _event(element: Element) -> str:
    for inner in element.iterchildren(f"{BPMN}*"):
        if tag(inner).endswith("EventDefinition"):
            return tag(inner).removesuffix("EventDefinition")
    return ""


def _box(drawn: Element) -> Box | None:
    bounds = drawn.find(f"{DC}Bounds")
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds, name) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _label(drawn: Element) -> Box | None:
    label = drawn.find(f"{DI}BPMNLabel")
    return None if label is None else _box(label)


def _point(at: Element) -> tuple[float, float]:
    return _number(at, "x"), _number(at, "y")


def _number(element: Element, name: str) -> float:
    """Return a coordinate; one that is no number stands at zero, a picture is never refused."""
    try:
        return float(element.get(name) or 0)
    except ValueError:
        return 0.0


def _bounds(found: _Found) -> Box:
    boxes = [shape.box for shape in (*found.containers, *found.nodes)]
    boxes += [shape.label for shape in found.nodes if shape.label and shape.lines]
    return _union(boxes).grown(MARGIN)


def _union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all, an empty one for none."""
    return reduce(Box.around, boxes) if boxes else Box(0, 0, 0, 0)
