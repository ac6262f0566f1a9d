"""The notices of a person, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Notice
from engine.model.tasks import OPEN, Task
from engine.rules.access import Actor
from engine.unit import Reader

MOST: Final = 100
COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. ``task_open``: the task it speaks of still waits to be done."""

    id: int
    at: datetime
    kind: str
    sentence: str
    case_id: int | None
    task_id: int | None
    task_open: bool
    read: bool
    organisation: str
    zone: str


def notices(reader: Reader, actor: Actor) -> list[NoticeRow]:
    """Return the last notices of the actor."""
    found = (
        select(
            Notice.id,
            Notice.at,
            Notice.kind,
            Notice.sentence,
            Notice.case_id,
            Notice.task_id,
            (Task.state == OPEN).label("task_open"),
            Notice.read_at.is_not(None).label("read"),
            Organisation.short_name,
            Organisation.zone,
        )
        .outerjoin(Case, Case.id == Notice.case_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(Notice.person_id == actor.person_id)
        .order_by(Notice.id.desc())
        .limit(MOST)
    )
    return [
        NoticeRow(
            row.id,
            row.at,
            row.kind,
            row.sentence,
            row.case_id,
            row.task_id,
            bool(row.task_open),
            bool(row.read),
            row.short_name or "",
            row.zone or "Europe/Moscow",
        )
        for row in reader.rows(found)
    ]


def unread(reader: Reader, actor: Actor) -> int:
    """Return how many notices the actor has not read, counting no further than `COUNTED`."""
    new = (
        select(Notice.id)
        .where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .limit(COUNTED)
        .subquery()
    )
    return int(reader.value(select(func.count()).select_from(new)))
