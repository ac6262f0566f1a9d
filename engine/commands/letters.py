"""
Letters about tasks: rows of the outbox, and their text as things stand when they leave.

A letter names its tasks in ``payload``; before it goes its text is made anew, so that it does
not speak of a task that is finished or that somebody else has taken meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.tasks import OPEN, Task
from engine.rules import letters
from engine.rules.access import ROLE_NAMES, Role
from engine.rules.calendar import day_of
from engine.rules.letters import Line, Text, task_link
from engine.rules.notices import About, assigned, full_title, sentence
from engine.rules.reminders import Audience
from engine.unit import Reader


def letter_row(
    now: datetime, person_id: int, key: str, text: Text, about: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """
    Return the outbox row of a letter.

    Args:
        now: The moment of the command.
        person_id: To whom.
        key: The dedup key; the Message-ID is made of it.
        text: Subject and body, as of now.
        about: The kind of letter (a key of `KINDS`) and its tasks, when it is about tasks.
    """
    return {
        "kind": "mail",
        "person_id": person_id,
        "subject": letters.shortened(text.subject),
        "body": text.body,
        "payload": about,
        "dedup_key": key,
        "created_at": now,
        "not_before": now,
    }


Sentence = Callable[[About, date], str]
Compose = Callable[[Sequence[Line], date, str], Text]


def _overdue(about: About, today: date) -> str:
    return sentence("overdue", Audience.PERFORMERS, about, today)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of letter speaks of one task, and of all of them."""

    sentence: Sentence
    compose: Compose


KINDS: Final[Mapping[str, Kind]] = {
    "assigned": Kind(assigned, letters.assignment),
    "overdue": Kind(_overdue, letters.overdue),
    "prompted": Kind(_overdue, letters.prompted),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A task as letters speak of it."""

    id: int
    about: About
    assignee_id: int | None
    zone: str


def open_tasks(reader: Reader, task_ids: Sequence[int]) -> dict[int, Spoken]:
    """Return those of the tasks that are still open."""
    tasks = (
        select(
            Task.id,
            Task.title,
            Task.item,
            Task.due_at,
            Task.role,
            Task.assignee_id,
            Person.name,
            Organisation.short_name,
            Organisation.zone,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.id.in_(task_ids), Task.state == OPEN)
    )
    return {row.id: _spoken(row) for row in reader.rows(tasks)}


def _spoken(row: Any) -> Spoken:
    due_on = day_of(row.due_at, row.zone)
    role = ROLE_NAMES[Role(row.role)] if row.role else ""
    about = About(full_title(row.title, row.item), row.short_name, due_on, row.name or "", role)
    return Spoken(row.id, about, row.assignee_id, row.zone)


def text_about(
    kind: str, tasks: Sequence[Spoken], person_id: int, now: datetime, base_url: str
) -> Text | None:
    """Return the text of a letter about those tasks that still wait for the person, if any do."""
    waiting = [task for task in tasks if task.assignee_id in (None, person_id)]
    if not waiting:
        return None
    today = day_of(now, waiting[0].zone)
    say = KINDS[kind].sentence
    lines = [Line(say(t.about, today), task_link(base_url, t.id), t.about.due_on) for t in waiting]
    return KINDS[kind].compose(lines, today, base_url)
