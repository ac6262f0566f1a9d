"""
Reminders and escalations: each due rung becomes notices, and the row is armed with the next.

What steers many cases is told once of all their tasks (`GATHERED`), not once of each.

A task row is claimed, told of and armed anew in one transaction, so no rung is given twice; a
finished task has no moment to be claimed by. What is due at night waits for the morning.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from engine.bus import Command, handles
from engine.commands.audiences import Circle, circle_of
from engine.commands.channels import Ways, way, ways_of
from engine.commands.letters import letter_row
from engine.commands.news import told_row
from engine.commands.once import insert_once
from engine.events import DelayTold
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.records import Notice, Outgoing
from engine.model.tasks import Task
from engine.rules.access import ROLE_NAMES, Path, Role, path_of
from engine.rules.calendar import DAY, day_of
from engine.rules.channels import GATHERED, Way
from engine.rules.letters import Line, overdue, task_link
from engine.rules.notices import About, full_title, gathered, sentence
from engine.rules.reminders import (
    Audience,
    Step,
    Term,
    climb,
    next_rung,
    polite,
)
from engine.unit import Unit

BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class RaiseReminders(Command[int]):
    """Give the rungs that are due, one batch of them; return how many tasks were looked at."""

    batch: int = BATCH


@handles(RaiseReminders)
def raise_reminders(unit: Unit, command: RaiseReminders) -> int:
    """Tell whoever is to be told, and arm each task with its next rung."""
    unit.allow_system()
    tasks = [Reminded(unit.now, row) for row in unit.rows(_due(unit.now, command.batch))]
    spoken = [(task, task.given) for task in tasks if task.given is not None]
    if spoken:
        _tell(unit, spoken)
    if tasks:
        armed = [{"key": t.id, "number": t.armed[0], "at": t.armed[1]} for t in tasks]
        unit.connection.execute(_ARM, armed)
    return len(tasks)


def _due(now: datetime, batch: int) -> Any:
    """Claim tasks, and their cases: a notice refers to both, and nothing may wait for a lock."""
    return (
        select(
            Task.id,
            Task.case_id,
            Task.organisation_id,
            Task.element,
            Task.title,
            Task.item,
            Task.role,
            Task.assignee_id,
            Task.opened_at,
            Task.due_at,
            Task.remind,
            Task.rung,
            Case.status,
            Organisation.path,
            Organisation.zone,
            Organisation.short_name,
            Person.name,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.assignee_id)
        .where(Task.remind_at <= now)
        .order_by(Task.remind_at, Task.id)
        .limit(batch)
        .with_for_update(of=[Task, Case], key_share=True, skip_locked=True)
    )


_ARM: Final = (
    update(Task)
    .where(Task.id == bindparam("key"))
    .values(rung=bindparam("number"), remind_at=bindparam("at"))
)


class Reminded:
    """A claimed task: the step to give now, if any, and what it is armed with next."""

    def __init__(self, now: datetime, row: Row[*tuple[Any, ...]]) -> None:
        self.id: int = row.id
        self.case_id: int = row.case_id
        self.organisation_id: int = row.organisation_id
        self.element: str = row.element
        self.role: str = row.role
        self.assignee_id: int | None = row.assignee_id
        self.path: Path = path_of(row.path)
        self.zone: str = row.zone
        self.term = Term(row.remind, row.opened_at, row.due_at, row.zone)
        self.about = About(
            full_title(row.title, row.item),
            row.short_name,
            day_of(row.due_at, row.zone),
            row.name or "",
            ROLE_NAMES[Role(row.role)] if row.role else "",
        )
        self.given: Step | None = None
        self.first_delay = False
        # A case that stands still is looked at again tomorrow; at night everything waits.
        wait_until = polite(now if row.status == "running" else now + DAY, row.zone)
        self.armed: tuple[int, datetime | None] = row.rung, wait_until
        if wait_until == now:
            self._climb(now, row.rung)

    def _climb(self, now: datetime, rung: int) -> None:
        term = self.term
        found = climb(term, rung, now, held=self.assignee_id is not None)
        self.given, self.first_delay = found.step, found.first_delay
        following = next_rung(term.remind, term.opened_at, term.due_at, now, term.zone)
        self.armed = following or (0, None)

    def key(self, step: Step, person_id: int) -> str:
        """Return the dedup key: a moved deadline may climb the same rung again."""
        return f"{self.id}:{step.number}:{self.about.due_on:%Y%m%d}:{person_id}"


# telling ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence for one person."""

    task: Reminded
    step: Step
    audience: Audience
    person_id: int
    sentence: str

    @property
    def kind(self) -> str:
        """Return the kind of the notice: who steers is told of delay, who performs reminded."""
        if self.audience is Audience.PERFORMERS:
            return self.step.rung.kind
        return "escalation" if self.step.rung.kind == "overdue" else "idle"

    @property
    def key(self) -> str:
        """Return the dedup key of the notice."""
        return self.task.key(self.step, self.person_id)

    @property
    def is_urgent(self) -> bool:
        """Tell whether a letter goes at once: to the performer, for the first delay."""
        return self.kind == "overdue" and self.task.first_delay


def _tell(unit: Unit, given: Sequence[tuple[Reminded, Step]]) -> None:
    """Write the letters first: what one of them says need not stand in the digest."""
    circle = circle_of(unit, [task for task, _ in given])
    told = [line for task, step in given for line in _lines(unit.now, task, step, circle)]
    ways = ways_of(unit, {line.person_id for line in told})
    urgent = [line for line in told if line.is_urgent and _way(ways, line) is Way.MAIL]
    mailed = _write_letters(unit, urgent)
    notices = [_notice(unit.now, lines, ways, mailed) for lines in _together(told)]
    written = insert_once(unit, Notice, notices)
    insert_once(unit, Outgoing, _at_once(unit.now, notices, ways, written))
    for task, step in given:
        audiences = {line.audience for line in told if line.task is task}
        if step.rung.kind == "overdue" and audiences:
            to = ", ".join(_WORDS[audience] for audience in Audience if audience in audiences)
            event = DelayTold(case_id=task.case_id, task_id=task.id, element=task.element, to=to)
            unit.record(event)


_WORDS: Final = {
    Audience.PERFORMERS: "исполнителю",
    Audience.COORDINATOR: "координатору",
    Audience.HEAD: "руководителю",
}


def _lines(now: datetime, task: Reminded, step: Step, circle: Circle) -> Iterator[Told]:
    """Yield what a task says to each person once, in the voice of the first audience he is in."""
    today, seen = day_of(now, task.zone), set[int]()
    for audience in step.rung.to:
        words = sentence(step.rung.kind, audience, task.about, today)
        for person_id in circle.people(audience, task):
            if person_id not in seen:
                seen.add(person_id)
                yield Told(task, step, audience, person_id, words)


def _together(told: Sequence[Told]) -> list[list[Told]]:
    """Return the lines notice by notice: those of a gathered kind for one person together."""
    notices: defaultdict[tuple[int, str], list[Told]] = defaultdict(list)
    for line in told:
        notices[line.person_id, line.kind if line.kind in GATHERED else line.key].append(line)
    return list(notices.values())


def _way(ways: Ways, line: Told) -> Way:
    return way(ways, line.person_id, line.kind)


def _notice(
    now: datetime, lines: Sequence[Told], ways: Ways, mailed: dict[int, set[int]]
) -> dict[str, Any]:
    """Return one notice; what goes into no digest counts as told there."""
    told, many = lines[0], len(lines) > 1
    in_letter = told.is_urgent and told.task.id in mailed.get(told.person_id, ())
    chosen = _way(ways, told)
    waits = chosen is Way.DIGEST or (told.kind == "overdue" and chosen is Way.MAIL)
    return {
        "person_id": told.person_id,
        "at": now,
        "kind": told.kind,
        "case_id": told.task.case_id,
        "task_id": None if many else told.task.id,
        "tasks": [line.task.id for line in lines] if many else None,
        "sentence": gathered(told.kind, [o.task.about for o in lines]) if many else told.sentence,
        "dedup_key": told.key,
        "digested_at": now if in_letter or not waits else None,
    }


def _at_once(
    now: datetime, notices: Sequence[dict[str, Any]], ways: Ways, written: set[str]
) -> list[dict[str, Any]]:
    """Return the letters of the notices that people want at once; delays have their own."""
    wanted = (
        one
        for one in notices
        if one["dedup_key"] in written
        and one["kind"] != "overdue"
        and way(ways, one["person_id"], one["kind"]) is Way.MAIL
    )
    return [told_row(now, n["person_id"], n["dedup_key"], n["sentence"]) for n in wanted]


def _write_letters(unit: Unit, urgent: Sequence[Told]) -> dict[int, set[int]]:
    """Write one letter to each person; return the tasks that it names, by person."""
    lines: defaultdict[int, list[Told]] = defaultdict(list)
    for told in urgent:
        lines[told.person_id].append(told)
    rows = {person_id: _letter(unit, person_id, told) for person_id, told in lines.items()}
    written = insert_once(unit, Outgoing, list(rows.values()))
    return {
        person_id: {told.task.id for told in lines[person_id]}
        for person_id, row in rows.items()
        if row["dedup_key"] in written
    }


def _letter(unit: Unit, person_id: int, told: Sequence[Told]) -> dict[str, Any]:
    """Return the one letter about first delays that a person gets in a day."""
    base_url, today = unit.settings.base_url, day_of(unit.now, told[0].task.zone)
    lines = [Line(t.sentence, task_link(base_url, t.task.id), t.task.about.due_on) for t in told]
    about = {"letter": "overdue", "tasks": [t.task.id for t in told]}
    text = overdue(lines, today, base_url)
    return letter_row(unit.now, person_id, f"overdue:{person_id}:{today}", text, about)
