"""Where a token can still go: what a join asks before it lets go."""

from engine.process.compile import compile_bpmn
from tests.process.drawing import (
    boundary,
    catch,
    diagram,
    inclusive,
    link,
    par,
    throw,
    timer,
    user,
    xor,
)


def test_reach_tells_how_a_token_can_still_arrive() -> None:
    """For a join, from each element: along flows, boundary events and links, not through it."""
    xml = diagram(
        inclusive("g", default="a"),
        user("a"),
        user("b"),
        boundary("late", "b", timer("P1D")),
        throw("l1", link("L")),
        catch("l2", link("L")),
        inclusive("j"),
        chain="start > g > a > j > end, g > b > j, late > l1, l2 > j",
        g__b="x",
    )
    reach = compile_bpmn(xml).reach
    assert frozenset({"a__j"}) == reach["a", "j"]
    assert frozenset({"b__j", "l2__j"}) == reach["b", "j"]
    assert frozenset({"l2__j"}) == reach["late", "j"]
    assert frozenset({"a__j", "b__j", "l2__j"}) == reach["start", "j"]
    assert ("end", "j") not in reach
    assert ("j", "j") not in reach


def test_reach_leaves_a_parallel_join_alone() -> None:
    """Only joins that ask who may still come are computed."""
    xml = diagram(
        par("g"), user("a"), user("b"), par("j"), chain="start > g > a > j > end, g > b > j"
    )
    assert {} == compile_bpmn(xml).reach


def test_a_join_in_a_loop_reaches_itself_from_behind() -> None:
    """A token behind the join that may come round again can still arrive."""
    xml = diagram(
        inclusive("j"),
        user("a"),
        xor("x", default="end"),
        chain="start > j > a > x > j, x > end",
        x__j="y",
    )
    assert frozenset({"x__j"}) == compile_bpmn(xml).reach["a", "j"]
