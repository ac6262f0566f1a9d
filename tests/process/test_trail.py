"""The trail: elements and flows that tokens pass, for whoever asks."""

from engine.process.orders import Start
from engine.process.state import State
from engine.process.step import step
from engine.process.trail import followed
from tests.process.drawing import diagram, script, user, xor
from tests.process.playing import NOON, Case

DRAWN = diagram(
    xor("g", default="b"),
    script("a"),
    user("b"),
    chain="start > g > a > end, g > b > end",
    g__a="x",
)


def test_the_trail_tells_the_way_that_was_taken() -> None:
    """The branch that was not taken is not on it; where nothing led in, the flow is empty."""
    case = Case(DRAWN)
    with followed() as trail:
        step(case.definition, State(), Start("p", {"x": True}), NOON, case.language)
    assert [("start", ""), ("g", "start__g"), ("a", "g__a"), ("end", "a__end")] == trail


def test_whoever_follows_inside_does_not_disturb() -> None:
    """Each block has a trail of its own, and after it the outer one goes on."""
    case = Case(DRAWN)
    start = Start("p", {"x": True})
    with followed() as outer:
        with followed() as inner:
            step(case.definition, State(), start, NOON, case.language)
        assert [] == outer
        step(case.definition, State(), start, NOON, case.language)
    assert inner == outer


def test_the_step_is_the_same_whether_followed_or_not() -> None:
    """Following changes neither the state nor the effects."""
    case = Case(DRAWN)
    alone = step(case.definition, State(), Start("p", {"x": False}), NOON, case.language)
    with followed():
        seen = step(case.definition, State(), Start("p", {"x": False}), NOON, case.language)
    assert alone == seen
