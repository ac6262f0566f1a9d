"""Sub-processes, calls, event sub-processes, ad hoc."""

import pytest

from engine.errors import Fault
from tests.process.drawing import (
    TERMINATE,
    body,
    boundary,
    catch,
    condition,
    diagram,
    element,
    end,
    error,
    handler,
    message,
    multi,
    par,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.process.playing import DAY, Case

OURS = "https://tsikl.ru/schema/bpmn/1"

# sub-processes ----------------------------------------------------------------------------------


def test_a_sub_process_without_a_start_event_begins_everywhere() -> None:
    """All its elements without incoming flows begin (13.3.4)."""
    drawn = diagram(sub("s", user("a"), user("b")), chain="start > s > end")
    assert ["a", "b"] == Case(drawn).start().open


def test_what_waits_or_throws_begins_beside_what_works() -> None:
    """An event without incoming flows is no alternative start: it begins like everything else."""
    free = user("a") + element("receiveTask", "r", messageRef="msg") + throw("t", signal())
    case = Case(diagram(sub("s", body(free, user("b"), chain="t > b")), chain="start > s > end"))
    case.start()
    assert (["a", "b"], ["r"]) == (case.open, case.waiting)


def test_a_case_does_not_begin_at_every_event_at_once() -> None:
    """Where each start waits for its own event, the one that happened is named (13.2)."""
    drawn = diagram(
        start("start_m", message()),
        start("start_n", message("msg2")),
        user("a"),
        user("b"),
        chain="start_m > a > end, start_n > b > end",
    )
    with pytest.raises(Fault):
        Case(drawn).start()
    assert ["b"] == Case(drawn).start("start_n").open


def test_a_case_may_be_begun_by_hand_at_its_only_start() -> None:
    """Whoever starts it stands for the event."""
    drawn = diagram(start("start_m", message()), user("a"), chain="start_m > a > end")
    assert ["a"] == Case(drawn).start().open


def test_a_sub_process_ends_with_its_last_token() -> None:
    """Not with the first end event (13.3.4)."""
    inside = body(par("f"), user("a"), user("b"), chain="start_s > f > a > end_a, f > b > end_b")
    case = Case(diagram(sub("s", inside), script("after"), chain="start > s > after > end")).start()
    case.complete("a")
    assert [] == case.trace
    case.complete("b")
    assert ["after"] == case.trace


def test_a_data_object_stays_in_its_sub_process() -> None:
    """Assignment goes to the innermost frame that declares the name; others go to the case."""
    declared = element("dataObject", "mark")
    inside = declared + body(script("a", "mark = 5\nother = 6"), chain="start_s > a > end_s")
    drawn = diagram(sub("s", inside), user("u"), chain="start > s > u > end")
    assert {"mark": 1, "other": 6} == Case(drawn).start(mark=1).variables


def test_a_branch_sees_what_a_sub_process_beside_it_writes() -> None:
    """Variables belong to the case; nothing is merged at a join."""
    inside = body(script("a", "x = 1"), chain="start_s > a > end_s")
    drawn = diagram(
        par("f"),
        sub("s", inside),
        user("u"),
        script("read", "log(x)"),
        chain="start > f > s > end, f > u > read > end",
    )
    case = Case(drawn).start(x=0)
    case.complete("u")
    assert [1] == case.trace


def test_terminate_ends_its_own_level_only() -> None:
    """What is open beside it goes; the flow outside goes on (13.5.6)."""
    inside = body(
        par("f"),
        user("u"),
        script("a"),
        end("t", TERMINATE),
        chain="start_s > f > u > end_s, f > a > t",
    )
    case = Case(diagram(sub("s", inside), script("after"), chain="start > s > after > end")).start()
    assert (["a", "after"], "completed") == (case.trace, case.status)
    assert ("close", "u") in case.kinds()


def test_terminate_in_the_process_completes_the_case() -> None:
    """All open tasks are taken away."""
    drawn = diagram(
        par("f"), user("u"), user("v"), end("t", TERMINATE), chain="start > f > u > end, f > v > t"
    )
    case = Case(drawn).start()
    case.complete("v")
    assert [("done", "v"), ("close", "u"), ("ended", "p")] == case.kinds()


def test_the_outcome_of_a_case_is_the_end_event_reached_last() -> None:
    """A terminate one as well; those of sub-processes do not count."""
    inside = body(script("x"), chain="start_s > x > end_s")
    drawn = diagram(
        par("f"),
        sub("s", inside),
        user("u"),
        end("stop", TERMINATE),
        chain="start > f > s > end1, f > u > stop",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert "stop" == case.effects[-1].name
    case = Case(diagram(sub("s", inside), chain="start > s > end1")).start()
    assert "end1" == case.effects[-1].name


def test_terminate_in_one_instance_of_a_panel_ends_that_instance_only() -> None:
    """The others go on (13.5.6)."""
    inside = body(
        par("f"),
        user("u"),
        user("v"),
        end("t", TERMINATE),
        chain="start_s > f > u > end_s, f > v > t",
    )
    case = Case(diagram(sub("s", multi(count_of="2"), inside), chain="start > s > end")).start()
    case.complete("v")
    assert ["u", "v"] == case.open
    case.complete("v")
    assert "completed" == case.status


def test_a_boundary_event_ends_what_is_two_levels_down() -> None:
    """Inside out, with all waits."""
    inner = body(
        user("u"), boundary("b", "u", timer("P9D")), chain="start_i > u > end_i, b > end_b"
    )
    outer = body(sub("inner", inner), chain="start_o > inner > end_o")
    drawn = diagram(
        sub("outer", outer),
        boundary("late", "outer", timer("P1D")),
        script("a"),
        chain="start > outer > end, late > a > end2",
    )
    case = Case(drawn).start()
    case.sleep(DAY)
    assert (["a"], "completed") == (case.trace, case.status)


def test_a_scope_is_not_over_before_its_first_tokens() -> None:
    """A handler that has come and gone at once does not end the process it belongs to."""
    drawn = diagram(
        handler("h", condition("x"), interrupting=False), user("u"), chain="start > u > end"
    )
    case = Case(drawn).start(x=True)
    assert (["h_h"], ["u"]) == (case.trace, case.open)


# calls ------------------------------------------------------------------------------------------


def calling(mapping: str, inside: str) -> bytes:
    """Return a process that calls another one with a mapping."""
    extension = f'<extensionElements xmlns:t="{OURS}">{mapping}</extensionElements>'
    call = element("callActivity", "c", extension, calledElement="q")
    called = f'<process id="q" isExecutable="true">{inside}</process></definitions>'
    drawn = diagram(call, user("u"), chain="start > c > u > end")
    return drawn.replace(b"</definitions>", called.encode())


def test_a_called_process_sees_only_what_is_mapped_in_and_gives_only_what_is_mapped_out() -> None:
    """Its names are its own, even when they sound the same."""
    mapping = '<t:in name="a" expression="x + 1"/><t:out name="y" expression="b * 2"/>'
    inside = body(
        script("s", "b = a + 1\nsecret = 1\nlog('x' in dir())"), chain="start_q > s > end_q"
    )
    case = Case(calling(mapping, inside)).start(x=1)
    assert ([False], {"x": 1, "y": 6}) == (case.trace, case.variables)


def test_an_empty_mapping_passes_nothing() -> None:
    """It is written as such."""
    inside = body(script("s", "x = 5"), chain="start_q > s > end_q")
    assert {"x": 1} == Case(calling("<t:in/>", inside)).start(x=1).variables


def test_an_error_in_a_called_process_reaches_its_caller() -> None:
    """The call's boundary catches it."""
    inside = body(end("bad", error()), chain="start_q > bad")
    drawn = calling("<t:in/>", inside).replace(
        b'<userTask id="u"', boundary("b", "c", error()).encode() + b'<userTask id="u"'
    )
    drawn = drawn.replace(
        b"</process><process", b'<sequenceFlow sourceRef="b" targetRef="u"/></process><process'
    )
    case = Case(drawn).start()
    assert ["u"] == case.open


# ad hoc -----------------------------------------------------------------------------------------


def ad_hoc(*parts: str, until: str = "", ordering: str = "Parallel") -> bytes:
    """Return an ad-hoc stage."""
    condition_ = f"<completionCondition>{until}</completionCondition>" if until else ""
    inner = "".join(parts) + condition_
    stage = element("adHocSubProcess", "stage", inner, ordering=ordering)
    return diagram(stage, script("n"), chain="start > stage > n > end")


def test_an_ad_hoc_stage_ends_when_its_condition_holds() -> None:
    """What is open then is taken away (13.3.5)."""
    case = Case(ad_hoc(user("a"), user("b"), user("c"), until="enough")).start(enough=False)
    assert ["a", "b", "c"] == case.open
    case.complete("b")
    case.complete("a", enough=True)
    assert (["n"], "completed") == (case.trace, case.status)


def test_a_task_of_an_ad_hoc_stage_may_be_done_again() -> None:
    """As long as the condition does not hold."""
    case = Case(ad_hoc(user("a"), user("b"), until="enough")).start(enough=False)
    case.complete("a")
    assert ["a", "b"] == case.open


def test_an_ad_hoc_stage_without_a_condition_ends_when_all_is_done() -> None:
    """Each activity once."""
    case = Case(ad_hoc(user("a"), user("b"))).start()
    case.complete("b")
    assert ["a"] == case.open
    case.complete("a")
    assert ["n"] == case.trace


def test_a_sequential_ad_hoc_stage_offers_one_at_a_time() -> None:
    """The next when the last is done."""
    case = Case(ad_hoc(user("a"), user("b"), ordering="Sequential")).start()
    assert ["a"] == case.open
    case.complete("a")
    assert ["b"] == case.open
    case.complete("b")
    assert ["n"] == case.trace


def test_a_task_that_may_be_done_again_waits_for_its_next_turn() -> None:
    """In a sequential stage the others come first."""
    case = Case(ad_hoc(user("a"), user("b"), until="enough", ordering="Sequential"))
    case.start(enough=False)
    for name in ("a", "b", "a"):
        assert [name] == case.open
        case.complete(name)
    case.complete("b", enough=True)
    assert ["n"] == case.trace


def test_a_sequential_ad_hoc_stage_goes_on_after_an_interrupted_activity() -> None:
    """What is left is still offered."""
    parts = (user("a"), boundary("x", "a", message()), user("b"), user("c"))
    flow = '<sequenceFlow sourceRef="x" targetRef="c"/>'
    case = Case(ad_hoc(*parts, flow, ordering="Sequential")).start()
    case.deliver("x")
    assert ["c"] == case.open
    case.complete("c")
    assert ["b"] == case.open


def test_a_sequential_ad_hoc_stage_follows_an_arrow_before_it_offers_the_next() -> None:
    """Never two at a time."""
    inside = body(user("a"), user("b"), user("c"), chain="a > b")
    case = Case(ad_hoc(inside, ordering="Sequential")).start()
    for name in ("a", "b", "c"):
        assert [name] == case.open
        case.complete(name)
    assert ["n"] == case.trace


def test_a_sequential_ad_hoc_stage_goes_on_after_a_branch_that_leads_nowhere() -> None:
    """What is left is offered when no flow behind an activity is true."""
    inside = body(user("a"), user("b"), user("c"), chain="a > b", a__b="1 > 2")
    case = Case(ad_hoc(inside, ordering="Sequential")).start()
    case.complete("a")
    assert ["c"] == case.open


def test_an_ad_hoc_stage_offers_messages_beside_tasks() -> None:
    """Receiving and sending are activities like others."""
    parts = (user("a"), element("receiveTask", "r", messageRef="msg"))
    case = Case(ad_hoc(*parts, element("sendTask", "s", messageRef="msg"))).start()
    assert [("open", "a"), ("send", "s")] == case.kinds()
    assert ["r"] == case.waiting


def test_an_interrupted_ad_hoc_stage_offers_nothing_more() -> None:
    """Neither at once nor when the handler is through."""
    inside = user("a") + user("b") + handler("h", message())
    case = Case(ad_hoc(inside, ordering="Sequential")).start()
    case.deliver("on_h")
    assert (["h_h", "n"], "completed") == (case.trace, case.status)


def test_a_sequential_ad_hoc_stage_offers_the_next_beside_a_handler_under_way() -> None:
    """What an event has started is not one of its activities."""
    inside = user("a") + user("b") + handler("h", message(), user("h_h"), interrupting=False)
    case = Case(ad_hoc(inside, ordering="Sequential")).start()
    case.deliver("on_h")
    case.complete("a")
    assert ["b", "h_h"] == case.open
    case.complete("h_h")
    case.complete("b")
    assert ["n"] == case.trace


def test_only_what_begins_by_itself_is_offered_again() -> None:
    """An activity behind another one follows that one."""
    inside = body(user("a"), user("b"), chain="a > b")
    case = Case(ad_hoc(inside, until="enough")).start(enough=False)
    case.complete("a")
    assert ["a", "b"] == case.open
    case.complete("b")
    assert ["a"] == case.open


def test_the_panel_of_an_ad_hoc_stage() -> None:
    """Every instance has its own."""
    stage = element("adHocSubProcess", "stage", multi(count_of="2") + user("a") + user("b"))
    case = Case(diagram(stage, script("n"), chain="start > stage > n > end")).start()
    for name in ("a", "b", "b", "a"):
        case.complete(name)
    assert ["n"] == case.trace


def test_an_intermediate_event_in_an_implicit_end() -> None:
    """A branch that leads nowhere else may end in an activity."""
    case = Case(
        diagram(
            par("f"),
            user("a"),
            catch("c", message()),
            script("n"),
            chain="start > f > a, f > c > n",
        )
    ).start()
    case.complete("a")
    assert "running" == case.status
    case.deliver("c")
    assert (["n"], "completed") == (case.trace, case.status)
