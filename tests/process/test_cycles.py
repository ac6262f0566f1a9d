"""Repeated timers in the flow where something else is awaited as well."""

from tests.process.drawing import catch, cycle, diagram, gateway, message, script
from tests.process.playing import HOUR, Case


def test_the_first_tick_behind_an_event_gateway_decides() -> None:
    """One event wins (13.4.4): no further ticks, and the message comes too late."""
    drawn = diagram(
        gateway("eventBased", "g"),
        catch("m", message()),
        catch("t", cycle("R3/PT1H")),
        script("a"),
        script("b"),
        chain="start > g > m > a > end, g > t > b > end",
    )
    case = Case(drawn).start()
    case.sleep(5 * HOUR)
    assert (["b"], "completed") == (case.trace, case.status)


def test_a_tick_together_with_a_message_is_one_event() -> None:
    """A parallel multiple event lets one token through, whichever of its events comes last."""
    events = message() + cycle("R3/PT1H")
    drawn = diagram(
        catch("c", events, parallelMultiple="true"), script("a"), chain="start > c > a > end"
    )
    case = Case(drawn).start()
    case.deliver("c")
    case.sleep(5 * HOUR)
    assert (["a"], "completed") == (case.trace, case.status)
