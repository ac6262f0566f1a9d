"""The application over an engine with a town, and browsers to walk through it."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import Engine, open_engine
from engine.bundles import of_files
from engine.clock import FrozenClock
from engine.commands.people import CreatePerson, GrantRole
from engine.commands.sessions import OpenSession
from engine.model.tasks import Draft
from engine.passwords import passwords_of
from engine.process.load import Bundle
from engine.queries.case_page import case_page
from engine.rules.access import SYSTEM, Role
from engine.settings import Settings
from tests.town import Town, build
from tests.web.pages.browser import Browser
from web.app import create_app

PASSWORD = "дождь над рекой"
DIAGRAMS = Path(__file__).parents[1] / "diagrams"
COUNCIL = ("council.bpmn", "hold_council.json", "sign_order.json")


def council() -> Bundle:
    """Return a process of two tasks, whose form has a field of every kind."""
    return of_files(DIAGRAMS / name for name in COUNCIL)


@dataclass(frozen=True)
class Settled:
    """An SQLite file with the town and a case of the council in it, to be copied."""

    path: Path
    town: Town
    cycle_id: int
    case_id: int


@pytest.fixture(scope="session")
def settled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """Return the file; building a town takes longer than most tests."""
    path = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("town") / "town.sqlite3")
    clock = FrozenClock(datetime(2026, 11, 25, 6, 0, tzinfo=UTC))
    engine = open_engine(Settings(database_url=f"sqlite:///{path}", secret_key="of tests"), clock)
    town = build(engine)
    cycle_id = town.cycle(council())
    made = Settled(path, town, cycle_id, town.case(cycle_id))
    engine.close()
    return made


@pytest.fixture
def database_url(settled: Settled, tmp_path: Path) -> str:
    """Return the URL of a copy: what differs between the two databases is tested below."""
    return f"sqlite:///{shutil.copyfile(settled.path, tmp_path / 'town.sqlite3')}"


@pytest.fixture
def app(engine: Engine) -> Flask:
    """Return the application of the engine of the test."""
    made = create_app(engine)
    made.testing = True
    return made


@pytest.fixture
def town(engine: Engine, settled: Settled) -> Town:
    """Return the invented town."""
    return Town(engine, settled.town.organisations, dict(settled.town.people))


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Return a browser where nobody has signed in."""
    return Browser(app)


Enrol = Callable[..., int]


@pytest.fixture
def enrol(engine: Engine) -> Enrol:
    """Return a function that creates a person with a role; the password is always the same."""
    hashed = passwords_of(engine.settings).hash(PASSWORD)

    def enrolled(name: str, email: str, role: Role | None = None, organisation: int = 0) -> int:
        person_id = engine.do(CreatePerson(name, email, hashed), SYSTEM)
        if role:
            engine.do(GrantRole(person_id, organisation, role), SYSTEM)
        return person_id

    return enrolled


@dataclass
class Site:
    """The application with its town; ``case_id`` is a case of the council, just begun."""

    app: Flask
    town: Town
    cycle_id: int
    case_id: int
    clock: FrozenClock

    def enter(self, who: str) -> Browser:
        """Return a browser where somebody of the town has signed in."""
        browser = Browser(self.app)
        command = OpenSession(self.town.people[who], "192.0.2.1", "test")
        browser.client.set_cookie("tsikl", self.town.engine.do(command, SYSTEM))
        return browser

    def task(self, element: str = "hold_council") -> int:
        """Return the open task at an element."""
        return self.town.task(self.case_id, element)

    def holder(self, element: str = "hold_council") -> int | None:
        """Return who holds the open task at an element."""
        (row,) = self.town.open_tasks(self.case_id, element)
        found: int | None = row.assignee_id
        return found

    def move_to(self, year: int, month: int, day: int) -> None:
        """Set the clock to noon of a day in Yekaterinburg."""
        self.clock.move_to(datetime(year, month, day, 7, 0, tzinfo=UTC))

    def variables(self, case_id: int) -> Mapping[str, Any]:
        """Return the variables of a case."""
        with self.town.engine.read() as reader:
            return case_page(reader, SYSTEM, case_id).variables

    def drafts(self) -> list[Any]:
        """Return all drafts."""
        return self.town.rows(select(Draft.person_id, Draft.fields))


@pytest.fixture
def site(app: Flask, town: Town, settled: Settled, clock: FrozenClock) -> Site:
    """Return the application with a case under way in the first school."""
    return Site(app, town, settled.cycle_id, settled.case_id, clock)
