"""A running case onto another version of its diagram."""

from engine.process.orders import Assign
from engine.process.starving import starving
from tests.process.drawing import (
    CANCEL,
    COMPENSATE,
    body,
    boundary,
    diagram,
    element,
    end,
    inclusive,
    multi,
    par,
    script,
    sub,
    throw,
    timer,
    user,
)
from tests.process.moving import chain, moved, refused, timed
from tests.process.playing import Case

# where tokens stand -----------------------------------------------------------------------------


def test_a_task_is_added_behind_and_before() -> None:
    """Only where the case stands matters."""
    case = Case(chain("a", "b")).start()
    case.complete("a")
    moved(case, chain("new", "a", "b", "c"))
    case.complete("b")
    assert ["c"] == case.open


def test_a_finished_task_is_deleted() -> None:
    """The state holds no history."""
    case = Case(chain("a", "b")).start()
    case.complete("a")
    assert [] == moved(case, chain("b")).problems


def test_the_current_task_is_renamed() -> None:
    """Its number stays, so that the person's page still works."""
    case = Case(chain("a", "b")).start()
    task = case.tokens("a")[0].id
    moved(case, chain("x", "b"), {"a": "x"})
    assert [task] == [token.id for token in case.tokens("x", "open")]
    assert [] == case.effects


def test_the_current_task_cannot_just_vanish() -> None:
    """The problem names the element."""
    case = Case(chain("a", "b")).start()
    assert ["a"] == refused(case, chain("b"))


def test_a_deleted_current_task_may_be_mapped_to_another() -> None:
    """Of the same kind."""
    case = Case(chain("a", "b")).start()
    assert [] == moved(case, chain("b"), {"a": "b"}).problems
    assert ["b"] == case.open


def test_an_element_must_stay_what_it_was() -> None:
    """Another kind, another loop, another level, another called process: refused."""
    case = Case(chain("a")).start()
    assert ["a"] == refused(case, diagram(script("a"), chain="start > a > end"))
    assert ["a"] == refused(case, diagram(user("a", multi(count_of="2")), chain="start > a > end"))
    inside = body(user("a"), chain="start_s > a > end_s")
    assert ["a"] == refused(case, diagram(sub("s", inside), chain="start > s > end"))


def test_a_panel_under_way_keeps_the_names_of_its_instances() -> None:
    """Their marks would be lost under another name."""

    def panel(mark: str) -> bytes:
        return diagram(user("u", multi("xs", result=mark)), chain="start > u > end")

    case = Case(panel("mark")).start(xs=[1, 2])
    assert {"u"} == set(refused(case, panel("grade")))
    assert [] == moved(case, panel("mark")).problems


def test_a_call_must_still_lead_to_the_same_process() -> None:
    """The case is inside it."""

    def drawn(called: str) -> bytes:
        call = element("callActivity", "c", calledElement=called)
        inside = "".join(
            f'<process id="{key}" isExecutable="true">'
            + body(user(f"u_{key}"), chain=f"start_{key} > u_{key} > end_{key}")
            + "</process>"
            for key in ("q", "r")
        )
        xml = diagram(call, chain="start > c > end")
        return xml.replace(b"</definitions>", f"{inside}</definitions>".encode())

    case = Case(drawn("q")).start()
    assert [] == moved(case, drawn("q")).problems
    assert ["c"] == refused(case, drawn("r"))


def gathering(quantity: int, *more: str, chain_: str = "") -> bytes:
    """Return an activity that waits for several tokens."""
    parts = (par("f"), user("a"), user("b"), user("c", startQuantity=quantity), *more)
    return diagram(*parts, chain=f"start > f > a > c, f > b > c, c > end{chain_}")


def test_an_activity_that_gathers_tokens_must_go_on_gathering_as_many() -> None:
    """It has not begun, so nothing at its boundary is armed either."""
    case = Case(gathering(2)).start()
    case.complete("a")
    assert ["c"] == refused(case, gathering(3))
    moved(case, gathering(2, boundary("late", "c", timer("P1D")), chain_=", late > end2"))
    assert [] == case.waiting
    case.complete("b")
    assert ["late"] == case.waiting


def test_an_activity_that_gathers_tokens_does_not_care_whence_they_came() -> None:
    """Only their number counts."""
    case = Case(gathering(2)).start()
    case.complete("a")
    other = gathering(2).replace(b'"a__c" sourceRef="a"', b'"d__c" sourceRef="d"')
    other = other.replace(b'<userTask id="a"', user("d").encode() + b'<userTask id="a"')
    other = other.replace(b'id="f__a"', b'id="f__d"').replace(b'targetRef="a"', b'targetRef="d"')
    other = other.replace(user("a").encode(), b"")
    assert [] == moved(case, other).problems
    case.complete("b")
    assert ["c"] == case.open


def test_a_process_must_still_be_there() -> None:
    """Under its own name or a mapped one."""
    case = Case(chain("a")).start()
    other = chain("a").replace(b'id="p"', b'id="q"')
    assert ["p"] == refused(case, other)
    assert [] == moved(case, other, {"p": "q"}).problems
    case.complete("a")
    assert "completed" == case.status


def test_a_panel_half_done_moves() -> None:
    """Counters and results go with it."""
    marker = multi("experts", result="mark")
    parts = (user("u", marker), script("n", "log(marks)"))
    case = Case(diagram(*parts, chain="start > u > n > end")).start(experts=["x", "y", "z"])
    case.complete("u", mark=1)
    moved(case, diagram(*parts, user("v"), chain="start > u > n > v > end"))
    case.complete("u", mark=2)
    case.complete("u", mark=3)
    assert ([[1, 2, 3]], ["v"]) == (case.trace, case.open)


def test_a_task_added_behind_an_active_sub_process_is_not_skipped() -> None:
    """A token inside counts as standing at the sub-process."""
    inside = body(user("u"), chain="start_s > u > end_s")
    case = Case(diagram(sub("s", inside), chain="start > s > end")).start()
    moved(case, diagram(sub("s", inside), user("v"), chain="start > s > v > end"))
    case.complete("u")
    assert ["v"] == case.open


# joins ------------------------------------------------------------------------------------------


def forked(*branches: str, extra: str = "") -> bytes:
    """Return parallel branches of user tasks, each given as ``a > b``."""
    names = sorted({name.strip() for line in branches for name in line.split(">")})
    flow = ", ".join(f"f > {line} > j" for line in branches)
    parts = [user(name) for name in names]
    return diagram(
        par("f"), par("j"), *parts, script("n"), chain=f"start > f, {flow}, j > n > end{extra}"
    )


def test_a_half_full_join_whose_other_branch_got_longer_moves() -> None:
    """The token still comes."""
    case = Case(forked("a", "b")).start()
    case.complete("a")
    moved(case, forked("a", "b > c"))
    case.complete("b")
    case.complete("c")
    assert (["n"], "completed") == (case.trace, case.status)


def test_a_half_full_join_that_gains_a_branch_nobody_walks_is_refused() -> None:
    """It would wait for ever (rule 5)."""
    case = Case(forked("a", "b")).start()
    case.complete("a")
    assert ["j"] == refused(case, forked("a", "b", "c"))


def test_a_join_that_loses_the_branch_it_waits_for_goes_on() -> None:
    """It is full now; the host hears what happened."""
    case = Case(forked("a", "b > c")).start()
    case.complete("a")
    moved(case, forked("a", "c"), {"b": "c"})
    case.complete("c")
    assert "completed" == case.status


def test_a_join_that_is_full_in_the_new_version_goes_on_at_once() -> None:
    """The branch it waited for leads elsewhere now; the host hears what happened."""
    case = Case(forked("a", "b", "c")).start()
    case.complete("a")
    case.complete("b")
    elsewhere = forked("a", "b", extra=", f > c > end2").replace(
        b'<userTask id="a"', user("c").encode() + b'<userTask id="a"'
    )
    moved(case, elsewhere)
    assert (["n"], ["c"]) == (case.trace, case.open)


def test_a_waiting_token_is_found_by_its_source_when_its_flow_was_redrawn() -> None:
    """Flows get new ids in a modeler more often than elements do."""
    case = Case(forked("a", "b")).start()
    case.complete("a")
    moved(case, forked("a", "b").replace(b'id="a__j"', b'id="redrawn"'))
    assert ["redrawn"] == [token.via for token in case.tokens("j")]
    case.complete("b")
    assert "completed" == case.status


def test_a_waiting_token_whose_branch_is_gone_is_a_problem() -> None:
    """Its own flow no longer leads to the join."""
    case = Case(forked("a", "b", "c")).start()
    case.complete("a")
    assert ["j"] == refused(case, forked("b", "c"))


def test_a_join_that_starved_before_is_no_reason_to_stay() -> None:
    """Only what gets worse is refused."""
    drawn = diagram(
        par("f"),
        par("j"),
        inclusive("x", default="end1"),
        user("u"),
        script("a"),
        chain="start > f > a > j, f > x > j, x > end1, f > u > end, j > end2",
        x__j="False",
    )
    case = Case(drawn).start()
    assert ["j"] == [finding.element for finding in starving(case.definition, case.state)]
    assert [] == moved(case, drawn).problems


def test_an_inclusive_join_that_is_free_in_the_new_version_goes_on() -> None:
    """The other branch no longer leads there."""

    def drawn(b: str) -> bytes:
        return diagram(
            inclusive("f", default="c"),
            inclusive("j"),
            user("a"),
            user("b"),
            user("c"),
            script("n"),
            chain=f"start > f > a > j, f > b > {b}, f > c > j, j > n > end",
            f__a="True",
            f__b="True",
        )

    case = Case(drawn("j")).start()
    case.complete("a")
    assert [] == case.trace
    moved(case, drawn("end2"))
    assert ["n"] == case.trace


# what can be undone -----------------------------------------------------------------------------


def undoable(handler_name: str = "undo") -> str:
    """Return a script with a compensation handler."""
    return (
        script("a")
        + element("boundaryEvent", "c", COMPENSATE, attachedToRef="a")
        + script(handler_name, isForCompensation="true")
        + f'<association id="as" sourceRef="c" targetRef="{handler_name}"/>'
    )


def test_what_can_be_undone_is_mapped() -> None:
    """A renamed handler runs."""

    def drawn(name: str) -> bytes:
        return diagram(undoable(name), user("u"), end("t", COMPENSATE), chain="start > a > u > t")

    case = Case(drawn("undo")).start()
    moved(case, drawn("back"), {"undo": "back"})
    case.complete("u")
    assert ["a", "back"] == case.trace


def test_a_handler_that_is_gone_matters_only_in_a_transaction() -> None:
    """Elsewhere there is simply nothing to undo any more."""
    flat = diagram(undoable(), user("u"), throw("t", COMPENSATE), chain="start > a > u > t > end")
    case = Case(flat).start()
    plain = diagram(script("a"), user("u"), throw("t", COMPENSATE), chain="start > a > u > t > end")
    assert [] == moved(case, plain).problems
    case.complete("u")
    assert ["a"] == case.trace

    def business(inner: str) -> bytes:
        inside = body(inner, user("u"), end("x", CANCEL), chain="start_s > a > u > x")
        return diagram(
            element("transaction", "s", inside),
            boundary("b", "s", CANCEL),
            chain="start > s > end, b > end2",
        )

    case = Case(business(undoable())).start()
    assert ["undo"] == refused(case, business(script("a")))

    def nested(inner: str) -> str:
        return sub("deep", body(inner, user("v"), chain="start_n > a > v > end_n")) + script("x0")

    def around(inner: str) -> bytes:
        inside = body(
            nested(inner), user("u"), end("x", CANCEL), chain="start_s > deep > x0 > u > x"
        )
        return diagram(
            element("transaction", "s", inside),
            boundary("b", "s", CANCEL),
            chain="start > s > end, b > end2",
        )

    case = Case(around(undoable())).start()
    assert ["undo"] == refused(case, around(script("a")))


def test_an_undo_under_way_needs_its_handlers() -> None:
    """They have still to run."""
    person = (
        script("b")
        + element("boundaryEvent", "d", COMPENSATE, attachedToRef="b")
        + user("undo_b", isForCompensation="true")
        + '<association id="as2" sourceRef="d" targetRef="undo_b"/>'
    )
    flow = "start > a > b > t"
    case = Case(diagram(undoable(), person, end("t", COMPENSATE), chain=flow)).start()
    assert ["undo_b"] == case.open
    assert ["undo"] == refused(case, diagram(script("a"), person, end("t", COMPENSATE), chain=flow))
    moved(
        case, diagram(undoable("back"), person, end("t", COMPENSATE), chain=flow), {"undo": "back"}
    )
    case.complete("undo_b")
    assert ["a", "b", "back"] == case.trace


def test_a_fault_in_the_new_version_is_a_problem() -> None:
    """It is found in the dry run, with its element."""
    case = Case(chain("u")).start()
    case.do(Assign({"due": "soon"}))
    assert ["b"] == refused(case, timed(timer("= due")))
