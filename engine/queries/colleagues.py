"""Who could do somebody's task for him, and what was said when it changed hands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from engine.model.people import Membership, Person
from engine.model.records import JournalEntry
from engine.queries.people import PersonRow
from engine.queries.tasks import TaskPageRow
from engine.rules.access import ROLE_NAMES, Actor, Role
from engine.unit import Reader


def colleagues(reader: Reader, actor: Actor, page: TaskPageRow) -> list[PersonRow]:
    """Return whom the actor may delegate a task to, in Russian order: nobody, unless he may."""
    if not page.may_delegate:
        return []
    works = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == page.organisation_id,
            Person.active,
            Person.id != actor.person_id,
        )
        .order_by(Person.sort_key, Person.id, Membership.role)
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for row in reader.rows(works):
        found.setdefault(row.id, (row.name, []))[1].append(ROLE_NAMES[Role(row.role)])
    return [PersonRow(key, name, ", ".join(roles)) for key, (name, roles) in found.items()]


@dataclass(frozen=True, slots=True)
class WordRow:
    """The note with which a task was delegated, or given back; ``returned`` tells which."""

    who: str
    at: datetime
    note: str
    returned: bool


_GIVEN: Final = "TaskDelegatedTo"
_BACK: Final = "TaskReturned"


def last_word(reader: Reader, page: TaskPageRow) -> WordRow | None:
    """Return the note of the last time an open task changed hands, for who holds it now."""
    if not page.mine:
        return None
    said = (
        select(JournalEntry.event, JournalEntry.at, JournalEntry.data, Person.name)
        .join(Person, Person.id == JournalEntry.actor_id)
        .where(
            JournalEntry.case_id == page.case_id,
            JournalEntry.task_id == page.task_id,
            JournalEntry.event.in_([_GIVEN, _BACK, "TaskRecalled", "TaskReassigned"]),
        )
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    )
    row = reader.first(said)
    if row is None or row.event not in (_GIVEN, _BACK) or not row.data.get("note"):
        return None
    return WordRow(row.name, row.at, row.data["note"], row.event == _BACK)
