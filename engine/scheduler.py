"""
The scheduler: it wakes and never remembers.

What is due stands in the tables, so a tick can be missed, repeated, or run on any number of
machines at once: the claim in the database decides who does the work. APScheduler is only the
alarm clock, with its jobs in memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from time import monotonic, sleep
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.bus import Command, Engine
from engine.clock import SystemClock
from engine.commands.claims import caught
from engine.commands.digests import SendDigests
from engine.commands.due import due
from engine.commands.jobs import run_jobs
from engine.commands.mailing import deliver_letters
from engine.commands.outbox import DeliverMessage
from engine.commands.reminders import RaiseReminders
from engine.commands.sessions import SweepSessions
from engine.commands.starts import StartDue
from engine.commands.timers import FireTimers
from engine.events import (
    Event,
    MessageSent,
    ServiceCalled,
    SignalSent,
    committed,
)
from engine.rules.access import SYSTEM
from engine.rules.retries import Patience

Work = Callable[[Engine], int]
"""One batch of one kind of due rows; returns how many were worked."""


def _one(command: Command[int]) -> Work:
    return lambda engine: engine.do(command, SYSTEM)


CLOCKWORK: Final[Mapping[str, Work]] = {
    "timers": _one(FireTimers()),
    "jobs": run_jobs,
    "messages": _one(DeliverMessage("message")),
    "signals": _one(DeliverMessage("signal")),
    "starts": _one(StartDue()),
    "reminders": _one(RaiseReminders()),
    "digests": _one(SendDigests()),
}
"""What moves cases and writes to people: rows only. Digests come last: they carry the reminders."""

POST: Final[Mapping[str, Work]] = {"letters": deliver_letters}
"""What may wait for a server outside."""

ROUNDS: Final = 10_000
"""More rounds of one tick than any backlog needs: a kind that never ends must not hang it."""


@dataclass(frozen=True, slots=True)
class TickReport:
    """How many rows of each kind a tick has worked."""

    timers: int = 0
    jobs: int = 0
    messages: int = 0
    signals: int = 0
    starts: int = 0
    reminders: int = 0
    digests: int = 0
    letters: int = 0


def tick(engine: Engine) -> TickReport:
    """Do everything that is due, and what becomes due by it, until nothing is."""
    done: Counter[str] = Counter()
    for _ in range(ROUNDS):
        worked = _round(engine, CLOCKWORK) or _round(engine, POST)
        done.update(worked)
        if not worked.total():
            break
    return TickReport(**done)


def _round(engine: Engine, kinds: Mapping[str, Work]) -> Counter[str]:
    """Do one batch of each kind that is due; of digests only when no reminder is left."""
    with engine.read() as reader:
        wanted = due(reader)
    if "reminders" in wanted:
        wanted.discard("digests")
    return +Counter({name: work(engine) for name, work in kinds.items() if name in wanted})


# the alarm clock --------------------------------------------------------------------------------

EVERY: Final = timedelta(seconds=1)
TIDY_EVERY: Final = timedelta(hours=1)
"""How often ended sessions are swept: they open nothing, so there is no hurry."""

YIELD: Final = 0.005
"""Seconds between batches: SQLite's lock is unfair, and people want to write too."""

PAUSES: Final = Patience(attempts=1, first=timedelta(seconds=1), longest=timedelta(minutes=1))


@dataclass(slots=True)
class _Hand:
    """One hand of the clock: kinds of work that go round together, and its pause after a failure."""

    engine: Engine
    kinds: Mapping[str, Work]
    failures: int = 0
    not_before: float = field(default=0.0)

    def go_round(self) -> None:
        """Work until nothing is due; after a failure wait longer each time, up to a minute."""
        if monotonic() < self.not_before:
            return
        if caught(self._until_idle) is None:
            self.failures = 0
            return
        self.failures += 1
        self.not_before = monotonic() + PAUSES.wait(self.failures, "tick").total_seconds()

    def _until_idle(self) -> None:
        while _round(self.engine, self.kinds).total():
            sleep(YIELD)


class Scheduler:
    """
    The alarm clock of one process, ticking in threads of its own.

    One thread moves cases and writes notices, another waits for the mail server, a third sweeps.
    A commit that calls a service or sends a message wakes the first at once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._clock = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(_HANDS) + 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, kinds in _HANDS.items():
            hand = _Hand(engine, kinds)
            self._clock.add_job(hand.go_round, "interval", seconds=EVERY.total_seconds(), id=name)
        hourly, at_once = TIDY_EVERY.total_seconds(), SystemClock().now()
        self._clock.add_job(
            self._tidy, "interval", seconds=hourly, next_run_time=at_once, id="housekeeping"
        )

    def start(self) -> None:
        """Begin to tick."""
        committed.connect(self._wake, sender=self._engine)
        self._clock.start()

    def stop(self) -> None:
        """End after the batch that is being worked."""
        committed.disconnect(self._wake, sender=self._engine)
        self._clock.shutdown(wait=True)

    def _tidy(self) -> None:
        caught(self._sweep)

    def _sweep(self) -> None:
        self._engine.do(SweepSessions(), SYSTEM)

    def _wake(self, _engine: Engine, events: tuple[Event, ...]) -> None:
        if any(isinstance(event, _URGENT) for event in events):
            self._clock.modify_job("clockwork", next_run_time=SystemClock().now())


_HANDS: Final = {"clockwork": CLOCKWORK, "post": POST}
_URGENT: Final = (ServiceCalled, MessageSent, SignalSent)


@contextmanager
def running(engine: Engine) -> Iterator[Scheduler]:
    """Let a scheduler tick beside what the block does, for example serve pages."""
    scheduler = Scheduler(engine)
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
