"""What has happened in a case: the journal in Russian sentences, the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, func, or_, select, type_coerce

from engine.errors import NotFound
from engine.events import Event
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.records import JournalEntry
from engine.model.tasks import Task
from engine.queries.submissions import SentRow, sent_in
from engine.queries.visible import visible_to
from engine.rules.access import SYSTEM, Actor, path_of
from engine.unit import Reader

PAGE: Final = 25
PERSON: Final = "person_id"
FORMER: Final = "former_id"

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "decisions": frozenset(
        {
            "CaseCancelled",
            "CaseRestored",
            "CaseResumed",
            "CaseSuspended",
            "ComplaintMade",
            "DeadlineMoved",
            "ExpertAdded",
            "ExpertWithdrawn",
            "ExtensionDeclined",
            "ExtensionGranted",
            "IncidentResolved",
            "LeadAppointed",
            "MessageReceived",
            "SettingsChanged",
            "TaskPrompted",
            "TaskReassigned",
            "TaskSkipped",
            "TokenMoved",
        }
    ),
    "automatic": frozenset(
        {
            "BranchLost",
            "CaseCompleted",
            "CaseFailed",
            "DelayTold",
            "IncidentRaised",
            "MessageSent",
            "ServiceCalled",
            "ServiceDone",
            "SignalSent",
            "StageEntered",
            "TaskClosed",
            "TaskOpened",
            "TimerFired",
        }
    ),
}
"""Kinds of lines by the names of their events; all others tell of people at their work."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """
    One line: when, who (the system by its name), and a sentence; ``seq`` grows with time.

    ``before`` and ``after`` are set where something took the place of something else; ``sent``
    where a task was sent in whose answers the reader may read.
    """

    seq: int
    at: datetime
    who: str
    event: str
    sentence: str
    element: str
    task_id: int | None
    before: str = ""
    after: str = ""
    sent: SentRow | None = None

    @property
    def kind(self) -> str:
        """Return the kind of the line: a key of `KINDS`, or ``people``."""
        return next((kind for kind, names in KINDS.items() if self.event in names), "people")


def timeline(
    reader: Reader,
    actor: Actor,
    case_id: int,
    *,
    before: int | None = None,
    kind: str = "",
    limit: int = PAGE,
) -> list[HistoryRow]:
    """
    Return the last lines of a case that the actor may watch, those of its cycle with them.

    Args:
        reader: The transaction to read in.
        actor: Who asks.
        case_id: The case.
        before: Only lines older than this one.
        kind: Only lines of a kind: ``people``, ``decisions`` or ``automatic``.
        limit: How many lines at most.

    Raises:
        NotFound: There is no such case, or the actor may not know of it.
    """
    visible = (
        select(Case.definition_id, Case.cycle_id, Case.started_at, Case.ended_at, Organisation.path)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.id == case_id, visible_to(actor))
    )
    case = reader.first(visible)
    if case is None:
        raise NotFound
    found = _LINES.where(_of_case(case_id, case), *_narrowed(before, kind))
    rows = reader.rows(found.order_by(JournalEntry.seq.desc()).limit(limit))
    people = _people(reader, rows)
    version = reader.versions.get(case.definition_id)
    titles = {key: node.name or key for key, node in version.definition.nodes.items()}
    done = [row.task_id for row in rows if row.event == "TaskDone"]
    path = path_of(case.path)
    sent = sent_in(reader, actor, case_id, path, version, done) if done else {}
    return [_line(row, titles, people, sent) for row in rows]


def _of_case(case_id: int, case: Any) -> ColumnElement[bool]:
    """Return the condition of the lines of a case, and of settings changed while it ran."""
    until = () if case.ended_at is None else (JournalEntry.at <= case.ended_at,)
    # The first field of the event is the first of its JSON.
    of_cycle = type_coerce(JournalEntry.data, Text).startswith(f'{{"cycle_id":{case.cycle_id},')
    changed = JournalEntry.case_id.is_(None), JournalEntry.event == "SettingsChanged", of_cycle
    return or_(
        JournalEntry.case_id == case_id,
        and_(*changed, JournalEntry.at >= case.started_at, *until),
    )


def _narrowed(before: int | None, kind: str) -> Iterator[ColumnElement[bool]]:
    if before is not None:
        yield JournalEntry.seq < before
    if kind in KINDS:
        yield JournalEntry.event.in_(KINDS[kind])
    elif kind == "people":
        yield JournalEntry.event.not_in(frozenset[str]().union(*KINDS.values()))


def _line(
    row: Any, titles: Mapping[str, str], people: Mapping[int, str], sent: Mapping[int, SentRow]
) -> HistoryRow:
    data = row.data or {}
    former, now = (people.get(data.get(name) or 0, "") for name in (FORMER, PERSON))
    return HistoryRow(
        row.seq,
        row.at,
        row.name or SYSTEM.name,
        row.event,
        sentence(row, titles, people),
        row.element,
        row.task_id,
        data.get("due_before", former),
        data.get("due_after", now if former else ""),
        sent.get(row.task_id) if row.event == "TaskDone" else None,
    )


def newest(reader: Reader) -> int:
    """Return the number of the last line of all: what has changed since is behind it."""
    last = select(JournalEntry.seq).order_by(JournalEntry.seq.desc()).limit(1)
    return int(reader.value(last) or 0)


_LINES: Final[Select[*tuple[Any, ...]]] = (
    select(
        JournalEntry.seq,
        JournalEntry.at,
        JournalEntry.event,
        JournalEntry.element,
        JournalEntry.task_id,
        JournalEntry.data,
        Person.name,
        Task.title,
        Task.item,
    )
    .outerjoin(Person, Person.id == JournalEntry.actor_id)
    .outerjoin(Task, Task.id == JournalEntry.task_id)
)


def _people(reader: Reader, rows: Any) -> Mapping[int, str]:
    """Return the names of the persons whom the lines are about."""
    named = ((row.data or {}).get(name) for row in rows for name in (PERSON, FORMER))
    ids = {person_id for person_id in named if person_id}
    if not ids:
        return {}
    found = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in reader.rows(found)}


class _Names(dict[str, Any]):
    """What a sentence is filled in with; an old line may lack what a newer program names."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(row: Any, titles: Mapping[str, str], people: Mapping[int, str]) -> str:
    """Return the Russian sentence of a line of the journal."""
    kind = Event.known.get(row.event, Event)
    data = row.data or {}
    names = _Names(data)
    names["task"] = " — ".join(part for part in (row.title, row.item) if part)
    names["element"] = titles.get(row.element, row.element)
    names["target"] = titles.get(data.get("target", ""), data.get("target", ""))
    names["person"] = people.get(data.get(PERSON, 0), "…")
    return kind.line().format_map(names).replace(": .", ".")


def passed(reader: Reader, case_id: int) -> dict[str, int]:
    """Return how often work at each element of a case was finished, for who has been let in."""
    done = select(JournalEntry.element, func.count().label("times")).where(
        JournalEntry.case_id == case_id, JournalEntry.event.in_(_PASSING)
    )
    rows = reader.rows(done.group_by(JournalEntry.element))
    return {row.element: row.times for row in rows if row.element}


_PASSING: Final = ("TaskDone", "TaskSkipped", "ServiceDone", "TimerFired")
