"""What people do with the notices they got."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, update

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
    return _read(unit, Notice.id <= command.newest_id)


@dataclass(frozen=True, slots=True)
class ReadAbout(Command[int]):
    """
    Note that one has looked at what notices are about; returns how many were new.

    Exactly one of the three is given: a task, a case (of its notices those about no task), or a
    notice that gathers many tasks.
    """

    task_id: int = 0
    case_id: int = 0
    notice_id: int = 0


@handles(ReadAbout)
def read_about(unit: Unit, command: ReadAbout) -> int:
    """Mark one's own only."""
    unit.allow_anyone()
    if command.task_id:
        return _read(unit, Notice.task_id == command.task_id)
    if command.notice_id:
        return _read(unit, Notice.id == command.notice_id)
    of_case = Notice.case_id == command.case_id
    return _read(unit, of_case & Notice.task_id.is_(None) & Notice.tasks.is_(None))


def _read(unit: Unit, which: ColumnElement[bool]) -> int:
    mine = Notice.person_id == unit.actor.person_id, Notice.read_at.is_(None)
    return unit.execute(update(Notice).where(*mine, which).values(read_at=unit.now))
