"""
One transaction: what a query reads in, and what a command reads and writes in.

The bus opens and closes them; nothing else commits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.dml import UpdateBase

from engine.deferred import Deferred
from engine.driver import driver_of
from engine.errors import Forbidden, NotFound
from engine.events import Event, recorded
from engine.model import Base
from engine.prepared import ROWS_AT_ONCE, Prepared, RowInsert
from engine.rules.access import Actor, Path, Right, may
from engine.settings import Settings
from engine.versions import Versions

M = TypeVar("M", bound=DeclarativeBase)


class Stale(Exception):
    """A guarded row has changed since it was read; the bus begins the command again, once."""


class Reader:
    """A transaction in which one page is read; ``now`` is the same for all of it."""

    def __init__(
        self, connection: Connection, now: datetime, settings: Settings, versions: Versions
    ) -> None:
        self.connection = connection
        self.now = now
        self.settings = settings
        self.versions = versions
        self._driver = driver_of(connection)

    def rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the rows of a statement."""
        return self._executed(statement).all()

    def one(self, statement: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]]:
        """
        Return the only row of a statement.

        Raises:
            NotFound: There is none.
        """
        row = self._executed(statement).one_or_none()
        if row is None:
            raise NotFound
        return row

    def first(self, statement: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]] | None:
        """Return the first row of a statement, or None."""
        return self._executed(statement).first()

    def value(self, statement: Select[*tuple[Any, ...]]) -> Any:
        """Return the first column of the first row, or None."""
        return self._executed(statement).scalar()

    def _executed(
        self, statement: Select[*tuple[Any, ...]] | UpdateBase
    ) -> CursorResult[*tuple[Any, ...]]:
        self._before()
        return self.connection.execute(statement)

    def run(self, prepared: Prepared, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows of a prepared statement."""
        text = prepared.on(self.connection.dialect)
        self._before()
        return text.rows(self._driver.rows(text.text, text.values(values)))

    def _before(self) -> None:
        """Make what was kept back visible to the next statement; a reader keeps nothing back."""


class Unit(Reader):
    """
    The transaction of one command.

    Attributes:
        actor: Who acts.
        asked: Whether the command has asked if he may; the bus refuses to commit one that did not.
        events: What was recorded, in order.
    """

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        settings: Settings,
        versions: Versions,
        actor: Actor,
    ) -> None:
        super().__init__(connection, now, settings, versions)
        self.actor = actor
        self.asked = False
        self.events: list[Event] = []
        self._deferred: list[Deferred] = []
        self._buffer: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
        self._session: Session | None = None

    # access -------------------------------------------------------------------------------------

    def allow(self, right: Right, path: Path, case_id: int = 0) -> None:
        """
        Let the command go on only if its actor has the right there.

        Raises:
            Forbidden: He may see this, and no more.
            NotFound: He may not even know of it.
        """
        self.asked = True
        if may(self.actor, right, path, case_id):
            return
        raise Forbidden if may(self.actor, Right.WATCH, path, case_id) else NotFound

    def allow_if(self, allowed: bool, path: Path, case_id: int = 0) -> None:  # noqa: FBT001
        """Let the command go on if its own rule, for example on who holds a task, says so."""
        self.asked = True
        if not allowed:
            raise Forbidden if may(self.actor, Right.WATCH, path, case_id) else NotFound

    def allow_system(self) -> None:
        """Let only the scheduler and the command line go on; raises `Forbidden`."""
        self.asked = True
        if not self.actor.is_system:
            raise Forbidden

    def allow_anyone(self) -> None:
        """Let everybody go on: for signing in, and for what concerns only the actor himself."""
        self.asked = True

    # writing ------------------------------------------------------------------------------------

    def change(self, prepared: Prepared, values: Mapping[str, Any]) -> int:
        """Run a prepared UPDATE or DELETE; return how many rows it changed."""
        text = prepared.on(self.connection.dialect)
        self._before()
        return self._driver.changed(text.text, text.values(values))

    def defer(
        self, prepared: Prepared, values: Mapping[str, Any], *, guarded: bool = False
    ) -> None:
        """
        Keep a prepared UPDATE or DELETE for later: it runs before the rows kept by `add`.

        A guarded one must change exactly one row; else the command is `Stale`.
        """
        text = prepared.on(self.connection.dialect)
        self._deferred.append(Deferred(text.text, text.values(values), guarded))

    def execute(self, statement: UpdateBase) -> int:
        """Run an INSERT, UPDATE or DELETE off the hot path; return how many rows it changed."""
        return self._executed(statement).rowcount

    def add(self, model: type[DeclarativeBase], row: Mapping[str, Any]) -> None:
        """Keep a row for the INSERT that writes all new rows of its table before the commit."""
        self._buffer[Base.metadata.tables[model.__tablename__]].append(row)

    def insert(self, model: type[DeclarativeBase], row: Mapping[str, Any]) -> int:
        """Write a row at once and return the key that the database gave it."""
        table = Base.metadata.tables[model.__tablename__]
        key = self._executed(table.insert().values(row)).inserted_primary_key
        return int(key[0]) if key else 0

    def put(self, model: type[DeclarativeBase], row: Mapping[str, Any]) -> None:
        """Write a row at once, over the one with the same primary key if there is one."""
        table = Base.metadata.tables[model.__tablename__]
        keys = [column.name for column in table.primary_key]
        statement = _ANEW[self.connection.dialect.name](table).values(row)
        changes = {name: statement.excluded[name] for name in row if name not in keys}
        self._executed(statement.on_conflict_do_update(index_elements=keys, set_=changes))

    def put_new(self, model: type[DeclarativeBase], row: Mapping[str, Any]) -> bool:
        """Write a row at once; tell whether there was none with its primary key before."""
        table = Base.metadata.tables[model.__tablename__]
        statement = _ANEW[self.connection.dialect.name](table).values(row)
        # An INSERT does not keep its number of rows unless it is asked to.
        anew = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        return self._executed(anew).rowcount == 1

    def remove(self, model: type[DeclarativeBase], keys: Sequence[int]) -> None:
        """Delete the rows with these keys, before the commit."""
        mark = "?" if self.connection.dialect.name == "sqlite" else "%s"
        for start in range(0, len(keys), ROWS_AT_ONCE):
            part = tuple(keys[start : start + ROWS_AT_ONCE])
            marks = ", ".join([mark] * len(part))
            # Neither the table nor the marks come from outside.
            text = f"DELETE FROM {model.__tablename__} WHERE id IN ({marks})"  # noqa: S608
            self._deferred.append(Deferred(text, part))

    def record(self, event: Event) -> None:
        """Tell the subscribers inside the transaction; what one of them raises undoes all."""
        self.events.append(event)
        recorded.send(self, event=event)

    def write(self) -> None:
        """
        Write what was kept back: deferred statements, then rows in the order of foreign keys.

        Raises:
            Stale: A guarded statement did not change its row.
        """
        if not self._driver.send(self._kept()):
            raise Stale

    def _kept(self) -> list[Deferred]:
        """Return what was kept back, in order, and keep nothing any more."""
        statements, self._deferred = self._deferred, []
        buffer, self._buffer = self._buffer, defaultdict(list)
        for table in sorted(buffer, key=_ORDER.__getitem__):
            statements += _inserts(table, buffer[table], self.connection)
        return statements

    def _before(self) -> None:
        if self._deferred or self._buffer:
            self.write()

    # off the hot path ---------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """Return an ORM session in this transaction; what it changed is written at the end."""
        self._before()
        if self._session is None:
            self._session = Session(bind=self.connection, autoflush=True)
        return self._session

    def get(self, model: type[M], key: object, *, lock: bool = False) -> M:
        """
        Return the object of a key, its row locked if wanted.

        Raises:
            NotFound: There is none.
        """
        found = self.session.get(model, key, with_for_update=lock or None)
        if found is None:
            raise NotFound
        return found

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what was done inside, rows kept and events included, when it raises."""
        self._before()
        recorded_before = len(self.events)
        try:
            with self.connection.begin_nested():
                yield
                self._synchronise()
        except BaseException:
            self._buffer.clear()
            self._deferred.clear()
            del self.events[recorded_before:]
            raise

    def settle(self) -> None:
        """
        Write all that is still kept: the last thing before the commit, or together with it.

        Raises:
            Stale: A guarded statement did not change its row.
        """
        if self._session is not None:
            self._synchronise()
        statements = self._kept()
        if statements and not self._driver.send(statements, last=True):
            raise Stale

    def _synchronise(self) -> None:
        """Write what was kept back and what the session has changed."""
        self._before()
        if self._session is not None:
            self._session.flush()


_ANEW: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_ORDER = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
_INTO: dict[tuple[str, str], RowInsert] = {}


def _inserts(
    table: Table, rows: Sequence[Mapping[str, Any]], connection: Connection
) -> list[Deferred]:
    """Return the statements that insert the rows: one, unless there are very many."""
    key = (connection.dialect.name, table.name)
    if (into := _INTO.get(key)) is None:
        into = _INTO[key] = RowInsert(table, connection.dialect)
    parts = [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
    return [Deferred(into.text(len(part)), into.values(part)) for part in parts]
