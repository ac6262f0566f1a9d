"""Several schedulers that give the same reminders at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.model.cases import Cycle
from engine.model.records import Notice
from engine.rules.access import SYSTEM
from engine.scheduler import tick
from engine.settings import Settings
from tests.timely import one_task
from tests.town import YEAR, Town, build

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CASES = 40


@pytest.fixture
def town(engine: Engine) -> Town:
    """Return a town with forty tasks of the same deputies."""
    made = build(engine)
    made.cycle(one_task())
    for year in range(YEAR, YEAR + CASES // 2):
        cycle = made.value(select(Cycle.id).where(Cycle.school_year == year))
        if cycle is None:
            opened = OpenCycle(made.organisations["office"], "one", year, "Цикл", {})
            cycle = engine.do(opened, SYSTEM)
        for place in ("school", "second"):
            engine.do(StartCase(cycle, made.organisations[place]), SYSTEM)
    return made


@pytest.fixture
def others(settings: Settings, clock: FrozenClock) -> Iterator[list[Engine]]:
    """Yield three more engines on the same database, as three machines have them."""
    engines = [open_engine(settings, clock) for _ in range(3)]
    yield engines
    for other in engines:
        other.close()


def together(engines: list[Engine]) -> None:
    """Let every engine tick at once."""
    barrier = Barrier(len(engines))
    failures: list[Exception] = []

    def run(engine: Engine) -> None:
        barrier.wait(10)
        try:
            tick(engine)
        except Exception as problem:  # noqa: BLE001 - it is told in the test's own thread
            failures.append(problem)

    threads = [Thread(target=run, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [] == failures


def test_many_schedulers_remind_once(town: Town, others: list[Engine], clock: FrozenClock) -> None:
    """
    A month of working mornings, three schedulers each: one notice and one digest for each.

    Who performs is told of each task; who watches, of all of a morning in one notice.
    """
    for _ in range(30):
        clock.advance(timedelta(days=1))
        together(others)
    keys = [row.dedup_key for row in town.rows(select(Notice.dedup_key))]
    assert len(keys) == len(set(keys))
    given = Counter(key.split(":")[1] for key in keys)
    # Half of the tasks belong to the school with two deputies, half to the one with one.
    performers = dict.fromkeys(("6", "7", "3", "4", "5", "8", "9", "11"), 3 * CASES // 2)
    watchers = {"7": 1, "8": 1, "9": 3, "11": 3}
    assert Counter(performers) + Counter(watchers) == given
    assert [] == town.rows(select(Notice.id).where(Notice.digested_at.is_(None)))
