"""Layout: what a reader of a laid out diagram may rely on."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.process.layout import lay_out

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
HERE = Path(__file__).parent
DIAGRAMS = sorted((HERE.parent / "conformance" / "own").glob("*.bpmn"))
CYCLES = sorted((HERE.parent.parent / "bpmn" / "cycles").glob("*.bpmn"))

Area = tuple[float, float, float, float]


class Drawn:
    """A laid out file, read back: areas of shapes and corners of flows by element."""

    def __init__(self, xml: bytes) -> None:
        self.root = etree.fromstring(lay_out(xml))
        self.elements = {e.get("id"): e for e in self.root.iter(f"{MODEL}*") if e.get("id")}
        self.shapes = {
            s.get("bpmnElement", ""): self.area(s) for s in self.root.iter(f"{DI}BPMNShape")
        }
        self.edges = {
            e.get("bpmnElement", ""): [
                (float(p.get("x", "")), float(p.get("y", ""))) for p in e.iter(f"{DD}waypoint")
            ]
            for e in self.root.iter(f"{DI}BPMNEdge")
        }

    @staticmethod
    def area(shape: etree._Element) -> Area:
        """Return left, top, right and bottom."""
        bounds = shape.find(f"{DC}Bounds")
        assert bounds is not None
        x, y, w, h = (float(bounds.get(n, "")) for n in ("x", "y", "width", "height"))
        return x, y, x + w, y + h

    def tag(self, key: str) -> str:
        """Return the tag name of an element."""
        return etree.QName(self.elements[key]).localname

    def solid(self) -> dict[str, Area]:
        """Return what flows must go around: everything but groups, boundaries and containers."""
        return {
            k: a
            for k, a in self.shapes.items()
            if self.tag(k) not in {"group", "boundaryEvent"}
            and not any(c.get("id") in self.shapes for c in self.elements[k])
        }


@pytest.fixture(params=DIAGRAMS + CYCLES, ids=lambda path: path.stem)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """Return a diagram of the conformance suite or a cycle, laid out."""
    return Drawn(request.param.read_bytes())


def test_every_element_and_flow_has_a_place(drawn: Drawn) -> None:
    """Nothing of the process is left out of the picture."""
    process = drawn.root.find(f"{MODEL}process")
    assert process is not None
    named = {"sequenceFlow", "userTask", "startEvent", "endEvent", "exclusiveGateway", "subProcess"}
    wanted = {e.get("id") for e in process.iter() if etree.QName(e).localname in named}
    assert wanted <= drawn.shapes.keys() | drawn.edges.keys()


def test_no_two_elements_overlap(drawn: Drawn) -> None:
    """Elements stand apart from one another."""
    for (one, a), (other, b) in combinations(drawn.solid().items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} lies on {other}"


def test_no_flow_crosses_an_element(drawn: Drawn) -> None:
    """A flow touches only the two elements that it connects."""
    for key, points in drawn.edges.items():
        flow = drawn.elements[key]
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        for element, (left, top, right, bottom) in drawn.solid().items():
            if element in ends or drawn.elements.get(element) is None:
                continue
            for (x1, y1), (x2, y2) in pairwise(points):
                through = (
                    min(x1, x2) < right - 1
                    and max(x1, x2) > left + 1
                    and min(y1, y2) < bottom - 1
                    and max(y1, y2) > top + 1
                )
                assert not through, f"{key} runs through {element}"


def test_flows_run_square(drawn: Drawn) -> None:
    """Every stretch of a flow is horizontal or vertical."""
    for key, points in drawn.edges.items():
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, key


def test_a_second_layout_changes_nothing() -> None:
    """Layout of a laid out file gives the same bytes."""
    once = lay_out(DIAGRAMS[0].read_bytes())
    assert once == lay_out(once)
