"""The notices of a person, the newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from engine.model.cases import Case, Cycle
from engine.model.people import Organisation, Person
from engine.model.records import Notice
from engine.model.tasks import OPEN, Task
from engine.queries.visible import visible_to
from engine.rules.access import Actor
from engine.rules.channels import INFORMS
from engine.unit import Reader

PAGE: Final = 40
COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """
    One notice. ``many`` is how many tasks it gathers, 0 for one about a task or a case.

    ``task_open``: the task it speaks of still waits to be done.
    """

    id: int
    at: datetime
    kind: str
    sentence: str
    case_id: int | None
    task_id: int | None
    many: int
    task_open: bool
    read: bool
    organisation: str
    cycle: str
    zone: str


@dataclass(frozen=True, slots=True)
class NoticesRow:
    """A page of notices. ``older``: the number to go on from, 0 when this is all."""

    notices: tuple[NoticeRow, ...]
    unread: int
    older: int


def notices(
    reader: Reader, actor: Actor, before: int = 0, *, unread_only: bool = False
) -> NoticesRow:
    """
    Return a page of the notices of the actor.

    Args:
        reader: Of the page.
        actor: Who reads.
        before: Only those with smaller numbers; 0: from the newest on.
        unread_only: Only those that he has not read.
    """
    mine = _NOTICES.where(Notice.person_id == actor.person_id)
    if before:
        mine = mine.where(Notice.id < before)
    if unread_only:
        mine = mine.where(Notice.read_at.is_(None))
    rows = [_row(row) for row in reader.rows(mine.limit(PAGE + 1))]
    shown = tuple(rows[:PAGE])
    new = select(func.count()).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    return NoticesRow(shown, reader.value(new), shown[-1].id if len(rows) > PAGE else 0)


_NOTICES: Final = (
    select(
        Notice.id,
        Notice.at,
        Notice.kind,
        Notice.sentence,
        Notice.case_id,
        Notice.task_id,
        Notice.tasks,
        (Task.state == OPEN).label("task_open"),
        Notice.read_at.is_not(None).label("read"),
        Organisation.short_name,
        Cycle.name,
        Organisation.zone,
    )
    .outerjoin(Case, Case.id == Notice.case_id)
    .outerjoin(Cycle, Cycle.id == Case.cycle_id)
    .outerjoin(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(Task, Task.id == Notice.task_id)
    .order_by(Notice.id.desc())
)


def _row(row: Any) -> NoticeRow:
    return NoticeRow(
        row.id,
        row.at,
        row.kind,
        row.sentence,
        row.case_id,
        row.task_id,
        len(row.tasks or ()),
        bool(row.task_open),
        bool(row.read),
        row.short_name or "",
        row.name or "",
        row.zone or "Europe/Moscow",
    )


# one that gathers many tasks --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GatheredTaskRow:
    """A task of a gathered notice as it stands now; ``holder`` is empty while nobody has it."""

    task_id: int
    title: str
    item: str
    organisation: str
    zone: str
    due_at: datetime
    open: bool
    holder: str


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """A notice that gathers many tasks, with those of them that its reader may see."""

    notice: NoticeRow
    tasks: tuple[GatheredTaskRow, ...]


def gathered_notice(reader: Reader, actor: Actor, notice_id: int) -> GatheredRow:
    """
    Return one notice of the actor with its tasks, the nearest deadline first.

    Raises:
        NotFound: It is not his, or there is none.
    """
    own = Notice.id == notice_id, Notice.person_id == actor.person_id
    notice = reader.one(_NOTICES.where(*own))
    tasks = reader.rows(
        select(
            Task.id,
            Task.title,
            Task.item,
            Organisation.short_name,
            Organisation.zone,
            Task.due_at,
            Task.state == OPEN,
            func.coalesce(Person.name, ""),
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.id.in_(notice.tasks or ()), visible_to(actor))
        .order_by(Task.due_at, Task.id)
    )
    return GatheredRow(_row(notice), tuple(GatheredTaskRow(*row) for row in tasks))


# the count on every page ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """How many notices are new to somebody, and how many of them wait for him to act."""

    all: int
    waiting: int


def unread(reader: Reader, actor: Actor) -> UnreadRow:
    """Count the actor's new notices, looking at no more than the last `COUNTED`."""
    new = (
        select(case((_waits(reader, actor), 1), else_=0).label("waits"))
        .select_from(Notice)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(COUNTED)
        .subquery()
    )
    row = reader.one(select(func.count(), func.coalesce(func.sum(new.c.waits), 0)))
    return UnreadRow(*map(int, row))


def _waits(reader: Reader, actor: Actor) -> ColumnElement[bool]:
    """Tell of what asks for something, and whose task nobody has finished or taken meanwhile."""
    free = or_(Task.assignee_id.is_(None), Task.assignee_id == actor.person_id)
    mine = or_(free, Notice.kind.in_(_OF_OTHERS))
    fresh = or_(Notice.tasks.is_(None), Notice.at > reader.now - FRESH)
    about_none = and_(Notice.task_id.is_(None), fresh)
    return and_(Notice.kind.not_in(INFORMS), or_(about_none, and_(Task.state == OPEN, mine)))


_OF_OTHERS: Final = ("escalation", "extension", "mention")
"""These speak of tasks that others may hold."""

FRESH: Final = timedelta(days=7)
"""An older notice that gathers many tasks has been overtaken by newer ones."""
