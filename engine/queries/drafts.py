"""What has been typed into the form of a task and not sent in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.model.people import Person
from engine.model.tasks import Draft
from engine.rules.access import Actor
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class DraftRow:
    """
    A draft.

    ``version`` is what the next one is typed over: 0 while the reader has none of his own.
    ``tab`` has saved it. ``by`` is who has left it, empty for the reader himself.
    """

    fields: Mapping[str, Any]
    saved_at: datetime
    version: int = 0
    tab: str = ""
    by: str = ""


def draft_of(
    reader: Reader, actor: Actor, task_id: int, *, others: bool = False
) -> DraftRow | None:
    """
    Return the draft of the reader, else the newest of another, if he may see those.

    Args:
        reader: Of the page.
        actor: Whose draft it is.
        task_id: The task.
        others: Whether he goes on with what the holder before him has begun.
    """
    of_task = (
        select(Draft.fields, Draft.saved_at, Draft.version, Draft.tab, Draft.person_id, Person.name)
        .join(Person, Person.id == Draft.person_id)
        .where(Draft.task_id == task_id)
        .order_by((Draft.person_id == actor.person_id).desc(), Draft.saved_at.desc())
        .limit(1)
    )
    if not others:
        of_task = of_task.where(Draft.person_id == actor.person_id)
    row = reader.first(of_task)
    if row is None:
        return None
    if row.person_id == actor.person_id:
        return DraftRow(row.fields, row.saved_at, row.version, row.tab)
    return DraftRow(row.fields, row.saved_at, by=row.name)
