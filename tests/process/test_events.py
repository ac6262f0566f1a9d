"""Timers, messages, signals and conditions coming in; errors and escalations going out."""

from typing import Any

import pytest

from engine.errors import Fault, NotOpen
from engine.process.orders import Assign, Deliver
from tests.process.drawing import (
    HEAD,
    ROOTS,
    body,
    boundary,
    catch,
    condition,
    cycle,
    diagram,
    element,
    end,
    gateway,
    message,
    par,
    script,
    signal,
    start,
    throw,
    timer,
    user,
)
from tests.process.playing import DAY, NOON, Case

OURS = "https://tsikl.ru/schema/bpmn/1"

# timers -----------------------------------------------------------------------------------------


def reminded(event: str, *, interrupting: bool = False, **variables: Any) -> Case:
    """Return a case at a task with a timer at its boundary."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", event, interrupting=interrupting),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    return Case(drawn).start(**variables)


def test_a_deadline_takes_the_task_away() -> None:
    """An interrupting boundary event ends its activity and goes on by its own flow (13.5.3)."""
    case = reminded(timer("P2D"), interrupting=True)
    case.sleep(2 * DAY - 1)
    assert ["u"] == case.open
    case.sleep(1)
    assert (["r"], "completed") == (case.trace, case.status)


def test_a_reminder_leaves_the_task_open_and_is_spent() -> None:
    """A single timer fires once."""
    case = reminded(timer("P1D"))
    case.sleep(9 * DAY)
    assert (["r"], ["u"], []) == (case.trace, case.open, case.waiting)


def test_a_counted_reminder_fires_that_often() -> None:
    """And then no more."""
    case = reminded(cycle("R3/P1D"))
    case.sleep(2 * DAY)
    assert 2 == len(case.trace)
    case.sleep(9 * DAY)
    assert 3 == len(case.trace)


def test_an_endless_reminder_ends_with_its_task() -> None:
    """Nothing is armed when the task is done."""
    case = reminded(cycle("R/P1D"))
    case.sleep(5 * DAY)
    assert [-1] == [wait.left for wait in case.waits("timer")]
    case.complete("u")
    assert (["r"] * 5, "completed") == (case.trace, case.status)


def test_a_cycle_counts_from_its_last_due_moment() -> None:
    """Not from the clock: a host that slept catches up, and does not drift."""
    case = reminded(cycle("R/P1D"))
    wait = case.waits("timer")[0]
    case.now += 3 * DAY + 12_345
    case.do(Deliver(wait.id))
    assert [NOON + 2 * DAY] == [w.due for w in case.waits("timer")]


def test_an_interrupting_cycle_interrupts_at_its_first_tick() -> None:
    """It is a deadline, however often it could fire."""
    case = reminded(cycle("R3/P1D"), interrupting=True)
    case.sleep(9 * DAY)
    assert (["r"], "completed") == (case.trace, case.status)


def test_a_deadline_is_computed_when_the_task_opens() -> None:
    """A timer after = is an expression over the variables."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", timer("= due"), interrupting=True),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    case = Case(drawn).start(due="P3D")
    assert [NOON + 3 * DAY] == [w.due for w in case.waits("timer")]


@pytest.mark.parametrize("due", ["next tuesday", 5, "P0D", "2026-01-01T00:00:00"])
def test_a_computed_timer_that_is_no_timer_is_a_fault(due: object) -> None:
    """Nothing is saved, and the element is named."""
    drawn = diagram(catch("c", timer("= due")), chain="start > c > end")
    with pytest.raises(Fault) as refusal:
        Case(drawn).start(due=due)
    assert "c" == refusal.value.details["element"]


def test_a_repetition_that_is_none_any_more_is_a_fault_at_its_next_tick() -> None:
    """Its expression is asked each time; nothing is saved."""
    case = reminded(cycle("= every"), every="R/P1D")
    case.do(Assign({"every": "sometimes"}))
    with pytest.raises(Fault) as refusal:
        case.deliver("b")
    assert "b" == refusal.value.details["element"]


def test_a_counted_cycle_in_the_flow_lets_one_token_through_at_each_tick() -> None:
    """The event stays until its last firing."""
    drawn = diagram(catch("c", cycle("R3/P1D")), script("a"), chain="start > c > a > end")
    case = Case(drawn).start()
    case.sleep(2 * DAY)
    assert (["a", "a"], ["c"]) == (case.trace, case.waiting)
    case.sleep(DAY)
    assert (["a"] * 3, "completed") == (case.trace, case.status)


# messages ---------------------------------------------------------------------------------------


def test_a_receive_task_and_a_catch_event_wait_for_a_message() -> None:
    """Both go on when it comes."""
    drawn = diagram(
        element("receiveTask", "r", messageRef="msg"),
        catch("c", message("msg2")),
        chain="start > r > c > end",
    )
    case = Case(drawn).start()
    case.deliver("r")
    assert ["c"] == case.waiting
    case.deliver("c")
    assert "completed" == case.status


def test_a_message_that_comes_too_late_is_refused() -> None:
    """The wait went with its activity; the host drops the delivery."""
    drawn = diagram(
        user("u"),
        user("v"),
        boundary("b", "u", message(), interrupting=False),
        chain="start > u > v > end, b > end2",
    )
    case = Case(drawn).start()
    wait = case.waits("message")[0].id
    case.complete("u")
    with pytest.raises(NotOpen):
        case.do(Deliver(wait))


def carried(declared: str) -> str:
    """Return the extension that declares what a message carries."""
    inner = f'<t:message xmlns:t="{OURS}" payload="{declared}"/>'
    return f"<extensionElements>{inner}</extensionElements>"


def test_a_message_carries_its_declared_names_and_no_others() -> None:
    """What a throw does not declare stays in the case."""
    drawn = diagram(
        throw("t", carried("score title missing") + message()),
        chain="start > t > end",
    )
    case = Case(drawn).start(score=5, title="x", secret="y")
    sent = next(effect for effect in case.effects if effect.kind == "send")
    assert ("msg", {"score": 5, "title": "x"}) == (sent.name, sent.data)


def test_a_received_message_sets_its_declared_names_and_no_others() -> None:
    """Whatever else the sender packs in."""
    drawn = diagram(
        catch("c", carried("score") + message()), user("u"), chain="start > c > u > end"
    )
    case = Case(drawn).start(secret="mine")
    case.deliver("c", score=5, secret="stolen")
    assert {"secret": "mine", "score": 5} == case.variables


CORRELATED = (
    '<message id="order" name="order"/>'
    '<correlationProperty id="cp" name="school"><correlationPropertyRetrievalExpression '
    'messageRef="order"><messagePath>school</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
    '<correlationProperty id="cp2" name="year"><correlationPropertyRetrievalExpression '
    'messageRef="order"><messagePath>year</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
)


def test_correlation_keys_are_evaluated_when_the_event_is_armed() -> None:
    """They stand in the wait, in the order of the definition; the host matches all of them."""
    drawn = diagram(catch("c", message("order")), chain="start > c > end")
    case = Case(drawn.replace(b"<process ", CORRELATED.encode() + b"<process ", 1))
    case.start(school="17", year=2026)
    assert [["17", 2026]] == [wait.keys for wait in case.waits("message")]


def test_a_thrown_message_names_the_values_of_its_keys() -> None:
    """So that it reaches the one case that waits with the same."""
    drawn = diagram(throw("t", message("order")), chain="start > t > end")
    case = Case(drawn.replace(b"<process ", CORRELATED.encode() + b"<process ", 1))
    case.start(school="17", year=2026)
    assert {"school": "17", "year": 2026} == case.effects[0].keys


def test_a_send_task_sends_and_goes_on() -> None:
    """It is an activity: done when its message is handed over."""
    drawn = diagram(element("sendTask", "s", messageRef="msg"), chain="start > s > end")
    case = Case(drawn).start()
    assert [("send", "s"), ("ended", "p")] == case.kinds()


def test_a_non_interrupting_message_may_come_again() -> None:
    """It stays armed as long as its activity."""
    case = reminded(message())
    case.deliver("b")
    case.deliver("b")
    assert ["r", "r"] == case.trace


# signals ----------------------------------------------------------------------------------------


def test_a_signal_reaches_its_own_case_at_once_and_others_through_the_host() -> None:
    """Every wait of that name, and one effect (10.5.5)."""
    drawn = diagram(
        par("f"),
        catch("c1", signal()),
        catch("c2", signal()),
        user("u"),
        script("a"),
        script("b"),
        end("out", signal()),
        chain="start > f > c1 > a > end, f > c2 > b > end, f > u > out",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert ["a", "b"] == sorted(case.trace)
    assert ("signal", "out") in case.kinds()


# conditions -------------------------------------------------------------------------------------


def test_a_condition_fires_when_it_turns_true() -> None:
    """Not while it stays true; again after it was false."""
    drawn = diagram(
        par("f"),
        user("u"),
        user("w", standard_loop()),
        boundary("b", "u", condition("x > 1"), interrupting=False),
        script("r"),
        chain="start > f > u > end, f > w > end, b > r > end2",
    )
    case = Case(drawn).start(x=0)
    for value in (2, 3, 1, 2):
        case.complete("w", x=value)
    assert ["r", "r"] == case.trace


def standard_loop() -> str:
    """Return the marker of a loop without end."""
    return (
        '<standardLoopCharacteristics testBefore="false"><loopCondition>True</loopCondition>'
        "</standardLoopCharacteristics>"
    )


def test_a_condition_that_is_true_on_arrival_fires_at_once() -> None:
    """Before the activity's own work begins."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", condition("x > 1")),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    case = Case(drawn).start(x=5)
    assert (["r"], "completed") == (case.trace, case.status)
    assert ("open", "u") not in case.kinds()


def test_a_condition_sees_what_another_branch_writes() -> None:
    """Data of the case is one for all branches."""
    drawn = diagram(
        par("f"),
        catch("c", condition("x > 1")),
        script("r"),
        user("u"),
        chain="start > f > c > r > end, f > u > end",
    )
    case = Case(drawn).start(x=0)
    case.complete("u", x=2)
    assert ["r"] == case.trace


# event gateways, multiple events ----------------------------------------------------------------


def test_the_first_event_behind_an_event_gateway_wins() -> None:
    """All others are disarmed (13.4.4); each timer had its own due moment."""
    drawn = diagram(
        gateway("eventBased", "g"),
        catch("t1", timer("P1D")),
        catch("t2", timer("P3D")),
        catch("c", message()),
        script("a"),
        script("b"),
        script("d"),
        chain="start > g > t1 > a > end, g > t2 > b > end, g > c > d > end",
    )
    case = Case(drawn).start()
    assert [NOON + DAY, NOON + 3 * DAY] == sorted(w.due for w in case.waits("timer"))
    case.deliver("c")
    assert (["d"], "completed") == (case.trace, case.status)


def test_one_event_of_a_multiple_one_is_enough() -> None:
    """The others are disarmed."""
    drawn = diagram(catch("c", message() + signal()), chain="start > c > end")
    case = Case(drawn).start()
    case.deliver("c")
    assert "completed" == case.status


def test_a_parallel_multiple_event_waits_for_all() -> None:
    """In any order, each once."""
    events = message() + signal() + timer("P1D")
    drawn = diagram(catch("c", events, parallelMultiple="true"), chain="start > c > end")
    case = Case(drawn).start()
    case.sleep(DAY)
    case.do(Deliver(case.waits("signal")[0].id))
    assert ["c"] == case.waiting
    case.do(Deliver(case.waits("message")[0].id))
    assert "completed" == case.status


def test_a_parallel_multiple_boundary_event_waits_for_all_and_may_come_again() -> None:
    """A non-interrupting one is armed anew when all have happened."""
    events = message() + signal()
    attached = element(
        "boundaryEvent",
        "b",
        events,
        attachedToRef="u",
        cancelActivity="false",
        parallelMultiple="true",
    )
    drawn = diagram(user("u"), attached, script("r"), chain="start > u > end, b > r > end2")
    case = Case(drawn).start()
    for _ in range(2):
        case.do(Deliver(case.waits("message")[0].id))
        case.do(Deliver(case.waits("signal")[0].id))
    assert (["r", "r"], ["b", "b"]) == (case.trace, case.waiting)


# starting by an event ---------------------------------------------------------------------------


def test_a_case_starts_at_the_event_that_happened() -> None:
    """Its other start events are alternatives, not further tokens (13.2)."""
    drawn = diagram(
        start("start_m", message()),
        script("a"),
        script("b"),
        chain="start > a > end, start_m > b > end",
    )
    assert ["b"] == Case(drawn).start("start_m").trace
    assert ["a"] == Case(drawn).start().trace


def test_a_receive_task_may_start_a_case() -> None:
    """Its message has come already."""
    receive = element("receiveTask", "r", messageRef="msg", instantiate="true")
    drawn = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">' + body(
        receive, script("a"), chain="r > a > end"
    )
    case = Case(f"{drawn}</process></definitions>".encode())
    assert ["a"] == case.start("r").trace
