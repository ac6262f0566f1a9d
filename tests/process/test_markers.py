"""Loop markers: how often, over what, until when, with what results."""

import pytest

from engine.process.compile import compile_bpmn
from engine.process.model import Event, Loop
from tests.process.drawing import body, diagram, multi, signal, standard, user
from tests.process.refusing import process


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (standard("x", 3, before=True), Loop("standard", "x", test_before=True, maximum=3)),
        (multi(count_of="3", sequential=True), Loop("sequential", cardinality="3")),
        (multi("xs", until="${n > 1}"), Loop("parallel", "n > 1", items="xs", item="item")),
        (
            multi("xs", result="mark"),
            Loop("parallel", items="xs", item="item", results="marks", result="mark"),
        ),
    ],
)
def test_a_marker_is_read(marker: str, expected: Loop) -> None:
    """Condition, count or list, the names of one item and one result."""
    assert (
        expected
        == compile_bpmn(diagram(user("a", marker), chain="start > a > end")).nodes["a"].loop
    )


def test_a_list_may_come_through_an_input() -> None:
    """A reference to an input of the activity means the variable that is associated with it."""
    inner = (
        '<ioSpecification><dataInput id="in1"/><dataOutput id="out1"/>'
        "<inputSet><dataInputRefs>in1</dataInputRefs></inputSet>"
        "<outputSet><dataOutputRefs>out1</dataOutputRefs></outputSet></ioSpecification><dataInputAssociation><targetRef>in1</targetRef></dataInputAssociation>"
        "<dataInputAssociation><sourceRef>ref</sourceRef><targetRef>in1</targetRef>"
        "</dataInputAssociation><dataOutputAssociation><sourceRef>out1</sourceRef>"
        "<targetRef>res</targetRef></dataOutputAssociation>"
        "<multiInstanceLoopCharacteristics><loopDataInputRef>in1</loopDataInputRef>"
        "<loopDataOutputRef>out1</loopDataOutputRef><inputDataItem id='i' name='one'/>"
        "<outputDataItem id='o'/></multiInstanceLoopCharacteristics>"
    )
    objects = (
        '<dataObject id="d1" name="experts"/><dataObjectReference id="ref" dataObjectRef="d1"/>'
        '<dataObject id="res" name="marks"/>'
    )
    loop = compile_bpmn(diagram(user("a", inner), objects, chain="start > a > end")).nodes["a"].loop
    assert Loop("parallel", items="experts", item="one", results="marks", result="o") == loop


def test_nameless_items_of_no_list_say_nothing() -> None:
    """Some modelers always write both items, without names, beside a count."""
    inner = '<loopCardinality>2</loopCardinality><inputDataItem id="i"/><outputDataItem id="o"/>'
    marker = f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"
    loop = compile_bpmn(diagram(user("a", marker), chain="start > a > end")).nodes["a"].loop
    assert Loop("parallel", cardinality="2") == loop


def test_behaviour_is_read_with_its_events() -> None:
    """None and One throw one event, Complex each under its condition."""
    tag = "multiInstanceLoopCharacteristics"
    one = f'<{tag} behavior="One" oneBehaviorEventRef="s"><loopCardinality>2</loopCardinality></{tag}>'
    many = (
        f'<{tag} behavior="Complex"><loopCardinality>2</loopCardinality>'
        f'<complexBehaviorDefinition id="c1"><condition>x</condition><event id="e1">{signal()}{signal()}</event>'
        f"</complexBehaviorDefinition></{tag}>"
    )
    xml = process(
        body(user("a", one), user("b", many), chain="start > a > b > end"),
        '<signal id="sg" name="sg"/><signalEventDefinition id="s" signalRef="sg"/>',
    )
    nodes = compile_bpmn(xml).nodes
    thrown = Event("signal", "sg")
    assert (
        Loop("parallel", cardinality="2", throws=(("", thrown),), first_only=True)
        == nodes["a"].loop
    )
    assert (
        Loop("parallel", cardinality="2", throws=(("x", thrown), ("x", thrown))) == nodes["b"].loop
    )
