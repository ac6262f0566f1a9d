"""Words of other engines: read where they mean the same, harmless, or refused with a hint."""

import pytest

from engine.process.compile import compile_bpmn
from engine.process.host import Host
from engine.process.model import Kind, Work
from tests.process.drawing import body, catch, element, end, flow, message, start, user
from tests.process.refusing import process, refused, warnings

SPACES = (
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:activiti="http://activiti.org/bpmn" '
    'xmlns:drools="http://www.jboss.org/drools" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:foreign="urn:foreign" '
)


def foreign(xml: bytes) -> bytes:
    """Return a file with the namespaces of other engines declared."""
    return xml.replace(b"<definitions ", f"<definitions {SPACES}".encode())


def one(tag: str, attributes: str = "", extensions: str = "", inner: str = "") -> bytes:
    """Return a process with one activity ``a``."""
    more = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    activity = f'<{tag} id="a" {attributes}>{more}{inner}</{tag}>'
    return foreign(process(body(activity, chain="start > a > end")))


SERVICES = {
    "camunda class": ('camunda:class="org.Send"', "", "org.Send"),
    "camunda topic": ('camunda:type="external" camunda:topic="send"', "", "send"),
    "camunda expression": ('camunda:expression="${bean.send()}"', "", "${bean.send()}"),
    "camunda delegate": ('camunda:delegateExpression="${bean}"', "", "${bean}"),
    "activiti class": ('activiti:class="org.Send"', "", "org.Send"),
    "zeebe type": ("", '<zeebe:taskDefinition type="send" retries="3"/>', "send"),
    "implementation": ('implementation="send"', "", "send"),
    "operation": ('operationRef="x:send"', "", "send"),
}


@pytest.mark.parametrize(("attributes", "extensions", "name"), SERVICES.values(), ids=SERVICES)
@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
def test_a_service_is_named_in_many_ways(
    tag: str, attributes: str, extensions: str, name: str
) -> None:
    """A task that names a service calls it, also a send task or rule task without their own."""
    if tag == "businessRuleTask" and "operationRef" in attributes:
        assert refused(one(tag, attributes, extensions), "a", "operationRef")
        return
    node = compile_bpmn(one(tag, attributes, extensions)).nodes["a"]
    assert (Kind.SERVICE, name) == (node.kind, node.text)


@pytest.mark.parametrize(
    ("attributes", "extensions"),
    [
        ('camunda:decisionRef="level"', ""),
        ("", '<zeebe:calledDecision decisionId="level"/>'),
        ("", "<spiffworkflow:calledDecisionId>level</spiffworkflow:calledDecisionId>"),
    ],
)
def test_a_decision_is_named_in_many_ways(attributes: str, extensions: str) -> None:
    """The table of a decision, as three modelers write it."""
    node = compile_bpmn(one("businessRuleTask", attributes, extensions)).nodes["a"]
    assert (Kind.DECISION, "level") == (node.kind, node.text)


WORKS = {
    "camunda": (
        (
            'camunda:assignee="${head}" camunda:candidateGroups="director" camunda:formKey="order"'
            ' camunda:dueDate="${due}"'
        ),
        "",
        Work("order", "director", "head", "due"),
    ),
    "camunda literal": (
        'camunda:assignee="anna" camunda:formRef="order" camunda:dueDate="2025-09-01T00:00:00Z"',
        "",
        Work("order", "", "'anna'", "'2025-09-01T00:00:00Z'"),
    ),
    "zeebe": (
        "",
        (
            '<zeebe:assignmentDefinition assignee="=head" candidateGroups="director"/>'
            '<zeebe:formDefinition formId="order"/><zeebe:taskSchedule dueDate="=due"/><zeebe:userTask/>'
        ),
        Work("order", "director", "head", "due"),
    ),
    "nothing": ("", "", None),
}


@pytest.mark.parametrize(("attributes", "extensions", "work"), WORKS.values(), ids=WORKS)
def test_an_assignment_is_read(attributes: str, extensions: str, work: Work | None) -> None:
    """Assignee, group, form and due date of other modelers mean what ours mean."""
    assert work == compile_bpmn(one("userTask", attributes, extensions)).nodes["a"].work


CALLED = f'<process id="q" isExecutable="true">{start("s")}{end("e")}{flow("s", "e", name="f")}</process>'


def called(attributes: str, extensions: str) -> bytes:
    """Return a process that calls ``q``."""
    xml = one("callActivity", attributes, extensions)
    return xml.replace(b"</definitions>", f"{CALLED}</definitions>".encode())


def test_a_call_is_read() -> None:
    """Camunda's pairs map a call; Zeebe names the process in an extension."""
    pairs = (
        '<camunda:in source="school" target="s"/><camunda:in sourceExpression="${n + 1}" target="n"/>'
        '<camunda:out source="mark" target="m"/>'
    )
    node = compile_bpmn(called('calledElement="q"', pairs)).nodes["a"]
    assert ((("s", "school"), ("n", "n + 1")), (("m", "mark"),)) == (node.inputs, node.outputs)
    node = compile_bpmn(called("", '<zeebe:calledElement processId="q"/>')).nodes["a"]
    assert "q" == node.text


def test_a_panel_is_read() -> None:
    """Camunda's collection and element variable make a panel."""
    marker = (
        '<multiInstanceLoopCharacteristics camunda:collection="${experts}" '
        'camunda:elementVariable="expert"/>'
    )
    loop = compile_bpmn(one("userTask", inner=marker)).nodes["a"].loop
    assert loop is not None
    assert ("experts", "expert") == (loop.items, loop.item)


REFUSED = {
    "listeners": ("userTask", "", '<camunda:taskListener event="create" class="x"/>', "слушатели"),
    "execution listeners": ("task", "", '<camunda:executionListener class="x"/>', "слушатели"),
    "zeebe listeners": ("userTask", "", "<zeebe:executionListeners/>", "слушатели"),
    "candidates": ("userTask", 'camunda:candidateUsers="a,b"', "", "performer"),
    "two groups": ("userTask", 'camunda:candidateGroups="a,b"', "", "Несколько групп"),
    "a group by expression": ("userTask", 'camunda:candidateGroups="${g}"', "", "Несколько групп"),
    "follow up": ("userTask", 'camunda:followUpDate="x"', "", "напоминания"),
    "form data": ("userTask", "", "<camunda:formData/>", "опишите форму"),
    "inputs": ("serviceTask", 'camunda:class="x"', "<camunda:inputOutput/>", "tsikl:in"),
    "io mapping": ("serviceTask", 'implementation="x"', "<zeebe:ioMapping/>", "tsikl:in"),
    "a connector": ("serviceTask", 'implementation="x"', "<camunda:connector/>", "tsikl:service"),
    "a result": ("serviceTask", 'camunda:class="x" camunda:resultVariable="r"', "", "под именами"),
    "everything in": (
        "callActivity",
        'calledElement="p"',
        '<camunda:in variables="all"/>',
        "по одному",
    ),
    "a business key": (
        "callActivity",
        'calledElement="p"',
        '<camunda:in businessKey="x"/>',
        "по одному",
    ),
    "a version": (
        "callActivity",
        'calledElement="p" camunda:calledElementVersion="3"',
        "",
        "уберите",
    ),
    "a script elsewhere": ("scriptTask", 'camunda:resource="x.js"', "", "прямо в схеме"),
    "scripts around": (
        "task",
        "",
        "<spiffworkflow:preScript>x = 1</spiffworkflow:preScript>",
        "сценарий",
    ),
    "drools": ("userTask", 'drools:priority="1" drools:onEntry="x"', "", "уберите"),
    "a service on a plain task": ("task", 'camunda:class="x"', "", "уберите"),
    "an assignee on a script": ("scriptTask", 'camunda:assignee="x"', "", "уберите"),
}


@pytest.mark.parametrize(("tag", "attributes", "extensions", "part"), REFUSED.values(), ids=REFUSED)
def test_what_another_engine_would_do_is_refused(
    tag: str, attributes: str, extensions: str, part: str
) -> None:
    """Nothing that another engine acts on is passed over; the hint says what to write."""
    assert refused(one(tag, attributes, extensions), "a", part)


def test_a_definition_of_another_engine_is_looked_at() -> None:
    """A message that another engine sends by a class, or keys another way, is refused."""
    classes = message("m").replace("/>", ' camunda:class="x"/>')
    inside = body(element("intermediateThrowEvent", "a", classes), chain="start > a > end")
    assert refused(foreign(process(inside, '<message id="m" name="m"/>')), "a", "уберите")
    keyed = (
        '<message id="m" name="m"><extensionElements><zeebe:subscription correlationKey="=x"/>'
        "</extensionElements></message>"
    )
    inside = body(catch("a", message("m")), chain="start > a > end")
    assert refused(foreign(process(inside, keyed)), "m", "correlationProperty")


def test_what_changes_nothing_is_taken() -> None:
    """How another engine stores, retries or shows a task does not matter here."""
    xml = one(
        "userTask",
        'camunda:asyncBefore="true" camunda:priority="5"',
        '<camunda:properties><camunda:property name="a" value="b"/></camunda:properties>',
    )
    assert ("p",) == compile_bpmn(xml).processes


def test_unknown_extensions_are_remarked_upon() -> None:
    """What no engine we know writes is left alone, and the author is told."""
    xml = one("userTask", "", "<foreign:note>x</foreign:note>")
    assert ("definitions", "Расширения «urn:foreign» не читаются.") in warnings(xml)


def test_performers_of_the_standard_are_remarked_upon() -> None:
    """A suite's potential owner is no reason against running; in the house it is."""
    xml = process(body(user("a", "<potentialOwner/>"), chain="start > a > end"))
    assert ("a", "potentialOwner не читается: назовите роль в tsikl:task.") in warnings(xml)
    assert refused(xml, "a", "potentialOwner", Host(house=True))
