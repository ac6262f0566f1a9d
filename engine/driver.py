"""
Running texts on the driver's own connection, below SQLAlchemy but inside its transaction.

A call through SQLAlchemy costs as much again as a small statement of SQLite. PostgreSQL's cost is
the way there and back, so statements whose answers nobody reads yet go in one pipeline.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, Protocol

import psycopg
from psycopg.errors import (
    DeadlockDetected,
    InvalidSqlStatementName,
    NumericValueOutOfRange,
    SerializationFailure,
    UniqueViolation,
)
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.deferred import Deferred
from engine.postgres import PostgresDriver

TROUBLES: Final = (sqlite3.Error, psycopg.Error, DBAPIError, PoolTimeout, OverflowError)
"""All that a database or its pool raises; the last one is what SQLite says of a large number."""

DUPLICATES: Final = (sqlite3.IntegrityError, UniqueViolation)
"""What a second row with the same key raises."""

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


class Driver(Protocol):
    """What the two drivers have in common."""

    def rows(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        ...

    def changed(self, text: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    def send(self, statements: Sequence[Deferred], *, last: bool = False) -> bool:
        """
        Run statements in order; return whether each guarded one changed exactly one row.

        The `last` ones of a transaction may be committed with it.
        """
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

    def send(self, statements: Sequence[Deferred], *, last: bool = False) -> bool:
        """Run statements in order, up to a guarded one that misses; the commit is SQLAlchemy's."""
        del last
        execute = self._connection.execute
        return all(execute(s.text, s.values).rowcount == 1 or not s.guarded for s in statements)


def driver_of(connection: Connection) -> Driver:
    """Return the driver below a connection of SQLAlchemy."""
    found: object = connection.connection.driver_connection
    if isinstance(found, sqlite3.Connection):
        return SqliteDriver(found)
    if isinstance(found, psycopg.Connection):
        return PostgresDriver(found, connection.info)
    raise TypeError(f"neither sqlite3 nor psycopg: {found!r}")


def is_clash(error: Exception) -> bool:
    """
    Tell whether to begin the transaction again.

    Two stood in each other's way, or somebody between us and the server has forgotten what was
    prepared.
    """
    again = DeadlockDetected | SerializationFailure | InvalidSqlStatementName
    return isinstance(_origin(error), again)


def is_duplicate(error: Exception) -> bool:
    """
    Tell whether a key was written that another transaction has written since it was looked for.

    SQLite has one writer: there it is a mistake of ours.
    """
    return isinstance(_origin(error), UniqueViolation)


def is_nobodys(error: Exception) -> bool:
    """Tell whether a number was asked for that is too large for any row to have."""
    origin = _origin(error)
    too_large = isinstance(origin, OverflowError) and "SQLite" in str(origin)
    return too_large or isinstance(origin, NumericValueOutOfRange)


def is_away(error: Exception) -> bool:
    """Tell whether the database does not answer, is too busy or full: not our mistake."""
    origin = _origin(error)
    if isinstance(origin, sqlite3.Error):
        return getattr(origin, "sqlite_errorcode", 0) & _PRIMARY_CODE in _AWAY
    return isinstance(origin, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout)


def _origin(error: BaseException) -> BaseException:
    """Return the driver's error below one of SQLAlchemy."""
    return error.orig or error if isinstance(error, DBAPIError) else error
