"""Splits and joins."""

import pytest

from engine.errors import Fault
from tests.process.drawing import (
    body,
    boundary,
    diagram,
    flow,
    gateway,
    inclusive,
    message,
    par,
    script,
    sub,
    user,
    xor,
)
from tests.process.playing import Case

# exclusive --------------------------------------------------------------------------------------


def test_an_exclusive_gateway_takes_the_first_true_flow() -> None:
    """Conditions are looked at in document order, and only until one is true (13.4.2)."""
    case = Case(
        diagram(
            xor("g", default="c"),
            script("a"),
            script("b"),
            script("c"),
            chain="start > g > a > end, g > b > end, g > c > end",
            g__a="x > 1",
            g__b="x > 0 or nonsense",
        )
    )
    assert ["a"] == case.start(x=2).trace


def test_the_default_is_taken_when_nothing_is_true() -> None:
    """The default flow has no condition and comes last, wherever it is drawn."""
    case = Case(
        diagram(
            xor("g", default="a"),
            script("a"),
            script("b"),
            chain="start > g > a > end, g > b > end",
            g__b="x",
        )
    )
    assert ["a"] == case.start(x=False).trace


@pytest.mark.parametrize("kind", [xor, inclusive])
def test_no_true_flow_behind_a_gateway_is_a_fault(kind: type) -> None:
    """Nothing is saved, and the element is named."""
    drawn = diagram(
        kind("g"),
        script("a"),
        script("b"),
        chain="start > g > a > end, g > b > end",
        g__a="x > 1",
        g__b="x > 2",
    )
    with pytest.raises(Fault) as refusal:
        Case(drawn).start(x=0)
    assert "g" == refusal.value.details["element"]


def test_conditional_flows_behind_an_activity() -> None:
    """All true ones are taken; the default only when no condition is true (8.3.13)."""
    drawn = diagram(
        script("a", default="a__d"),
        script("b"),
        script("c"),
        script("d"),
        chain="start > a > b > end, a > c > end, a > d > end",
        a__b="x > 1",
        a__c="x > 2",
    )
    assert ["a", "b", "c"] == Case(drawn).start(x=3).trace
    assert ["a", "b"] == Case(drawn).start(x=2).trace
    assert ["a", "d"] == Case(drawn).start(x=1).trace


def test_a_branch_that_leads_nowhere_is_lost_with_a_word() -> None:
    """An activity whose only flow is not true ends its branch; the host hears of it."""
    case = Case(diagram(script("a"), script("b"), chain="start > a > b > end", a__b="False"))
    case.start()
    assert [("lost", "a"), ("ended", "p")] == case.kinds()


# parallel ---------------------------------------------------------------------------------------


def test_a_parallel_join_waits_for_one_token_of_each_flow() -> None:
    """It goes on once, when all branches are there (13.4.1)."""
    drawn = diagram(
        par("f"),
        par("j"),
        user("a"),
        user("b"),
        script("c"),
        chain="start > f > a > j, f > b > j, j > c > end",
    )
    case = Case(drawn).start()
    case.complete("b")
    assert [] == case.trace
    case.complete("a")
    assert (["c"], "completed") == (case.trace, case.status)


def test_a_surplus_token_stays_at_the_join() -> None:
    """Only one token of each flow is used up; the case is then dark, and says so."""
    drawn = diagram(
        par("f"),
        par("j"),
        xor("m"),
        script("a"),
        script("b"),
        user("c"),
        script("after"),
        chain="start > f > a > m, f > b > m, m > j, f > c > j, j > after > end",
    )
    case = Case(drawn).start()
    assert ["a", "b"] == case.trace
    case.complete("c")
    assert ["a", "b", "after"] == case.trace
    assert ["join"] == [token.state for token in case.tokens("j")]
    assert ("stuck", "p") in case.kinds()


def test_a_merged_token_is_not_counted_again() -> None:
    """A join inside a loop fires once a round, never with a token that it has merged already."""
    drawn = diagram(
        xor("m"),
        par("f"),
        par("j"),
        user("a"),
        user("b"),
        xor("g", default="end"),
        chain="start > m > f > a > j, f > b > j, j > g > end, g > m",
        g__m="again",
    )
    case = Case(drawn).start()
    for again in (True, True, False):
        assert ["a", "b"] == case.open
        case.complete("a", again=again)
        case.complete("b")
    assert "completed" == case.status


def test_flows_without_ids_are_told_apart_at_a_join() -> None:
    """Two unnamed flows between the same two elements are two branches, not one."""
    drawn = diagram(
        par("f"),
        par("j"),
        script("a"),
        flow("f", "j"),
        flow("f", "j"),
        chain="start > f, j > a > end",
    )
    case = Case(drawn).start()
    assert (["a"], "completed") == (case.trace, case.status)


# inclusive --------------------------------------------------------------------------------------

FORK = {
    "chain": "start > f > a > j, f > b > j, f > c > j, j > after > end",
    "f__a": "x > 0",
    "f__b": "x > 1",
}


def fork() -> bytes:
    """Return a diagram that forks into a, b or c, and joins."""
    return diagram(
        inclusive("f", default="c"),
        inclusive("j"),
        user("a"),
        user("b"),
        user("c"),
        script("after"),
        **FORK,
    )


def test_an_inclusive_gateway_takes_all_true_flows_and_joins_them() -> None:
    """The join waits for exactly the branches that were taken (13.4.3)."""
    case = Case(fork()).start(x=2)
    assert ["a", "b"] == case.open
    case.complete("a")
    assert [] == case.trace
    case.complete("b")
    assert (["after"], "completed") == (case.trace, case.status)


def test_an_inclusive_join_passes_a_single_branch() -> None:
    """When nothing else can come it does not wait."""
    case = Case(fork()).start(x=0)
    case.complete("c")
    assert (["after"], "completed") == (case.trace, case.status)


def test_an_inclusive_join_waits_for_a_boundary_event() -> None:
    """A branch may still come from an event attached to an activity under way."""
    drawn = diagram(
        par("f"),
        inclusive("j"),
        user("a"),
        user("b"),
        boundary("late", "b", message(), interrupting=False),
        script("after"),
        chain="start > f > a > j, f > b > end, late > j, j > after > end",
    )
    case = Case(drawn).start()
    case.complete("a")
    assert [] == case.trace
    case.deliver("late")
    assert ["after"] == case.trace


def circle(*flows: str) -> bytes:
    """Return a diagram of two inclusive joins, each behind the other, with more flows."""
    return diagram(
        par("f"),
        inclusive("j1"),
        inclusive("j2"),
        *(xor(name) for name in ("m1", "m2")),
        *(xor(name, default="end") for name in ("g1", "g2")),
        *(script(name) for name in ("a", "b", "c", "d")),
        chain=", ".join(
            [
                "start > f, f > a > m1 > j1, f > b > m2 > j2, j1 > c > g1 > end, j2 > d > g2 > end",
                "g1 > j2, g2 > j1",
                *flows,
            ]
        ),
        g1__j2="False",
        g2__j1="False",
        g1__m2="False",
        g2__m1="False",
    )


def test_two_inclusive_joins_do_not_wait_for_one_another() -> None:
    """A token that can also come by a flow which has one holds nothing up (13.4.3, second clause)."""
    case = Case(circle("g1 > m2", "g2 > m1")).start()
    assert "completed" == case.status
    assert ["a", "b", "c", "d"] == sorted(case.trace)


def test_a_true_circle_of_inclusive_joins_is_dark_and_says_so() -> None:
    """Where each can only come by the flow that the other misses, the standard lets both wait."""
    case = Case(circle()).start()
    assert ["a", "b"] == sorted(case.trace)
    assert ("stuck", "p") in case.kinds()


def test_only_tokens_of_the_same_scope_hold_a_join_up() -> None:
    """Work inside a sub-process counts as standing at the sub-process."""
    drawn = diagram(
        inclusive("f", default="b"),
        inclusive("j"),
        sub("s", body(user("u"), chain="start_s > u > end_s")),
        user("b"),
        script("after"),
        chain="start > f > s > j, f > b > j, j > after > end",
        f__s="True",
    )
    case = Case(drawn).start()
    case.complete("u")
    assert (["after"], "completed") == (case.trace, case.status)


# complex ----------------------------------------------------------------------------------------


def two_of_three() -> bytes:
    """Return a diagram whose complex gateway goes on with two of three branches, in a loop."""
    return diagram(
        xor("m"),
        par("f"),
        user("a"),
        user("b"),
        user("c"),
        gateway("complex", "g", "<activationCondition>activationCount >= 2</activationCondition>"),
        script("after"),
        chain="start > m > f > a > g, f > b > g, f > c > g, g > after > end",
    )


def test_a_complex_gateway_fires_once_and_swallows_the_rest() -> None:
    """Two of three are enough; the third is used up, and the case can end (13.4.5)."""
    case = Case(two_of_three()).start()
    case.complete("a")
    case.complete("c")
    assert ["after"] == case.trace
    case.complete("b")
    assert (["after"], "completed") == (case.trace, case.status)


def test_the_flows_out_of_a_complex_gateway_see_how_it_fired() -> None:
    """The standard's attributes of the gateway stand in their conditions (table 13.5)."""
    drawn = diagram(
        par("f"),
        script("a"),
        script("b"),
        gateway("complex", "g", "<activationCondition>activationCount >= 2</activationCondition>"),
        script("c"),
        script("d"),
        chain="start > f > a > g, f > b > g, g > c > end, g > d > end",
        g__c="waitingForStart and activationCount == 2",
        g__d="not waitingForStart",
    )
    case = Case(drawn).start()
    assert (["c"], "completed") == (case.trace[2:], case.status)


def test_a_reset_complex_gateway_begins_anew_with_what_is_left() -> None:
    """A second token on a flow that was used already counts in the next round."""
    drawn = diagram(
        par("f"),
        xor("m"),
        script("a"),
        script("a2"),
        script("b"),
        user("c"),
        gateway("complex", "g", "<activationCondition>activationCount >= 2</activationCondition>"),
        script("after"),
        chain="start > f > a > m > g, f > a2 > m, f > b > g, f > c > g, g > after > end",
    )
    case = Case(drawn).start()
    assert 1 == case.trace.count("after")
    assert ["fired", "fired", "join"] == sorted(token.state for token in case.tokens("g"))
    case.complete("c")
    assert ["join"] == [token.state for token in case.tokens("g")]


def test_what_is_left_at_the_reset_may_fire_at_once() -> None:
    """The gateway looks at its condition again."""
    drawn = diagram(
        par("f"),
        xor("m"),
        script("a"),
        script("a2"),
        user("c"),
        gateway("complex", "g", "<activationCondition>activationCount >= 1</activationCondition>"),
        script("after"),
        chain="start > f > a > m > g, f > a2 > m, f > c > g, g > after > end",
    )
    case = Case(drawn).start()
    assert 1 == case.trace.count("after")
    case.complete("c")
    assert (2, "completed") == (case.trace.count("after"), case.status)
