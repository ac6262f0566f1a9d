"""What a diagram becomes: nodes, flows, bodies, events, and what is reached from where."""

import pytest

from engine.errors import DiagramRefused
from engine.process.compile import Draft, compile_bpmn, finish, read
from engine.process.document import Document, read_xml
from engine.process.host import Host
from engine.process.model import Definition, Event, Flow, Kind
from tests.process.drawing import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
    body,
    boundary,
    catch,
    condition,
    cycle,
    diagram,
    element,
    end,
    error,
    escalation,
    handler,
    link,
    message,
    par,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.process.refusing import process


def compiled(xml: bytes, prefix: str = "") -> Definition:
    """Return the definition of a file whose keys begin with a prefix."""
    host, draft = Host(), Draft()
    read(draft, Document(read_xml(xml, "test.bpmn"), host, prefix))
    return finish(draft, Host(late=True)) if not prefix else _whole(draft)


def _whole(draft: Draft) -> Definition:
    """Return the definition of a called file alone."""
    draft.processes.append("p")
    return finish(draft, Host())


# nodes and flows --------------------------------------------------------------------------------


def test_elements_keep_document_order() -> None:
    """Order of the file is order of the definition: an exclusive choice depends on it."""
    xml = diagram(
        xor("g", default="c"),
        user("a"),
        user("b"),
        user("c"),
        chain="start > g > b > end, g > a > end, g > c > end",
        g__a="x",
        g__b="y",
    )
    definition = compile_bpmn(xml)
    gateway = definition.nodes["g"]
    assert ["g__b", "g__a", "g__c"] == [flow.key for flow in gateway.outflows]
    assert "g__c" == gateway.default
    assert Flow("g__b", "g", "b", "y") == gateway.outflows[0]
    assert ["b__end", "a__end", "c__end"] == [one.key for one in definition.nodes["end"].inflows]


def test_flows_without_ids_stay_apart() -> None:
    """Two arrows without an id between the same elements are two arrows."""
    flow = '<sequenceFlow sourceRef="{}" targetRef="{}"/>'.format
    inside = start() + par("g") + par("j") + end() + flow("start", "g")
    inside += flow("g", "j") + flow("g", "j") + flow("j", "end")
    nodes = compile_bpmn(process(inside)).nodes
    assert ["g>j#5", "g>j#6"] == [one.key for one in nodes["j"].inflows]


@pytest.mark.parametrize("written", ["x > 1", "${x > 1}", "#{x > 1}", "= x > 1", " x > 1\n"])
def test_a_condition_is_stored_bare(written: str) -> None:
    """However a modeler wraps it, the condition is one expression."""
    xml = diagram(user("a"), chain="start > a > end", a__end=written)
    assert "x > 1" == compile_bpmn(xml).nodes["a"].outflows[0].condition


def test_names_are_for_people() -> None:
    """An element without a name is shown by its id."""
    inside = body('<userTask id="a"/>', element("userTask", "b"), chain="start > a > b > end")
    nodes = compile_bpmn(process(inside.replace('name="b"', 'name="Подписать приказ"'))).nodes
    assert ("a", "Подписать приказ") == (nodes["a"].name, nodes["b"].name)


def test_the_innermost_lane_counts() -> None:
    """A lane of a lane is nearer; what is inside a sub-process is in the lane of its outside."""
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Школа"><flowNodeRef>a</flowNodeRef>'
        "<flowNodeRef>s</flowNodeRef><childLaneSet id='cs'><lane id='l2' name='Директор'>"
        "<flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane>"
        "<lane id='l3'><flowNodeRef>b</flowNodeRef></lane></laneSet>"
    )
    inside = body(user("a"), sub("s", user("c")), user("b"), chain="start > a > s > b > end")
    nodes = compile_bpmn(process(lanes + inside)).nodes
    assert ["Директор", "Школа", "Школа", "l3", ""] == [
        nodes[key].lane for key in ("a", "s", "c", "b", "start")
    ]


def test_flags_and_quantities_reach_the_node() -> None:
    """XML writes true as 1 as well."""
    xml = diagram(
        user("a", startQuantity="2", completionQuantity="3"),
        catch("c", message() + signal(), parallelMultiple="1"),
        boundary("b", "a", message(), interrupting=False),
        chain="start > a > c > end, b > end",
    )
    nodes = compile_bpmn(xml).nodes
    assert (2, 3, ("b",)) == (nodes["a"].needs, nodes["a"].quantity, nodes["a"].boundaries)
    assert (False, "a", True) == (
        nodes["b"].interrupting,
        nodes["b"].attached,
        nodes["c"].all_events,
    )


def test_only_executable_processes_run() -> None:
    """A pool that only shows the other side is not run; one that says 1 is."""
    other = f'<process id="q">{start("s2")}</process>'
    third = f'<process id="r" isExecutable="1">{start("s3")}{end("e3")}<sequenceFlow id="f3" sourceRef="s3" targetRef="e3"/></process>'
    xml = diagram(chain="start > end").replace(
        b"</definitions>", (other + third + "</definitions>").encode()
    )
    assert ("p", "r") == compile_bpmn(xml).processes


def test_a_called_file_has_keys_of_its_own() -> None:
    """Everything inside is prefixed, since each file has its own start; the process is not."""
    xml = diagram(
        user("a", default="a__end"),
        script("undo", isForCompensation="true"),
        boundary("cb", "a", COMPENSATE),
        boundary("b", "a", timer("P1D")),
        throw("t", '<compensateEventDefinition activityRef="a"/>'),
        sub("s", user("c")),
        '<association id="as" sourceRef="cb" targetRef="undo"/>',
        chain="start > a > end, a > s > t > end, b > end",
        a__s="x",
    )
    definition = compiled(xml, prefix="q/")
    a = definition.nodes["q/a"]
    assert ("q/a__end", ("q/b",), "q/undo") == (a.default, a.boundaries, a.handler)
    assert ("p", "q/a") == (a.body, definition.nodes["q/b"].attached)
    assert Flow("q/a__s", "q/a", "q/s", "x") == a.outflows[1]
    assert (Event("compensate", "q/a"),) == definition.nodes["q/t"].events
    assert {"p", "q/s"} == set(definition.bodies)
    assert ("q/start",) == definition.bodies["p"].starts


# bodies -----------------------------------------------------------------------------------------


def test_a_body_starts_where_nothing_leads() -> None:
    """Without a start event, elements without arrows into them begin."""
    xml = diagram(
        sub("s", user("a"), body(user("b"), user("c"), chain="b > c")), chain="start > s > end"
    )
    bodies = compile_bpmn(xml).bodies
    assert (("start",), ("a", "b")) == (bodies["p"].starts, bodies["s"].starts)


def test_a_body_knows_what_stands_beside_the_flow() -> None:
    """Event sub-processes with their starts, links by name, declared data."""
    xml = process(
        '<property id="pr" name="note"/><dataObject id="d1" name="score"/><dataObject id="d2"/>'
        '<property id="ph" name="__targetRef_placeholder"/>'
        + body(
            throw("l1", link("L")),
            catch("l2", link("L")),
            handler("h", message()),
            chain="start > l1, l2 > end",
        ),
        '<message id="msg" name="msg"/>',
    )
    body_of = compile_bpmn(xml).bodies["p"]
    assert (("h", "on_h"),) == body_of.event_subs
    assert {"L": "l2"} == body_of.links
    assert ("note", "score", "d2") == body_of.data


def test_an_ad_hoc_body_says_when_and_how() -> None:
    """Order and completion condition of an ad hoc sub-process."""
    inner = user("a") + user("b") + "<completionCondition>${done}</completionCondition>"
    xml = diagram(
        element("adHocSubProcess", "s", inner, ordering="Sequential"), chain="start > s > end"
    )
    found = compile_bpmn(xml).bodies["s"]
    assert (True, "done", True) == (found.ad_hoc, found.until, found.one_at_a_time)


def test_an_event_sub_process_is_a_kind_of_its_own() -> None:
    """What ``triggeredByEvent`` says makes another kind; written out as false it does not."""
    xml = diagram(
        sub("s", user("a"), triggeredByEvent="false"),
        handler("h", message()),
        chain="start > s > end",
    )
    nodes = compile_bpmn(xml).nodes
    assert (Kind.SUB, Kind.EVENT_SUB) == (nodes["s"].kind, nodes["h"].kind)


# events -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (timer("P1D"), Event("timer", text="P1D", form="timeDuration")),
        (timer("= due"), Event("timer", text="=due", form="timeDuration")),
        (timer("${ due }", "timeDate"), Event("timer", text="=due", form="timeDate")),
        (cycle("R3/P1D"), Event("timer", text="R3/P1D", form="timeCycle")),
        (cycle("= rhythm"), Event("timer", text="=rhythm", form="timeCycle")),
        (message(), Event("message", "msg")),
        (signal(), Event("signal", "sg")),
        (condition("${x}"), Event("conditional", text="x")),
    ],
)
def test_a_caught_event_is_read(definition: str, expected: Event) -> None:
    """Each kind keeps what it is about."""
    xml = diagram(catch("e", definition), chain="start > e > end")
    assert (expected,) == compile_bpmn(xml).nodes["e"].events


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (error(), Event("error", "ER")),
        (escalation(), Event("escalation", "ES")),
        (message(), Event("message", "msg")),
        (signal(), Event("signal", "sg")),
        (COMPENSATE, Event("compensate")),
        (TERMINATE, Event("terminate")),
    ],
)
def test_a_thrown_event_is_read(definition: str, expected: Event) -> None:
    """Errors and escalations go by their codes."""
    xml = diagram(end("e", definition), chain="start > e")
    assert (expected,) == compile_bpmn(xml).nodes["e"].events


def test_an_error_without_a_code_is_any() -> None:
    """A boundary event without a reference, or with one that has no code, catches every error."""
    xml = process(
        body(
            sub("s", end("x", error("er"))),
            boundary("b", "s", error("")),
            boundary("c", "s", error("er0")),
            chain="start > s > end, b > end, c > end",
        ),
        '<error id="er" errorCode="ER"/><error id="er0"/>',
    )
    nodes = compile_bpmn(xml).nodes
    assert ((Event("error"),), (Event("error"),)) == (nodes["b"].events, nodes["c"].events)


def test_a_definition_may_stand_elsewhere() -> None:
    """``eventDefinitionRef`` is resolved: at the root, and by a qualified name."""
    xml = process(
        body(catch("e", "<eventDefinitionRef>x:t1</eventDefinitionRef>"), chain="start > e > end"),
        '<timerEventDefinition id="t1"><timeDuration>P1D</timeDuration></timerEventDefinition>',
    )
    expected = Event("timer", text="P1D", form="timeDuration")
    assert (expected,) == compile_bpmn(xml).nodes["e"].events


def test_compensation_is_drawn_by_an_association() -> None:
    """The handler is found from its event, also when the definition stands elsewhere."""
    xml = process(
        body(
            script("a"),
            script("undo", isForCompensation="true"),
            boundary("b", "a", "<eventDefinitionRef>cd</eventDefinitionRef>"),
            '<association id="note" sourceRef="x" targetRef="a"/>',
            '<association id="as" sourceRef="b" targetRef="undo"/>',
            chain="start > a > end",
        ),
        '<compensateEventDefinition id="cd"/>',
    )
    nodes = compile_bpmn(xml).nodes
    assert ("undo", (), True) == (
        nodes["a"].handler,
        nodes["a"].boundaries,
        nodes["undo"].is_handler,
    )


CORRELATED = (
    '<message id="m1" name="answer"/><message id="m2" name="question"/>'
    '<correlationProperty id="cp1" name="school">'
    '<correlationPropertyRetrievalExpression messageRef="m1"><messagePath>school_id</messagePath>'
    "</correlationPropertyRetrievalExpression>"
    '<correlationPropertyRetrievalExpression messageRef="m2"><formalExpression>asked</formalExpression>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
    '<correlationProperty id="cp2"><correlationPropertyRetrievalExpression messageRef="m1">'
    "<messagePath>= year</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
)
BOUND = (
    '<correlationSubscription id="cs" correlationKeyRef="ck"><correlationPropertyBinding id="bi"'
    ' correlationPropertyRef="cp1"><dataPath>case.school</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)


def test_messages_carry_correlation_keys() -> None:
    """A receiver uses what its process binds, else the message's own path; a sender the path."""
    inside = body(
        catch("c", message("m1")),
        throw("t", message("m1")),
        throw("q", message("m2")),
        chain="start > c > t > q > end",
    )
    definition = compile_bpmn(process(BOUND + inside, CORRELATED))
    assert {"answer": ("school", "cp2"), "question": ("school",)} == definition.messages
    assert (("school", "asked"),) == definition.nodes["q"].events[0].keys
    caught, thrown = definition.nodes["c"].events[0], definition.nodes["t"].events[0]
    assert (("school", "case.school"), ("cp2", "year")) == caught.keys
    assert (("school", "school_id"), ("cp2", "year")) == thrown.keys


def test_correlation_needs_its_message() -> None:
    """A path into a message that is not there is refused."""
    broken = CORRELATED.replace('messageRef="m2"', 'messageRef="m9"')
    with pytest.raises(DiagramRefused, match="m9"):
        compile_bpmn(process(body(chain="start > end"), broken))


def test_a_cancelled_transaction_is_read() -> None:
    """A transaction keeps its kind, and its cancel events what they are."""
    xml = diagram(
        element("transaction", "t", end("x", CANCEL)),
        boundary("b", "t", CANCEL),
        chain="start > t > end, b > end",
    )
    nodes = compile_bpmn(xml).nodes
    assert (Kind.TRANSACTION, (Event("cancel"),)) == (nodes["t"].kind, nodes["x"].events)
