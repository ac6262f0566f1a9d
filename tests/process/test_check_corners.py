"""Rare drawings that would run otherwise than drawn: each is refused by its element."""

import pytest

from engine.process.compile import compile_bpmn
from tests.process.drawing import (
    COMPENSATE,
    boundary,
    catch,
    diagram,
    element,
    gateway,
    handler,
    message,
    script,
    signal,
    sub,
    throw,
    timer,
    user,
)
from tests.process.refusing import refused

RECEIVE = element("receiveTask", "r", messageRef="msg")
UNDONE = boundary("c", "r", COMPENSATE) + (
    script("undo", isForCompensation="true")
    + '<association id="as" sourceRef="c" targetRef="undo"/>'
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


CASES = {
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
    "a panel that throws a signal": telling(signal()),
    "a compensation event sub-process marked as what it is": diagram(
        undone_inside(COMPENSATE), chain="start > s > end"
    ),
    "a task behind an event gateway": behind_a_gateway(RECEIVE),
}


@pytest.mark.parametrize("xml", RIGHT.values(), ids=RIGHT)
def test_its_right_neighbour_is_taken(xml: bytes) -> None:
    """The rule goes no further than what it is for."""
    assert ("p",) == compile_bpmn(xml).processes
