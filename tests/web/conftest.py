"""The application over an engine, and browsers to walk through it."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine import Engine
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.passwords import passwords_of
from engine.rules.access import SYSTEM, Role
from tests.web.browser import Browser
from web.app import create_app

PASSWORD = "дождь над рекой"


@pytest.fixture
def database_url(sqlite_database_url: str) -> str:
    """Return the URL of an SQLite database: what differs between the two is tested below."""
    return sqlite_database_url


@pytest.fixture
def app(engine: Engine) -> Flask:
    """Return the application of the engine of the test."""
    made = create_app(engine)
    made.testing = True
    return made


@pytest.fixture
def town(engine: Engine) -> dict[str, int]:
    """Return two schools of one office, and a school of another town, by name."""
    return dict(_town(engine))


def _town(engine: Engine) -> list[tuple[str, int]]:
    def made(kind: str, name: str, parent: int | None = None) -> int:
        command = CreateOrganisation(kind, name, "Asia/Yekaterinburg", parent)
        return engine.do(command, SYSTEM)

    near, far = made("municipality", "Ближний округ"), made("municipality", "Дальний округ")
    office = made("office", "Управление образования", near)
    return [
        ("near", near),
        ("office", office),
        ("first", made("school", "Школа № 1", office)),
        ("second", made("school", "Школа № 2", office)),
        ("far", made("school", "Дальняя школа", far)),
    ]


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


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Return a browser where nobody has signed in."""
    return Browser(app)
