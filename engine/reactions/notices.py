"""
Who is told at once: what was given to a person by name, what changed about it, what broke.

A notice is a row of the same transaction, so there is none of what did not happen. A letter
beside it goes only for a new assignment; everything else waits for the digest of the morning.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from engine.commands.audiences import circle_of
from engine.commands.letters import letter_row
from engine.events import (
    DeadlineMoved,
    Event,
    IncidentRaised,
    TaskClosed,
    TaskOpened,
    TaskReassigned,
    recorded,
)
from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Notice, Outgoing
from engine.model.tasks import Task
from engine.rules.access import Path, Role, path_of
from engine.rules.calendar import day_of
from engine.rules.letters import Line, assignment, task_link
from engine.rules.notices import (
    About,
    assigned,
    closed,
    full_title,
    handed_over,
    incident,
    moved,
)
from engine.unit import Unit


@recorded.connect
def notify(unit: Unit, event: Event) -> None:
    """Write the notices of an event; most kinds have none."""
    if react := _REACTIONS.get(type(event)):
        react(unit, event)


# tasks ------------------------------------------------------------------------------------------


def _opened(unit: Unit, event: TaskOpened) -> None:
    """Tell whom the task is given to by name, and write him a letter; no query, all is known."""
    if event.assignee_id is not None:
        about = About(event.title, event.place, event.due_on)
        words = assigned(about, event.opened_on)
        _tell(unit, event, event.assignee_id, "assigned", words, said=True)
        _write(unit, event, event.assignee_id, Known(about, event.opened_on), words)


def _reassigned(unit: Unit, event: TaskReassigned) -> None:
    """Tell the new holder, and write him a letter."""
    known = _look(unit, event.task_id)
    words = handed_over(known.about, known.today, event.reason)
    _tell(unit, event, event.person_id, "assigned", words, said=True)
    _write(unit, event, event.person_id, known, words)


def _moved(unit: Unit, event: DeadlineMoved) -> None:
    """Tell who holds the task, unless he moved it himself."""
    known = _look(unit, event.task_id)
    if known.holder_id not in (None, unit.actor.person_id):
        words = moved(known.about, known.today, event.reason)
        _tell(unit, event, known.holder_id, "moved", words)


def _closed(unit: Unit, event: TaskClosed) -> None:
    """Tell who held the task that it is gone."""
    known = _look(unit, event.task_id)
    if known.holder_id is not None:
        _tell(unit, event, known.holder_id, "closed", closed(known.about))


@dataclass(frozen=True, slots=True)
class Known:
    """A task as a notice speaks of it, and who holds it."""

    about: About
    today: date
    holder_id: int | None = None


def _look(unit: Unit, task_id: int) -> Known:
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
    """Tell the coordinators of the case, or where there are none, the head."""
    if not event.case_id:
        return
    place = (
        select(Organisation.id, Organisation.path, Organisation.short_name)
        .join(Case, Case.organisation_id == Organisation.id)
        .where(Case.id == event.case_id)
    )
    row = unit.one(place)
    path = path_of(row.path)
    circle = circle_of(unit, [_Stopped(event.case_id, row.id, path)])
    people = circle.nearest(Role.COORDINATOR, path) or circle.nearest(Role.HEAD, path)
    for person_id in people:
        words = incident(row.short_name, event.why)
        _tell(unit, event, person_id, f"incident:{event.incident_id}", words)


# rows -------------------------------------------------------------------------------------------


def _tell(
    unit: Unit, event: Event, person_id: int, kind: str, words: str, *, said: bool = False
) -> None:
    """Write a notice; what a letter has ``said`` is not in the digest."""
    about = event.task_id or event.case_id
    row: Mapping[str, Any] = {
        "person_id": person_id,
        "at": unit.now,
        "kind": kind.partition(":")[0],
        "case_id": event.case_id,
        "task_id": event.task_id or None,
        "sentence": words,
        "dedup_key": f"{about}:{kind}:{unit.now:%y%m%d%H%M%S%f}:{person_id}",
        "digested_at": unit.now if said else None,
    }
    unit.add(Notice, row)


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
    IncidentRaised: _broken,
}
