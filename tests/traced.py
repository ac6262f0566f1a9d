"""The statements that reach SQLite, whoever sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine import Engine


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is sent to SQLite, prepared statements past SQLAlchemy included."""
    seen: list[str] = []

    def listen(connection: Any, _record: object, _proxy: object) -> None:
        connection.set_trace_callback(_note)

    def _note(text: str) -> None:
        if text.split(maxsplit=1)[0].upper() in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
            seen.append(text)

    def stop(connection: Any, _record: object) -> None:
        connection.set_trace_callback(None)

    pool = engine.database.readers
    event.listen(pool, "checkout", listen)
    event.listen(pool, "checkin", stop)
    yield seen
    event.remove(pool, "checkout", listen)
    event.remove(pool, "checkin", stop)
