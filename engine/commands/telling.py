"""Telling people: a notice on the site, and beside it what the way of its kind asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.commands.channels import Ways, way, ways_of
from engine.commands.news import told_row
from engine.commands.once import insert_once
from engine.model.records import Notice, Outgoing
from engine.rules.channels import Way
from engine.unit import Unit


def tell(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> int:
    """
    Write notices that are not there yet, with the letters of those who want them at once.

    Args:
        unit: The transaction.
        rows: Of `Notice`, each with all its columns but ``digested_at``.

    Returns:
        How many notices are new.
    """
    if not rows:
        return 0
    ways = ways_of(unit, {row["person_id"] for row in rows}, {row["kind"] for row in rows})
    notices = [{**row, "digested_at": _told_at(unit, row, ways)} for row in rows]
    written = insert_once(unit, Notice, notices)
    wanted = [
        told_row(unit.now, row["person_id"], row["dedup_key"], row["sentence"])
        for row in rows
        if row["dedup_key"] in written and _way(row, ways) is Way.MAIL
    ]
    insert_once(unit, Outgoing, wanted)
    return len(written)


def _way(row: Mapping[str, Any], ways: Ways) -> Way:
    return way(ways, row["person_id"], row["kind"])


def _told_at(unit: Unit, row: Mapping[str, Any], ways: Ways) -> Any:
    """Return now for what goes into no digest."""
    return None if _way(row, ways) is Way.DIGEST else unit.now
