"""From a BPMN file to a picture of it."""

from pathlib import Path

import pytest

from engine.errors import DiagramRefused
from web.diagram import Box, Mark, Picture, read_picture

REVIEW = Path(__file__).parent / "diagrams" / "review.bpmn"

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
)


@pytest.fixture(scope="module")
def review() -> Picture:
    """Return the picture of a small cycle in three bands."""
    return read_picture(REVIEW.read_bytes())


def _drawn(inside: str, shapes: str) -> Picture:
    plane = f"<di:BPMNDiagram><di:BPMNPlane>{shapes}</di:BPMNPlane></di:BPMNDiagram>"
    return read_picture(f'{HEAD}<process id="p">{inside}</process>{plane}</definitions>'.encode())


def test_every_element_that_is_drawn_is_found(review: Picture) -> None:
    """Stages stand behind everything, tasks, events and gateways before it."""
    assert ["prepare", "organise", "review"] == [shape.key for shape in review.containers]
    assert 18 == len(review.nodes)
    assert 18 == len(review.lines)


def test_a_stage_carries_its_name(review: Picture) -> None:
    """The name of a group stands in its category."""
    assert "1. Подготовка" == review.containers[0].name


def test_a_long_name_is_written_in_lines(review: Picture) -> None:
    """No line of a task is wider than the task."""
    (shape,) = (shape for shape in review.nodes if shape.key == "train_staff")
    assert "Подготовка" == shape.lines[0]
    assert 5 == len(shape.lines)


def test_the_looks_say_what_the_element_is(review: Picture) -> None:
    """Style hangs on the kind, on instances, on interruption and on the marker of a gateway."""
    looks = {shape.key: shape.look.split() for shape in review.nodes}
    assert ["userTask", "several"] == looks["collect_data"]
    assert ["boundaryEvent", "beside"] == looks["withdrawn"]
    assert ["exclusiveGateway", "marked"] == looks["data_complete"]


def test_an_event_says_what_it_waits_for(review: Picture) -> None:
    """The icon of an event is that of its definition."""
    events = {shape.key: shape.event for shape in review.nodes if shape.event}
    assert {"started": "timer", "withdrawn": "message"} == events


def test_the_picture_holds_all_its_shapes(review: Picture) -> None:
    """Nothing is cut off, labels below events included."""
    for shape in (*review.containers, *review.nodes):
        assert review.box.around(shape.box) == review.box
    assert review.box.bottom > max(shape.box.bottom for shape in review.containers)


def test_a_part_holds_what_lies_around_its_shapes(review: Picture) -> None:
    """One band of a large diagram fits a phone; the rest is left out, lines through it are not."""
    band = review.part({review.group("2. Организация")})
    assert {"ask_experts", "sign_order", "fork", "choose_candidates", "train_staff", "meet"} == {
        shape.key for shape in band.nodes
    }
    assert {"f6", "f13"} <= {line.key for line in band.lines}
    assert "f17" not in {line.key for line in band.lines}


def test_a_part_around_nothing_is_the_whole(review: Picture) -> None:
    """A stage that the picture does not know hides nothing."""
    assert review == review.part({review.group("Неизвестный этап")})


def test_what_is_drawn_but_not_there_is_left_out() -> None:
    """A shape of an unknown element is ignored, and so is one without bounds."""
    picture = _drawn(
        '<task id="a" name="A"/>',
        '<di:BPMNShape bpmnElement="gone"><dc:Bounds x="0" y="0" width="9" height="9"/>'
        '</di:BPMNShape><di:BPMNShape bpmnElement="a"/>',
    )
    assert () == picture.nodes


def test_a_coordinate_that_is_no_number_is_zero() -> None:
    """A picture is drawn as well as it can be, never refused for its looks."""
    picture = _drawn(
        '<task id="a" name="A"/>',
        '<di:BPMNShape bpmnElement="a"><dc:Bounds x="east" y="5" width="9"/></di:BPMNShape>',
    )
    assert Box(0, 5, 9, 0) == picture.nodes[0].box


def test_a_file_without_a_drawing_is_an_empty_picture() -> None:
    """Generated diagrams may have none."""
    picture = read_picture(f'{HEAD}<process id="p"/></definitions>'.encode())
    assert ((), (), ()) == (picture.containers, picture.lines, picture.nodes)


def test_a_file_with_a_doctype_is_refused() -> None:
    """A picture is read as carefully as a process."""
    with pytest.raises(DiagramRefused):
        read_picture(b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>')


@pytest.mark.parametrize(
    ("mark", "look", "words"),
    [
        (Mark(), "", ""),
        (Mark(open=2), "active", "идёт сейчас"),
        (Mark(open=1, late=True), "late", "идёт сейчас, срок прошёл"),
        (Mark(done=1), "done", "пройдено"),
        (Mark(done=3), "done", "пройдено, раз: 3"),
        (Mark(open=1, done=1), "active", "идёт сейчас"),
    ],
)
def test_a_mark_is_a_class_and_words(mark: Mark, look: str, words: str) -> None:
    """What is going on is never told by colour alone; what is open comes before what is done."""
    assert (look, words) == (mark.look, mark.words)
