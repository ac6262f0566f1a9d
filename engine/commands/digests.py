"""
The morning round of digests: at most one letter to a person on a working day.

Each time zone has a row that says when its next round is due and how far one under way has
come, so that a crash repeats nobody and forgets nobody. After a standstill there is one digest,
and it says that it is late.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from engine.bus import Command, handles
from engine.commands.channels import ZONE, Ways, way, ways_of
from engine.commands.claims import skipping
from engine.commands.letters import Sentence, letter_row
from engine.commands.mailing import DIGEST
from engine.commands.news import Lines, news
from engine.commands.once import insert_once
from engine.model.cases import Case
from engine.model.people import Membership, Organisation, Person
from engine.model.records import DigestRound, Notice, Outgoing
from engine.model.tasks import OPEN, Task, TaskCandidate
from engine.rules.calendar import RUSSIA, day_of, moment_of
from engine.rules.channels import Way
from engine.rules.letters import Digest, Line, digest, task_link
from engine.rules.notices import About, full_title, late, offered
from engine.rules.reminders import polite
from engine.unit import Unit

MORNING: Final = time(8, 30)
"""Half an hour after the rungs of the day, which the digest carries."""

BATCH: Final = 100
"""People looked at in one transaction."""

LATE_AFTER: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SendDigests(Command[int]):
    """Go on with the round that is due; return 0 when none is, or else how far it came."""

    batch: int = BATCH


@handles(SendDigests)
def send_digests(unit: Unit, command: SendDigests) -> int:
    """Write the digests of some people, or end the round when all have been looked at."""
    unit.allow_system()
    due = (
        select(DigestRound)
        .with_only_columns(*DigestRound.__table__.columns)
        .where(DigestRound.due_at <= unit.now)
        .order_by(DigestRound.due_at)
        .limit(1)
    )
    morning = unit.first(skipping(due, DigestRound))
    if morning is None:
        return 0
    changes = _go_on(unit, morning, command.batch)
    unit.execute(update(DigestRound).where(DigestRound.zone == morning.zone).values(changes))
    return 1


def _go_on(unit: Unit, morning: Any, batch: int) -> dict[str, Any]:
    """Do one batch; return how the round has changed by it."""
    if polite(unit.now, morning.zone) > unit.now or unit.now < _today(unit.now, morning.zone):
        return {"due_at": next_morning(unit.now, morning.zone)}
    people = _people(unit, morning, batch)
    if not people:
        return {
            "due_at": next_morning(unit.now, morning.zone),
            "told_until": morning.begun_at or unit.now,
            "begun_at": None,
            "done_person_id": 0,
        }
    begun_at = morning.begun_at or unit.now
    _tell(unit, morning, begun_at, people)
    return {"begun_at": begun_at, "done_person_id": people[-1]}


def _today(now: datetime, zone: str) -> datetime:
    return moment_of(day_of(now, zone), MORNING, zone)


def next_morning(now: datetime, zone: str) -> datetime:
    """Return the first moment after now at which a round is due."""
    today = day_of(now, zone)
    if RUSSIA.is_workday(today) and now < _today(now, zone):
        return _today(now, zone)
    return moment_of(RUSSIA.workday(today, 1), MORNING, zone)


# who and what -----------------------------------------------------------------------------------


def _people(unit: Unit, morning: Any, batch: int) -> list[int]:
    """Return the next people of the zone: that of their work, or of what they were told about."""
    people = (
        select(Person.id)
        .where(Person.active, Person.id > morning.done_person_id)
        .where(morning.zone == ZONE)
        .order_by(Person.id)
        .limit(batch)
    )
    return [row.id for row in unit.rows(people)]


def _tell(unit: Unit, morning: Any, begun_at: datetime, people: Sequence[int]) -> None:
    """Write a letter to each who has news; what it says is not said again."""
    today = day_of(unit.now, morning.zone)
    fresh, heard = news(unit, Notice.person_id.in_(people) & Notice.digested_at.is_(None))
    ways = ways_of(unit, people, ("offered", "overdue"))
    offers = _wanted(_offers(unit, people, morning.told_until, begun_at), ways, "offered")
    delays = _wanted(_delays(unit, people), ways, "overdue")
    missed = morning.due_at if unit.now - morning.due_at > LATE_AFTER else None
    rows = []
    for person in people:
        content = Digest(
            fresh.get(person, ()),
            offers.get(person, ()),
            _others(delays.get(person, ()), fresh.get(person, ())),
            missed,
        )
        if content.told or content.offered:
            text = digest(content, today, morning.zone, unit.settings.base_url)
            row = letter_row(unit.now, person, f"digest:{person}:{today}", text, {"letter": DIGEST})
            rows.append(row)
    insert_once(unit, Outgoing, rows)
    unit.execute(update(Notice).where(Notice.id.in_(heard)).values(digested_at=unit.now))


def _wanted(lines: Lines, ways: Ways, kind: str) -> Lines:
    """Leave out the people who want that kind on the site only."""
    return {person: own for person, own in lines.items() if way(ways, person, kind) is not Way.SITE}


def _others(lines: Sequence[Line], told: Sequence[Line]) -> list[Line]:
    """Leave out the tasks that the news speak of already."""
    links = {line.link for line in told}
    return [line for line in lines if line.link not in links]


_TASK: Final = (
    Task.id,
    Task.title,
    Task.item,
    Task.due_at,
    Organisation.short_name,
    Organisation.zone,
)


def _offers(unit: Unit, people: Sequence[int], since: datetime, until: datetime) -> Lines:
    """Return the tasks newly offered to the roles of people, nearest deadline first."""
    tasks = (
        select(Membership.person_id, *_TASK)
        .join(
            TaskCandidate,
            (TaskCandidate.organisation_id == Membership.organisation_id)
            & (TaskCandidate.role == Membership.role),
        )
        .join(Task, Task.id == TaskCandidate.task_id)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Membership.person_id.in_(people), Task.opened_at > since, Task.opened_at <= until)
        .order_by(TaskCandidate.due_at, TaskCandidate.task_id)
    )
    return _spoken(unit, tasks, offered)


def _delays(unit: Unit, people: Sequence[int]) -> Lines:
    """Return the overdue tasks that people hold, oldest deadline first."""
    tasks = (
        select(Task.assignee_id.label("person_id"), *_TASK)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Task.assignee_id.in_(people), Task.state == OPEN, Task.due_at < unit.now)
        .order_by(Task.due_at, Task.id)
    )
    return _spoken(unit, tasks, late)


def _spoken(unit: Unit, tasks: Any, say: Sentence) -> Lines:
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in unit.rows(tasks):
        due_on = day_of(row.due_at, row.zone)
        about = About(full_title(row.title, row.item), row.short_name, due_on)
        words = say(about, day_of(unit.now, row.zone))
        line = Line(words, task_link(unit.settings.base_url, row.id), due_on)
        lines[row.person_id].append(line)
    return lines
