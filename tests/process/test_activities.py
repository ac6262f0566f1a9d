"""Tasks of all kinds, what goes into them and comes out, token quantities."""

import pytest

from engine.errors import ExpressionFailed, Fault
from tests.process.drawing import (
    body,
    diagram,
    element,
    message,
    par,
    script,
    service,
    sub,
    throw,
    user,
)
from tests.process.playing import Case

OURS = "https://tsikl.ru/schema/bpmn/1"


def extended(inner: str) -> str:
    """Return extension elements of the house."""
    return f'<extensionElements xmlns:t="{OURS}">{inner}</extensionElements>'


@pytest.mark.parametrize("tag", ["userTask", "manualTask"])
def test_a_person_has_work(tag: str) -> None:
    """Opened on arrival, done on completion, with what was typed assigned to the case."""
    case = Case(diagram(element(tag, "u"), chain="start > u > end")).start()
    assert [("open", "u")] == case.kinds()
    case.complete("u", score=5)
    assert [("done", "u"), ("ended", "p")] == case.kinds()
    assert {"score": 5} == case.variables


def test_people_have_their_work_before_anything_automatic_happens() -> None:
    """A task opens on arrival; scripts and throws wait for their turn."""
    drawn = diagram(
        par("f"), throw("t", message()), user("u"), chain="start > f > t > end, f > u > end"
    )
    assert [("open", "u"), ("send", "t")] == Case(drawn).start().kinds()


def test_a_plain_task_is_passed() -> None:
    """There is nothing to do."""
    assert (
        "completed" == Case(diagram(element("task", "a"), chain="start > a > end")).start().status
    )


def test_a_service_gets_what_is_mapped_in_and_gives_what_is_mapped_out() -> None:
    """The host lets it work after the commit; names of its answer are its own."""
    mapping = '<t:in name="who" expression="x + 1"/><t:out name="y" expression="answer * 2"/>'
    case = Case(diagram(service("a", extended(mapping)), user("u"), chain="start > a > u > end"))
    case.start(x=1)
    call = case.effects[0]
    assert ("call", "a", "a", {"who": 2}) == (call.kind, call.element, call.name, call.data)
    case.complete("a", answer=5, rest="ignored")
    assert {"x": 1, "y": 10} == case.variables


def test_a_service_without_a_mapping_gives_all_it_answers() -> None:
    """Services are our own; what they answer is meant for the case."""
    case = Case(diagram(service("a"), user("u"), chain="start > a > u > end")).start()
    case.complete("a", answer=5)
    assert {"answer": 5} == case.variables


def test_a_decision_is_assigned() -> None:
    """The outputs of its table become variables."""
    task = element("businessRuleTask", "d", extended('<t:decision table="level"/>'))
    drawn = diagram(task, user("u"), chain="start > d > u > end")
    case = Case(drawn, level=lambda names: {"level": "high" if names["x"] > 1 else "low"})
    assert {"x": 2, "level": "high"} == case.start(x=2).variables


def test_an_expression_without_a_value_is_a_fault_of_its_element() -> None:
    """The language's refusal is passed on with the name of the element."""

    def fails() -> None:
        raise ExpressionFailed(text="x", why="нет такого имени")

    for drawn in (
        diagram(script("a", "y = fails()"), chain="start > a > end"),
        diagram(user("a"), script("b"), chain="start > b > a > end", b__a="fails()"),
    ):
        with pytest.raises(Fault) as refusal:
            Case(drawn, fails=fails).start()
        assert refusal.value.details["element"] in ("a", "b")


def test_a_start_quantity_gathers_tokens() -> None:
    """Two tokens make the activity begin once (13.3.2)."""
    drawn = diagram(
        par("f"),
        user("a"),
        user("b"),
        script("c", startQuantity=2),
        chain="start > f > a > c, f > b > c, c > end",
    )
    case = Case(drawn).start()
    case.complete("a")
    assert [] == case.trace
    case.complete("b")
    assert (["c"], "completed") == (case.trace, case.status)


def test_a_completion_quantity_sends_several_tokens() -> None:
    """As many on every outgoing flow (13.3.2)."""
    drawn = diagram(script("a", completionQuantity=3), user("u"), chain="start > a > u > end")
    assert ["u"] * 3 == Case(drawn).start().open


def test_instances_of_nested_scopes_see_all_names_around_them() -> None:
    """Inside out: instance, sub-process, case; the innermost wins."""
    declared = element("dataObject", "y")
    inside = declared + body(script("b", "y = x + 1\nlog((x, y))"), chain="start_s > b > end_s")
    drawn = diagram(sub("s", inside), script("c", "log(y)"), chain="start > s > c > end")
    assert [(1, 2), 0] == Case(drawn).start(x=1, y=0).trace


def test_a_name_may_be_russian() -> None:
    """Variables are any names of the language."""
    drawn = diagram(script("a", "балл = 5"), user("u"), chain="start > a > u > end")
    assert {"балл": 5} == Case(drawn).start().variables
