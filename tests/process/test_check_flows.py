"""Bodies, flows and gateways: what cannot be run as drawn is refused by its element."""

import pytest

from engine.process.compile import compile_bpmn
from tests.process.drawing import (
    HEAD,
    body,
    boundary,
    catch,
    diagram,
    element,
    flow,
    gateway,
    handler,
    inclusive,
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
from tests.process.refusing import process, refusals, refused

GATEWAY = xor("g", default="a")

CASES = {
    "no executable process": (
        process(body(chain="start > end"), isExecutable="false"),
        "definitions",
        "Нет исполняемого процесса",
    ),
    "a process that does not say whether it is executable": (
        f"{HEAD}<process id='p'>{body(chain='start > end')}</process></definitions>".encode(),
        "definitions",
        "Нет исполняемого процесса",
    ),
    "nothing to start with": (process(""), "p", "Не с чего начать"),
    "only what is outside of the flow": (
        diagram(handler("h", message())),
        "p",
        "Не с чего начать",
    ),
    "an element nothing leads to": (
        diagram(user("a"), chain="start > end"),
        "a",
        "Сюда ничего не ведёт",
    ),
    "an island": (
        diagram(user("a"), user("b"), chain="start > end, a > b, b > a"),
        "b",
        "дойти нельзя",
    ),
    "a start that leads nowhere": (diagram(start()), "start", "никуда не ведёт"),
    "a catch event that leads nowhere": (
        diagram(catch("c", message()), chain="start > c"),
        "c",
        "никуда не ведёт",
    ),
    "a throw event that leads nowhere": (
        diagram(throw("t", signal()), chain="start > t"),
        "t",
        "никуда не ведёт",
    ),
    "a gateway that leads nowhere": (
        diagram(xor("g"), chain="start > g"),
        "g",
        "никуда не ведёт",
    ),
    "a flow into a start": (
        diagram(user("a"), chain="start > a > start"),
        "start",
        "стрелки не ведут",
    ),
    "a flow out of an end": (
        diagram(user("a"), chain="start > a > end > a"),
        "end",
        "стрелки не ведут",
    ),
    "a flow out of a sub-process": (
        diagram(sub("s", body(user("inner"), chain="start1 > inner")), chain="start > s > inner"),
        "s__inner",
        "которого нет в этом процессе",
    ),
    "a flow to nothing": (
        diagram(chain="start > end").replace(
            b"</process>", flow("start", "gone", "", "f").encode() + b"</process>"
        ),
        "f",
        "«gone»",
    ),
    "a flow without ends": (
        diagram(chain="start > end").replace(b"</process>", b'<sequenceFlow id="f"/></process>'),
        "f",
        "которого нет",
    ),
    "an id used twice": (
        diagram(user("a"), sub("s", user("a")), chain="start > a > s > end"),
        "a",
        "стоит дважды",
    ),
    "an element without an id": (
        diagram("<userTask/>", chain="start > end"),
        "p",
        "нет id",
    ),
    "a process without an id": (
        f"{HEAD}<process isExecutable='true'>{body(chain='start > end')}</process></definitions>".encode(),
        "process",
        "нет id",
    ),
    "two processes of one id": (
        diagram(chain="start > end").replace(
            b"</definitions>", b'<process id="p" isExecutable="true"/></definitions>'
        ),
        "p",
        "дважды",
    ),
    "two starts in a sub-process": (
        diagram(
            sub("s", body(user("a"), chain="start1 > a, start2 > a > end1")),
            chain="start > s > end",
        ),
        "s",
        "больше одного начала",
    ),
    "a start in an ad hoc sub-process": (
        diagram(
            element("adHocSubProcess", "s", body(user("a"), chain="start1 > a")),
            chain="start > s > end",
        ),
        "start1",
        "В свободном подпроцессе",
    ),
    "an empty condition": (
        diagram(xor("g"), user("a"), chain="start > g > a > end").replace(
            b'targetRef="a">', b'targetRef="a"><conditionExpression> ${ } </conditionExpression>'
        ),
        "g__a",
        "Условие на стрелке пустое",
    ),
    "a condition behind an event": (
        diagram(user("a"), chain="start > a > end", start__a="x"),
        "start__a",
        "условия не бывает",
    ),
    "a condition behind a parallel gateway": (
        diagram(par("g"), chain="start > g > end, g > end2", g__end="x"),
        "g__end",
        "условия не бывает",
    ),
    "a condition behind an event gateway": (
        diagram(
            gateway("eventBased", "g"),
            catch("a", message()),
            catch("b", timer("P1D")),
            chain="start > g > a > end, g > b > end",
            g__a="x",
        ),
        "g__a",
        "условия не бывает",
    ),
    "a default behind a parallel gateway": (
        diagram(gateway("parallel", "g", default="end"), chain="start > g > end, g > end2"),
        "g",
        "по умолчанию здесь не бывает",
    ),
    "a choice without condition": (
        diagram(xor("g"), chain="start > g > end, g > end2", g__end="x"),
        "g__end2",
        "Нужно условие",
    ),
    "an inclusive choice without condition": (
        diagram(inclusive("g"), chain="start > g > end, g > end2", g__end="x"),
        "g__end2",
        "Нужно условие",
    ),
    "a complex choice without condition": (
        diagram(gateway("complex", "g"), chain="start > g > end, g > end2", g__end="x"),
        "g__end2",
        "Нужно условие",
    ),
    "a default with a condition": (
        diagram(GATEWAY, user("a"), chain="start > g > a > end, g > end2", g__a="x", g__end2="y"),
        "g__a",
        "условия не бывает",
    ),
    "a default that starts elsewhere": (
        diagram(GATEWAY, user("b"), chain="start > g > b > end, g > end2", g__b="x", g__end2="y"),
        "g",
        "начинается не здесь",
    ),
    "a gateway called converging that splits": (
        diagram(
            element("parallelGateway", "g", gatewayDirection="Converging"),
            chain="start > g > end, g > end2",
        ),
        "g",
        "gatewayDirection",
    ),
    "a gateway called diverging that joins": (
        diagram(
            par("s"),
            element("parallelGateway", "g", gatewayDirection="Diverging"),
            user("a"),
            user("b"),
            chain="start > s > a > g > end, s > b > g",
        ),
        "g",
        "gatewayDirection",
    ),
    "a gateway called mixed that only splits": (
        diagram(
            element("parallelGateway", "g", gatewayDirection="Mixed"),
            chain="start > g > end, g > end2",
        ),
        "g",
        "gatewayDirection",
    ),
    "a direction nobody knows": (
        diagram(element("parallelGateway", "g", gatewayDirection="Up"), chain="start > g > end"),
        "g",
        "не поддерживается",
    ),
    "a complex join that does not say when": (
        diagram(
            par("s"),
            gateway("complex", "g"),
            user("a"),
            user("b"),
            chain="start > s > a > g > end, s > b > g",
        ),
        "g",
        "условие срабатывания",
    ),
    "an event gateway with one event": (
        diagram(gateway("eventBased", "g"), catch("a", message()), chain="start > g > a > end"),
        "g",
        "хотя бы из двух",
    ),
    "a task of people behind an event gateway": (
        diagram(
            gateway("eventBased", "g"),
            catch("a", message()),
            user("b"),
            chain="start > g > a > end, g > b > end",
        ),
        "b",
        "За шлюзом событий",
    ),
    "an event behind an event gateway that is led to otherwise": (
        diagram(
            par("s"),
            gateway("eventBased", "g"),
            catch("a", message()),
            catch("b", timer("P1D")),
            chain="start > s > g > a > end, g > b > end, s > b",
        ),
        "b",
        "За шлюзом событий",
    ),
    "a receive task with a boundary event behind an event gateway": (
        diagram(
            gateway("eventBased", "g"),
            element("receiveTask", "a", messageRef="msg"),
            boundary("late", "a", timer("P1D")),
            element("receiveTask", "b", messageRef="msg2"),
            chain="start > g > a > end, g > b > end, late > end",
        ),
        "a",
        "За шлюзом событий",
    ),
    "message events and receive tasks behind one event gateway": (
        diagram(
            gateway("eventBased", "g"),
            catch("a", message()),
            element("receiveTask", "b", messageRef="msg2"),
            chain="start > g > a > end, g > b > end",
        ),
        "g",
        "не вместе",
    ),
    "an event gateway that starts a process": (
        diagram(
            element("eventBasedGateway", "g", instantiate="true"),
            catch("a", message()),
            catch("b", message("msg2")),
            chain="g > a > end, g > b > end",
        ),
        "g",
        "не начинает процесс",
    ),
    "a parallel event gateway": (
        diagram(
            element("eventBasedGateway", "g", eventGatewayType="Parallel"),
            catch("a", message()),
            catch("b", message("msg2")),
            chain="start > g > a > end, g > b > end",
        ),
        "g",
        "eventGatewayType",
    ),
    "an event sub-process in the flow": (
        diagram(handler("h", message()), chain="start > h > end"),
        "h",
        "стоит отдельно",
    ),
    "a compensation handler in the flow": (
        diagram(
            script("a"),
            script("undo", isForCompensation="true"),
            boundary("b", "a", "<compensateEventDefinition/>"),
            '<association id="as" sourceRef="b" targetRef="undo"/>',
            chain="start > a > end, undo > end",
        ),
        "undo",
        "стоит отдельно",
    ),
    "a compensation handler of nothing": (
        diagram(script("undo", isForCompensation="true"), chain="start > end"),
        "undo",
        "ни к чему не присоединён",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), CASES.values(), ids=CASES)
def test_a_drawing_that_cannot_run_is_refused(xml: bytes, name: str, part: str) -> None:
    """The finding names the element and says what is wrong with it."""
    assert refused(xml, name, part)


def test_every_reason_is_found_at_once() -> None:
    """An author gets the whole list, not the first line of it."""
    xml = diagram(
        xor("g"), user("a"), user("lost"), chain="start > g > a > end, g > end2", start__g="x"
    )
    assert {"start__g", "g__a", "g__end2", "lost"} == {at for at, _ in refusals(xml)}


def test_one_mistake_has_no_echo() -> None:
    """What cannot be reached because a broken arrow was left out is not reported as well."""
    xml = diagram(user("a"), user("b"), chain="start > gone > a > b > end")
    assert {"start__gone", "gone__a", "start", "a"} >= {at for at, _ in refusals(xml)}


@pytest.mark.parametrize(
    "xml",
    [
        diagram(user("a"), chain="start > a"),
        diagram(user("a"), user("b")),
        diagram(user("a"), chain="start > a > end, start2 > a"),
        diagram(xor("g"), user("a"), chain="start > g > a > end", g__a="x > 1"),
        diagram(user("a"), chain="start > a > end, a > end2", a__end="x > 1"),
        diagram(user("a", default="a__end"), chain="start > a > end, a > end2", a__end2="x"),
        diagram(element("receiveTask", "r", messageRef="msg", instantiate="true"), chain="r > end"),
        diagram(sub("s", user("a"), user("b")), chain="start > s > end"),
        diagram(element("adHocSubProcess", "s", user("a") + user("b")), chain="start > s > end"),
        diagram(
            gateway("eventBased", "g"),
            catch("a", message()),
            catch("b", timer("P1D")),
            chain="start > g > a > end, g > b > end",
        ),
        diagram(user("a"), handler("h", message()), chain="start > a > end"),
        diagram(
            element("exclusiveGateway", "g", gatewayDirection="Diverging", default="g__a"),
            user("a"),
            chain="start > g > a > end, g > end2",
            g__end2="x",
        ),
    ],
)
def test_an_unusual_but_right_drawing_is_taken(xml: bytes) -> None:
    """Implicit starts, ends, splits and merges of BPMN are right as they are."""
    assert ("p",) == compile_bpmn(xml).processes
