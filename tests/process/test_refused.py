"""What the review against the standard calls refused is refused, with the element."""

import pytest

from engine.errors import DiagramRefused
from tests.process.drawing import (
    COMPENSATE,
    HEAD,
    ROOTS,
    body,
    boundary,
    catch,
    cycle,
    diagram,
    element,
    escalation,
    gateway,
    message,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.process.playing import compiled


def looped(inner: str, tag: str = "multiInstanceLoopCharacteristics", more: str = "") -> bytes:
    """Return a task with a loop marker."""
    return diagram(user("a", f"<{tag}{more}>{inner}</{tag}>"), chain="start > a > end")


REFUSED = {
    "an instantiating event gateway": (
        "g",
        f'{HEAD}{ROOTS}<process id="p" isExecutable="true">'.encode()
        + body(
            element("eventBasedGateway", "g", instantiate="true"),
            catch("c", message()),
            catch("d", signal()),
            chain="g > c > end, g > d > end",
        ).encode()
        + b"</process></definitions>",
    ),
    "a parallel multiple start of a process": (
        "start",
        diagram(
            start("start", message() + signal(), parallelMultiple="true"),
            user("a"),
            chain="start > a > end",
        ),
    ),
    "a start quantity below one": (
        "a",
        diagram(user("a", startQuantity=0), chain="start > a > end"),
    ),
    "a global task": (
        "g",
        diagram(user("a"), chain="start > a > end").replace(
            b"<process ", b'<globalUserTask id="g" name="g"/><process ', 1
        ),
    ),
    "a sub-process with two starts": (
        "s",
        diagram(
            sub("s", body(user("a"), chain="start_a > a > end_a, start_b > a")),
            chain="start > s > end",
        ),
    ),
    "a call that leads back": (
        "c",
        diagram(element("callActivity", "c", calledElement="p"), chain="start > c > end"),
    ),
    "an ad-hoc stage that keeps what is left": (
        "s",
        diagram(
            element("adHocSubProcess", "s", user("a"), cancelRemainingInstances="false"),
            chain="start > s > end",
        ),
    ),
    "an ad-hoc stage with a start": (
        "start_s",
        diagram(
            element("adHocSubProcess", "s", body(user("a"), chain="start_s > a")),
            chain="start > s > end",
        ),
    ),
    "a loop without condition and maximum": ("a", looped("", "standardLoopCharacteristics")),
    "a panel without a number": ("a", looped("")),
    "a panel with two numbers": (
        "a",
        looped("<loopCardinality>2</loopCardinality><loopDataInputRef>x</loopDataInputRef>"),
    ),
    "a behaviour without its event": (
        "a",
        looped("<loopCardinality>2</loopCardinality>", more=' behavior="None"'),
    ),
    "an endless cycle in the flow": (
        "c",
        diagram(catch("c", cycle("R/P1D")), chain="start > c > end"),
    ),
    "a compensation that does not wait": (
        "t",
        diagram(
            throw("t", COMPENSATE.replace("/>", ' waitForCompletion="false"/>')),
            chain="start > t > end",
        ),
    ),
    "a data association that transforms": (
        "a",
        diagram(
            script(
                "a",
                inner="<dataInputAssociation><sourceRef>x</sourceRef><targetRef>y</targetRef>"
                "<transformation>x + 1</transformation></dataInputAssociation>",
            ),
            chain="start > a > end",
        ),
    ),
    "a message without a name": (
        "c",
        diagram(catch("c", "<messageEventDefinition/>"), chain="start > c > end"),
    ),
    "an escalation thrown without a code": (
        "t",
        diagram(throw("t", "<escalationEventDefinition/>"), chain="start > t > end"),
    ),
    "a timer where nothing waits": (
        "b",
        diagram(script("a"), boundary("b", "a", timer("P1D")), chain="start > a > end, b > end2"),
    ),
    "an error that does not interrupt": (
        "b",
        diagram(
            user("a"),
            boundary("b", "a", "<errorEventDefinition/>", interrupting=False),
            chain="start > a > end, b > end2",
        ),
    ),
    "messages mixed behind an event gateway": (
        "g",
        diagram(
            gateway("eventBased", "g"),
            catch("c", message()),
            element("receiveTask", "r", messageRef="msg2"),
            chain="start > g > c > end, g > r > end",
        ),
    ),
    "a naive date": (
        "c",
        diagram(catch("c", timer("2026-01-01T00:00:00", "timeDate")), chain="start > c > end"),
    ),
    "a length of zero": ("c", diagram(catch("c", timer("P0D")), chain="start > c > end")),
    "a panel that would interrupt itself": (
        "b",
        diagram(
            user(
                "a",
                '<multiInstanceLoopCharacteristics behavior="None" noneBehaviorEventRef="told">'
                "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
            ),
            boundary("b", "a", escalation()),
            chain="start > a > end, b > end2",
        ).replace(
            b"<process ", b'<escalationEventDefinition id="told" escalationRef="es"/><process ', 1
        ),
    ),
}


@pytest.mark.parametrize(("element_", "xml"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_its_element(element_: str, xml: bytes) -> None:
    """Nothing of it is silently ignored."""
    with pytest.raises(DiagramRefused) as refusal:
        compiled(xml)
    assert element_ in {finding.element for finding in refusal.value.findings}
