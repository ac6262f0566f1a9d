"""Standard loops, panels of experts, quorum, adding and withdrawing."""

from typing import Any

import pytest

from engine.errors import Fault, NotOpen
from engine.process import loops
from engine.process.orders import Add, Withdraw
from tests.process.drawing import (
    body,
    boundary,
    cycle,
    diagram,
    element,
    escalation,
    multi,
    script,
    standard,
    sub,
    timer,
    user,
    xor,
)
from tests.process.playing import DAY, Case

# standard loops ---------------------------------------------------------------------------------


def test_a_loop_tested_after_runs_at_least_once() -> None:
    """The condition is looked at after each round (13.3.6)."""
    case = Case(diagram(script("a", inner=standard("False")), chain="start > a > end")).start()
    assert ["a"] == case.trace


def test_a_loop_tested_before_may_not_run_at_all() -> None:
    """With testBefore the condition is looked at before the first round too."""
    marker = standard("False", before=True)
    case = Case(diagram(script("a", inner=marker), chain="start > a > end")).start()
    assert ([], "completed") == (case.trace, case.status)


def test_a_loop_ends_at_its_maximum() -> None:
    """However true the condition is."""
    marker = standard("True", 3)
    case = Case(diagram(script("a", inner=marker), chain="start > a > end")).start()
    assert ["a"] * 3 == case.trace


def test_the_rounds_are_counted_from_one() -> None:
    """LoopCounter is the number of the round, in the round and in its condition."""
    marker = standard("loopCounter < 3")
    case = Case(diagram(script("a", "log(loopCounter)", marker), chain="start > a > end")).start()
    assert [1, 2, 3] == case.trace


def test_a_person_repeats_a_task_until_it_is_approved() -> None:
    """Each round is a task of its own, with a number of its own."""
    case = Case(diagram(user("u", standard("not approved")), chain="start > u > end")).start()
    first = case.tokens("u", "open")[0].id
    case.complete("u", approved=False)
    assert first != case.tokens("u", "open")[0].id
    case.complete("u", approved=True)
    assert "completed" == case.status


def test_five_thousand_rounds_of_rework_leave_the_state_as_small_as_it_was() -> None:
    """A back edge costs nothing: no history is kept, whatever the number of rounds."""
    drawn = diagram(
        xor("m"),
        user("u"),
        xor("g", default="end"),
        chain="start > m > u > g > m, g > end",
        g__m="again",
    )
    case = Case(drawn).start()
    sizes = []
    for _ in range(5_000):
        case.complete("u", again=True)
        sizes.append(len(case.raw))
    case.complete("u", again=False)
    assert "completed" == case.status
    assert max(sizes) <= sizes[0] + 10


# panels -----------------------------------------------------------------------------------------


def panel(**more: Any) -> bytes:
    """Return a diagram with one task per expert of a list; conclusions are collected."""
    marker = multi("experts", result="mark", **more)
    return diagram(
        user("u", marker), script("after", "log(marks)"), chain="start > u > after > end"
    )


def test_one_task_per_item() -> None:
    """Each instance sees its own item and its own number."""
    case = Case(panel()).start(experts=["x", "y"])
    seen = [case.state.names(token.id) for token in case.tokens("u", "open")]
    assert [("x", 1), ("y", 2)] == [(names["item"], names["loopCounter"]) for names in seen]


def test_results_keep_the_order_of_the_items() -> None:
    """Whoever is done first."""
    case = Case(panel()).start(experts=["x", "y", "z"])
    case.complete("u", nth=2, mark=3)
    case.complete("u", nth=0, mark=1)
    case.complete("u", mark=2)
    assert [[1, 2, 3]] == case.trace


def test_what_an_instance_declares_stays_in_it() -> None:
    """The result of one expert is not seen by another, and not by the case."""
    case = Case(panel()).start(experts=["x", "y"])
    case.complete("u", mark=5)
    assert {"experts": ["x", "y"]} == case.variables
    assert case.state.names(case.tokens("u", "open")[0].id)["mark"] is None


def test_other_names_belong_to_the_case() -> None:
    """What no frame declares is a variable of the case."""
    case = Case(panel()).start(experts=["x", "y"])
    case.complete("u", mark=5, remark="late")
    assert "late" == case.variables["remark"]


def test_an_empty_list_is_passed_at_once() -> None:
    """Nobody to ask: the activity is done."""
    assert [[]] == Case(panel()).start(experts=[]).trace


def test_one_after_another() -> None:
    """A sequential panel opens the next task when the last is done."""
    case = Case(panel(sequential=True)).start(experts=["x", "y"])
    assert ["u"] == case.open
    case.complete("u", mark=1)
    assert "y" == case.state.names(case.tokens("u", "open")[0].id)["item"]
    case.complete("u", mark=2)
    assert [[1, 2]] == case.trace


@pytest.mark.parametrize("count", [-1, 2.0, "2", None, True])
def test_what_is_no_number_of_instances_is_a_fault(count: object) -> None:
    """A count is a whole number from 0 (13.3.7)."""
    drawn = diagram(user("u", multi(count_of="count")), chain="start > u > end")
    with pytest.raises(Fault):
        Case(drawn).start(count=count)


def test_what_is_no_list_is_a_fault() -> None:
    """The items of a panel stand in a list."""
    with pytest.raises(Fault):
        Case(panel()).start(experts="xyz")


def test_a_quorum_ends_the_panel() -> None:
    """Two of three are enough: the third task is taken away (13.3.7)."""
    case = Case(panel(until="numberOfCompletedInstances >= 2")).start(experts=["x", "y", "z"])
    case.complete("u", mark=1)
    case.complete("u", mark=2)
    assert ([[1, 2]], "completed") == (case.trace, case.status)
    assert ["close"] == [kind for kind, element in case.kinds() if element == "u"][1:]


def test_the_condition_sees_counters_results_and_the_last_instance() -> None:
    """By the names of the standard and by those that modelers write."""
    until = (
        "log((numberOfInstances, numberOfCompletedInstances, numberOfActiveInstances,"
        " numberOfTerminatedInstances, nrOfInstances, nrOfCompletedInstances,"
        " nrOfActiveInstances, nrOfTerminatedInstances, item, mark, marks))"
    )
    case = Case(panel(until=until)).start(experts=["x", "y", "z"])
    case.withdraw("u", 0)
    case.complete("u", nth=1, mark=7)
    assert [(3, 1, 1, 1, 3, 1, 1, 1, "z", 7, [7])] == case.trace


# adding, withdrawing, replacing -----------------------------------------------------------------


def test_an_expert_joins_a_panel_under_way() -> None:
    """The new one begins at once, and his result comes last."""
    case = Case(panel()).start(experts=["x"])
    case.add("u", "y")
    assert ["u", "u"] == case.open
    case.complete("u", nth=1, mark=2)
    case.complete("u", mark=1)
    assert [[1, 2]] == case.trace


def test_an_expert_joins_a_queue() -> None:
    """In a sequential panel the new one comes after all others."""
    case = Case(panel(sequential=True)).start(experts=["x"])
    case.add("u", "y")
    assert ["u"] == case.open
    case.complete("u", mark=1)
    assert "y" == case.state.names(case.tokens("u", "open")[0].id)["item"]


def test_a_withdrawn_expert_holds_nothing_up() -> None:
    """The panel closes when the others are done; the task is taken away."""
    case = Case(panel()).start(experts=["x", "y"])
    case.withdraw("u", 0)
    assert [("close", "u")] == case.kinds()
    case.complete("u", mark=2)
    assert ([[2]], "completed") == (case.trace, case.status)


def test_the_last_open_expert_withdrawn_closes_the_panel() -> None:
    """Nothing is left to wait for."""
    case = Case(panel()).start(experts=["x", "y"])
    case.complete("u", mark=1)
    case.withdraw("u", 1)
    assert ([[1]], "completed") == (case.trace, case.status)


def test_the_next_in_a_queue_follows_a_withdrawn_one() -> None:
    """A sequential panel goes on with the next item."""
    case = Case(panel(sequential=True)).start(experts=["x", "y"])
    case.withdraw("u", 0)
    assert "y" == case.state.names(case.tokens("u", "open")[0].id)["item"]


def test_the_last_in_a_queue_withdrawn_ends_it() -> None:
    """Nobody comes after him."""
    case = Case(panel(sequential=True)).start(experts=["x", "y"])
    case.complete("u", mark=1)
    case.withdraw("u", 1)
    assert ([[1]], "completed") == (case.trace, case.status)


def test_an_expert_is_replaced_by_adding_first() -> None:
    """Even the only one: the panel stays open between the two steps."""
    case = Case(panel()).start(experts=["x"])
    case.add("u", "y")
    case.withdraw("u", 0)
    case.complete("u", mark=2)
    assert [[2]] == case.trace


def stages() -> bytes:
    """Return a panel whose members each have two tasks and a reminder of their own."""
    inside = body(
        user("read"),
        user("write"),
        boundary("remind", "read", cycle("R/P1D"), interrupting=False),
        script("mail", "log(item)"),
        chain="start_s > read > write > end_s, remind > mail > end_r",
    )
    return diagram(
        sub("s", multi("experts"), inside), script("after"), chain="start > s > after > end"
    )


def test_each_expert_of_a_panel_has_a_reminder_of_his_own() -> None:
    """It stops for the one who is done, and goes on for the other."""
    case = Case(stages()).start(experts=["x", "y"])
    case.complete("read")
    case.sleep(DAY)
    assert ["y"] == case.trace


def test_an_expert_is_withdrawn_in_the_middle_of_his_work() -> None:
    """His sub-process goes with its tasks and reminders; the others go on."""
    case = Case(stages()).start(experts=["x", "y"])
    case.complete("read")
    case.withdraw("s", 0)
    assert [("close", "write")] == case.kinds()
    assert (["read"], ["remind"]) == (case.open, case.waiting)
    case.complete("read")
    case.complete("write")
    assert ["after"] == case.trace


def test_an_expert_joins_a_panel_of_sub_processes() -> None:
    """With his own tasks from the first one on."""
    case = Case(stages()).start(experts=["x"])
    case.complete("read")
    case.add("s", "y")
    assert ["read", "write"] == case.open


def test_only_instances_are_withdrawn_and_only_panels_grow() -> None:
    """A task, the panel itself, a standard loop are refused; so is a panel that is over."""
    single = Case(diagram(user("u"), chain="start > u > end")).start()
    with pytest.raises(Fault):
        single.do(Withdraw(single.tokens("u")[0].id))
    with pytest.raises(Fault):
        single.do(Add(single.tokens("u")[0].id, "x"))
    looped = Case(diagram(user("u", standard("True")), chain="start > u > end")).start()
    with pytest.raises(Fault):
        looped.do(Withdraw(looped.instance("u", 0).id))
    with pytest.raises(Fault):
        looped.add("u", "x")
    with pytest.raises(NotOpen):
        single.do(Withdraw(999))


# boundary events and behaviour ------------------------------------------------------------------


def test_a_deadline_of_the_panel_ends_all_instances() -> None:
    """Boundary events belong to the activity as a whole (13.5.3)."""
    drawn = diagram(
        user("u", multi("experts")),
        boundary("late", "u", timer("P1D")),
        script("after"),
        chain="start > u > end, late > after > end2",
    )
    case = Case(drawn).start(experts=["x", "y", "z"])
    case.complete("u")
    case.sleep(DAY)
    assert (["after"], "completed") == (case.trace, case.status)


def behaving(behaviour: str, inner: str) -> bytes:
    """Return a panel of three that throws an escalation at its boundary."""
    marker = (
        f'<multiInstanceLoopCharacteristics behavior="{behaviour}" {inner}'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    definitions = '<escalationEventDefinition id="told" escalationRef="es"/>'
    drawn = diagram(
        user("u", marker),
        boundary("b", "u", escalation(), interrupting=False),
        script("heard"),
        chain="start > u > end, b > heard > end2",
    )
    return drawn.replace(b'<process id="p"', definitions.encode() + b'<process id="p"')


@pytest.mark.parametrize(("behaviour", "times"), [("None", 3), ("One", 1)])
def test_a_panel_tells_of_its_instances(behaviour: str, times: int) -> None:
    """None throws its event for every instance, One for the first (table 10.29)."""
    case = Case(behaving(behaviour, f'{behaviour.lower()}BehaviorEventRef="told">')).start()
    for _ in range(3):
        case.complete("u")
    assert ["heard"] * times == case.trace


def test_a_panel_tells_under_conditions() -> None:
    """Complex throws each event whose condition holds for the instance (table 10.29)."""
    inner = (
        ">"
        "<complexBehaviorDefinition id='cb'><condition>numberOfCompletedInstances == 2</condition>"
        "<event id='told2'><eventDefinitionRef>told</eventDefinitionRef></event>"
        "</complexBehaviorDefinition>"
    )
    case = Case(behaving("Complex", inner)).start()
    case.complete("u")
    assert [] == case.trace
    case.complete("u")
    case.complete("u")
    assert ["heard"] == case.trace


def test_an_element_that_does_not_repeat_has_no_loop() -> None:
    """A definition that says otherwise is broken."""
    node = Case(diagram(user("u"), chain="start > u > end")).definition.nodes["u"]
    with pytest.raises(Fault):
        loops._loop(node)


def test_a_call_in_a_panel_reports_to_its_instance() -> None:
    """The values mapped out of a called process are the instance's own result."""
    ours = "https://tsikl.ru/schema/bpmn/1"
    mapping = (
        f'<extensionElements xmlns:t="{ours}"><t:in name="who" expression="item"/>'
        '<t:out name="mark" expression="len(who)"/></extensionElements>'
    )
    call = element(
        "callActivity", "c", mapping + multi("experts", result="mark"), calledElement="q"
    )
    called = (
        f'<process id="q" isExecutable="true">{body(user("work"), chain="start_q > work > end_q")}'
        "</process></definitions>"
    )
    drawn = diagram(call, script("after", "log(marks)"), chain="start > c > after > end")
    case = Case(drawn.replace(b"</definitions>", called.encode())).start(experts=["xx", "y"])
    case.complete("work")
    case.complete("work")
    assert [[2, 1]] == case.trace
