"""Layout of a whole BPMN file: sub-processes inside out, then the process, written as BPMN DI."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from engine.process.layout.grid import Box, Link, arrange
from engine.process.layout.routes import Plan, Point, points_of, port_of, route
from engine.process.model import ACTIVITIES, GATEWAYS, Kind

MODEL: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
OURS: Final = "{https://tsikl.ru/schema/bpmn/1}"
TASK, EVENT, GATEWAY = (150, 80), (36, 36), (50, 50)
PAD: Final = 24
"""Free room inside an expanded sub-process; its heading takes as much again."""
LABEL: Final = (130, 28)
NAME: Final = (96, 14)
LETTERS: Final = 15
"""As many stand in one line of a name."""
DIRECT: Final = 4
"""Corners of a flow to the next column."""

Area = tuple[int, int, int, int]
"""x, y, width, height"""


@dataclass(slots=True)
class Drawing:
    """What is drawn of a container: shapes and flows, from its own corner."""

    width: int = 0
    height: int = 0
    shapes: dict[str, Area] = field(default_factory=dict)
    labels: dict[str, Area] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    bands: dict[str, Area] = field(default_factory=dict)

    def take(self, inner: "Drawing", x: int, y: int) -> None:
        """Add what is drawn in a sub-process whose corner lies at x, y."""
        for mine, theirs in ((self.shapes, inner.shapes), (self.labels, inner.labels)):
            mine.update({k: (a[0] + x, a[1] + y, a[2], a[3]) for k, a in theirs.items()})
        self.edges.update({k: [(p + x, q + y) for p, q in e] for k, e in inner.edges.items()})


def lay_out(xml: bytes) -> bytes:
    """
    Return a BPMN file with positions for its first process, replacing any that it has.

    Args:
        xml: A file that the front door accepts; it is not checked again.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    root = etree.fromstring(xml, parser)
    for old in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(old)
    process = root.find(f"{MODEL}process")
    if process is not None:
        root.append(_diagram(process, _draw(process)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


# placing ------------------------------------------------------------------------------------------


def _draw(container: etree._Element) -> Drawing:
    """Place everything in a process or sub-process."""
    nodes = {e.get("id", ""): e for e in container if _tag(e) in set(Kind)}
    hosts = {k: e.get("attachedToRef", "") for k, e in nodes.items() if _tag(e) == Kind.BOUNDARY}
    inner = {
        k: _draw(e)
        for k, e in nodes.items()
        if e.find(f"{MODEL}*[@id]") is not None
        and _tag(e) in {Kind.SUB, Kind.TRANSACTION, Kind.AD_HOC}
    }
    stages = _stages(nodes, hosts)
    boxes = [
        Box(
            key,
            *_size(element, inner.get(key)),
            stages[key],
            tuple(b for b, host in hosts.items() if host == key),
        )
        for key, element in nodes.items()
        if key not in hosts
    ]
    links = [_link(flow, hosts) for flow in container.findall(f"{MODEL}sequenceFlow")]
    return _drawing(route(arrange(boxes, links)), nodes, inner)


def _stages(nodes: Mapping[str, etree._Element], hosts: Mapping[str, str]) -> dict[str, str]:
    """Return each element's stage: its own, of the work in it, or of what stands before it."""
    found, stage = {}, ""
    for key, element in nodes.items():
        work = element.find(f".//{MODEL}extensionElements/{OURS}*[@stage]")
        if work is not None:
            stage = work.get("stage", "")
        found[key] = "" if element.get("triggeredByEvent") == "true" else stage
    first = next((s for s in found.values() if s), "")
    early = {k for k, s in found.items() if not s and nodes[k].get("triggeredByEvent") != "true"}
    return {k: first if k in early else s for k, s in found.items() if k not in hosts}


def _size(element: etree._Element, inner: Drawing | None) -> tuple[int, int]:
    """Return the width and height of an element."""
    if inner:
        return inner.width + 2 * PAD, inner.height + 2 * PAD
    kind = _tag(element)
    return TASK if kind in ACTIVITIES else GATEWAY if kind in GATEWAYS else EVENT


def _link(flow: etree._Element, hosts: Mapping[str, str]) -> Link:
    """Return a flow; one that leaves a boundary event leaves its host by that port."""
    source = flow.get("sourceRef", "")
    port = source if source in hosts else ""
    target, name = flow.get("targetRef", ""), flow.get("name", "")
    return Link(flow.get("id", ""), hosts.get(source, source), target, port, name)


def _drawing(
    plan: Plan, nodes: Mapping[str, etree._Element], inner: Mapping[str, Drawing]
) -> Drawing:
    """Return shapes, labels and flows of a finished plan."""
    drawn = Drawing(plan.width, plan.height)
    for box in plan.grid.boxes.values():
        drawn.shapes[box.key] = (box.x, box.y, box.width, box.height)
        for boundary in box.boundaries:
            drawn.shapes[boundary] = (port_of(box, boundary) - 18, box.bottom - 18, *EVENT)
        if box.key in inner:
            drawn.take(inner[box.key], box.x + PAD, box.y + PAD)
    for key in nodes:
        if _tag(nodes[key]) not in ACTIVITIES and nodes[key].get("name"):
            drawn.labels[key] = _label(drawn.shapes[key], above=_tag(nodes[key]) in GATEWAYS)
    below: Counter[str] = Counter()
    for link in plan.grid.links:
        points = points_of(plan, link)
        drawn.edges[link.key] = _corners(points)
        if link.name:
            height = NAME[1] * (1 + len(link.name) // LETTERS)
            down = None if len(points) == DIRECT else below[link.source]
            drawn.labels[link.key] = _name(points, height, down)
            below[link.source] += 0 if down is None else height
    drawn.bands = {s: _band(plan, s) for s in dict.fromkeys(plan.grid.stages) if s}
    return drawn


def _label(shape: Area, *, above: bool) -> Area:
    """Return where the name of an event (below) or gateway (above) stands."""
    x, y, width, height = shape
    left = x + width // 2 - LABEL[0] // 2
    return (left, y - LABEL[1] - 4 if above else y + height + 4, *LABEL)


def _name(points: list[Point], height: int, down: int | None) -> Area:
    """Return where a flow's name stands: above its last stretch, or so far below its first."""
    if down is None:
        return points[2][0] + 3, points[2][1] - 3 - height, NAME[0], height
    return points[0][0] + 3, points[0][1] + 3 + down, NAME[0], height


def _corners(points: list[Point]) -> list[Point]:
    """Leave out points that lie on the straight line between their neighbours."""
    kept = points[:1]
    for here, after in zip(points[1:], [*points[2:], None], strict=True):
        before = kept[-1]
        if after and (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            continue
        if here != before:
            kept.append(here)
    return kept


def _band(plan: Plan, stage: str) -> Area:
    """Return the area of a stage: its lines from edge to edge."""
    lines = [n for n, s in enumerate(plan.grid.stages) if s == stage]
    top = plan.starts["channel", lines[0], 0] + 8
    bottom = plan.starts["channel", lines[-1] + 1, 0]
    left = plan.starts["gap", 0, 0]
    return left, top, plan.width - left, bottom - top


# writing ------------------------------------------------------------------------------------------


def _diagram(process: etree._Element, drawn: Drawing) -> etree._Element:
    """Return the BPMN DI of a drawing."""
    diagram = etree.Element(f"{{{DI}}}BPMNDiagram", nsmap={"bpmndi": DI, "dc": DC, "di": DD})
    diagram.set("id", "diagram")
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id="plane")
    plane.set("bpmnElement", process.get("id", ""))
    for group, stage in _groups(process):
        if stage in drawn.bands:
            _shape(plane, group, drawn.bands[stage])
    for element in _in_order(process):
        key = element.get("id", "")
        if key in drawn.shapes:
            _marked(_shape(plane, key, drawn.shapes[key], drawn.labels.get(key)), element, drawn)
        elif key in drawn.edges:
            _edge(plane, key, drawn.edges[key], drawn.labels.get(key))
    return diagram


def _in_order(container: etree._Element) -> Iterator[etree._Element]:
    """Yield elements and flows, each sub-process before what is in it."""
    for element in container:
        if element.get("id") and isinstance(element.tag, str):
            yield element
            yield from _in_order(element)


def _groups(process: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield each group with the stage it frames: the category value's name, or id, of a stage."""
    root = process.getroottree().getroot()
    values = {v.get("id", ""): v.get("value", "") for v in root.iter(f"{MODEL}categoryValue")}
    stages = {s.get("name", ""): s.get("id", "") for s in process.iter(f"{OURS}stage")}
    for group in process.findall(f"{MODEL}group"):
        value = values.get(group.get("categoryValueRef", ""), "")
        yield group.get("id", ""), stages.get(value, value)


def _shape(
    plane: etree._Element, key: str, area: Area, label: Area | None = None
) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
    _bounds(shape, area)
    if label:
        _bounds(etree.SubElement(shape, f"{{{DI}}}BPMNLabel"), label)
    return shape


def _marked(shape: etree._Element, element: etree._Element, drawn: Drawing) -> None:
    """Say how a modeler shows a gateway or a sub-process."""
    if _tag(element) == Kind.EXCLUSIVE:
        shape.set("isMarkerVisible", "true")
    elif any(child.get("id") in drawn.shapes for child in element):
        shape.set("isExpanded", "true")


def _bounds(parent: etree._Element, area: Area) -> None:
    names = ("x", "y", "width", "height")
    attributes = {name: str(value) for name, value in zip(names, area, strict=True)}
    etree.SubElement(parent, f"{{{DC}}}Bounds", attributes)


def _edge(plane: etree._Element, key: str, points: list[Point], label: Area | None) -> None:
    edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"{key}_di", bpmnElement=key)
    for x, y in points:
        etree.SubElement(edge, f"{{{DD}}}waypoint", x=str(x), y=str(y))
    if label:
        _bounds(etree.SubElement(edge, f"{{{DI}}}BPMNLabel"), label)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
