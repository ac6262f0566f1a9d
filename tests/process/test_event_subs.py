"""Event sub-processes: interrupting or beside, once or again, absorbing or passing on."""

import pytest

from engine.process.orders import Deliver
from tests.process.drawing import (
    body,
    boundary,
    condition,
    cycle,
    diagram,
    end,
    error,
    escalation,
    handler,
    message,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.process.playing import DAY, Case


def handled(event: str, *, interrupting: bool, first: str = "") -> bytes:
    """Return a process with a task and an event sub-process ``h``."""
    return diagram(
        first or user("u"),
        script("n"),
        handler("h", event, interrupting=interrupting),
        chain="start > u > n > end",
    )


@pytest.mark.parametrize("event", [message(), signal(), timer("P1D")])
def test_an_interrupting_event_sub_process_ends_what_is_under_way(event: str) -> None:
    """Then its own flow runs, and the case is over with it (13.5.4)."""
    case = Case(handled(event, interrupting=True)).start()
    case.deliver("on_h")
    assert (["h_h"], "completed") == (case.trace, case.status)
    assert ("close", "u") in case.kinds()


@pytest.mark.parametrize("event", [message(), signal(), cycle("R/P1D")])
def test_another_event_sub_process_runs_beside_it_every_time(event: str) -> None:
    """The main flow goes on, the event stays armed."""
    case = Case(handled(event, interrupting=False)).start()
    case.deliver("on_h")
    case.deliver("on_h")
    assert ["u"] == case.open
    case.complete("u")
    assert (["h_h", "h_h", "n"], "completed") == (case.trace, case.status)


def test_an_event_that_never_comes_holds_nothing_open() -> None:
    """The case ends with its main flow."""
    case = Case(handled(timer("P9D"), interrupting=False)).start()
    case.complete("u")
    assert (["n"], "completed") == (case.trace, case.status)


def test_a_condition_starts_an_event_sub_process() -> None:
    """When it turns true, whoever assigned it."""
    case = Case(handled(condition("x > 1"), interrupting=True)).start(x=0)
    assert ["u"] == case.open
    case.complete("u", x=2)
    assert ["h_h"] == case.trace


def test_a_condition_that_is_true_from_the_start_comes_before_the_main_flow() -> None:
    """An interrupting one leaves nothing to begin."""
    case = Case(handled(condition("x > 1"), interrupting=True)).start(x=5)
    assert (["h_h"], "completed") == (case.trace, case.status)
    assert ("open", "u") not in case.kinds()


def test_an_error_event_sub_process_catches_and_absorbs() -> None:
    """It runs when the error is thrown, not before; outside all is well (10.5.6)."""
    inside = body(user("u"), end("bad", error()), handler("h", error()), chain="start_s > u > bad")
    drawn = diagram(
        sub("s", inside),
        boundary("b", "s", error()),
        script("outside"),
        script("after"),
        chain="start > s > after > end, b > outside > end2",
    )
    case = Case(drawn).start()
    assert [] == case.trace
    case.complete("u")
    assert ["h_h", "after"] == case.trace


@pytest.mark.parametrize(("interrupting", "trace"), [(True, ["h_h"]), (False, ["h_h", "n"])])
def test_an_escalation_starts_an_event_sub_process(interrupting: bool, trace: list[str]) -> None:  # noqa: FBT001
    """Interrupting or not, as drawn."""
    drawn = diagram(
        throw("t", escalation()),
        script("n"),
        handler("h", escalation(), interrupting=interrupting),
        chain="start > t > n > end",
    )
    assert trace == sorted(Case(drawn).start().trace)


def test_an_event_sub_process_of_a_stage_interrupts_that_stage_only() -> None:
    """The flow outside goes on as if the stage were done."""
    inside = body(user("u"), handler("h", message()), chain="start_s > u > end_s")
    drawn = diagram(sub("s", inside), script("after"), chain="start > s > after > end")
    case = Case(drawn).start()
    case.deliver("on_h")
    assert (["h_h", "after"], "completed") == (case.trace, case.status)


def test_an_interrupted_scope_starts_no_other_handler() -> None:
    """Its events are disarmed, while the one handler works (13.5.4)."""
    drawn = diagram(
        user("u"),
        handler("h", message(), user("h_h")),
        handler("k", signal(), interrupting=False),
        chain="start > u > end",
    )
    case = Case(drawn).start()
    case.deliver("on_h")
    assert (["h_h"], []) == (case.open, case.waiting)


def test_a_scope_that_only_waits_for_handlers_starts_no_new_ones() -> None:
    """Its main flow is over: it is completing (13.5.4)."""
    drawn = diagram(
        user("u"),
        handler("h", message(), user("h_h"), interrupting=False),
        chain="start > u > end",
    )
    case = Case(drawn).start()
    case.deliver("on_h")
    assert ["on_h"] == case.waiting
    case.complete("u")
    assert (["h_h"], [], "running") == (case.open, case.waiting, case.status)
    case.complete("h_h")
    assert "completed" == case.status


def test_an_event_sub_process_has_events_of_its_own() -> None:
    """A task in a handler may have a deadline."""
    inside = body(
        start("on", message(), isInterrupting="false"),
        user("w"),
        boundary("late", "w", timer("P1D")),
        script("r"),
        chain="on > w > end_h, late > r > end_l",
    )
    drawn = diagram(user("u"), sub("h", inside, triggeredByEvent="true"), chain="start > u > end")
    case = Case(drawn).start()
    case.deliver("on")
    case.sleep(DAY)
    assert (["r"], ["u"]) == (case.trace, case.open)


def test_a_parallel_multiple_start_waits_for_all_its_events() -> None:
    """A non-interrupting one may start again after all have come once more."""
    first = start("on", message() + signal(), isInterrupting="false", parallelMultiple="true")
    inside = body(first, script("r"), chain="on > r > end_h")
    drawn = diagram(user("u"), sub("h", inside, triggeredByEvent="true"), chain="start > u > end")
    case = Case(drawn).start()
    for _ in range(2):
        case.do(Deliver(case.waits("message")[0].id))
        case.do(Deliver(case.waits("signal")[0].id))
    assert ["r", "r"] == case.trace
