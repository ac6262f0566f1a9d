"""Repeated timers: beside other events, and over the months."""

from datetime import UTC, datetime

import pytest

from engine.errors import Fault
from tests.process.drawing import (
    boundary,
    catch,
    cycle,
    diagram,
    gateway,
    message,
    script,
    timer,
    user,
)
from tests.process.playing import DAY, HOUR, Case


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


def test_a_computed_repetition_in_the_flow_has_an_end() -> None:
    """Its token would multiply for ever; a literal one is refused at deploy."""
    drawn = diagram(catch("c", timer("= every", "timeCycle")), chain="start > c > end")
    with pytest.raises(Fault, match="бесконечный"):
        Case(drawn).start(every="R/PT1H")
    assert ["c"] == Case(drawn).start(every="R2/PT1H").waiting


def test_a_monthly_reminder_comes_back_to_the_31st() -> None:
    """February moves it once and not for good."""
    drawn = diagram(
        user("u"),
        boundary("b", "u", cycle("R/P1M"), interrupting=False),
        script("r"),
        chain="start > u > end, b > r > end2",
    )
    case = Case(drawn)
    case.now = int(datetime(2025, 1, 31, 9, tzinfo=UTC).timestamp() * 1000)
    case.start()
    case.sleep(60 * DAY)
    assert 2 == len(case.trace)
    assert datetime(2025, 4, 30, 9, tzinfo=UTC).timestamp() * 1000 == case.waits("timer")[0].due
