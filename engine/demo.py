"""
The demo: municipalities and schools of the seeds, invented people, cases in every stage.

Nothing is written by hand: the cases are played up to now by the same commands as on the pages,
so the journal, the reminders and the documents are real.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from engine.bundles import shipped
from engine.bus import Engine
from engine.clock import FrozenClock
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.definitions import DeployProcess
from engine.commands.people import MarkAsDemo
from engine.database import Database
from engine.rehearsal import sights
from engine.rehearsal.opeko import SCENARIOS, STRAIGHT
from engine.rehearsal.people import SCHOOL_STAFF, TOP_STAFF, Place, settle
from engine.rehearsal.play import Entrance, Play
from engine.rehearsal.scenarios import Scenario
from engine.rules.access import SYSTEM, Role
from engine.rules.calendar import RUSSIA, day_of, moment_of, school_year
from engine.settings import Settings

SEED: Final = 2026
PROCESS: Final = "opeko"
OFFICE: Final = {Role.COORDINATOR: 1, Role.HEAD: 1, Role.EXPERT: 6}
NEVA, URAL, SIBERIA = "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Krasnoyarsk"


def _district(key: str, name: str, short: str, office: str, zone: str) -> tuple[Place, Place]:
    """Return a municipality and its education office."""
    return (
        Place(key, "municipality", name, short, zone, "", TOP_STAFF),
        Place(f"{key}-uo", "office", office, f"УО, {short}", zone, key, OFFICE),
    )


def _school(key: str, above: str, name: str, short: str, zone: str) -> Place:
    return Place(key, "school", name, short, zone, f"{above}-uo", SCHOOL_STAFF)


FIRST: Final = (
    *_district(
        "primorskiy",
        "Приморский район Санкт-Петербурга",
        "Приморский район",
        "Отдел образования Приморского района",
        NEVA,
    ),
    _school(
        "school1003",
        "primorskiy",
        "Средняя школа № 1003 с углублённым изучением",
        "Школа № 1003",
        NEVA,
    ),
)
"""Where a cycle has been led to its end already."""

OTHERS: Final = (
    *_district(
        "pelym",
        "Городской округ Пелым",
        "ГО Пелым",
        "Отдел образования, культуры, спорта и по делам молодёжи",
        URAL,
    ),
    _school("school1", "pelym", "Средняя школа № 1 посёлка Пелым", "СОШ № 1, Пелым", URAL),
    *_district(
        "boguchany",
        "Богучанский район",
        "Богучанский район",
        "Управление образования Богучанского района",
        SIBERIA,
    ),
    _school("school7", "boguchany", "Богучанская школа № 7", "Богучанская школа № 7", SIBERIA),
    _school("tayozhnaya", "boguchany", "Таёжнинская школа № 20", "Таёжнинская школа № 20", SIBERIA),
    *_district(
        "kirovgrad",
        "Кировградский городской округ",
        "Кировградский ГО",
        "Управление образования Кировградского городского округа",
        URAL,
    ),
    _school("school12", "kirovgrad", "Средняя школа № 12", "СОШ № 12, Кировград", URAL),
    _school("school15", "kirovgrad", "Основная школа № 15", "ООШ № 15, Кировград", URAL),
    _school("school1k", "kirovgrad", "Средняя школа № 1", "СОШ № 1, Кировград", URAL),
    _school("school2", "kirovgrad", "Средняя школа № 2", "СОШ № 2, Кировград", URAL),
    _school("school4", "kirovgrad", "Основная школа № 4", "ООШ № 4, Кировград", URAL),
    _school("school9", "kirovgrad", "Средняя школа № 9", "СОШ № 9, Кировград", URAL),
    _school("school10", "kirovgrad", "Основная школа № 10", "ООШ № 10, Кировград", URAL),
    *_district("kray", "Краевой город", "Краевой город", "Управление образования города", SIBERIA),
    _school("licey2", "kray", "Лицей № 2", "Лицей № 2", SIBERIA),
)
"""Lyceum 2 stands in a city of a region that seed 000 does not name."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A case of the demo: so many days ago a school began it, and what happens in it."""

    school: str
    days: int
    scenario: Scenario = STRAIGHT


OVERDUE: Final = replace(STRAIGHT, silent=frozenset({"s2_order"}))
SILENT: Final = replace(STRAIGHT, silent=frozenset({("s3_opinion", 0)}))
"""One expert does not send his opinion; those of the others are in."""
DISPUTE: Final = replace(SCENARIOS["dispute"], silent=frozenset({"s4_reconcile"}))
"""The scores differ, and the panel has not come to terms yet."""

STORY: Final = (
    Chapter("school1003", 190),
    Chapter("school12", 146),
    Chapter("tayozhnaya", 120, OVERDUE),
    Chapter("school1", 97),
    Chapter("licey2", 84),
    Chapter("school1k", 116, DISPUTE),
    Chapter("school4", 112, SILENT),
    Chapter("school10", 98),
    Chapter("school2", 62),
    Chapter("school7", 50),
    Chapter("school9", 36),
    Chapter("school15", 12),
)
"""
Waiting for control, measures, an overdue order, a dispute, a missing opinion, panel, council,
monitoring; most of them in one municipality, so that its coordinator has something to compare.
"""

LONGEST: Final = timedelta(days=300)
"""A finished cycle began at least so long ago."""


def make(database: Database, settings: Settings, now: datetime) -> None:
    """
    Fill an empty database with the demo, as it stands at a moment.

    Raises:
        NotEmpty: There are people in it already.
    """
    begin = moment_of(_last_may(day_of(now, NEVA)), time(9, 30), NEVA)
    clock = FrozenClock(begin - timedelta(hours=1))
    engine = Engine(database, settings, clock)
    engine.do(MarkAsDemo(), SYSTEM)
    play = Play(engine, clock, Random(SEED), STRAIGHT)
    country = _Country(engine, play.random)
    country.found(FIRST)
    engine.do(DeployProcess(shipped(PROCESS)), SYSTEM)
    play.run([country.entrance(FIRST[-1].key, begin, STRAIGHT)], until=begin)
    for chapter in sorted(STORY, key=lambda chapter: -chapter.days):
        _wait(play, now - timedelta(days=chapter.days + 1))
        if chapter.school not in country.ids:
            country.found(OTHERS)
        entrance = country.begun(chapter)
        play.run([entrance], until=entrance.at)
    _wait(play, now)


def _wait(play: Play, until: datetime) -> None:
    """Let everybody go on until a moment, and stop the clock there."""
    play.run([], until)
    play.clock.move_to(until)


def _last_may(today: date) -> date:
    """Return the latest 20 May that is long enough ago for a cycle to have ended."""
    latest = today - LONGEST
    return date(latest.year - (latest < date(latest.year, 5, 20)), 5, 20)


@dataclass(slots=True)
class _Country:
    """What has been founded so far: organisations by key, cycles by office and year."""

    engine: Engine
    random: Random
    places: dict[str, Place] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    cycles: dict[tuple[int, int], int] = field(default_factory=dict)

    def found(self, places: Sequence[Place]) -> None:
        self.places |= {place.key: place for place in places}
        self.ids |= settle(self.engine, places, self.random)

    def begun(self, chapter: Chapter) -> Entrance:
        """Return the beginning of a chapter, on the next working morning."""
        zone = self.places[chapter.school].zone
        day = RUSSIA.workday(day_of(self.engine.now(), zone), 1)
        return self.entrance(chapter.school, moment_of(day, time(10, 15), zone), chapter.scenario)

    def entrance(self, school: str, at: datetime, scenario: Scenario) -> Entrance:
        """Return the case that a school's deputy begins; its cycle is opened if need be."""
        place = self.places[school]
        office, year = self.ids[place.above], school_year(day_of(at, place.zone))
        if (office, year) not in self.cycles:
            opening = OpenCycle(office, PROCESS, year, f"ОПЭКО {year}/{(year + 1) % 100:02}")
            self.cycles[office, year] = self.engine.do(opening, SYSTEM)
        start = StartCase(self.cycles[office, year], self.ids[school])
        with self.engine.read() as reader:
            deputy = sights.holders(reader, self.ids[school], Role.DEPUTY)[0]
        return Entrance(at, start, deputy, place.zone, scenario)
