"""What people do with the notices they got."""

from dataclasses import dataclass

from sqlalchemy import update

from engine.bus import Command, handles
from engine.model.records import Notice
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class ReadNotices(Command[int]):
    """Note that one has read one's notices up to the one shown first; returns how many."""

    newest_id: int


@handles(ReadNotices)
def read_notices(unit: Unit, command: ReadNotices) -> int:
    """Mark one's own only; what has come since stays new."""
    unit.allow_anyone()
    mine = Notice.person_id == unit.actor.person_id, Notice.id <= command.newest_id
    unread = update(Notice).where(*mine, Notice.read_at.is_(None))
    return unit.execute(unread.values(read_at=unit.now))
