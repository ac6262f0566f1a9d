"""The two databases that are measured, each fresh and durable; and their limit, one commit."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import psycopg
from sqlalchemy import text

from engine import Engine, open_engine
from engine.model import Base
from engine.settings import Settings
from tests.postgres import running_postgres

BOTH = ("sqlite", "postgresql")
KILOBYTE = 512
"""Random bytes that make one kilobyte of hexadecimal text: a commit always writes fresh bytes."""

Commit = Callable[[], float]
"""Makes one durable commit of one row of a kilobyte; returns its milliseconds."""


@contextmanager
def opened(name: str) -> Iterator[tuple[Engine, Commit]]:
    """Yield an engine on an empty database, and the limit of that database."""
    with tempfile.TemporaryDirectory() as folder, _url(name, Path(folder)) as url:
        engine = open_engine(Settings(database_url=url))
        Base.metadata.create_all(engine.database.writers)
        assert_durable(engine)
        with _limit(engine) as commit:
            yield engine, commit
        engine.close()


@contextmanager
def _url(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
    else:
        with running_postgres(durable=True) as url:
            yield url


def assert_durable(engine: Engine) -> None:
    """
    Read back that every commit is on the disk before it returns.

    Raises:
        RuntimeError: The database would be measured with commits that a power cut undoes.
    """
    wanted = (
        {"PRAGMA synchronous": "2", "PRAGMA journal_mode": "wal"}
        if engine.database.is_sqlite
        else {"SHOW synchronous_commit": "on", "SHOW fsync": "on", "SHOW full_page_writes": "on"}
    )
    with engine.database.writers.connect() as connection:
        found = {question: str(connection.scalar(text(question))) for question in wanted}
    if found != wanted:
        raise RuntimeError(f"not durable: {found}")


@contextmanager
def _limit(engine: Engine) -> Iterator[Commit]:
    """Yield one commit on a connection of its own, straight at the driver."""
    with engine.database.writers.connect() as connection, connection.begin():
        connection.execute(text("CREATE TABLE bench_limit (id INTEGER PRIMARY KEY, v TEXT)"))
        connection.execute(text("INSERT INTO bench_limit (id, v) VALUES (1, '')"))
    yield from _sqlite_limit(engine) if engine.database.is_sqlite else _postgres_limit(engine)


def _sqlite_limit(engine: Engine) -> Iterator[Commit]:
    connection = sqlite3.connect(str(engine.database.url.database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")

    def commit() -> float:
        fresh = os.urandom(KILOBYTE).hex()
        begun = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE bench_limit SET v = ? WHERE id = 1", (fresh,))
        connection.execute("COMMIT")
        return (perf_counter() - begun) * 1000

    yield commit
    connection.close()


def _postgres_limit(engine: Engine) -> Iterator[Commit]:
    url = engine.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.cursor()

        def commit() -> float:
            fresh = os.urandom(KILOBYTE).hex()
            begun = perf_counter()
            cursor.execute("UPDATE bench_limit SET v = %s WHERE id = 1", (fresh,), prepare=True)
            return (perf_counter() - begun) * 1000

        yield commit


def stored_bytes(engine: Engine) -> int:
    """Return the bytes that the database takes, free space apart."""
    with engine.database.readers.connect() as connection:
        if engine.database.is_sqlite:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            pages, free, size = (
                int(connection.scalar(text(f"PRAGMA {name}")) or 0)
                for name in ("page_count", "freelist_count", "page_size")
            )
            return (pages - free) * size
    vacuum(engine)
    question = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    with engine.database.readers.connect() as connection:
        return int(connection.scalar(text(question)) or 0)


def vacuum(engine: Engine) -> None:
    """Let PostgreSQL use again what old versions of rows take; SQLite keeps none."""
    if engine.database.is_sqlite:
        return
    url = engine.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
