"""Activities: loops, calls, scripts, quantities, data; each mistake is refused by its element."""

import pytest

from engine.errors import DiagramRefused
from engine.process.compile import compile_bpmn
from engine.process.host import Host
from engine.process.language import parse
from tests.process.drawing import (
    body,
    boundary,
    diagram,
    element,
    end,
    escalation,
    multi,
    script,
    service,
    signal,
    standard,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.process.refusing import process, refused

CLOSED = Host(check=parse)


def looped(marker: str, *more: str) -> bytes:
    """Return a diagram with one activity ``a`` that has a marker."""
    return diagram(user("a", marker), *more, chain="start > a > end")


def one(activity: str, *more: str) -> bytes:
    """Return a diagram with one activity ``a``."""
    return diagram(activity, *more, chain="start > a > end")


def panel(inner: str, **attributes: str) -> str:
    """Return a multi-instance marker drawn by hand."""
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    tag = "multiInstanceLoopCharacteristics"
    return f"<{tag}{more}><loopCardinality>2</loopCardinality>{inner}</{tag}>"


def complexly(inner: str) -> str:
    """Return a panel of behaviour Complex."""
    return panel(
        f"<complexBehaviorDefinition>{inner}</complexBehaviorDefinition>", behavior="Complex"
    )


ASSIGNED = (
    "<dataInputAssociation><targetRef>x</targetRef>"
    "<assignment><from>1</from><to>x</to></assignment></dataInputAssociation>"
)
TRANSFORMED = ASSIGNED.replace(
    "<assignment><from>1</from><to>x</to></assignment>", "<transformation>x + 1</transformation>"
)

CASES = {
    "a loop without an end": (looped(standard()), "a", "условие или наибольшее число"),
    "a negative maximum": (
        looped('<standardLoopCharacteristics loopMaximum="-1"/>'),
        "a",
        "целое число",
    ),
    "a maximum that is no number": (
        looped('<standardLoopCharacteristics loopMaximum="many"/>'),
        "a",
        "целое число",
    ),
    "two markers": (looped(standard("x") + multi("xs")), "a", "Два знака"),
    "a panel of nothing": (looped(multi()), "a", "ровно одно"),
    "a panel by count and list": (looped(multi("xs", count_of="2")), "a", "ровно одно"),
    "a negative count": (looped(multi(count_of="-3")), "a", "меньше нуля"),
    "a list by an expression": (looped(multi("f(x)")), "a", "именем переменной"),
    "an item of no list": (
        looped(panel('<inputDataItem id="i" name="i"/>')),
        "a",
        "не из чего брать",
    ),
    "a result without a list": (
        looped(panel('<outputDataItem id="o" name="o"/>')),
        "a",
        "и список, и имя",
    ),
    "a list of no results": (
        looped(panel("<loopDataOutputRef>os</loopDataOutputRef>")),
        "a",
        "и список, и имя",
    ),
    "a behaviour nobody knows": (looped(panel("", behavior="Some")), "a", "behavior"),
    "a behaviour without its event": (looped(panel("", behavior="None")), "a", "нужно событие"),
    "a behaviour whose event is not there": (
        looped(panel("", behavior="One", oneBehaviorEventRef="gone")),
        "a",
        "нужно событие",
    ),
    "a complex behaviour of nothing": (looped(panel("", behavior="Complex")), "a", "без событий"),
    "a complex behaviour without a condition": (
        looped(complexly(f'<event id="t">{signal()}</event>')),
        "a",
        "условие и событие",
    ),
    "a behaviour that interrupts its own panel": (
        diagram(
            user("a", panel("", behavior="None", noneBehaviorEventRef="thrown")),
            boundary("b", "a", signal()),
            chain="start > a > end, b > end",
        ).replace(b"<process", b'<signalEventDefinition id="thrown" signalRef="sg"/><process'),
        "b",
        "прервало бы",
    ),
    "a loop on an event sub-process": (
        diagram(
            user("a"),
            sub(
                "h",
                body(start("s", timer("P1D")), chain="s > end1"),
                multi(count_of="2"),
                triggeredByEvent="true",
            ),
            chain="start > a > end",
        ),
        "h",
        "стоит отдельно",
    ),
    "a flag that is no flag": (looped(panel("", isSequential="yes")), "a", "true или false"),
    "no token at all": (one(user("a", startQuantity="0")), "a", "не меньше 1"),
    "less than no token": (one(user("a", completionQuantity="-1")), "a", "не меньше 1"),
    "a service that is not named": (one(element("serviceTask", "a")), "a", "Не указана служба"),
    "a service by a technology only": (
        one(element("serviceTask", "a", implementation="##WebService")),
        "a",
        "Не указана служба",
    ),
    "a decision that is not named": (
        one(element("businessRuleTask", "a")),
        "a",
        "Не указана таблица",
    ),
    "a receive task without a message": (
        one(element("receiveTask", "a")),
        "a",
        "не указано, что именно",
    ),
    "a send task whose message is not there": (
        one(element("sendTask", "a", messageRef="gone")),
        "a",
        "в схеме нет",
    ),
    "a call of nothing": (one(element("callActivity", "a")), "a", "вызываемый процесс"),
    "a call of what an expression says": (
        one(element("callActivity", "a", calledElement="${which}")),
        "a",
        "вызываемый процесс",
    ),
    "a call of a process that is not here": (
        one(element("callActivity", "a", calledElement="gone")),
        "a",
        "«gone» нет",
    ),
    "a call of itself": (
        one(element("callActivity", "a", calledElement="p")),
        "a",
        "в свой же процесс",
    ),
    "a call of itself through another": (
        one(element("callActivity", "a", calledElement="q")).replace(
            b"</definitions>",
            f'<process id="q" isExecutable="true">{sub("s", element("callActivity", "c", calledElement="p"))}</process></definitions>'.encode(),
        ),
        "c",
        "в свой же процесс",
    ),
    "a call of a sub-process": (
        diagram(
            sub("s", user("b")),
            element("callActivity", "a", calledElement="s"),
            chain="start > s > a > end",
        ),
        "a",
        "«s» нет",
    ),
    "ad hoc that keeps what is left": (
        one(element("adHocSubProcess", "a", user("b"), cancelRemainingInstances="false")),
        "a",
        "cancelRemainingInstances",
    ),
    "ad hoc in an order nobody knows": (
        one(element("adHocSubProcess", "a", user("b"), ordering="Random")),
        "a",
        "ordering",
    ),
    "a transaction by another method": (
        one(element("transaction", "a", user("b"), method="##Store")),
        "a",
        "method",
    ),
    "data that is transformed": (one(user("a", TRANSFORMED)), "a", "с преобразованием"),
    "data that is assigned": (one(user("a", ASSIGNED)), "a", "с преобразованием"),
    "data under another name": (
        one(
            script(
                "a",
                "z = y",
                '<ioSpecification><dataInput id="i" name="y"/><inputSet/><outputSet/></ioSpecification>'
                "<dataInputAssociation><sourceRef>d</sourceRef><targetRef>i</targetRef>"
                "</dataInputAssociation>",
            ),
            '<dataObject id="d" name="x"/>',
        ),
        "a",
        "под другим именем",
    ),
    "an element that nobody reads": (one(user("a", "<ioBinding/>")), "a", "«ioBinding»"),
    "an attribute that nobody reads": (one(user("a", priority="1")), "a", "«priority»"),
    "an attribute of another element": (one(user("a", messageRef="msg")), "a", "«messageRef»"),
    "an element in a process that nobody reads": (
        process(body(chain="start > end") + "<choreographyTask id='x'/>"),
        "p",
        "«choreographyTask»",
    ),
    "a global task": (
        process(body(chain="start > end"), '<globalUserTask id="g"/>'),
        "g",
        "«globalUserTask»",
    ),
    "an extension that must be understood": (
        process(
            body(chain="start > end"), '<extension mustUnderstand="true" definition="ext:soap"/>'
        ),
        "definitions",
        "«ext:soap»",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), CASES.values(), ids=CASES)
def test_an_activity_that_cannot_work_is_refused(xml: bytes, name: str, part: str) -> None:
    """The finding names the activity and says what it lacks."""
    assert refused(xml, name, part)


EXPRESSIONS = {
    "a condition": (diagram(user("a"), chain="start > a > end", a__end="x = 1"), "a__end"),
    "a script": (one(script("a", "log('x')")), "a"),
    "a count": (looped(multi(count_of="range(3)")), "a"),
    "a completion": (looped(multi("xs", until="f(x)")), "a"),
    "a loop condition": (looped(standard("lambda: 1")), "a"),
    "a timer": (
        diagram(user("a"), boundary("b", "a", timer("= due()")), chain="start > a > end, b > end"),
        "b",
    ),
    "an event's condition": (
        diagram(
            user("a"),
            boundary(
                "b",
                "a",
                "<conditionalEventDefinition><condition>x.y()</condition></conditionalEventDefinition>",
            ),
            chain="start > a > end, b > end",
        ),
        "b",
    ),
    "a completion of ad hoc": (
        one(
            element(
                "adHocSubProcess",
                "a",
                user("b") + "<completionCondition>exec(1)</completionCondition>",
            )
        ),
        "a",
    ),
    "an activation": (
        one(element("complexGateway", "a", "<activationCondition>x :=</activationCondition>")),
        "a",
    ),
    "a behaviour's condition": (
        looped(complexly(f'<condition>open(1)</condition><event id="t">{signal()}</event>')),
        "a",
    ),
}


@pytest.mark.parametrize(("xml", "name"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_every_text_goes_through_the_language(xml: bytes, name: str) -> None:
    """Wherever an author may write an expression, one outside of the language is refused."""
    assert refused(xml, name, "не входит в язык", CLOSED)


def test_a_checker_may_complain_with_a_syntax_error() -> None:
    """The check of a suite is a compiler of another language; its complaint is a finding."""

    def check(_text: str, _mode: str) -> None:
        raise SyntaxError("no such word")

    assert refused(looped(standard("x")), "a", "no such word", Host(check=check))


RIGHT = {
    "a loop by its maximum": looped(standard(maximum=3)),
    "a loop of no rounds": looped('<standardLoopCharacteristics loopMaximum="0"/>'),
    "a panel by a path": looped(multi("school.experts")),
    "a panel with results": looped(multi("xs", result="mark")),
    "a complex behaviour": looped(
        complexly(f'<condition>x</condition><event id="t">{escalation()}</event>')
    ),
    "a service by its operation": one(element("serviceTask", "a", operationRef="op")),
    "a send task without a message": one(element("sendTask", "a")),
    "data under its own name": one(
        script(
            "a",
            "y = x",
            "<dataInputAssociation><sourceRef>d</sourceRef><targetRef>d</targetRef>"
            "</dataInputAssociation>",
        ),
        '<dataObject id="d" name="x"/>',
    ),
    "a placeholder that a modeler writes": one(
        user(
            "a",
            '<property id="ph" name="__targetRef_placeholder"/><dataInputAssociation>'
            "<sourceRef>r</sourceRef><targetRef>ph</targetRef></dataInputAssociation>",
        ),
        '<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/>',
    ),
    "a service on its own": one(service("a")),
}


@pytest.mark.parametrize("xml", RIGHT.values(), ids=RIGHT)
def test_an_activity_that_works_is_taken(xml: bytes) -> None:
    """Nothing is refused that the runtime does as drawn."""
    assert ("p",) == compile_bpmn(xml).processes


def test_a_diagram_has_a_cap() -> None:
    """More than 250 elements are refused before anything is made of them."""
    many = "".join(throw(f"t{number}", signal()) for number in range(251))
    with pytest.raises(DiagramRefused, match="больше 250 элементов"):
        compile_bpmn(diagram(many, end(), start()))


def test_nesting_has_a_cap() -> None:
    """Sub-processes in sub-processes end somewhere: readers recurse."""
    inner = user("u")
    for level in range(30):
        inner = sub(f"s{level}", inner)
    with pytest.raises(DiagramRefused, match="слишком глубоко"):
        compile_bpmn(diagram(inner, chain="start > s29 > end"))
