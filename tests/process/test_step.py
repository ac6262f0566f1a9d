"""The step as a whole: commands, refusals, suspension, budget, darkness, purity."""

from typing import get_args

import pytest

from engine.errors import CaseNotRunning, Fault, NotOpen
from engine.process import agenda
from engine.process.orders import (
    Add,
    Assign,
    Command,
    Complete,
    Deliver,
    Fail,
    Move,
    Set,
    Start,
    Withdraw,
)
from engine.process.state import State, dump
from engine.process.step import BUDGET, HANDLERS, step
from tests.process.drawing import (
    body,
    boundary,
    condition,
    diagram,
    gateway,
    inclusive,
    message,
    multi,
    par,
    script,
    sub,
    timer,
    user,
    xor,
)
from tests.process.playing import DAY, Case


def two() -> Case:
    """Return a case with two people at work and a deadline."""
    drawn = diagram(
        par("f"),
        user("u"),
        user("v"),
        boundary("b", "v", timer("P1D"), interrupting=False),
        script("r"),
        chain="start > f > u > end, f > v > end, b > r > end2",
    )
    return Case(drawn).start()


# refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [Complete(99), Fail(99, "ER"), Deliver(99), Add(99, 1), Withdraw(99), Move(99, "u")],
)
def test_a_command_for_what_is_gone_is_refused(command: Command) -> None:
    """The token or wait is not there; nothing changes."""
    case = two()
    before = case.raw
    with pytest.raises(NotOpen):
        case.do(command)
    assert before == case.raw


def test_a_task_is_completed_once() -> None:
    """The second click hits nothing, not even the same task opened anew."""
    case = two()
    first = case.tokens("u")[0].id
    case.do(Complete(first))
    with pytest.raises(NotOpen):
        case.do(Complete(first))


def test_a_case_starts_once() -> None:
    """A running case has begun already."""
    with pytest.raises(CaseNotRunning):
        two().do(Start("p"))


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_case_that_is_over_takes_no_commands(status: str) -> None:
    """Its tasks are gone, and it is neither resumed nor changed."""
    case = Case(diagram(user("u"), chain="start > u > end")).start()
    task = case.tokens("u")[0].id
    case.do(Complete(task) if status == "completed" else Set("cancelled"))
    assert status == case.status
    for command in (Set("running"), Set("cancelled"), Assign({"x": 1}), Start("p")):
        with pytest.raises(CaseNotRunning):
            case.do(command)
    with pytest.raises(NotOpen):
        case.do(Complete(task))


def test_a_case_that_has_not_begun_takes_only_its_start() -> None:
    """There is nothing to suspend or to assign to."""
    case = Case(diagram(user("u"), chain="start > u > end"))
    for command in (Set("suspended"), Assign({"x": 1})):
        with pytest.raises(CaseNotRunning):
            case.do(command)


# suspension, cancelling -------------------------------------------------------------------------


def test_a_suspended_case_takes_no_work() -> None:
    """Neither from people nor from timers; resumed, it does."""
    case = two()
    case.do(Set("suspended"))
    task, wait = case.tokens("u")[0].id, case.waits("timer")[0].id
    for command in (Complete(task), Deliver(wait), Fail(task, "ER")):
        with pytest.raises(CaseNotRunning):
            case.do(command)
    case.do(Set("running"))
    case.do(Complete(task))
    case.sleep(DAY)
    assert ["r"] == case.trace


def test_a_suspended_case_is_repaired_and_acts_when_it_is_resumed() -> None:
    """What a repair sets going waits as a token that is ready."""
    drawn = diagram(user("u"), script("a"), user("v"), chain="start > u > a > v > end")
    case = Case(drawn).start()
    case.do(Set("suspended"))
    case.do(Move(case.tokens("u")[0].id, "a"))
    assert (["ready"], []) == ([token.state for token in case.tokens("a")], case.trace)
    case.do(Set("running"))
    assert (["a"], ["v"]) == (case.trace, case.open)


def test_conditions_are_looked_at_when_a_case_is_resumed() -> None:
    """What was assigned meanwhile counts."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", condition("x")),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    case = Case(drawn).start(x=False)
    case.do(Set("suspended"))
    case.do(Assign({"x": True}))
    assert [] == case.trace
    case.do(Set("running"))
    assert ["r"] == case.trace


def test_suspending_twice_is_harmless() -> None:
    """So is resuming a running case."""
    case = two()
    case.do(Set("running"))
    case.do(Set("suspended"))
    case.do(Set("suspended"))
    assert "suspended" == case.status


def test_cancelling_closes_everything() -> None:
    """Every open task is taken away, also in sub-processes; nothing is compensated."""
    inside = body(user("w"), chain="start_s > w > end_s")
    drawn = diagram(
        par("f"),
        user("u"),
        sub("s", multi(count_of="2"), inside),
        chain="start > f > u > end, f > s > end",
    )
    case = Case(drawn).start()
    case.do(Set("cancelled"))
    assert [("close", "u"), ("close", "w"), ("close", "w")] == case.kinds()
    assert "cancelled" == case.status


def test_a_case_is_not_completed_by_hand() -> None:
    """Only suspended, resumed and cancelled can be ordered."""
    for status in ("completed", "failed", "new"):
        with pytest.raises(CaseNotRunning):
            two().do(Set(status))


# assigning, moving ------------------------------------------------------------------------------


def test_the_host_assigns_variables_of_the_case() -> None:
    """Conditions look again at once."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", condition("x > 1")),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    case = Case(drawn).start(x=0)
    case.do(Assign({"x": 2}))
    assert ["r"] == case.trace


def test_a_token_is_moved_within_its_level() -> None:
    """The old task is closed, the new one opens with its own events."""
    drawn = diagram(
        user("u"),
        user("v"),
        boundary("b", "v", message(), interrupting=False),
        chain="start > u > v > end, b > end2",
    )
    case = Case(drawn).start()
    case.do(Move(case.tokens("u")[0].id, "v"))
    assert [("close", "u"), ("open", "v")] == case.kinds()
    assert ["b"] == case.waiting


def test_a_token_moved_to_a_join_passes_it() -> None:
    """The one who repairs takes the join for complete."""
    drawn = diagram(
        par("f"),
        par("j"),
        user("u"),
        user("v"),
        script("after"),
        chain="start > f > u > j, f > v > j, j > after > end",
    )
    case = Case(drawn).start()
    case.do(Move(case.tokens("u")[0].id, "j"))
    assert ["after"] == case.trace


@pytest.mark.parametrize("to", ["w", "b", "start", "nowhere", "s"])
def test_a_token_is_not_moved_elsewhere(to: str) -> None:
    """Not into another level, onto an event that only happens, or to what is not there."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", message()),
        sub("s", multi(count_of="1"), body(user("w"), chain="start_s > w > end_s")),
        chain="start > u > s > end, b > end2",
    )
    case = Case(drawn).start()
    if to == "s":
        case.complete("u")
        with pytest.raises(Fault):
            case.do(Move(case.instance("s", 0).id, "w"))
        return
    with pytest.raises(Fault):
        case.do(Move(case.tokens("u")[0].id, to))


# darkness, budget -------------------------------------------------------------------------------


def test_a_case_with_nothing_open_and_nothing_awaited_says_so() -> None:
    """A join that can never be filled would leave it dark for ever."""
    drawn = diagram(
        inclusive("f", default="b"),
        par("j"),
        script("a"),
        script("b"),
        chain="start > f > a > j, f > b > j, j > end",
        f__a="True",
    )
    case = Case(drawn).start()
    assert ("running", [("stuck", "p")]) == (case.status, case.kinds())


def test_a_case_that_awaits_something_is_not_dark() -> None:
    """A starving join is no matter while another branch waits for an event."""
    drawn = diagram(
        par("f"),
        xor("x", default="end1"),
        par("j"),
        user("u"),
        script("a"),
        chain="start > f > a > j, f > x > j, x > end1, f > u > end, j > end2",
        x__j="False",
    )
    case = Case(drawn).start()
    assert ["open"] == [kind for kind, _ in case.kinds()]
    case.complete("u")
    assert ("stuck", "p") in case.kinds()


def test_an_endless_loop_is_stopped() -> None:
    """A diagram that never rests is a fault, not a host that hangs."""
    drawn = diagram(xor("m"), script("a", "x = 1"), chain="start > m > a > m")
    with pytest.raises(Fault, match=str(BUDGET)):
        Case(drawn).start()


def test_an_endless_loop_of_conditions_is_stopped() -> None:
    """Also one in which no element ever has its turn."""
    drawn = diagram(
        gateway("exclusive", "m"),
        *(
            f'<intermediateCatchEvent id="c{n}">{condition("True")}</intermediateCatchEvent>'
            for n in (1, 2)
        ),
        chain="start > m > c1 > c2 > c1",
    )
    with pytest.raises(Fault, match=str(BUDGET)):
        Case(drawn).start()


def test_a_panel_of_four_hundred_is_within_the_budget() -> None:
    """Consequences are counted apart from turns."""
    inside = body(user("w"), chain="start_s > w > end_s")
    drawn = diagram(sub("s", multi(count_of="400"), inside), chain="start > s > end")
    assert 400 == len(Case(drawn).start().open)


def test_variables_are_kept_small() -> None:
    """A case holds flags and ids; what would not fit is refused before it is saved."""
    case = Case(diagram(user("u"), user("v"), chain="start > u > v > end")).start()
    before = case.raw
    with pytest.raises(Fault, match="32 КБ"):
        case.complete("u", text="x" * 33_000)
    assert before == case.raw
    case.complete("u", text="x" * 30_000)
    with pytest.raises(Fault, match="32 КБ"):
        case.do(Assign({"more": "x" * 3_000}))
    with pytest.raises(Fault, match="32 КБ"):
        Case(case.definition).start(text="x" * 33_000)


# the whole --------------------------------------------------------------------------------------


def test_a_fault_leaves_the_given_state_as_it_was() -> None:
    """A step that fails in the middle has changed nothing."""
    drawn = diagram(
        user("u"),
        script("a", "x = 1 / 0"),
        boundary("b", "u", message()),
        chain="start > u > a > end, b > end2",
    )
    case = Case(drawn).start()
    state = case.state
    before = dump(state)
    with pytest.raises(ZeroDivisionError):
        step(case.definition, state, Complete(case.tokens("u")[0].id), case.now, case.language)
    assert before == dump(state)


def test_every_kind_of_work_has_its_handler() -> None:
    """The dispatch table is complete."""
    assert set(get_args(agenda.Work)) == set(HANDLERS)


def test_a_new_case_has_no_rows() -> None:
    """It begins with its start."""
    assert b'[1,"","new",0,[],[],[]]' == dump(State())
