"""
Statements on a psycopg connection by libpq's own pipeline: one way there and back for many.

psycopg's pipeline talks to the server at every statement; here all are handed over at once, by
the names they were prepared under, and the answers are read together. The connection remains
psycopg's and SQLAlchemy's for everything else.
"""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from itertools import count
from select import select
from typing import Any, Final

import psycopg
from psycopg.errors import DivisionByZero, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from engine.deferred import Deferred

_TEXT: Final = 0
_BINARY: Final = 1
_NAMES: Final = "names of prepared statements"
_SERIAL: Final = "numbers of prepared statements"
_FINE: Final = frozenset(
    {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.PIPELINE_SYNC, ExecStatus.EMPTY_QUERY}
)
_MARK: Final = re.compile("%[s%]")

_INTEGERS: Final = frozenset({20, 21, 23})  # bigint, smallint, integer
_BOOLEAN: Final = 16
_BYTES: Final = 17


class PostgresDriver:
    """
    A connection of psycopg.

    BEGIN goes with the first statement and COMMIT with the last ones: two ways there and back
    are what a command costs. For that a guarded statement has to fail by itself, before the
    COMMIT behind it: one that changed no row divides by zero.

    Args:
        connection: The driver's connection.
        info: What the pool keeps for this connection as long as it lives.
    """

    def __init__(self, connection: psycopg.Connection[Any], info: MutableMapping[Any, Any]) -> None:
        self._pg = connection.pgconn
        self._names: dict[str, bytes] = info.setdefault(_NAMES, {})
        self._serial: Iterator[int] = info.setdefault(_SERIAL, count())

    def rows(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        result = self._answers([(text, values)])[-1]
        columns = [_reader(result.ftype(place)) for place in range(result.nfields)]
        return [
            [
                None if (raw := result.get_value(row, place)) is None else read(raw)
                for place, read in enumerate(columns)
            ]
            for row in range(result.ntuples)
        ]

    def changed(self, text: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it changed."""
        return self._answers([(text, values)])[-1].command_tuples or 0

    def send(self, statements: Sequence[Deferred], *, last: bool = False) -> bool:
        """Send all statements at once, and the COMMIT with the last ones."""
        texts = [(_guarded(s.text) if s.guarded else s.text, s.values) for s in statements]
        try:
            self._answers([*texts, ("COMMIT", ())] if last else texts)
        except DivisionByZero:
            return False
        return True

    def _answers(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[PGresult]:
        """
        Hand over the statements, BEGIN first where none is under way; return their results.

        Raises:
            psycopg.Error: The first that failed; none behind it has been run.
        """
        if self._pg.transaction_status == TransactionStatus.IDLE:
            statements = [("BEGIN", ()), *statements]
        self._pg.enter_pipeline_mode()
        try:
            expected = sum(self._hand_over(text, values) for text, values in statements)
            self._pg.pipeline_sync()
            results = self._read(expected)
        finally:
            self._pg.exit_pipeline_mode()
        return results

    def _hand_over(self, text: str, values: Sequence[Any]) -> int:
        """Queue one statement, prepared if it is new here; return how many answers will come."""
        name = self._names.get(text)
        new = name is None
        if name is None:
            name = self._names[text] = b"tsikl_%d" % next(self._serial)
            self._pg.send_prepare(name, _numbered(text))
        parameters = [_written(value) for value in values]
        formats = [_BINARY if isinstance(value, bytes) else _TEXT for value in values]
        self._pg.send_query_prepared(name, parameters, formats, _BINARY)
        return 1 + new

    def _read(self, expected: int) -> list[PGresult]:
        """Return the answers once all have come; other threads run while this one waits."""
        results: list[PGresult] = []
        while True:
            result = self._next()
            if result is None:
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                break
            results.append(result)
        for result in results:
            if result.status not in _FINE:
                # What was prepared behind the failure is not there.
                self._names.clear()
                raise error_from_result(result)
        return results[:expected]

    def _next(self) -> PGresult | None:
        """Return the next answer; None stands between two of them."""
        pending = self._pg.flush()
        while pending or self._pg.is_busy():
            ready, _, _ = select([self._pg.socket], [self._pg.socket] if pending else [], [])
            if ready:
                self._pg.consume_input()
            pending = self._pg.flush()
        return self._pg.get_result()


def _guarded(text: str) -> str:
    # The text is one of ours, with its values apart.
    return f"WITH hit AS ({text} RETURNING 1) SELECT 1 / count(*) FROM hit"  # noqa: S608


def _numbered(text: str) -> bytes:
    """Return the text with numbered parameters, as the server wants them."""
    number = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal number
        if found[0] == "%%":
            return "%"
        number += 1
        return f"${number}"

    return _MARK.sub(mark, text).encode()


def _written(value: Any) -> bytes | None:
    """Return a value as text for the server, bytes as they are."""
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return b"t" if value else b"f"
    return str(value).encode()


def _reader(kind: int) -> Any:
    """Return what makes a Python value of a column's bytes."""
    if kind in _INTEGERS:
        return _integer
    if kind == _BOOLEAN:
        return _boolean
    return bytes if kind == _BYTES else _text


def _integer(raw: bytes) -> int:
    return int.from_bytes(raw, "big", signed=True)


def _boolean(raw: bytes) -> bool:
    return raw == b"\x01"


def _text(raw: bytes) -> str:
    return raw.decode()
