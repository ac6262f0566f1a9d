"""
Statements of the hot path: written in SQLAlchemy Core, compiled once, run by the driver.

Compiling a statement anew costs more than running it; so each is a constant beside its command
and its text is kept per driver. The types' own conversions are applied here, since the driver
knows nothing of moments and JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from sqlalchemy import Dialect, Select, Table, insert
from sqlalchemy.engine import result_tuple
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]

ROWS_AT_ONCE: Final = 50
"""At most so many rows go into one INSERT: few texts to prepare, and few parameters."""


class Text:
    """
    A statement in the words of one driver: its text, and how values go in and come out.

    Raises:
        ValueError: It holds an IN that grows with its values, so its text is never the same.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase, dialect: Dialect) -> None:
        positional = _positional(dialect)
        compiled = statement.compile(dialect=positional)
        binds: Mapping[str, BindParameter[Any]] = getattr(compiled, "binds", {})
        self.text = str(compiled)
        if "POSTCOMPILE" in self.text:
            raise ValueError(f"an expanding IN cannot be prepared: {self.text}")
        self._binds = [
            (name, binds[name].required, binds[name].value, _inward(binds[name].type, positional))
            for name in getattr(compiled, "positiontup", None) or ()
        ]
        columns = list(statement.exported_columns)
        self._converts = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := _outward(column.type, positional)) is not None
        ]
        self._row = result_tuple([str(column.key) for column in columns])

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the parameters in the order of the text, as the driver wants them."""
        found = []
        for name, required, value, convert in self._binds:
            plain = given[name] if required else value
            found.append(plain if convert is None else convert(plain))
        return tuple(found)

    def rows(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        """Return what the driver gave as rows of converted values."""
        if not self._converts:
            return [self._row(row) for row in raw]
        return [self._row(self._converted(list(row))) for row in raw]

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, convert in self._converts:
            row[place] = convert(row[place])
        return row


class Prepared:
    """
    A Core statement that is compiled once for each driver.

    Values come by the names of its `bindparam`; an expanding IN has none to be prepared for.
    """

    known: ClassVar[list["Prepared"]] = []
    """Every prepared statement, for the test that compares both ways of running it."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self.statement = statement
        self._texts: dict[str, Text] = {}
        Prepared.known.append(self)

    def on(self, dialect: Dialect) -> Text:
        """Return the statement in the words of a driver."""
        if (text := self._texts.get(dialect.name)) is None:
            text = self._texts[dialect.name] = Text(self.statement, dialect)
        return text


class RowInsert:
    """The INSERT of any number of rows into one table, with the defaults of its columns."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        positional = _positional(dialect)
        columns = [c for c in table.columns if c is not table.autoincrement_column]
        self._columns = [
            (column.key, _default(column.default), _inward(column.type, positional))
            for column in columns
        ]
        names = [column.key for column in columns]
        text = str(insert(table).inline().compile(dialect=positional, column_keys=names))
        self._head, _, self._row = text.partition(" VALUES ")
        self._texts: dict[int, str] = {}

    def text(self, rows: int) -> str:
        """Return the statement for so many rows."""
        if rows not in self._texts:
            self._texts[rows] = f"{self._head} VALUES {', '.join([self._row] * rows)}"
        return self._texts[rows]

    def values(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
        """
        Return the parameters of all rows, one after another.

        Raises:
            KeyError: A row holds a name that is no column: a typing error must not pass.
        """
        found = []
        for row in rows:
            used = 0
            for name, default, convert in self._columns:
                value = default
                if name in row:
                    value = row[name]
                    used += 1
                found.append(value if convert is None else convert(value))
            if used != len(row):
                raise KeyError(*row.keys() - {name for name, _, _ in self._columns})
        return tuple(found)


def _positional(dialect: Dialect) -> Dialect:
    """Return the dialect with parameters by position, as both drivers take them."""
    anew: Callable[..., Dialect] = type(dialect)
    return anew(paramstyle="qmark" if dialect.name == "sqlite" else "format")


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _default(default: Any) -> Any:
    """Return the plain value that a column has when nothing is given."""
    if default is None or not default.is_scalar:
        return None
    return default.arg
