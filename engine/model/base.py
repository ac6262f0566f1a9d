"""What every table shares: names of constraints, moments and JSON values."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

import orjson
from sqlalchemy import BigInteger, Dialect, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

ROOM = 1_000_000
"""Tokens and waits of one case are numbered below this; see `key_of`."""


def key_of(case_id: int, serial: int) -> int:
    """
    Return the key of the row that stands for a token or wait of a case.

    The runtime never gives a serial twice, so the key is unique without a sequence, known
    before the row is written, and the same after a retry: task 12000005 is token 5 of case 12.
    """
    return case_id * ROOM + serial


Sorted = String().with_variant(String(collation="C"), "postgresql")
"""A text that is ordered letter by letter on every database, whatever the server's locale."""


class Moment(TypeDecorator[datetime]):
    """
    An aware moment, stored as milliseconds since 1970 UTC on every database.

    Raises:
        ValueError: The value is naive.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive moment; return milliseconds."""
        del dialect
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware moment."""
        del dialect
        return None if value is None else from_ms(value)


class Json(TypeDecorator[object]):
    """A JSON value as UTF-8 text: the same bytes on every database, Cyrillic unescaped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Return the text of the value."""
        del dialect
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Return the value of the text."""
        del dialect
        return None if value is None else orjson.loads(value)


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970 UTC; a naive moment is a ValueError."""
    if moment.tzinfo is None:
        msg = f"naive moment: {moment}"
        raise ValueError(msg)
    return int(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """Return the aware moment in UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)


class Base(DeclarativeBase):
    """The tables of «Цикл»."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment}


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the text of a check that a column holds one of the values."""
    return f"{column} IN ({', '.join(repr(str(v)) for v in values)})"
