"""A served site to measure: an expertise under way, a full worklist, and a case of 150 tasks."""

import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from bench.ground import prepared
from engine import Engine, open_engine
from engine.commands.people import CreatePerson, GrantRole
from engine.commands.sessions import OpenSession
from engine.model import Base
from engine.rules.access import SYSTEM, Role
from engine.settings import Settings
from tests.review import Review, Way
from web.app import create_app

ROWS = 24
"""Tasks on the worklist."""
TASKS = 150
"""Completed tasks of the long case."""
STATION = "s3_opinion"
"""Where the expertise stands: experts write, much has happened before."""


@dataclass(frozen=True)
class Look:
    """One page as somebody opens it; nobody for an empty cookie."""

    name: str
    path: str
    cookie: str = ""


@dataclass(frozen=True)
class Site:
    """The application, its address on loopback, and the pages to look at."""

    engine: Engine
    application: Flask
    address: str
    looks: tuple[Look, ...]


@contextmanager
def served() -> Iterator[Site]:
    """Yield the site; its database is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        review = _expertise(Path(folder))
        engine = review.town.engine
        application = create_app(engine)
        application.secret_key = secrets.token_hex()
        style = application.jinja_env.from_string("{{ asset('app.css') }}").render()
        looks = (Look("reference", style), *_looks(review))
        with socket.create_server(("127.0.0.1", 0)) as door:
            server = create_server(application, sockets=[door], threads=8)
            threading.Thread(target=server.run, daemon=True).start()
            yield Site(engine, application, f"http://127.0.0.1:{door.getsockname()[1]}", looks)
            server.close()
        engine.close()


def _expertise(folder: Path) -> Review:
    """Return the expertise of a school, where its experts write."""
    empty = open_engine(Settings(database_url=f"sqlite:///{folder / 'template.db'}"))
    Base.metadata.create_all(empty.database.writers)
    empty.close()
    return Way(folder).play().at(STATION, folder)


def _looks(review: Review) -> Iterator[Look]:
    """Lead the cases of the bench beside the expertise, and yield what is looked at."""
    engine, town = review.town.engine, review.town
    ground = prepared(engine, ROWS + 1)
    for school in ground.schools[:ROWS]:
        ground.start(school)
    long = ground.start(ground.schools[-1])
    ground.lead(long, TASKS)
    deputy = _employed(engine, ground.schools[:ROWS], Role.DEPUTY)
    watcher = _employed(engine, ground.schools, Role.COORDINATOR)
    task = review.open(STATION)[0]
    expert = town.people[town.holder(task)]
    coordinator = town.people["coordinator.office"]
    yield Look("sign_in", "/sign-in")
    yield Look("worklist", "/tasks", _entered(engine, deputy))
    yield Look("task", f"/tasks/{task.id}", _entered(engine, expert))
    yield Look("case", f"/cases/{review.case_id}", _entered(engine, coordinator))
    yield Look("long_case", f"/cases/{long}", _entered(engine, watcher))


def _employed(engine: Engine, places: list[int], role: Role) -> int:
    """Return a person with a role at many places."""
    person = engine.do(CreatePerson(f"Некто {role}", f"{role}@bench.example"), SYSTEM)
    for place in places:
        engine.do(GrantRole(person, place, role), SYSTEM)
    return person


def _entered(engine: Engine, person: int) -> str:
    """Return the cookie of a session."""
    return engine.do(OpenSession(person, "192.0.2.1", "bench"), SYSTEM)
