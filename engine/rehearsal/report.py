"""What a rehearsal comes to: the line of time, the busiest weeks, the sum."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from engine.events import Event
from engine.model.cases import Case
from engine.model.people import Person
from engine.model.records import JournalEntry, Notice, Outgoing
from engine.model.tasks import DONE, Task
from engine.rules.calendar import day_of
from engine.unit import Reader

_BUSIEST: Final = 3
_KINDS: Final[Mapping[str, str]] = {
    "TaskOpened": "opened",
    "TaskDone": "done",
    "TaskClosed": "closed",
    "StageEntered": "stage",
    "TimerFired": "timer",
    "MessageReceived": "message",
    "BranchLost": "lost",
    "IncidentRaised": "incident",
    "CaseFailed": "incident",
    "CaseCompleted": "case",
    "CaseStarted": "case",
    "CaseCancelled": "case",
}
"""Events of the journal that are told; claims and services would only be noise."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One thing that happened.

    ``kind`` sorts them for a program, ``text`` tells a reader, ``to`` names who was told.
    """

    at: datetime
    kind: str
    case_id: int
    element: str
    text: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A busy week: how many tasks were due in it, and who had most of them."""

    monday: date
    tasks: int
    person: str
    of_person: int


def lines(reader: Reader, zone: str) -> list[Line]:
    """Return what happened, in order: work, mail, escalations, stages, incidents."""
    found = [*_journal(reader, zone), *_notices(reader), *_letters(reader)]
    return sorted(found, key=lambda line: line.at)


def _journal(reader: Reader, zone: str) -> Iterator[Line]:
    entries = (
        select(JournalEntry, Task.title, Task.item, Task.due_at, Person.name.label("doer"))
        .with_only_columns(
            JournalEntry.at,
            JournalEntry.case_id,
            JournalEntry.event,
            JournalEntry.element,
            JournalEntry.data,
            Task.title,
            Task.item,
            Task.due_at,
            Person.name.label("doer"),
            Case.definition_id,
        )
        .join(Case, Case.id == JournalEntry.case_id)
        .outerjoin(Task, Task.id == JournalEntry.task_id)
        .outerjoin(Person, Person.id == JournalEntry.actor_id)
        .where(JournalEntry.event.in_(_KINDS))
        .order_by(JournalEntry.seq)
    )
    for row in reader.rows(entries):
        yield Line(row.at, _KINDS[row.event], row.case_id, row.element, _told(reader, row, zone))


def _told(reader: Reader, row: Any, zone: str) -> str:
    """Return the sentence of an event with what belongs to it."""
    nodes = reader.versions.get(row.definition_id).definition.nodes
    element = nodes[row.element].name if row.element in nodes else row.element
    title = f"{row.title}: {row.item}" if row.item else row.title
    names = {**(row.data or {}), "task": title, "element": element or row.element, "person": ""}
    text = Event.known[row.event].line().format(**names)
    if row.event == "TaskOpened":
        return f"{text} Срок: {day_of(row.due_at, zone):%d.%m.%Y}."
    return f"{text} ({row.doer})" if row.doer else text


def _notices(reader: Reader) -> Iterator[Line]:
    told = (
        select(Notice.at, Notice.kind, Notice.case_id, Notice.sentence, Person.name, Task.element)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .where(Notice.kind.in_((*REMINDERS, *ESCALATIONS)))
        .order_by(Notice.id)
    )
    for row in reader.rows(told):
        kind = "escalation" if row.kind in ESCALATIONS else "reminder"
        yield Line(row.at, kind, row.case_id or 0, row.element or "", row.sentence, row.name)


REMINDERS: Final = ("reminder", "unclaimed", "overdue")
ESCALATIONS: Final = ("escalation",)


def _letters(reader: Reader) -> Iterator[Line]:
    sent = (
        select(Outgoing.created_at, Outgoing.case_id, Outgoing.subject, Person.name)
        .join(Person, Person.id == Outgoing.person_id)
        .where(Outgoing.kind == "mail")
        .order_by(Outgoing.id)
    )
    for row in reader.rows(sent):
        yield Line(row.created_at, "mail", row.case_id or 0, "", row.subject, row.name)


# sums -------------------------------------------------------------------------------------------


def tasks_completed(reader: Reader) -> int:
    """Return how many tasks people have finished."""
    return len(reader.rows(select(Task.id).where(Task.state == DONE)))


def outcome(reader: Reader, case_id: int) -> str:
    """Return the end event of a case that is complete, or else its status."""
    row = reader.one(select(Case.status, Case.outcome).where(Case.id == case_id))
    return str(row.outcome if row.status == "completed" and row.outcome else row.status)


def busiest(reader: Reader, zone: str) -> list[Week]:
    """Return the weeks in which most tasks were due, the fullest first."""
    done = select(Task.due_at, Person.name).join(Person, Person.id == Task.done_by)
    weeks: dict[date, Counter[str]] = {}
    for row in reader.rows(done.where(Task.state == DONE)):
        due_on = day_of(row.due_at, zone)
        monday = due_on - timedelta(days=due_on.weekday())
        weeks.setdefault(monday, Counter())[row.name] += 1
    found = [_week(monday, people) for monday, people in weeks.items()]
    return sorted(found, key=lambda week: (-week.tasks, week.monday))[:_BUSIEST]


def _week(monday: date, people: Counter[str]) -> Week:
    person, most = min(people.items(), key=lambda item: (-item[1], item[0]))
    return Week(monday, people.total(), person, most)
