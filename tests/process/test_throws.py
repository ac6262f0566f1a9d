"""Errors, escalations and links: what goes out, and who catches it."""

import pytest

from tests.process.drawing import (
    CANCEL,
    TERMINATE,
    body,
    boundary,
    catch,
    diagram,
    element,
    end,
    error,
    escalation,
    link,
    message,
    multi,
    par,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.process.playing import Case

# errors and escalations -------------------------------------------------------------------------


def failing(*attached: str, code: str = "er", chain: str = "") -> bytes:
    """Return a sub-process that ends in an error, with events at its boundary."""
    inside = body(script("a"), end("bad", error(code)), chain="start_s > a > bad")
    return diagram(
        sub("s", inside),
        script("after"),
        script("one"),
        script("two"),
        *attached,
        chain=f"start > s > after > end{chain}",
    )


def test_an_error_is_caught_at_the_boundary() -> None:
    """The sub-process ends, the flow goes on from the event."""
    drawn = failing(boundary("b", "s", error()), chain=", b > one > end2, after > two > end")
    assert ["a", "one"] == Case(drawn).start().trace


def test_the_code_comes_before_catch_all() -> None:
    """Whichever is drawn first."""
    drawn = failing(
        boundary("any", "s", error("")),
        boundary("exact", "s", error()),
        chain=", any > one > end2, exact > two > end2",
    )
    assert ["a", "two"] == Case(drawn).start().trace


def test_another_code_is_not_caught() -> None:
    """An error nobody catches ends the case as failed, with nothing left open (13.5.6)."""
    drawn = failing(
        boundary("other", "s", error("er2")), chain=", other > one > end2, after > two > end"
    )
    case = Case(drawn).start()
    assert (["a"], "failed") == (case.trace, case.status)
    failed = case.effects[-1]
    assert ("failed", "bad", "ER") == (failed.kind, failed.element, failed.name)


def test_an_uncaught_error_closes_all_open_work() -> None:
    """People are told that their tasks are gone."""
    drawn = diagram(
        par("f"),
        user("u"),
        user("v"),
        end("bad", error()),
        chain="start > f > u > bad, f > v > end",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert [("done", "u"), ("close", "v"), ("failed", "bad")] == case.kinds()


def test_an_error_caught_inside_and_thrown_again_is_caught_outside() -> None:
    """A handler may pass the error on."""
    again = body(start("on", error()), end("again", error()), chain="on > again")
    inside = body(
        end("bad", error()), sub("h", again, triggeredByEvent="true"), chain="start_s > bad"
    )
    drawn = diagram(
        sub("s", inside),
        boundary("b", "s", error()),
        script("outside"),
        chain="start > s > end, b > outside > end2",
    )
    assert ["outside"] == Case(drawn).start().trace


def test_a_script_may_raise_an_error() -> None:
    """The diagram catches it by its code, at the task itself."""
    drawn = diagram(
        script("a", "raise error('ER')"),
        boundary("b", "a", error()),
        script("r"),
        chain="start > a > end, b > r > end2",
    )
    assert ["r"] == Case(drawn).start().trace


def test_a_service_may_fail_with_a_code() -> None:
    """Its work is closed, and the flow goes on from the boundary."""
    drawn = diagram(
        service("a"),
        boundary("b", "a", error()),
        script("r"),
        chain="start > a > end, b > r > end2",
    )
    case = Case(drawn).start()
    case.fail("a", "ER")
    assert [("close", "a"), ("ended", "p")] == case.kinds()
    assert ["r"] == case.trace


def test_an_error_in_one_instance_ends_the_whole_panel() -> None:
    """The loop is passed through: its activity's boundary catches."""
    inside = body(user("u"), end("bad", error()), chain="start_s > u > bad")
    drawn = diagram(
        sub("s", multi(count_of="3"), inside),
        boundary("b", "s", error()),
        script("r"),
        chain="start > s > end, b > r > end2",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert (["r"], "completed") == (case.trace, case.status)


def escalating(*, interrupting: bool) -> bytes:
    """Return a sub-process that escalates and then runs a script."""
    inside = body(throw("t", escalation()), script("a"), chain="start_s > t > a > end_s")
    return diagram(
        sub("s", inside),
        boundary("b", "s", escalation(), interrupting=interrupting),
        script("r"),
        script("after"),
        chain="start > s > after > end, b > r > end2",
    )


def test_an_interrupting_escalation_stops_the_next_step() -> None:
    """What is automatic inside does not run any more (13.5.3)."""
    assert ["r"] == Case(escalating(interrupting=True)).start().trace


def test_another_escalation_lets_the_work_go_on() -> None:
    """Both run."""
    assert ["a", "after", "r"] == sorted(Case(escalating(interrupting=False)).start().trace)


def test_an_escalation_nobody_catches_is_nothing() -> None:
    """The case goes on (10.5.5)."""
    drawn = diagram(throw("t", escalation()), script("a"), chain="start > t > a > end")
    case = Case(drawn).start()
    assert (["a"], "completed") == (case.trace, case.status)


def test_events_of_one_element_are_thrown_one_after_another() -> None:
    """In document order; then the element is left."""
    drawn = diagram(throw("t", message() + signal()), chain="start > t > end")
    assert ["send", "signal", "ended"] == [kind for kind, _ in Case(drawn).start().kinds()]


@pytest.mark.parametrize(
    ("last", "kinds"),
    [
        (TERMINATE, ["open", "send", "close", "ended"]),
        (error(), ["open", "send", "close", "failed"]),
    ],
)
def test_what_ends_its_thrower_is_thrown_last(last: str, kinds: list[str]) -> None:
    """Wherever it stands: all results of a multiple end event are thrown (10.5.3)."""
    drawn = diagram(
        par("f"), user("u"), end("e", last + message()), chain="start > f > u > end, f > e"
    )
    assert kinds == [kind for kind, _ in Case(drawn).start().kinds()]


def test_a_cancelled_transaction_still_tells_of_it() -> None:
    """A message beside the cancel is sent before it."""
    inside = body(end("e", CANCEL + message()), chain="start_t > e")
    drawn = diagram(
        element("transaction", "t", inside),
        boundary("b", "t", CANCEL),
        chain="start > t > end, b > end2",
    )
    assert [("send", "e"), ("ended", "p")] == Case(drawn).start().kinds()


# links ------------------------------------------------------------------------------------------


def test_a_link_is_a_jump() -> None:
    """From the throwing to the catching event of the same name."""
    drawn = diagram(
        throw("out", link("L")),
        catch("in", link("L")),
        script("a"),
        chain="start > out, in > a > end",
    )
    assert ["a"] == Case(drawn).start().trace
