"""Reading notices: whose, and which."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.notices import ReadNotices
from engine.model.records import Notice
from engine.rules.access import SYSTEM
from tests.town import Town

READER, OTHER = "deputy.school", "director.school"


@pytest.fixture
def notices(town: Town) -> list[int]:
    """Return the ids of three notices: two of the reader, then one of somebody else."""
    with town.engine.unit(SYSTEM) as unit:
        return [
            unit.insert(Notice, _notice(town, who, number, unit.now))
            for number, who in enumerate((READER, READER, OTHER))
        ]


def _notice(town: Town, who: str, number: int, now: Any) -> dict[str, Any]:
    return {
        "person_id": town.people[who],
        "at": now,
        "kind": "assigned",
        "sentence": "Вам поручена задача.",
        "dedup_key": str(number),
    }


def unread(town: Town) -> list[int]:
    """Return the ids of the notices that nobody has read."""
    return [row.id for row in town.rows(select(Notice.id).where(Notice.read_at.is_(None)))]


def test_what_has_come_since_stays_new(town: Town, notices: list[int]) -> None:
    """Only what the page had shown counts as read."""
    assert 1 == town.do(ReadNotices(notices[0]), READER)
    assert notices[1:] == unread(town)


def test_nobody_reads_for_another(town: Town, notices: list[int]) -> None:
    """The notices of others stay unread, whatever number is sent."""
    assert 2 == town.do(ReadNotices(notices[2]), READER)
    assert notices[2:] == unread(town)


def test_reading_again_changes_nothing(town: Town, notices: list[int]) -> None:
    """The moment of the first reading is kept."""
    town.do(ReadNotices(notices[1]), READER)
    assert 0 == town.do(ReadNotices(notices[1]), READER)
