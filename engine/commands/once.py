"""Rows that must exist at most once: their key says what they stand for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

from engine.model.records import DigestRound, Notice, Outgoing
from engine.unit import Unit

_INSERT: Final[Mapping[str, Callable[..., sqlite.Insert | postgresql.Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_AT_ONCE: Final = 50


def insert_once(
    unit: Unit,
    model: type[Notice | Outgoing | DigestRound],
    rows: Sequence[Mapping[str, Any]],
    key: str = "dedup_key",
) -> set[str]:
    """Write the rows whose key is not there yet; return the keys that were written."""
    written: set[str] = set()
    unit.write()
    for start in range(0, len(rows), _AT_ONCE):
        insert = _INSERT[unit.connection.dialect.name](model)
        statement = (
            insert.values(rows[start : start + _AT_ONCE])
            .on_conflict_do_nothing(index_elements=[key])
            .returning(getattr(model, key))
        )
        written.update(unit.connection.execute(statement).scalars())
    return written
