"""A rehearsal from beginning to end: a throw-away database, people, one case, its story."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import event

from engine.bus import Engine
from engine.clock import FrozenClock
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.definitions import DeployProcess
from engine.database import Database
from engine.model import Base
from engine.process.load import Bundle
from engine.process.model import Definition
from engine.process.trail import followed
from engine.rehearsal import report, sights
from engine.rehearsal.people import OFFICE_STAFF, SCHOOL_STAFF, Place, settle
from engine.rehearsal.play import DeadEnd, Entrance, Play
from engine.rehearsal.report import Line, Week
from engine.rehearsal.scenarios import Scenario
from engine.rules.access import SYSTEM, Role
from engine.rules.calendar import RUSSIA, moment_of, school_year
from engine.settings import Settings

ZONE: Final = "Europe/Moscow"
LONGEST: Final = timedelta(days=3 * 366)
"""A cycle that has not ended after three years does not end."""

PLACES: Final = (
    Place("okrug", "municipality", "Учебный округ", "Учебный округ", ZONE),
    Place(
        "upravlenie", "office", "Управление образования", "Управление", ZONE, "okrug", OFFICE_STAFF
    ),
    Place("shkola", "school", "Школа № 1", "Школа № 1", ZONE, "upravlenie", SCHOOL_STAFF),
)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """
    What came of it.

    ``elements`` and ``flows`` are those that tokens have passed; ``definition`` says which
    there are.
    """

    outcome: str
    tasks_completed: int
    reminders: int
    escalations: int
    mails: int
    dead_ends: tuple[DeadEnd, ...]
    elements: frozenset[str]
    flows: frozenset[str]
    lines: tuple[Line, ...]
    weeks: tuple[Week, ...]
    definition: Definition


def rehearse(bundle: Bundle, scenario: Scenario, begin: date, seed: int) -> Rehearsal:
    """
    Play one case of a process through, from its start to whatever end it comes to.

    Args:
        bundle: The process.
        scenario: What is not left to chance.
        begin: When the deputy starts the case; on a day off, the next working day.
        seed: Of all chance; the same seed gives the same story.

    Raises:
        DiagramRefused: The process cannot be run.
    """
    random = Random(seed)
    at = moment_of(RUSSIA.at_or_after(begin), time(9, 30), ZONE)
    with throw_away(FrozenClock(at - timedelta(hours=1))) as (engine, clock), followed() as trail:
        settled = settle(engine, PLACES, random)
        definition = engine.definitions.get(engine.do(DeployProcess(bundle), SYSTEM)).definition
        cycle = OpenCycle(
            settled["upravlenie"],
            definition.processes[0],
            school_year(begin),
            "Репетиция",
            scenario.settings,
        )
        school = settled["shkola"]
        start = StartCase(engine.do(cycle, SYSTEM), school, at=scenario.start)
        with engine.read() as reader:
            deputy = sights.holders(reader, school, Role.DEPUTY)[0]
        play = Play(engine, clock, random)
        play.run([Entrance(at, start, deputy, ZONE, scenario)], until=at + LONGEST)
        play.judge()
        return _told(engine, play, definition, trail)


@contextmanager
def throw_away(clock: FrozenClock) -> Iterator[tuple[Engine, FrozenClock]]:
    """Yield an engine on an empty database that is gone afterwards; no letter ever leaves it."""
    with TemporaryDirectory(prefix="tsikl-") as folder:
        database = hasty(Path(folder) / "rehearsal.db")
        Base.metadata.create_all(database.writers)
        engine = Engine(database, Settings(data_dir=folder), clock)
        try:
            yield engine, clock
        finally:
            engine.close()


def hasty(path: Path) -> Database:
    """Return an SQLite database that leaves it to the system when to write to the disk."""
    database = Database(f"sqlite:///{path}")
    event.listen(database.readers, "connect", _hurry)
    return database


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _told(
    engine: Engine, play: Play, definition: Definition, trail: list[tuple[str, str]]
) -> Rehearsal:
    case_id = min(play.cases, default=0)
    with engine.read() as reader:
        lines = report.lines(reader, ZONE)
        kinds = [line.kind for line in lines]
        return Rehearsal(
            outcome=report.outcome(reader, case_id) if case_id else "not_started",
            tasks_completed=report.tasks_completed(reader),
            reminders=kinds.count("reminder"),
            escalations=kinds.count("escalation"),
            mails=kinds.count("mail"),
            dead_ends=tuple(play.dead_ends),
            elements=_passed(definition, trail),
            flows=frozenset(flow for _, flow in trail if flow),
            lines=tuple(lines),
            weeks=tuple(report.busiest(reader, ZONE)),
            definition=definition,
        )


def _passed(definition: Definition, trail: list[tuple[str, str]]) -> frozenset[str]:
    """Return the elements on a trail: those arrived at, and those that flows came from."""
    sources = {flow.key: node.key for node in definition.nodes.values() for flow in node.outflows}
    return frozenset({at for at, _ in trail} | {sources[flow] for _, flow in trail if flow})
