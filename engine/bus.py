"""
From a command to its handler: one command, one transaction, one commit.

A handler asks for access (`Unit.allow`), changes rows and records events. When it returns, the
unit is settled and committed; when it raises, nothing has happened.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm.exc import StaleDataError

from engine.clock import Clock
from engine.database import Database
from engine.driver import TROUBLES, is_away, is_clash, is_duplicate, is_nobodys
from engine.errors import Conflict, EngineError, NotFound, Unavailable
from engine.events import Event, committed
from engine.rules.access import Actor
from engine.settings import Settings
from engine.unit import Reader, Stale, Unit
from engine.versions import Versions

R = TypeVar("R")
C = TypeVar("C", bound="Command[Any]")

log = logging.getLogger(__name__)


class Command(Generic[R]):
    """The base of all commands: frozen dataclasses, imperative, typed by their result."""


Handler = Callable[[Unit, Any], Any]
AfterRefusal = Callable[[Unit, Any, EngineError], None]

HANDLERS: dict[type[Command[Any]], Handler] = {}
_AFTER: dict[type[Command[Any]], AfterRefusal] = {}


def handles(
    kind: type[Command[R]],
) -> Callable[[Callable[[Unit, C], R]], Callable[[Unit, C], R]]:
    """Register the handler of a command; it stands right below it."""

    def register(handler: Callable[[Unit, C], R]) -> Callable[[Unit, C], R]:
        HANDLERS[kind] = handler
        return handler

    return register


def after_refusal(kind: type[Command[Any]]) -> Callable[[AfterRefusal], AfterRefusal]:
    """Register what is still to be done, in a transaction of its own, when a command is refused."""

    def register(follow: AfterRefusal) -> AfterRefusal:
        _AFTER[kind] = follow
        return follow

    return register


class _Undone(Exception):
    """A trial is over."""


class Engine:
    """
    The workflow engine of one database.

    Args:
        database: Where everything is kept.
        settings: Of the installation.
        clock: What time it is; the database's own, or a frozen one in tests and rehearsals.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock or database.clock()
        self.definitions = Versions(database)

    def do(self, command: Command[R], actor: Actor) -> R:
        """
        Carry out a command in one transaction and return its result.

        Raises:
            EngineError: It was refused, and nothing has changed.
            Unavailable: The database does not answer, or was too busy.
        """
        try:
            return _tried_twice(lambda: self._once(command, actor))
        except EngineError as refusal:
            self._follow(command, actor, refusal)
            raise

    def _once(self, command: Command[R], actor: Actor) -> R:
        with self.unit(actor) as unit:
            result: R = HANDLERS[type(command)](unit, command)
            if not unit.asked:
                raise RuntimeError(f"{type(command).__name__} did not ask for access")
        return result

    def _follow(self, command: Command[Any], actor: Actor, refusal: EngineError) -> None:
        """Do what follows a refusal; that it is refused itself is nobody's business."""
        follow = _AFTER.get(type(command))
        if follow is None:
            return

        def once() -> None:
            with self.unit(actor) as unit:
                follow(unit, command, refusal)

        with suppress(EngineError):
            _tried_twice(once)

    def trial(self, command: Command[Any], actor: Actor) -> tuple[Event, ...]:
        """
        Return what a command would bring about, in order, and leave everything as it was.

        Raises:
            EngineError: It would be refused.
        """
        events: list[Event] = []
        with suppress(_Undone), self.unit(actor) as unit:
            HANDLERS[type(command)](unit, command)
            unit.write()
            events += unit.events
            raise _Undone
        return tuple(events)

    @contextmanager
    def unit(self, actor: Actor) -> Iterator[Unit]:
        """Open the transaction of a command; commit when its block ends, undo when it raises."""
        with _translated(), self.database.writers.connect() as connection, connection.begin():
            unit = Unit(connection, self.clock.now(), self.settings, self.definitions, actor)
            yield unit
            unit.settle()
        if unit.events:
            committed.send(self, events=tuple(unit.events))

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a transaction to read in."""
        with _translated(), self.database.readers.connect() as connection:
            yield Reader(connection, self.clock.now(), self.settings, self.definitions)

    def now(self) -> datetime:
        """Return the moment."""
        return self.clock.now()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def _tried_twice(work: Callable[[], R]) -> R:
    """Begin again once when another writer was first; then it is for the person to look."""
    try:
        return work()
    except TROUBLES as error:
        if not is_duplicate(error):
            raise
        log.info("begins again: another writer has written the same key", exc_info=error)
    except (Stale, StaleDataError) as error:
        log.info("begins again: another writer was first", exc_info=error)
    try:
        return work()
    except (Stale, StaleDataError) as error:
        raise Conflict from error


@contextmanager
def _translated() -> Iterator[None]:
    """
    Turn what a database says when it is away or busy into a refusal.

    Raises:
        Stale: Two transactions stood in each other's way, and this one was chosen to begin again.
        Unavailable: It does not answer, or was too busy for too long.
        NotFound: A row was asked for by a number that none can have.
    """
    try:
        yield
    except TROUBLES as error:
        if is_clash(error):
            raise Stale from error
        if is_away(error):
            raise Unavailable from error
        if is_nobodys(error):
            raise NotFound from error
        raise
