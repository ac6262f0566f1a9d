"""
Running texts on the driver's own connection, below SQLAlchemy but inside its transaction.

A call through SQLAlchemy costs as much again as a small statement of SQLite. PostgreSQL's cost is
the way there and back, so statements whose answers nobody reads yet go in one pipeline.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

TROUBLES: Final = (sqlite3.Error, psycopg.Error, DBAPIError, PoolTimeout)
"""All that a database or its pool raises."""

_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    }
)
_PRIMARY_CODE: Final = 0xFF


@dataclass(frozen=True, slots=True)
class Deferred:
    """A statement to be run before the commit; a guarded one must change exactly one row."""

    text: str
    values: Sequence[Any]
    guarded: bool = False


class Driver(Protocol):
    """What the two drivers have in common."""

    def rows(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        ...

    def changed(self, text: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    def all_hit(self, statements: Sequence[Deferred]) -> bool:
        """Run statements in order; return whether each guarded one changed exactly one row."""
        ...


class SqliteDriver:
    """A connection of `sqlite3`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        return self._connection.execute(text, values).fetchall()

    def changed(self, text: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.execute(text, values).rowcount

    def all_hit(self, statements: Sequence[Deferred]) -> bool:
        """Run statements in order, up to a guarded one that misses."""
        execute = self._connection.execute
        return all(execute(s.text, s.values).rowcount == 1 or not s.guarded for s in statements)


class PostgresDriver:
    """A connection of psycopg."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def rows(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        return self._cursor.execute(text.encode(), values).fetchall()

    def changed(self, text: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it changed."""
        return self._cursor.execute(text.encode(), values).rowcount

    def all_hit(self, statements: Sequence[Deferred]) -> bool:
        """Send all statements at once, then look at what the guarded ones changed."""
        guards = []
        with self._connection.pipeline():
            for statement in statements:
                cursor = self._connection.cursor() if statement.guarded else self._cursor
                cursor.execute(statement.text.encode(), statement.values)
                if statement.guarded:
                    guards.append(cursor)
        return all(cursor.rowcount == 1 for cursor in guards)


def driver_of(connection: Connection) -> Driver:
    """Return the driver below a connection of SQLAlchemy."""
    found: object = connection.connection.driver_connection
    if isinstance(found, sqlite3.Connection):
        return SqliteDriver(found)
    if isinstance(found, psycopg.Connection):
        return PostgresDriver(found)
    raise TypeError(f"neither sqlite3 nor psycopg: {found!r}")


def is_clash(error: Exception) -> bool:
    """Tell whether two transactions stood in each other's way, so that one may begin again."""
    return isinstance(_origin(error), DeadlockDetected | SerializationFailure)


def is_away(error: Exception) -> bool:
    """Tell whether the database does not answer, is too busy or full: not our mistake."""
    origin = _origin(error)
    if isinstance(origin, sqlite3.Error):
        return getattr(origin, "sqlite_errorcode", 0) & _PRIMARY_CODE in _AWAY
    return isinstance(origin, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout)


def _origin(error: BaseException) -> BaseException:
    """Return the driver's error below one of SQLAlchemy."""
    return error.orig or error if isinstance(error, DBAPIError) else error
