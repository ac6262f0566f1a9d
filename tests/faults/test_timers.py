"""Workers that die while timers drain, and workers that drain them together."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Self

import pytest
from sqlalchemy import func, select

from engine import Engine, open_engine
from engine.clock import FrozenClock, SystemClock
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.timers import FireTimers
from engine.model.cases import Cycle
from engine.model.records import Incident, JournalEntry, Timer
from engine.model.tasks import Task
from engine.rules.access import SYSTEM
from engine.scheduler import tick
from engine.settings import Settings
from tests.faults.processes import Worker
from tests.invariants import check
from tests.timely import bundle, flows, pause, work
from tests.town import YEAR, Town, build

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BRANCHES = 20
CASES = 30
FUTURE = 5

FAN = bundle(
    "fan",
    '<parallelGateway id="g"/>',
    flows("start", "g"),
    *(pause(f"w{n}", "PT0.001S") + work(f"t{n}") for n in range(BRANCHES)),
    *(flows("g", f"w{n}", f"t{n}", "end") for n in range(BRANCHES)),
    *(pause(f"f{n}", "P1D") for n in range(FUTURE)),
    *(flows("g", f"f{n}", "end") for n in range(FUTURE)),
)
"""A case with twenty timers that are due at once, each of which opens a task, and five later."""


@pytest.fixture
def live(settings: Settings) -> Iterator[Engine]:
    """Yield an engine on the real clock, as the workers have."""
    opened = open_engine(settings)
    yield opened
    opened.close()


@pytest.fixture
def fans(live: Engine) -> Town:
    """Return a town with thirty cases of twenty due timers each."""
    town = build(live)
    town.cycle(FAN)
    for year in range(YEAR, YEAR + CASES // 2):
        cycle = town.value(select(Cycle.id).where(Cycle.school_year == year))
        if cycle is None:
            cycle = live.do(
                OpenCycle(town.organisations["office"], "fan", year, "Цикл", {}), SYSTEM
            )
        for place in ("school", "second"):
            live.do(StartCase(cycle, town.organisations[place]), SYSTEM)
    return town


def due(town: Town) -> int:
    """Return how many timers are still to fire now."""
    with town.engine.read() as reader:
        waiting = select(func.count()).where(Timer.due_at < reader.now + timedelta(hours=1))
        return int(reader.value(waiting))


def drain(town: Town) -> None:
    """Fire what the workers have left, waiting out the second that a busy row is put off."""
    give_up = time.monotonic() + 60
    while due(town) and time.monotonic() < give_up:
        town.engine.do(FireTimers(), SYSTEM)
        time.sleep(0.01)


def prove(town: Town) -> None:
    """Every timer has fired once: one task and one line for each, nothing lost, nothing broken."""
    fired = select(JournalEntry.case_id, JournalEntry.element, func.count().label("times"))
    fired = fired.where(JournalEntry.event == "TimerFired")
    times = town.rows(fired.group_by(JournalEntry.case_id, JournalEntry.element))
    assert CASES * BRANCHES == len(times)
    assert {1} == {row.times for row in times}
    assert CASES * BRANCHES == town.value(select(func.count()).select_from(Task))
    assert CASES * FUTURE == town.value(select(func.count()).select_from(Timer))
    assert [] == town.rows(select(Incident.sentence))
    check(town.engine)


def test_workers_that_are_killed_fire_every_timer_once(fans: Town, settings: Settings) -> None:
    """Two workers at a time, eight killed in the middle of their work, on 600 due timers."""
    chance, interrupted = random.Random(7), 0
    workers = [Worker.start(settings, "fire", held=True).ready() for _ in range(8)]
    workers[0].go()
    for victim, next_one in pairwise(workers):
        next_one.go()
        time.sleep(chance.uniform(0.01, 0.15))
        victim.kill()
        interrupted += due(fans) > 0
    workers[-1].kill()
    assert interrupted >= 4
    drain(fans)
    prove(fans)


def test_three_schedulers_at_once_fire_every_timer_once(fans: Town, settings: Settings) -> None:
    """Three whole schedulers, started together on 600 due timers."""
    workers = [Worker.start(settings, "tick") for _ in range(3)]
    for worker in workers:
        worker.ready()
    give_up = time.monotonic() + 60
    while due(fans) and time.monotonic() < give_up:
        time.sleep(0.05)
    for worker in workers:
        worker.kill()
    prove(fans)


# clocks that are wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_machine_whose_clock_is_ahead_fires_nothing_early(
    live: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A worker whose machine is ten days ahead goes by the clock of the database.

    An SQLite file has one machine: its clock is the only one there is.
    """
    town = build(live)
    town.case(town.cycle(bundle("w", pause("p", "P3D"), flows("start", "p", "end"))))

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(days=10)

    right = SystemClock().now()
    monkeypatch.setattr("engine.clock.datetime", Ahead)
    assert SystemClock().now() > right + timedelta(days=9)
    wrong = open_engine(settings)
    assert 0 == tick(wrong).timers
    wrong.close()
    assert 1 == town.value(select(func.count()).select_from(Timer))


def test_a_clock_that_jumps_on_and_back_fires_once(engine: Engine, clock: FrozenClock) -> None:
    """Ten days on, what is due fires; back again, nothing fires a second time."""
    town = build(engine)
    town.case(town.cycle(bundle("w", pause("p", "P3D"), flows("start", "p", "end"))))
    now = clock.now()
    clock.advance(timedelta(days=10))
    assert 1 == tick(engine).timers
    clock.move_to(now)
    assert 0 == tick(engine).timers
    clock.advance(timedelta(days=10))
    assert 0 == tick(engine).timers
    check(engine)
