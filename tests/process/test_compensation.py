"""Undoing what was done, and cancelling a transaction."""

from tests.process.drawing import (
    CANCEL,
    COMPENSATE,
    body,
    boundary,
    diagram,
    element,
    end,
    handler,
    message,
    multi,
    par,
    script,
    standard,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.process.playing import Case


def undone(name: str, task: str = "") -> str:
    """Return a script with its compensation handler ``undo_name``."""
    return (
        (task or script(name))
        + element("boundaryEvent", f"c_{name}", COMPENSATE, attachedToRef=name)
        + script(f"undo_{name}", isForCompensation="true")
        + f'<association id="as_{name}" sourceRef="c_{name}" targetRef="undo_{name}"/>'
    )


def of(name: str) -> str:
    """Return a compensation of one activity."""
    return f'<compensateEventDefinition activityRef="{name}"/>'


def test_handlers_run_newest_first_and_then_the_thrower_goes_on() -> None:
    """In the reverse order of completion (13.5.5)."""
    drawn = diagram(
        undone("a"),
        undone("b"),
        throw("t", COMPENSATE),
        script("n"),
        chain="start > a > b > t > n > end",
    )
    assert ["a", "b", "undo_b", "undo_a", "n"] == Case(drawn).start().trace


def test_what_was_not_done_is_not_undone() -> None:
    """A handler of an activity that never ran, or is still open, is left alone."""
    drawn = diagram(
        par("f"),
        undone("a"),
        undone("u", user("u")),
        throw("t", COMPENSATE),
        chain="start > f > a > t > end, f > u > end",
    )
    case = Case(drawn).start()
    assert (["a", "undo_a"], ["u"]) == (case.trace, case.open)


def test_one_activity_is_undone_by_name_and_only_once() -> None:
    """The log forgets what has been undone."""
    drawn = diagram(
        undone("a"),
        undone("b"),
        throw("t", of("a")),
        throw("t2", of("a")),
        script("n"),
        chain="start > a > b > t > t2 > n > end",
    )
    assert ["a", "b", "undo_a", "n"] == Case(drawn).start().trace


def test_a_person_may_undo() -> None:
    """The thrower waits until the handler is done."""
    handling = user("undo", isForCompensation="true")
    drawn = diagram(
        script("a"),
        element("boundaryEvent", "c", COMPENSATE, attachedToRef="a"),
        handling,
        '<association id="as" sourceRef="c" targetRef="undo"/>',
        end("t", COMPENSATE),
        chain="start > a > t",
    )
    case = Case(drawn).start()
    assert (["undo"], "running") == (case.open, case.status)
    case.complete("undo")
    assert "completed" == case.status


def test_what_was_done_inside_a_sub_process_can_be_undone_outside() -> None:
    """By throwing without a name, or by the name of the sub-process."""
    inside = body(undone("a"), undone("b"), chain="start_s > a > b > end_s")
    for event in (COMPENSATE, of("s")):
        drawn = diagram(sub("s", inside), throw("t", event), chain="start > s > t > end")
        assert ["a", "b", "undo_b", "undo_a"] == Case(drawn).start().trace


def test_a_handler_of_the_sub_process_replaces_those_inside() -> None:
    """It undoes the whole as one."""
    inside = body(undone("a"), chain="start_s > a > end_s")
    drawn = diagram(
        undone("s", sub("s", inside)), throw("t", COMPENSATE), chain="start > s > t > end"
    )
    assert ["a", "undo_s"] == Case(drawn).start().trace


def test_a_compensation_event_sub_process_decides_what_is_undone_inside() -> None:
    """It may throw on, and finds what was done beside it."""
    first = start("on", COMPENSATE)
    inner = body(first, script("h"), throw("on_t", COMPENSATE), chain="on > h > on_t > end_h")
    inside = body(
        undone("a"), sub("esp", inner, triggeredByEvent="true"), chain="start_s > a > end_s"
    )
    drawn = diagram(
        sub("s", inside), throw("t", COMPENSATE), script("n"), chain="start > s > t > n > end"
    )
    assert ["a", "h", "undo_a", "n"] == Case(drawn).start().trace


def test_every_instance_of_a_panel_is_undone() -> None:
    """What the instances logged outlives the loop; newest first (13.5.5)."""
    inside = body(undone("a", script("a", "log(item)")), chain="start_s > a > end_s")
    drawn = diagram(
        sub("s", multi("items", sequential=True), inside),
        throw("t", COMPENSATE),
        chain="start > s > t > end",
    )
    case = Case(drawn).start(items=[1, 2])
    assert [1, 2, "undo_a", "undo_a"] == case.trace


def test_a_looped_activity_with_a_handler_is_undone_once() -> None:
    """The handler stands for the activity as a whole."""
    drawn = diagram(
        undone("a", script("a", inner=standard("True", 3))),
        throw("t", COMPENSATE),
        chain="start > a > t > end",
    )
    assert ["a", "a", "a", "undo_a"] == Case(drawn).start().trace


def test_a_throw_inside_undoes_what_was_done_beside_it_first() -> None:
    """The nearest level with anything to undo."""
    inside = body(undone("b"), throw("t", COMPENSATE), chain="start_s > b > t > end_s")
    drawn = diagram(undone("a"), sub("s", inside), chain="start > a > s > end")
    assert ["a", "b", "undo_b"] == Case(drawn).start().trace


def test_a_throw_inside_reaches_outward_when_nothing_was_done_beside_it() -> None:
    """What the level around it has done is undone then."""
    inside = body(script("b"), throw("t", COMPENSATE), chain="start_s > b > t > end_s")
    drawn = diagram(undone("a"), sub("s", inside), chain="start > a > s > end")
    assert ["a", "b", "undo_a"] == Case(drawn).start().trace


def test_a_called_process_undoes_nothing_of_its_caller() -> None:
    """What it may undo ends with itself."""
    call = element("callActivity", "c", calledElement="q")
    called = body(throw("t", COMPENSATE), script("b"), chain="start_q > t > b > end_q")
    drawn = diagram(undone("a"), call, chain="start > a > c > end").replace(
        b"</definitions>",
        f'<process id="q" isExecutable="true">{called}</process></definitions>'.encode(),
    )
    assert ["a", "b"] == Case(drawn).start().trace


def test_a_handler_that_is_interrupted_leaves_nothing_behind() -> None:
    """An event sub-process may end the thrower in the middle of an undo."""
    handling = user("undo", isForCompensation="true")
    drawn = diagram(
        script("a"),
        element("boundaryEvent", "c", COMPENSATE, attachedToRef="a"),
        handling,
        '<association id="as" sourceRef="c" targetRef="undo"/>',
        handler("h", message()),
        throw("t", COMPENSATE),
        chain="start > a > t > end",
    )
    case = Case(drawn).start()
    case.deliver("on_h")
    assert (["a", "h_h"], "completed") == (case.trace, case.status)


def test_what_an_ad_hoc_stage_has_left_is_not_what_it_can_undo() -> None:
    """The queue of activities and the log of handlers are two lists."""
    parts = undone("a", user("a")) + undone("b", user("b")) + user("c")
    stage = element("adHocSubProcess", "stage", parts, ordering="Sequential")
    drawn = diagram(stage, throw("t", COMPENSATE), chain="start > stage > t > end")
    case = Case(drawn).start()
    for name in ("a", "b", "c"):
        assert [name] == case.open
        case.complete(name)
    assert (["undo_b", "undo_a"], "completed") == (case.trace, case.status)


# transactions -----------------------------------------------------------------------------------


def transaction(marker: str = "") -> bytes:
    """Return a transaction with a step to undo, an open task, and a way to cancel."""
    inside = body(
        undone("a"),
        par("f"),
        user("u"),
        user("stop"),
        end("cancel", CANCEL),
        chain="start_s > a > f > u > end_s, f > stop > cancel",
    )
    return diagram(
        element("transaction", "s", marker + inside),
        boundary("b", "s", CANCEL),
        script("cancelled"),
        script("n"),
        chain="start > s > n > end, b > cancelled > end2",
    )


def test_a_cancelled_transaction_is_closed_undone_and_left_by_its_cancel_event() -> None:
    """In this order (13.5.6)."""
    case = Case(transaction()).start()
    case.complete("stop")
    assert ["a", "undo_a", "cancelled"] == case.trace
    assert [("done", "stop"), ("close", "u"), ("ended", "p")] == case.kinds()


def test_work_is_closed_before_anything_is_undone() -> None:
    """Nobody goes on working on a transaction that is being cancelled."""
    inside = body(
        script("a"),
        element("boundaryEvent", "c", COMPENSATE, attachedToRef="a"),
        user("refund", isForCompensation="true"),
        '<association id="as" sourceRef="c" targetRef="refund"/>',
        par("f"),
        user("u"),
        user("stop"),
        end("cancel", CANCEL),
        chain="start_s > a > f > u > end_s, f > stop > cancel",
    )
    drawn = diagram(
        element("transaction", "s", inside),
        boundary("b", "s", CANCEL),
        chain="start > s > end, b > end2",
    )
    case = Case(drawn).start()
    case.complete("stop")
    assert [("done", "stop"), ("close", "u"), ("open", "refund")] == case.kinds()
    case.complete("refund")
    assert "completed" == case.status


def test_a_transaction_that_is_not_cancelled_goes_on() -> None:
    """Like any sub-process."""
    inside = body(script("a"), chain="start_s > a > end_s")
    drawn = diagram(element("transaction", "s", inside), script("n"), chain="start > s > n > end")
    assert ["a", "n"] == Case(drawn).start().trace


def test_a_cancel_in_one_instance_leaves_no_orphans() -> None:
    """The other instances of a cancelled transaction go with it."""
    case = Case(transaction(multi(count_of="2"))).start()
    case.complete("stop")
    assert (["cancelled"], "completed") == (case.trace[-1:], case.status)


def test_a_cancel_in_one_instance_undoes_what_the_others_have_done() -> None:
    """The whole activity is cancelled: open instances are closed before, newest work first."""
    inside = body(
        script("a", "log(f'a{item}')"),
        element("boundaryEvent", "c", COMPENSATE, attachedToRef="a"),
        user("refund", isForCompensation="true"),
        '<association id="as" sourceRef="c" targetRef="refund"/>',
        user("u"),
        xor("g", default="end_s"),
        end("cancel", CANCEL),
        end("end_s"),
        chain="start_s > a > u > g > end_s, g > cancel",
        g__cancel="bad",
    )
    drawn = diagram(
        element("transaction", "s", multi("xs") + inside),
        boundary("b", "s", CANCEL),
        script("after"),
        chain="start > s > end, b > after > end2",
    )
    case = Case(drawn).start(xs=[1, 2, 3], bad=False)
    case.complete("u")
    case.complete("u", bad=True)
    assert [("done", "u"), ("close", "u"), ("open", "refund")] == case.kinds()
    case.complete("refund")
    case.complete("refund")
    assert (["a1", "a2", "a3", "after"], "completed") == (case.trace, case.status)


def test_a_cancel_with_nothing_to_undo_leaves_at_once() -> None:
    """There is no handler to wait for."""
    inside = body(user("u"), end("cancel", CANCEL), chain="start_s > u > cancel")
    drawn = diagram(
        element("transaction", "s", inside),
        boundary("late", "s", message()),
        boundary("b", "s", CANCEL),
        script("cancelled"),
        chain="start > s > end, b > cancelled > end2, late > end3",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert (["cancelled"], "completed") == (case.trace, case.status)


def test_a_cancel_without_a_cancel_event_is_lost_with_a_word() -> None:
    """The branch ends; the host hears of it."""
    inside = body(user("u"), end("cancel", CANCEL), chain="start_s > u > cancel")
    drawn = diagram(element("transaction", "s", inside), script("n"), chain="start > s > n > end")
    case = Case(drawn).start()
    case.complete("u")
    assert ([], [("done", "u"), ("lost", "s"), ("ended", "p")]) == (case.trace, case.kinds())
