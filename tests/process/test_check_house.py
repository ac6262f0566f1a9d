"""Our own extensions: what they say is compiled, what they lack or misspell is refused."""

import pytest

from engine.process.compile import compile_bpmn
from engine.process.host import Host
from engine.process.language import parse
from engine.process.model import Setting, Stage, Work
from tests.process.drawing import (
    body,
    catch,
    diagram,
    element,
    end,
    flow,
    message,
    multi,
    script,
    signal,
    start,
    timer,
    user,
)
from tests.process.refusing import OURS, extended, process, refused

FUNCTIONS = frozenset({"in_workdays", "setting"})


def check(text: str, mode: str) -> None:
    """Ask the closed language with the functions of a host."""
    parse(text, "exec" if mode == "exec" else "eval", FUNCTIONS)


HOUSE = Host(
    check=check,
    house=True,
    services=frozenset({"publish"}),
    roles=frozenset({"director"}),
    reminders=frozenset({"usual"}),
)
TASK = '<tsikl:task form="sign_order" role="director" due="in_workdays(3)"/>'


def one(activity: str, extensions: str = "") -> bytes:
    """Return a process with one activity, and extensions of the process."""
    more = extended(extensions) if extensions else ""
    return process(more + body(activity, chain="start > a > end"))


def task(attributes: str, extensions: str = "", tag: str = "userTask") -> bytes:
    """Return a process with one task of people whose ``tsikl:task`` has these attributes."""
    return one(element(tag, "a", extended(f"<tsikl:task {attributes}/>")), extensions)


# what is said -----------------------------------------------------------------------------------


def test_a_task_says_who_what_and_until_when() -> None:
    """All attributes of ``tsikl:task`` reach the node."""
    xml = task(
        'form="sign_order" role="director" performer="${head}" due="= in_workdays(3)"'
        ' remind="usual" stage="order" office="true"',
        '<tsikl:stage id="order" name="Приказ"/>',
    )
    work = compile_bpmn(xml, HOUSE).nodes["a"].work
    assert work == Work(
        "sign_order", "director", "head", "in_workdays(3)", "usual", "order", office=True
    )


def test_a_process_has_settings_and_stages() -> None:
    """Settings have a type, stages an order."""
    extensions = (
        '<tsikl:setting name="quorum" value="2" type="int" label="Кворум"/>'
        '<tsikl:setting name="share" value="0.5" type="float"/>'
        '<tsikl:setting name="open" value="true" type="bool"/>'
        '<tsikl:setting name="place" value="школа"/>'
        '<tsikl:stage id="order" name="Приказ"/><tsikl:stage id="panel"/>'
    )
    definition = compile_bpmn(one(user("a", extended(TASK)), extensions), HOUSE)
    assert definition.settings == (
        Setting("quorum", 2, "Кворум"),
        Setting("share", 0.5),
        Setting("open", value=True),
        Setting("place", "школа"),
    )
    assert (Stage("order", "Приказ"), Stage("panel", "panel")) == definition.stages


def test_a_service_has_a_name_and_a_mapping() -> None:
    """What goes in and what comes out of a service is written pair by pair."""
    inner = (
        '<tsikl:service name="publish" stage="s"/><tsikl:in name="text" expression="${summary}"/>'
        '<tsikl:out name="link" expression="url"/>'
    )
    xml = one(element("serviceTask", "a", extended(inner)), '<tsikl:stage id="s"/>')
    node = compile_bpmn(xml, HOUSE).nodes["a"]
    assert ("publish", (("text", "summary"),), (("link", "url"),)) == (
        node.text,
        node.inputs,
        node.outputs,
    )


def test_a_decision_has_a_table() -> None:
    """The table of a business rule task is named by ours."""
    inner = extended('<tsikl:decision table="level"/>')
    definition = compile_bpmn(one(element("businessRuleTask", "a", inner)), HOUSE)
    assert "level" == definition.nodes["a"].text


@pytest.mark.parametrize(
    ("event", "root"),
    [
        (catch("a", extended('<tsikl:message payload="score  note"/>') + message()), "msg"),
        (
            catch(
                "a",
                '<messageEventDefinition messageRef="msg">'
                + extended('<tsikl:message payload="score note"/>')
                + "</messageEventDefinition>",
            ),
            "msg",
        ),
        (
            element(
                "receiveTask",
                "a",
                extended('<tsikl:message payload="score note"/>'),
                messageRef="msg",
            ),
            "msg",
        ),
        (element("sendTask", "a", messageRef="msg3"), "msg3"),
    ],
)
def test_a_message_declares_what_it_carries(event: str, root: str) -> None:
    """Names stand at the event, at its definition, or at the message itself."""
    inner = extended('<tsikl:message payload="score note"/>')
    xml = diagram(event, chain="start > a > end").replace(
        b"<process", f'<message id="msg3" name="msg3">{inner}</message><process'.encode()
    )
    (found,) = compile_bpmn(xml, HOUSE).nodes["a"].events
    assert (root, ("score", "note")) == (found.name, found.payload)


CALLED = f'<process id="q" isExecutable="true">{start("s")}{end("e")}{flow("s", "e", name="f")}</process>'


def called(extensions: str, inner: str = "") -> bytes:
    """Return a process that calls ``q`` with these extensions."""
    more = extended(extensions) if extensions else ""
    call = element("callActivity", "a", more + inner, calledElement="q")
    return one(call).replace(b"</definitions>", f"{CALLED}</definitions>".encode())


def test_a_call_maps_both_ways() -> None:
    """A called process sees what goes in; its caller, what comes out; empty is written empty."""
    pairs = (
        '<tsikl:in name="school" expression="case.school"/><tsikl:out name="mark" expression="m"/>'
    )
    node = compile_bpmn(called(pairs), HOUSE).nodes["a"]
    assert ((("school", "case.school"),), (("mark", "m"),)) == (node.inputs, node.outputs)
    node = compile_bpmn(called("<tsikl:in/><tsikl:out/>"), HOUSE).nodes["a"]
    assert ((), ()) == (node.inputs, node.outputs)


def test_a_call_maps_by_plain_associations() -> None:
    """BPMN's own associations map a call as well, name to name."""
    inner = (
        '<ioSpecification><dataInput id="in" name="school"/><dataOutput id="out" name="m"/>'
        "<inputSet><dataInputRefs>in</dataInputRefs></inputSet>"
        "<outputSet><dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification>"
        "<dataInputAssociation><sourceRef>d</sourceRef><targetRef>in</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>out</sourceRef><targetRef>d</targetRef></dataOutputAssociation>"
    )
    xml = called("", inner).replace(
        b'<startEvent id="start"', b'<dataObject id="d" name="case"/><startEvent id="start"'
    )
    node = compile_bpmn(xml, HOUSE).nodes["a"]
    assert ((("school", "case"),), (("case", "m"),)) == (node.inputs, node.outputs)


# what is refused --------------------------------------------------------------------------------

CASES = {
    "a start that waits for several events": (
        process(
            body(start("s", message() + signal()), chain="s > end"),
            '<message id="msg" name="msg"/><signal id="sg" name="sg"/>',
        ),
        "s",
        "для каждого",
    ),
    "a task that says nothing": (one(user("a")), "a", "кто выполняет"),
    "a task without a deadline": (task('form="f" role="director"'), "a", "Не указан срок"),
    "a task without a form": (
        task('role="director" due="in_workdays(3)"'),
        "a",
        "Не указана форма",
    ),
    "a manual task without a performer": (
        task('due="in_workdays(3)"', tag="manualTask"),
        "a",
        "кто выполняет",
    ),
    "a role nobody has": (
        task('form="f" role="king" due="in_workdays(3)"'),
        "a",
        "Роли «king» нет",
    ),
    "a reminder policy nobody wrote": (
        task('form="f" role="director" due="in_workdays(3)" remind="never"'),
        "a",
        "«never»",
    ),
    "a stage that is not there": (
        task('form="f" role="director" due="in_workdays(3)" stage="gone"'),
        "a",
        "Этапа «gone»",
    ),
    "an office without a role": (
        task('form="f" performer="head" due="in_workdays(3)" office="true"'),
        "a",
        "office",
    ),
    "a form that is a path": (
        task('form="../secret" role="director" due="in_workdays(3)"'),
        "a",
        "именем формы",
    ),
    "a deadline outside of the language": (
        task('form="f" role="director" due="now()"'),
        "a",
        "функции «now» нет",
    ),
    "a performer outside of the language": (
        task('form="f" performer="x.y()" due="in_workdays(3)"'),
        "a",
        "не входит в язык",
    ),
    "an attribute misspelt": (task('from="f"'), "a", "атрибута «from» нет"),
    "a task twice": (one(user("a", extended(TASK + TASK))), "a", "стоит дважды"),
    "a task on a script": (
        one(script("a", "x = 1", extended(TASK))),
        "a",
        "здесь не читается",
    ),
    "an extension nobody knows": (
        one(user("a", extended(TASK + "<tsikl:hint/>"))),
        "a",
        "здесь не читается",
    ),
    "an extension inside an extension": (
        one(user("a", extended(TASK).replace("/></ext", "><b/></tsikl:task></ext"))),
        "a",
        "вложенных",
    ),
    "an attribute of ours on an element": (
        one(user("a", extended(TASK)).replace("<userTask", f'<userTask {OURS} tsikl:role="r"')),
        "a",
        "нужен элемент",
    ),
    "a setting without a name": (
        one(user("a", extended(TASK)), '<tsikl:setting value="1"/>'),
        "p",
        "имя пустое",
    ),
    "a setting twice": (
        one(user("a", extended(TASK)), '<tsikl:setting name="q" value="1"/>' * 2),
        "p",
        "повторяется",
    ),
    "a setting of another type": (
        one(user("a", extended(TASK)), '<tsikl:setting name="q" value="two" type="int"/>'),
        "p",
        "«two» не int",
    ),
    "a setting of a type nobody knows": (
        one(user("a", extended(TASK)), '<tsikl:setting name="q" value="2" type="money"/>'),
        "p",
        "не money",
    ),
    "a stage without an id": (
        one(user("a", extended(TASK)), '<tsikl:stage name="Приказ"/>'),
        "p",
        "id пустой",
    ),
    "a setting that is asked for and not there": (
        task('form="f" role="director" due="in_workdays(setting(\'term\'))"'),
        "a",
        "Параметра «term» нет",
    ),
    "a setting that a script asks for": (
        one(script("a", "x = setting('gone')")),
        "a",
        "Параметра «gone» нет",
    ),
    "a setting that a timer asks for": (
        one(catch("a", timer("= in_workdays(setting('gone'))", "timeDate"))),
        "a",
        "Параметра «gone» нет",
    ),
    "a setting that a panel asks for": (
        one(element("task", "a", multi(count_of="setting('gone')"))),
        "a",
        "Параметра «gone» нет",
    ),
    "a mapping by half an association": (
        called("", "<dataInputAssociation><targetRef>x</targetRef></dataInputAssociation>"),
        "a",
        "от одного имени к одному",
    ),
    "a script of nothing": (one(element("scriptTask", "a")), "a", "Сценарий пуст"),
    "a service nobody registered": (
        one(element("serviceTask", "a", extended('<tsikl:service name="steal"/>'))),
        "a",
        "Службы «steal» нет",
    ),
    "a service of a stage that is not there": (
        one(element("serviceTask", "a", extended('<tsikl:service name="publish" stage="gone"/>'))),
        "a",
        "Этапа «gone»",
    ),
    "a mapping without a name": (
        one(
            element(
                "serviceTask",
                "a",
                extended('<tsikl:service name="publish"/><tsikl:in expression="x"/>'),
            )
        ),
        "a",
        "и имя, и выражение",
    ),
    "a call without a mapping": (called(""), "a", "пустой — без имени"),
    "a call mapped one way": (called("<tsikl:in/>"), "a", "пустой — без имени"),
    "a payload of no names": (
        diagram(
            catch("a", extended('<tsikl:message payload="score,note"/>') + message()),
            chain="start > a > end",
        ),
        "a",
        "именем данных",
    ),
    "a task on a lane": (
        process(
            f'<laneSet id="ls"><lane id="l">{extended(TASK)}</lane></laneSet>'
            + body(user("a", extended(TASK)), chain="start > a > end")
        ),
        "l",
        "здесь не читается",
    ),
    "a hint on a message": (
        process(
            body(user("a", extended(TASK)), chain="start > a > end"),
            f'<message id="m" name="m">{extended("<tsikl:hint/>")}</message>',
        ),
        "m",
        "здесь не читается",
    ),
    "a hint on a definition": (
        diagram(
            catch(
                "a",
                '<messageEventDefinition messageRef="msg">'
                + extended("<tsikl:hint/>")
                + "</messageEventDefinition>",
            ),
            chain="start > a > end",
        ),
        "a",
        "здесь не читается",
    ),
    "a performer in BPMN's own words": (
        one(user("a", extended(TASK) + "<potentialOwner/>")),
        "a",
        "potentialOwner не читается",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), CASES.values(), ids=CASES)
def test_a_cycle_that_lacks_something_is_refused(xml: bytes, name: str, part: str) -> None:
    """In the house a diagram must say more than BPMN asks for."""
    assert refused(xml, name, part, HOUSE)


def test_elsewhere_a_task_needs_nothing() -> None:
    """A suite's user task has neither form nor role; what is misspelt is refused all the same."""
    assert None is compile_bpmn(one(user("a"))).nodes["a"].work
    assert refused(task('from="f"'), "a", "атрибута «from» нет")


def test_a_table_that_is_not_offered_is_refused() -> None:
    """Where the host names its tables, a decision by another is refused."""
    xml = one(element("businessRuleTask", "a", extended('<tsikl:decision table="level"/>')))
    assert refused(xml, "a", "Таблицы решений «level» нет", Host(tables=frozenset({"other"})))
