"""
The connection to SQLite or PostgreSQL.

SQLite: a file in WAL mode, every commit on the disk, readers beside the one writer.
PostgreSQL: read committed with row locks, and a limit to every wait.
"""

import sqlite3
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from engine.clock import Clock, SharedClock, SystemClock

RESTED: Final = 1.0
"""Seconds after which a connection to PostgreSQL is looked at before it is used again."""

BUSY_MS: Final = 30_000
"""How long a writer of SQLite waits for the one before it."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=1073741824",
)

_POSTGRES_OPTIONS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "lock_timeout": "10s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "60s",
        "default_transaction_isolation": r"read\ committed",
        "timezone": "UTC",
    }.items()
)

OLDEST_SQLITE: Final = (3, 35)
"""RETURNING and MATERIALIZED came with it."""


class Database:
    """
    A database and its two handles, which share one pool.

    Args:
        url: An SQLAlchemy URL of SQLite (a file) or PostgreSQL (psycopg).

    Raises:
        RuntimeError: SQLite is older than what the statements need.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.readers = _sqlite(self.url) if self.is_sqlite else _postgres(self.url)
        self.writers = self.readers.execution_options(write=True)

    def clock(self) -> Clock:
        """Return the clock of all who use this database: its own, or that of the one machine."""
        return SystemClock() if self.is_sqlite else SharedClock(self._now)

    def _now(self) -> datetime:
        with self.readers.connect() as connection:
            moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment

    def close(self) -> None:
        """Close the connections of the pool."""
        self.readers.dispose()


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {sqlite3.sqlite_version} is older than 3.35")
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, poolclass=QueuePool, pool_size=8, max_overflow=24)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite forgets with each connection; we begin transactions ourselves."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once when writing; a reader that did so would starve."""
    write = connection.get_execution_options().get("write")
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        # psycopg forgets what it prepared at every rollback, and ours with it.
        connect_args={
            "options": _POSTGRES_OPTIONS,
            "connect_timeout": 10,
            "prepare_threshold": None,
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_if_idle)
    return engine


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = monotonic()


def _ping_if_idle(
    connection: psycopg.Connection[Any], record: ConnectionPoolEntry, _proxy: object
) -> None:
    """
    Look whether a connection that has rested is still there; the pool then takes another.

    Asking each time, as the pool itself would, costs a way there and back in every command.
    """
    if monotonic() - record.info.get("used", 0.0) < RESTED:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error
