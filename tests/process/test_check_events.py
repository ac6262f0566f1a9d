"""Events: what may stand where, and what it needs to work."""

import pytest

from engine.process.compile import compile_bpmn
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
    gateway,
    handler,
    link,
    message,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.process.refusing import process, refused


def caught(event: str) -> bytes:
    """Return a diagram whose flow waits for an event."""
    return diagram(catch("e", event), chain="start > e > end")


def thrown(event: str) -> bytes:
    """Return a diagram whose flow throws an event."""
    return diagram(throw("e", event), chain="start > e > end")


def ended(event: str) -> bytes:
    """Return a diagram that ends with an event."""
    return diagram(end("e", event), chain="start > e")


def begun(event: str, **attributes: str) -> bytes:
    """Return a diagram that starts with an event."""
    return diagram(start("e", event, **attributes), chain="e > end")


def beside(event: str, host: str = user("a"), *, interrupting: bool = True) -> bytes:
    """Return a diagram with an event on the border of an activity ``a``."""
    on = boundary("e", "a", event, interrupting=interrupting)
    return diagram(host, on, chain="start > a > end, e > end")


def inside(event: str, *, interrupting: bool = True) -> bytes:
    """Return a diagram with an event sub-process ``h`` that starts with an event."""
    on = handler("h", event, interrupting=interrupting)
    return diagram(user("a"), on, chain="start > a > end")


NAMELESS = "<{0}EventDefinition/>"
UNKNOWN = '<{0}EventDefinition {0}Ref="gone"/>'
UNCODED = '<error id="e0"/><escalation id="s0"/>'

CASES = {
    # where
    **{
        f"{name} in the flow": (caught(event), "e", "Здесь не бывает")
        for name, event in {
            "an error": error(),
            "an escalation": escalation(),
            "a compensation": COMPENSATE,
            "a cancel": CANCEL,
            "a terminate": TERMINATE,
        }.items()
    },
    **{
        f"{name} thrown in the flow": (thrown(event), "e", "Здесь не бывает")
        for name, event in {
            "a timer": timer("P1D"),
            "a condition": condition("x"),
            "an error": error(),
            "a cancel": CANCEL,
            "a terminate": TERMINATE,
        }.items()
    },
    **{
        f"{name} at the end": (ended(event), "e", "Здесь не бывает")
        for name, event in {
            "a timer": timer("P1D"),
            "a condition": condition("x"),
            "a link": link("l"),
        }.items()
    },
    **{
        f"{name} at the start": (begun(event), "e", "Здесь не бывает")
        for name, event in {
            "an error": error(),
            "an escalation": escalation(),
            "a compensation": COMPENSATE,
            "a condition": condition("x"),
            "a link": link("l"),
            "a terminate": TERMINATE,
        }.items()
    },
    "a terminate on the border": (beside(TERMINATE), "e", "Здесь не бывает"),
    "a link on the border": (beside(link("l")), "e", "Здесь не бывает"),
    "an event at the start of a sub-process": (
        diagram(sub("s", body(start("e", message()), chain="e > end1")), chain="start > s > end"),
        "e",
        "Здесь не бывает",
    ),
    "a cancel that starts an event sub-process": (inside(CANCEL), "on_h", "Здесь не бывает"),
    # what
    "a catch event that waits for nothing": (caught(""), "e", "ничего не ждёт"),
    "a boundary event that waits for nothing": (beside(""), "e", "ничего не ждёт"),
    "an event sub-process that waits for nothing": (inside(""), "on_h", "ничего не ждёт"),
    "an event sub-process without a start": (
        diagram(user("a"), sub("h", user("b"), triggeredByEvent="true"), chain="start > a > end"),
        "h",
        "одно начальное событие",
    ),
    "two at once of which there is one": (
        diagram(catch("e", message(), parallelMultiple="true"), chain="start > e > end"),
        "e",
        "двух и более",
    ),
    "two at once at the start of a process": (
        begun(message() + signal(), parallelMultiple="true"),
        "e",
        "двух и более",
    ),
    "an error and a message at once": (
        diagram(
            sub("a", user("b")),
            element(
                "boundaryEvent",
                "e",
                message() + error(),
                attachedToRef="a",
                parallelMultiple="true",
            ),
            chain="start > a > end, e > end",
        ),
        "e",
        "вместе ждут",
    ),
    # names
    **{
        f"a {kind} that is not named": (maker(NAMELESS.format(kind)), "e", "не указано, что именно")
        for kind, maker in {
            "message": caught,
            "signal": thrown,
            "error": ended,
            "escalation": thrown,
        }.items()
    },
    **{
        f"a {kind} that is not there": (maker(UNKNOWN.format(kind)), "e", "в схеме нет")
        for kind, maker in {
            "message": caught,
            "signal": caught,
            "error": beside,
            "escalation": beside,
        }.items()
    },
    "a definition that is not there": (
        caught("<eventDefinitionRef>gone</eventDefinitionRef>"),
        "e",
        "Определения события",
    ),
    "an error end without a code": (
        process(body(end("e", error("e0")), chain="start > e"), UNCODED),
        "e",
        "без кода",
    ),
    "an escalation end without a code": (
        process(body(end("e", escalation("s0")), chain="start > e"), UNCODED),
        "e",
        "без кода",
    ),
    "an empty condition": (caught(condition("= ")), "e", "Условие события пустое"),
    "a condition that does not read": (caught("<conditionalEventDefinition/>"), "e", "пустое"),
    "a compensation that does not wait": (
        thrown('<compensateEventDefinition waitForCompletion="false"/>'),
        "e",
        "waitForCompletion",
    ),
    "a compensation of nothing": (
        thrown('<compensateEventDefinition activityRef="gone"/>'),
        "e",
        "Компенсировать нечего",
    ),
    # timers
    "a timer without text": (caught(timer(" ")), "e", "ровно одна"),
    "a timer without anything": (caught("<timerEventDefinition/>"), "e", "ровно одна"),
    "a timer with two": (
        caught(timer("P1D").replace("</timer", "<timeCycle>R/P1D</timeCycle></timer")),
        "e",
        "ровно одна",
    ),
    "a timer that is no timer": (caught(timer("next tuesday")), "e", "не длительность"),
    "a timer of no length": (caught(timer("PT0S")), "e", "больше нуля"),
    "a naive timer": (caught(timer("2025-09-01T09:00:00", "timeDate")), "e", "смещение"),
    "an endless cycle in the flow": (caught(cycle("R/P1D")), "e", "Бесконечный цикл"),
    "a timer where nothing waits": (beside(timer("P1D"), script("a")), "e", "ничто не ждёт"),
    "a timer where nothing inside waits": (
        beside(timer("P1D"), sub("a", script("b"))),
        "e",
        "ничто не ждёт",
    ),
    # the border
    "a boundary event on nothing": (
        diagram(boundary("e", "gone", message()), user("a"), chain="start > a > end, e > end"),
        "e",
        "ни к чему не прикреплено",
    ),
    "a boundary event on a gateway": (
        diagram(
            boundary("e", "g", message()),
            gateway("parallel", "g"),
            chain="start > g > end, e > end",
        ),
        "e",
        "ни к чему не прикреплено",
    ),
    "a boundary event on an element of another body": (
        diagram(
            sub("s", user("a")), boundary("e", "a", message()), chain="start > s > end, e > end"
        ),
        "e",
        "ни к чему не прикреплено",
    ),
    "a boundary event on an event sub-process": (
        diagram(
            user("a"),
            handler("h", message()),
            boundary("e", "h", message("msg2")),
            chain="start > a > end, e > end",
        ),
        "e",
        "ни к чему не прикреплено",
    ),
    "a flow into a boundary event": (
        diagram(user("a"), boundary("e", "a", message()), chain="start > a > e > end"),
        "e",
        "стрелки не ведут",
    ),
    "a boundary event that leads nowhere": (
        diagram(user("a"), boundary("e", "a", message()), chain="start > a > end"),
        "e",
        "никуда не ведёт",
    ),
    "an error that does not interrupt": (
        beside(error(), sub("a", user("b")), interrupting=False),
        "e",
        "всегда прерывают",
    ),
    "an error in a sub-process that does not interrupt": (
        inside(error(), interrupting=False),
        "on_h",
        "всегда прерывают",
    ),
    "a cancel on what is no transaction": (
        beside(CANCEL, sub("a", user("b"))),
        "e",
        "только на транзакции",
    ),
    "a cancel outside of a transaction": (ended(CANCEL), "e", "только в транзакции"),
    "a cancel inside a plain sub-process": (
        diagram(sub("s", body(end("e", CANCEL), chain="start1 > e")), chain="start > s > end"),
        "e",
        "только в транзакции",
    ),
    "a compensation without a handler": (
        diagram(script("a"), boundary("e", "a", COMPENSATE), chain="start > a > end"),
        "e",
        "нужен обработчик",
    ),
    "a compensation whose handler is in the flow": (
        diagram(
            script("a"),
            script("b"),
            boundary("e", "a", COMPENSATE),
            '<association id="as" sourceRef="e" targetRef="b"/>',
            chain="start > a > b > end",
        ),
        "e",
        "нужен обработчик",
    ),
    "a compensation that leads on": (
        diagram(
            script("a"),
            script("undo", isForCompensation="true"),
            boundary("e", "a", COMPENSATE),
            '<association id="as" sourceRef="e" targetRef="undo"/>',
            chain="start > a > end, e > end",
        ),
        "e",
        "а не стрелкой",
    ),
    # links
    "a link without a name": (thrown("<linkEventDefinition/>"), "e", "нет имени"),
    "a link without a target": (
        diagram(throw("e", link("l")), chain="start > e"),
        "e",
        "ровно один конец",
    ),
    "a link with two targets": (
        diagram(
            throw("e", link("l")),
            catch("c", link("l")),
            catch("d", link("l")),
            chain="start > e, c > end, d > end",
        ),
        "e",
        "ровно один конец",
    ),
    "a link without a source": (
        diagram(user("a"), catch("e", link("l")), chain="start > a > end, e > end2"),
        "e",
        "ровно один конец",
    ),
    "a link that leads on by a flow": (
        diagram(throw("e", link("l")), catch("c", link("l")), chain="start > e > end, c > end2"),
        "e",
        "стрелок не бывает",
    ),
    "a link beside another event": (
        diagram(
            throw("e", link("l") + signal()), catch("c", link("l")), chain="start > e, c > end"
        ),
        "e",
        "стоит одна",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), CASES.values(), ids=CASES)
def test_an_event_that_cannot_work_is_refused(xml: bytes, name: str, part: str) -> None:
    """The finding names the event and says what it lacks."""
    assert refused(xml, name, part)


RIGHT = {
    "an error without a code is caught as any": beside(error(""), sub("a", user("b"))),
    "an uncoded error is caught as any": process(
        body(
            sub("a", user("b")), boundary("e", "a", error("e0")), chain="start > a > end, e > end"
        ),
        UNCODED,
    ),
    "a counted cycle in the flow": caught(cycle("R3/P1D")),
    "an endless cycle on the border": beside(cycle("R/P1D"), interrupting=False),
    "a timer by an expression": caught(timer("= due")),
    "a timer on a service": beside(timer("P1D"), service("a")),
    "a timer on a sub-process that waits deep inside": beside(
        timer("P1D"), sub("a", sub("b", user("c")))
    ),
    "a timer on a sub-process with a handler": beside(
        timer("P1D"), sub("a", body(script("b"), handler("h", message()), chain="start1 > b"))
    ),
    "a condition that starts an event sub-process": inside(condition("x > 1")),
    "an escalation beside the flow": inside(escalation(), interrupting=False),
    "several events at the start": begun(message() + signal()),
    "a cancelled transaction": diagram(
        element("transaction", "t", body(end("x", CANCEL), chain="start1 > x")),
        boundary("e", "t", CANCEL),
        chain="start > t > end, e > end",
    ),
    "a compensated activity": diagram(
        script("a"),
        script("undo", isForCompensation="true"),
        boundary("e", "a", COMPENSATE),
        throw("t", '<compensateEventDefinition activityRef="a"/>'),
        '<association id="as" sourceRef="e" targetRef="undo"/>',
        chain="start > a > t > end",
    ),
    "two sources of one link": diagram(
        gateway("parallel", "g"),
        throw("e", link("l")),
        throw("f", link("l")),
        catch("c", link("l")),
        chain="start > g > e, g > f, c > end",
    ),
}


@pytest.mark.parametrize("xml", RIGHT.values(), ids=RIGHT)
def test_an_event_that_works_is_taken(xml: bytes) -> None:
    """Nothing is refused that the runtime does as drawn."""
    assert ("p",) == compile_bpmn(xml).processes
