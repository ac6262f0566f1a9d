"""How the two databases are opened, and what happens when they go away."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, select, text

import engine.database as opening
from engine import Engine, open_engine
from engine.database import Database
from engine.driver import is_away
from engine.errors import Unavailable
from engine.model.people import Installation
from engine.prepared import Prepared
from engine.rules.access import SYSTEM
from engine.settings import Settings
from engine.unit import Stale

on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LOOK = Prepared(select(Installation.name))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of the kind that the test asks for."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


# SQLite -----------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("handle", ["writers", "readers"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("busy_timeout", "30000"),
    ],
)
def test_every_connection_to_sqlite_is_safe(
    engine: Engine, handle: str, name: str, value: str
) -> None:
    """WAL, full synchronisation, foreign keys, patience: SQLite forgets them with a connection."""
    with getattr(engine.database, handle).connect() as connection:
        assert value == str(connection.scalar(text(f"PRAGMA {name}")))


@on_sqlite
def test_readers_do_not_wait_for_a_writer(engine: Engine) -> None:
    """While one transaction writes, a page is read as it was before."""
    with engine.unit(SYSTEM) as unit:
        unit.put(Installation, {"name": "a", "value": "1"})
        with engine.read() as reader:
            assert [] == reader.run(LOOK, {})
    with engine.read() as reader:
        assert 1 == len(reader.run(LOOK, {}))


@on_sqlite
def test_a_writer_takes_the_lock_at_the_beginning(engine: Engine) -> None:
    """A second writer is told at BEGIN, before it has read anything that may be outdated."""
    impatient = sqlite3.connect(str(engine.database.url.database), timeout=0.01)
    with engine.unit(SYSTEM), pytest.raises(sqlite3.OperationalError, match="locked") as busy:
        impatient.execute("BEGIN IMMEDIATE")
    assert is_away(busy.value)
    impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def test_a_folder_for_the_file_is_made(tmp_path: Path) -> None:
    """The first start needs no preparation."""
    path = tmp_path / "new" / "folder" / "tsikl.db"
    opened = open_engine(Settings(database_url=f"sqlite:///{path}"))
    with opened.read() as reader:
        assert 1 == reader.value(select(1))
    opened.close()
    assert path.is_file()


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program says so at once, instead of failing at the first task."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 9))
    with pytest.raises(RuntimeError, match=r"older than 3\.35"):
        Database(f"sqlite:///{tmp_path / 'a.db'}")


# PostgreSQL -------------------------------------------------------------------------------------


@on_postgres
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lock_timeout", "10s"),
        ("statement_timeout", "1min"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("transaction_isolation", "read committed"),
        ("TimeZone", "UTC"),
    ],
)
def test_every_wait_on_postgresql_has_a_limit(engine: Engine, name: str, value: str) -> None:
    """No lock, statement or forgotten transaction holds up the others for ever."""
    with engine.database.writers.connect() as connection:
        assert value == str(connection.scalar(text(f"SHOW {name}")))


def backend(engine: Engine) -> int:
    """Return the process of the server that serves the next reader."""
    with engine.read() as reader:
        return int(reader.value(select(text("pg_backend_pid()"))))


def cut(engine: Engine) -> int:
    """Cut the resting connection as a restart of the server does; return its process."""
    process = backend(engine)
    url = engine.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
    return process


@on_postgres
def test_a_rested_connection_that_was_cut_is_replaced(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server was restarted in a quiet hour: the next command does not notice."""
    monkeypatch.setattr(opening, "RESTED", 0.0)
    assert cut(engine) != backend(engine)


@on_postgres
def test_a_connection_cut_in_use_is_unavailable_once(engine: Engine) -> None:
    """The person is asked to try again, and then it works; nothing was written."""
    cut(engine)
    with pytest.raises(Unavailable), engine.unit(SYSTEM) as unit:
        unit.add(Installation, {"name": "a", "value": ""})
    with engine.unit(SYSTEM) as unit:
        assert [] == unit.run(LOOK, {})


@on_postgres
def test_statements_that_somebody_forgot_are_prepared_anew(engine: Engine) -> None:
    """A pooler between us and the server may drop them: the command begins again."""
    for _ in range(2):
        with engine.read() as reader:
            reader.run(LOOK, {})
    with engine.database.readers.connect() as connection:
        connection.execute(text("DEALLOCATE ALL"))
        connection.commit()
    with pytest.raises(Stale), engine.unit(SYSTEM) as unit:
        unit.run(LOOK, {})
    with engine.unit(SYSTEM) as unit:
        assert [] == unit.run(LOOK, {})


@on_postgres
def test_a_failed_statement_does_not_spoil_the_connection(engine: Engine) -> None:
    """What was sent behind it is not run, and the connection goes on working."""
    with pytest.raises(psycopg.errors.NotNullViolation):
        _write_nothing(engine)
    for _ in range(3):
        with engine.unit(SYSTEM) as unit:
            assert [] == unit.run(LOOK, {})
            unit.put(Installation, {"name": "c", "value": ""})
            unit.execute(delete(Installation))


def _write_nothing(engine: Engine) -> None:
    with engine.unit(SYSTEM) as unit:
        unit.add(Installation, {"name": "a", "value": None})
        unit.add(Installation, {"name": "b", "value": ""})
