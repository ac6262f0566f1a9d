"""
Who is told at once: what was given to a person by name, what changed about it, what broke.

A notice is a row of the same transaction, so there is none of what did not happen. Whether a
letter goes beside it, or the digest of the morning carries it, is for the person to choose.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from engine.commands.audiences import circle_of
from engine.commands.channels import way, ways_of
from engine.commands.letters import letter_row
from engine.commands.telling import tell
from engine.events import (
    DeadlineMoved,
    Event,
    IncidentRaised,
    TaskClosed,
    TaskOpened,
    TaskReassigned,
    TaskSkipped,
    recorded,
)
from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Notice, Outgoing
from engine.model.tasks import Task
from engine.rules.access import Path, Role, path_of
from engine.rules.calendar import day_of
from engine.rules.channels import Way
from engine.rules.letters import Line, assignment, task_link
from engine.rules.notices import (
    About,
    assigned,
    closed,
    full_title,
    handed_over,
    incident,
    moved,
    skipped,
)
from engine.unit import Unit


@recorded.connect
def notify(unit: Unit, event: Event) -> None:
    """Write the notices of an event; most kinds have none."""
    if react := _REACTIONS.get(type(event)):
        react(unit, event)


# tasks ------------------------------------------------------------------------------------------


def _opened(unit: Unit, event: TaskOpened) -> None:
    """Tell whom the task is given to by name; of the task no query, all is known."""
    if event.assignee_id is not None:
        about = About(event.title, event.place, event.due_on)
        words = assigned(about, event.opened_on)
        hand(unit, event, event.assignee_id, Known(about, event.opened_on), words)


def _reassigned(unit: Unit, event: TaskReassigned) -> None:
    """Tell the new holder."""
    known = look(unit, event.task_id)
    words = handed_over(known.about, known.today, event.reason)
    hand(unit, event, event.person_id, known, words)


def _moved(unit: Unit, event: DeadlineMoved) -> None:
    """Tell who holds the task, unless he moved it himself."""
    known = look(unit, event.task_id)
    if known.holder_id not in (None, unit.actor.person_id):
        words = moved(known.about, known.today, event.reason)
        tell_of(unit, event, known.holder_id, "moved", words)


def _closed(unit: Unit, event: TaskClosed) -> None:
    """Tell who held the task that it is gone."""
    known = look(unit, event.task_id)
    if known.holder_id is not None:
        tell_of(unit, event, known.holder_id, "closed", closed(known.about))


def _skipped(unit: Unit, event: TaskSkipped) -> None:
    """Tell who held the task that the case goes on without it."""
    known = look(unit, event.task_id)
    if known.holder_id not in (None, unit.actor.person_id):
        tell_of(unit, event, known.holder_id, "closed", skipped(known.about, event.reason))


@dataclass(frozen=True, slots=True)
class Known:
    """A task as a notice speaks of it, and who holds it."""

    about: About
    today: date
    holder_id: int | None = None


def look(unit: Unit, task_id: int) -> Known:
    """Return a task as notices speak of it."""
    task = (
        select(
            Task.title,
            Task.item,
            Task.due_at,
            Task.assignee_id,
            Organisation.zone,
            Organisation.short_name,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Task.id == task_id)
    )
    row = unit.one(task)
    due_on = day_of(row.due_at, row.zone)
    about = About(full_title(row.title, row.item), row.short_name, due_on)
    return Known(about, day_of(unit.now, row.zone), row.assignee_id)


# incidents --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A case, as far as its coordinator has to be found."""

    case_id: int
    organisation_id: int
    path: Path
    role: str = ""
    assignee_id: int | None = None


def _broken(unit: Unit, event: IncidentRaised) -> None:
    """Tell the coordinators of the case."""
    if not event.case_id:
        return
    people, place = steering(unit, event.case_id)
    for person_id in people:
        words = incident(place, event.why)
        tell_of(unit, event, person_id, f"incident:{event.incident_id}", words)


def steering(unit: Unit, case_id: int) -> tuple[Sequence[int], str]:
    """Return the coordinators of a case, or where there are none the heads; and its place."""
    place = (
        select(Organisation.id, Organisation.path, Organisation.short_name)
        .join(Case, Case.organisation_id == Organisation.id)
        .where(Case.id == case_id)
    )
    row = unit.one(place)
    path = path_of(row.path)
    circle = circle_of(unit, [_Stopped(case_id, row.id, path)])
    people = circle.nearest(Role.COORDINATOR, path) or circle.nearest(Role.HEAD, path)
    return people, row.short_name


# rows -------------------------------------------------------------------------------------------


def hand(unit: Unit, event: Event, person_id: int, known: Known, words: str) -> None:
    """Tell somebody of a task that is his by name."""
    chosen = way(ways_of(unit, [person_id], ["assigned"]), person_id, "assigned")
    row = _row(unit, event, person_id, "assigned", words)
    unit.add(Notice, {**row, "digested_at": None if chosen is Way.DIGEST else unit.now})
    if chosen is Way.MAIL:
        _write(unit, event, person_id, known, words)


def tell_of(unit: Unit, event: Event, person_id: int, kind: str, words: str) -> None:
    """Tell somebody of an event; see `_row`."""
    tell(unit, [_row(unit, event, person_id, kind, words)])


def _row(unit: Unit, event: Event, person_id: int, kind: str, words: str) -> dict[str, Any]:
    """Return a notice; what tells two of one moment apart stands behind a colon of its kind."""
    about = event.task_id or event.case_id
    return {
        "person_id": person_id,
        "at": unit.now,
        "kind": kind.partition(":")[0],
        "case_id": event.case_id,
        "task_id": event.task_id or None,
        "sentence": words,
        "dedup_key": f"{about}:{kind}:{unit.now:%y%m%d%H%M%S%f}:{person_id}",
    }


def _write(unit: Unit, event: Event, person_id: int, known: Known, words: str) -> None:
    """Write a letter about a task given to somebody by name."""
    base_url = unit.settings.base_url
    line = Line(words, task_link(base_url, event.task_id), known.about.due_on)
    text = assignment([line], known.today, base_url)
    key = f"{event.task_id}:assigned:{unit.now:%y%m%d%H%M%S%f}:{person_id}"
    about = {"letter": "assigned", "tasks": [event.task_id]}
    row = letter_row(unit.now, person_id, key, text, about)
    unit.add(Outgoing, {**row, "case_id": event.case_id})


_REACTIONS: Final[Mapping[type[Event], Callable[[Unit, Any], None]]] = {
    TaskOpened: _opened,
    TaskReassigned: _reassigned,
    DeadlineMoved: _moved,
    TaskClosed: _closed,
    TaskSkipped: _skipped,
    IncidentRaised: _broken,
}
