"""Rare drawings that would run otherwise than drawn: each is refused by its element."""

import pytest

from engine.process.compile import compile_bpmn
from tests.process.drawing import (
    COMPENSATE,
    body,
    boundary,
    catch,
    diagram,
    element,
    end,
    gateway,
    handler,
    message,
    multi,
    script,
    signal,
    sub,
    throw,
    timer,
    user,
)
from tests.process.refusing import process, refused

RECEIVE = element("receiveTask", "r", messageRef="msg")
UNDONE = boundary("cr", "r", COMPENSATE) + (
    script("undo", isForCompensation="true")
    + '<association id="as" sourceRef="cr" targetRef="undo"/>'
)


def behind_a_gateway(task: str, *parts: str) -> bytes:
    """Return a diagram in which a task ``r`` stands behind an event gateway."""
    return diagram(
        gateway("eventBased", "g"),
        task,
        catch("t", timer("P1D")),
        *parts,
        chain="start > g > r > end, g > t > end",
    )


def telling(event: str) -> bytes:
    """Return a panel ``a`` whose instances throw an event when they are done."""
    told = f"<condition>x</condition><event id='t'>{event}</event>"
    marker = (
        '<multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>2</loopCardinality>'
        f"<complexBehaviorDefinition>{told}</complexBehaviorDefinition>"
        "</multiInstanceLoopCharacteristics>"
    )
    return diagram(user("a", marker), chain="start > a > end")


def undone_inside(event: str) -> str:
    """Return a sub-process ``s`` whose event sub-process ``h`` is marked for compensation."""
    inner = handler("h", event).replace("triggered", 'isForCompensation="true" triggered')
    return sub("s", script("a") + inner)


def calling(*parts: str, inside: str = "", chain: str = "start > c > end") -> bytes:
    """Return a diagram that calls a process in which something can be undone."""
    undoable = RECEIVE + UNDONE + inside
    called = body(undoable, chain="start_q > r > end_q") if not inside else undoable
    xml = diagram(element("callActivity", "c", calledElement="q"), *parts, chain=chain)
    second = f'<process id="q" isExecutable="true">{called}</process></definitions>'
    return xml.replace(b"</definitions>", second.encode())


def linked(target: str) -> bytes:
    """Return two pairs of links, the first of which refers to `target` as its other end."""
    inner = f"<linkEventDefinition name='A'><target>{target}</target></linkEventDefinition>"
    return diagram(
        gateway("parallel", "f"),
        throw("a", inner),
        catch("a2", "<linkEventDefinition id='la' name='A'/>"),
        throw("b", "<linkEventDefinition name='B'/>"),
        catch("b2", "<linkEventDefinition id='lb' name='B'/>"),
        chain="start > f > a, f > b, a2 > end, b2 > end",
    )


BEGINNING = element("receiveTask", "r", messageRef="msg", instantiate="true")
LATER = diagram(script("a"), chain="start > a > end").replace(
    b'id="start__a"', b'id="start__a" isImmediate="false"'
)


def told(source: str, target: str, *parts: str) -> bytes:
    """Return a diagram with two pools and a message drawn between two elements."""
    pools = (
        '<collaboration id="col"><participant id="p1" processRef="p"/><participant id="p2"/>'
        f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>{"".join(parts)}'
        "</collaboration></definitions>"
    )
    xml = diagram(script("a"), script("b"), chain="start > a > b > end")
    return xml.replace(b"</definitions>", pools.encode())


def specified(inner: str, *parts: str) -> bytes:
    """Return a task ``a`` with an input and output specification."""
    task = script("a", "", f"<ioSpecification>{inner}</ioSpecification>")
    return diagram(task, *parts, chain="start > a > end")


INPUT = '<dataInput id="x" name="x"/>'
OF_ONE = "<inputSet><dataInputRefs>x</dataInputRefs></inputSet><outputSet/>"
LISTS = '<itemDefinition id="lists" isCollection="true"/>'

CASES = {
    "an input in no set": (specified(INPUT + "<inputSet/><outputSet/>"), "a", "не сходятся"),
    "a set of what is not there": (specified(OF_ONE), "a", "не сходятся"),
    "an input that is no list of lists": (
        specified(INPUT.replace("/>", ' itemSubjectRef="lists"/>') + OF_ONE).replace(
            b"<process", f"{LISTS}<process".encode()
        ),
        "a",
        "isCollection",
    ),
    "a data object that is no list of lists": (
        process(
            '<dataObject id="d" itemSubjectRef="lists"/>'
            + body(script("a"), chain="start > a > end"),
            LISTS,
        ),
        "p",
        "isCollection",
    ),
    "a message inside one pool": (told("a", "b"), "mf", "внутри одного процесса"),
    "a message to a note": (
        told("a", "note", '<textAnnotation id="note"><text>x</text></textAnnotation>'),
        "mf",
        "не к пометке",
    ),
    "an expression in another language": (
        diagram(script("a"), script("b"), chain="start > a > end, a > b", a__b="x").replace(
            b"<conditionExpression>", b'<conditionExpression language="urn:java">'
        ),
        "a__b",
        "urn:java",
    ),
    "an end without a beginning": (diagram(script("a"), chain="a > end"), "end", "нет начала"),
    "an undo that reaches into a called process": (
        calling(throw("t", COMPENSATE), chain="start > c > t > end"),
        "c",
        "отменяет его обработчик",
    ),
    "a cancel that reaches into a called process": (
        calling(
            element(
                "transaction",
                "tr",
                body(
                    element("callActivity", "c2", calledElement="q"),
                    end("e", "<cancelEventDefinition/>"),
                    chain="start1 > c2 > e",
                ),
            ),
            chain="start > c > tr > end",
        ),
        "c2",
        "отменяет его обработчик",
    ),
    "a first task that something leads to": (
        diagram(BEGINNING, chain="start > r > end"),
        "r",
        "его первая задача",
    ),
    "a first task inside a sub-process": (
        diagram(sub("s", BEGINNING), chain="start > s > end"),
        "r",
        "его первая задача",
    ),
    "a first task on a panel": (
        diagram(BEGINNING.replace("></", f">{multi(count_of='2')}</"), chain="r > end"),
        "r",
        "уже сделана",
    ),
    "an arrow that may wait": (LATER, "start__a", "isImmediate"),
    "a link that refers to another's end": (linked("lb"), "a", "чужой конец"),
    "a transaction started by an event": (
        diagram(
            element("transaction", "t", script("a"), triggeredByEvent="true"),
            chain="start > t > end",
        ),
        "t",
        "triggeredByEvent",
    ),
    "a panel that throws a timer": (telling(timer("P1D")), "a", "не бросает события «таймер»"),
    "a panel that throws a compensation": (telling(COMPENSATE), "a", "события «компенсация»"),
    "a task to be undone behind an event gateway": (
        behind_a_gateway(RECEIVE, UNDONE),
        "r",
        "стоять не может",
    ),
    "a task that gathers behind an event gateway": (
        behind_a_gateway(RECEIVE.replace("messageRef", 'startQuantity="2" messageRef')),
        "r",
        "стоять не может",
    ),
    "a handler that waits for two": (
        diagram(
            RECEIVE,
            UNDONE.replace(
                'isForCompensation="true"', 'isForCompensation="true" startQuantity="2"'
            ),
            throw("t", COMPENSATE),
            chain="start > r > t > end",
        ),
        "undo",
        "столько сюда не придёт",
    ),
    "a message that starts a handler of compensation": (
        diagram(undone_inside(message()), chain="start > s > end"),
        "h",
        "ни к чему не присоединён",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), CASES.values(), ids=CASES)
def test_what_would_run_otherwise_is_refused(xml: bytes, name: str, part: str) -> None:
    """The finding names the element and says why it cannot be so."""
    assert refused(xml, name, part)


RIGHT = {
    "an input in its set": specified(INPUT + OF_ONE),
    "a message to another pool": told("a", "p2"),
    "a sub-process that shows only its end": diagram(
        sub("s", body(script("a"), chain="a > end1")), chain="start > s > end"
    ),
    "an undo of something else than the call": calling(
        throw("t", '<compensateEventDefinition activityRef="a"/>'),
        script("a"),
        chain="start > a > c > t > end",
    ),
    "a called process that undoes its own": calling(
        inside=body(throw("t", COMPENSATE), chain="start_q > r > t > end_q")
    ),
    "a call with a handler of its own": calling(
        element("boundaryEvent", "cc", COMPENSATE, attachedToRef="c"),
        script("undo_c", isForCompensation="true"),
        '<association id="as_c" sourceRef="cc" targetRef="undo_c"/>',
        throw("t", COMPENSATE),
        chain="start > c > t > end",
    ),
    "a link that refers to its own end": linked("la"),
    "a first task beside a start": diagram(
        BEGINNING, script("a"), script("b"), chain="start > a > end, r > b > end"
    ),
    "a panel that throws a signal": telling(signal()),
    "a compensation event sub-process marked as what it is": diagram(
        undone_inside(COMPENSATE), chain="start > s > end"
    ),
    "a task behind an event gateway": behind_a_gateway(RECEIVE),
}


@pytest.mark.parametrize("xml", RIGHT.values(), ids=RIGHT)
def test_its_right_neighbour_is_taken(xml: bytes) -> None:
    """The rule goes no further than what it is for."""
    assert "p" in compile_bpmn(xml).processes
