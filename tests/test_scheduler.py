"""The scheduler: it does what is due, wakes after a commit, and remembers nothing."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from time import monotonic, perf_counter, sleep
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from sqlalchemy import select

from engine import Engine, open_engine, scheduler
from engine.clock import FrozenClock
from engine.commands.cases import StartCase
from engine.commands.services import SERVICES, ServiceCall
from engine.commands.sessions import OpenSession
from engine.commands.timers import FireTimers
from engine.model.base import key_of
from engine.model.cases import Case
from engine.model.people import WebSession
from engine.model.records import Timer
from engine.rules.access import SYSTEM
from engine.rules.retries import Patience
from engine.rules.sessions import IDLE, fingerprint
from engine.scheduler import CLOCKWORK, POST, Scheduler, TickReport, running, tick
from engine.settings import Settings
from engine.unit import Unit
from tests.timely import bundle, flows, one_task, pause, service
from tests.town import Town, build

SOON = 10.0
"""Seconds within which a thread must have done its work."""


def wait_for(engine: Engine, case: int) -> float:
    """Wait until a case is completed; return how many seconds it took."""
    begun = monotonic()
    while monotonic() - begun < SOON:
        with engine.read() as reader:
            if reader.value(select(Case.status).where(Case.id == case)) == "completed":
                return monotonic() - begun
        sleep(0.01)
    raise AssertionError(f"case {case} is not completed after {SOON} s")


def open_session(engine: Engine, person_id: int) -> str:
    """Let somebody in; return the secret."""
    return engine.do(OpenSession(person_id, "192.0.2.1", "Firefox"), SYSTEM)


def end_session(engine: Engine, secret: str) -> None:
    """Let a session rest for longer than it may."""
    with engine.unit(SYSTEM) as unit:
        unit.get(WebSession, fingerprint(secret)).seen_at = unit.now - IDLE


def wait_until_gone(engine: Engine, secret: str) -> None:
    """Wait until nothing is left of a session."""
    kept = select(WebSession.id_hash).where(WebSession.id_hash == fingerprint(secret))
    begun = monotonic()
    while monotonic() - begun < SOON:
        with engine.read() as reader:
            if reader.value(kept) is None:
                return
        sleep(0.01)
    raise AssertionError(f"the session is not swept after {SOON} s")


# a tick -----------------------------------------------------------------------------------------


def test_an_idle_tick_writes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is due: it only looks, and opens no transaction to write in."""
    town.case(town.cycle(one_task()))

    def refuse(_engine: Engine, command: object, _actor: object) -> None:
        raise AssertionError(command)

    monkeypatch.setattr(Engine, "do", refuse)
    assert TickReport() == tick(town.engine)


def test_a_tick_goes_on_until_nothing_is_due(town: Town, clock: FrozenClock) -> None:
    """What becomes due by what was done is done as well: a timer leads to a service."""
    SERVICES["probe"] = lambda _unit, _call: {"answer": 1}
    diagram = bundle(
        "chain", pause("w", "P1D"), service("probe"), flows("start", "w", "probe", "end")
    )
    case = town.case(town.cycle(diagram))
    clock.advance(timedelta(days=1))
    report = tick(town.engine)
    del SERVICES["probe"]
    assert (1, 1) == (report.timers, report.jobs)
    assert "completed" == town.value(select(Case.status).where(Case.id == case))


def test_a_tick_reports_all_kinds() -> None:
    """Each kind of work has its place in the report, so that nothing goes uncounted."""
    assert set(TickReport.__slots__) == {*CLOCKWORK, *POST}


def test_work_that_never_ends_does_not_hang_a_tick(
    town: Town, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
) -> None:
    """A tick has a last round, whatever is still due."""
    town.case(town.cycle(bundle("w", pause("p", "P1D"), flows("start", "p", "end"))))
    clock.advance(timedelta(days=1))
    monkeypatch.setattr(scheduler, "ROUNDS", 3)
    monkeypatch.setitem(CLOCKWORK, "timers", lambda _engine: 1)
    assert 3 == tick(town.engine).timers


def test_reminders_come_before_digests(
    town: Town, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While reminders of the morning are left, no digest goes without them."""
    cycle = town.cycle(one_task())
    for place in ("school", "second"):
        town.case(cycle, place)
    clock.advance(timedelta(days=2))
    monkeypatch.setattr("engine.commands.reminders.BATCH", 1)
    done: list[str] = []
    for name, work in CLOCKWORK.items():

        def noted(engine: Engine, name: str = name, work: Any = work) -> int:
            done.append(name)
            return int(work(engine))

        monkeypatch.setitem(CLOCKWORK, name, noted)
    tick(town.engine)
    assert max(i for i, name in enumerate(done) if name == "reminders") < done.index("digests")


# the alarm clock --------------------------------------------------------------------------------


@pytest.fixture
def ticking(settings: Settings) -> Iterator[Engine]:
    """Yield an engine on the real clock."""
    opened = open_engine(settings)
    yield opened
    opened.close()


def test_nothing_is_kept_outside_our_tables(ticking: Engine) -> None:
    """APScheduler holds its jobs in memory, in UTC, one at a time, merged when late."""
    alarm = Scheduler(ticking)
    inner = alarm._clock
    with running(ticking) as other:
        assert {"default"} == set(other._clock._jobstores)
        assert isinstance(other._clock._jobstores["default"], MemoryJobStore)
    assert "UTC" == str(inner.timezone)
    assert {"clockwork", "post", "housekeeping"} == {job.id for job in inner.get_jobs()}
    for job in other._clock.get_jobs():
        assert (True, 1, None) == (job.coalesce, job.max_instances, job.misfire_grace_time)


def test_ended_sessions_are_swept(ticking: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start and from then on; a live one stays. No other work has to be due for it."""
    monkeypatch.setattr(scheduler, "TIDY_EVERY", timedelta(seconds=0.1))
    town = build(ticking)
    live, first, later = (open_session(ticking, town.people[f"expert{n}"]) for n in (1, 2, 3))
    end_session(ticking, first)
    with running(ticking):
        wait_until_gone(ticking, first)
        end_session(ticking, later)
        wait_until_gone(ticking, later)
    assert [(fingerprint(live),)] == town.rows(select(WebSession.id_hash))


def test_a_running_scheduler_does_what_is_due(ticking: Engine) -> None:
    """A timer of a tenth of a second fires within the next seconds, without anybody."""
    town = build(ticking)
    case = town.case(town.cycle(bundle("w", pause("p", "PT0.1S"), flows("start", "p", "end"))))
    with running(ticking):
        wait_for(ticking, case)


def test_a_service_runs_at_once_after_the_commit(
    ticking: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that calls a service wakes the scheduler: nobody waits for the next tick."""
    monkeypatch.setattr(scheduler, "EVERY", timedelta(seconds=1000))

    def probe(_unit: Unit, _call: ServiceCall) -> dict[str, Any]:
        return {"answer": 1}

    SERVICES["probe"] = probe
    town = build(ticking)
    cycle = town.cycle(bundle("s", service("probe"), flows("start", "probe", "end")))
    with running(ticking):
        case = ticking.do(StartCase(cycle, town.organisations["school"]), SYSTEM)
        took = wait_for(ticking, case)
    del SERVICES["probe"]
    assert took < SOON


def test_a_stopped_scheduler_does_nothing(ticking: Engine) -> None:
    """After the block no thread of it is left, and commits wake nobody."""
    town = build(ticking)
    with running(ticking) as alarm:
        pass
    assert not alarm._clock.running
    cycle = town.cycle(bundle("w", pause("p", "PT0.001S"), flows("start", "p", "end")))
    case = town.case(cycle)
    sleep(1.2)
    assert "running" == town.value(select(Case.status).where(Case.id == case))


def test_a_failing_kind_of_work_pauses_and_comes_back(
    ticking: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A tick that raises is logged and waited for; the thread lives on and does its work later."""
    calls: list[float] = []

    def failing(engine: Engine) -> int:
        calls.append(monotonic())
        if len(calls) <= 2:
            raise RuntimeError("no such luck")
        return engine.do(FireTimers(), SYSTEM)

    monkeypatch.setitem(CLOCKWORK, "timers", failing)
    monkeypatch.setattr(scheduler, "EVERY", timedelta(seconds=0.02))
    brief = Patience(1, timedelta(seconds=0.1), timedelta(seconds=1))
    monkeypatch.setattr(scheduler, "PAUSES", brief)
    town = build(ticking)
    case = town.case(town.cycle(bundle("w", pause("p", "PT0.1S"), flows("start", "p", "end"))))
    with caplog.at_level(logging.CRITICAL, "engine.commands.claims"), running(ticking):
        wait_for(ticking, case)
    assert calls[2] - calls[1] > calls[1] - calls[0]


# many timers ------------------------------------------------------------------------------------

WAITING = 300_000


@pytest.mark.slow
def test_an_idle_tick_does_not_mind_how_many_timers_wait(town: Town, clock: FrozenClock) -> None:
    """With 300,000 waiting timers an idle tick takes at most 2 ms, by the median of a hundred."""
    case = town.case(town.cycle(one_task()))
    for start in range(0, WAITING, 5_000):
        with town.engine.unit(SYSTEM) as unit:
            for number in range(start, start + 5_000):
                due_at = clock.now() + timedelta(minutes=1 + number)
                row = {"id": key_of(case, 1000 + number), "case_id": case, "due_at": due_at}
                unit.add(Timer, row)
    took = []
    for _ in range(101):
        begun = perf_counter()
        report = tick(town.engine)
        took.append(perf_counter() - begun)
        assert TickReport() == report
    assert median(took) < 0.002
