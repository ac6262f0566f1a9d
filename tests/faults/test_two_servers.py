"""
A whole cycle that goes on while its servers are killed again and again.

The servers are the real command, pages and scheduler together; people sign in with their
passwords and send their forms in over HTTP. A seed chooses when who is killed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import NullPool, create_engine, select, text, update

from engine import open_engine
from engine.bundles import shipped
from engine.clock import FrozenClock, SystemClock
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.definitions import DeployProcess
from engine.commands.tasks import CompleteTask
from engine.model.people import Person
from engine.model.records import Incident, JournalEntry, Notice, Outgoing, Timer
from engine.model.tasks import CLOSED, Submission, Task
from engine.passwords import passwords_of
from engine.rules.access import SYSTEM
from engine.rules.calendar import school_year
from engine.settings import Settings
from tests.faults.drive import KILLS, Drive, Watched
from tests.faults.servers import Server
from tests.invariants import check
from tests.journeys.year import SMALL, Year, inhabited
from tests.town import Town

pytestmark = [pytest.mark.faults, pytest.mark.slow]

SEED: Final = 7
PASSWORD: Final = "дождь над рекой"
BEGIN: Final = datetime(2026, 11, 25, 6, tzinfo=UTC)
SILENCE: Final = timedelta(days=30)
"""How long the candidates of the second school have not answered when the servers start."""


# the ground -------------------------------------------------------------------------------------


def own_settings(url: str, folder: Path) -> Settings:
    """Return the settings of an installation whose passwords cost nothing."""
    return Settings(
        database_url=url,
        data_dir=str(folder),
        secret_key="of tests",
        password_time_cost=1,
        password_memory_kib=64,
    )


def environment(settings: Settings) -> Mapping[str, str]:
    """Return the settings as the command reads them."""
    names = ("database_url", "data_dir", "secret_key", "password_time_cost", "password_memory_kib")
    return {f"TSIKL_{name.upper()}": str(getattr(settings, name)) for name in names}


@dataclass
class Ground:
    """Two schools: in the first one a case begins, in the second one six people keep silent."""

    town: Town
    beginning: int
    silent: int

    @property
    def awaited(self) -> list[int]:
        """Return the tasks that nobody has answered."""
        found = select(Task.id).where(Task.case_id == self.silent, Task.element == "s2_coi")
        return [row.id for row in self.town.rows(found)]


@contextmanager
def ground(settings: Settings, now: datetime) -> Iterator[Ground]:
    """Let the second school come to the declarations before the servers start."""
    clock = FrozenClock(now - SILENCE)
    engine = open_engine(settings, clock)
    town = inhabited(engine)
    with engine.unit(SYSTEM) as unit:
        hashed = passwords_of(settings).hash(PASSWORD)
        unit.execute(update(Person).values(password_hash=hashed))
    engine.do(DeployProcess(shipped("opeko")), SYSTEM)
    silent = begun(town, "second")
    year = Year(town, clock, silent)
    for task in year.turns():
        if task.element == "s2_coi":
            break
        who = year.who(task)
        engine.do(CompleteTask(task.id, year.fields(task, who)), town.actor(who))
    clock.move_to(now)
    beginning = begun(town, "school")
    engine.close()
    town.engine = open_engine(settings)
    yield Ground(town, beginning, silent)
    town.engine.close()


def begun(town: Town, school: str) -> int:
    """Start a case of ОПЭКО in a school, in a cycle of its own."""
    year, engine = school_year(town.engine.now().date()), town.engine
    cycle = OpenCycle(town.organisations[school], "opeko", year, "ОПЭКО", SMALL)
    return engine.do(StartCase(engine.do(cycle, SYSTEM), town.organisations[school]), SYSTEM)


@contextmanager
def serving(settings: Settings, number: int) -> Iterator[list[Server]]:
    """Start servers at once; afterwards they end in order, or at least they end."""
    servers = [Server(environment(settings)) for _ in range(number)]
    try:
        start(servers)
        yield servers
        for server in servers:
            server.end()
    finally:
        for server in servers:
            server.kill()


def start(servers: list[Server]) -> None:
    """Start servers at once, and wait for all of them."""
    for server in servers:
        server.start()
    for server in servers:
        server.wait()


class Calendar:
    """
    The clock of a PostgreSQL database, by which all processes go.

    It goes as ever, but ahead of the machine's: its own function of that name is found first.
    """

    def __init__(self, url: str, now: datetime) -> None:
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        name = self._engine.url.database
        self._run("CREATE TABLE calendar (ahead interval NOT NULL)")
        self._run("INSERT INTO calendar VALUES ('0')")
        self._run(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE "
            "AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM public.calendar'"
        )
        self._run(f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog')
        self.move_to(now)

    def move_to(self, moment: datetime) -> None:
        """Set it to a moment, from which it goes on."""
        self._run(
            "UPDATE public.calendar SET ahead = :moment - pg_catalog.clock_timestamp()",
            moment=moment,
        )

    def _run(self, statement: str, **values: Any) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement), values)


# what is proved ---------------------------------------------------------------------------------


def times(town: Town, event: str, case_id: int) -> Counter[tuple[str, int | None]]:
    """Return how often something happened to a case, by element and task."""
    found = select(JournalEntry.element, JournalEntry.task_id)
    rows = town.rows(found.where(JournalEntry.event == event, JournalEntry.case_id == case_id))
    return Counter((row.element, row.task_id) for row in rows)


def prove(found: Ground, drive: Drive) -> None:
    """Everything that was acknowledged has happened, once, and nothing else; nothing is broken."""
    town = found.town
    check(town.engine)
    assert [] == town.rows(select(Incident.sentence))
    sent = select(Submission.task_id).where(Submission.case_id == found.beginning)
    done = times(town, "TaskDone", found.beginning)
    assert sorted(drive.acknowledged) == sorted(task or 0 for _, task in done.elements())
    assert sorted(drive.acknowledged) == sorted(row.task_id for row in town.rows(sent))
    for case_id in (found.beginning, found.silent):
        assert {1} == set(times(town, "TaskOpened", case_id).values())
        assert times(town, "ServiceCalled", case_id) == times(town, "ServiceDone", case_id)
    prove_silence(found)
    prove_letters(town)


def prove_silence(found: Ground) -> None:
    """The timer of each candidate who kept silent has fired once."""
    tasks = found.awaited
    assert len(tasks) == times(found.town, "TimerFired", found.silent)["b2_silence", None]
    closed = times(found.town, "TaskClosed", found.silent)
    assert {("s2_coi", task): 1 for task in tasks} == closed
    states = select(Task.state).where(Task.id.in_(tasks))
    assert {CLOSED} == {row.state for row in found.town.rows(states)}


def prove_letters(town: Town) -> None:
    """Whoever was given a task by name has been told once, and written to once."""
    given = select(Task.id).where(Task.personal)
    personal = {row.id: 1 for row in town.rows(given)}
    told = select(Notice.task_id).where(Notice.kind == "assigned")
    assert personal == Counter(row.task_id for row in town.rows(told))
    written = [row.payload for row in town.rows(select(Outgoing.payload))]
    of_tasks = (letter["tasks"] for letter in written if letter["letter"] == "assigned")
    assert personal == Counter(task for tasks in of_tasks for task in tasks)


def report(drive: Drive) -> None:
    """Print what has happened, for whoever looks at a failure."""
    print(  # noqa: T201 - pytest shows it when the test fails
        f"seed {drive.seed}: {len(drive.acknowledged)} tasks, {drive.kills} kills, "
        f"{drive.unanswered} requests unanswered, {drive.done_unanswered} of them done"
    )


@pytest.mark.postgres
def test_two_servers_lead_a_cycle_to_its_decision(
    postgres_database_url: str, tmp_path: Path
) -> None:
    """
    Two processes on one database, killed by turns in the middle of what they do.

    Everything sent is there once, and what was not answered succeeds at the other server. The
    control date comes while both are dead: its timer fires once when they start together.
    """
    calendar = Calendar(postgres_database_url, BEGIN)
    settings = own_settings(postgres_database_url, tmp_path)
    with ground(settings, BEGIN) as found, serving(settings, 2) as servers:
        year = Watched(found.town, FrozenClock(BEGIN), found.beginning)
        drive = Drive(year, servers, PASSWORD, SEED)
        drive.lead()
        drive.kill_all()
        waits = select(Timer.due_at).where(Timer.case_id == found.beginning).order_by(Timer.due_at)
        calendar.move_to(found.town.rows(waits)[0].due_at)
        found.town.engine.clock = found.town.engine.database.clock()
        start(servers)
        drive.lead()
        report(drive)
        assert "completed" == year.page.case.status
        assert KILLS == drive.kills
        assert drive.unanswered >= KILLS // 3
        fired = times(found.town, "TimerFired", found.beginning)
        assert {("t1_control", None): 1} == fired
        prove(found, drive)


def test_a_server_that_is_started_again_goes_on(sqlite_database_url: str, tmp_path: Path) -> None:
    """One process on a file, killed and started again, up to the wait for the control date."""
    settings = own_settings(sqlite_database_url, tmp_path)
    with ground(settings, SystemClock().now()) as found, serving(settings, 1) as servers:
        year = Watched(found.town, FrozenClock(BEGIN), found.beginning)
        drive = Drive(year, servers, PASSWORD, SEED)
        drive.lead()
        report(drive)
        assert "running" == year.page.case.status
        assert KILLS == drive.kills
        assert drive.unanswered >= KILLS // 3
        prove(found, drive)
