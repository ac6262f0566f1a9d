"""What has happened in a case: the journal in Russian sentences, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from engine.errors import NotFound
from engine.events import Event
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.records import JournalEntry
from engine.model.tasks import Task
from engine.queries.visible import visible_to
from engine.rules.access import SYSTEM, Actor
from engine.unit import Reader

PAGE: Final = 200
PERSON: Final = "person_id"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line: when, who (the system by its name), and a sentence; ``seq`` grows with time."""

    seq: int
    at: datetime
    who: str
    event: str
    sentence: str
    element: str
    task_id: int | None


def timeline(
    reader: Reader, actor: Actor, case_id: int, *, before: int | None = None
) -> list[HistoryRow]:
    """
    Return the last `PAGE` lines of a case that the actor may watch.

    Args:
        reader: The transaction to read in.
        actor: Who asks.
        case_id: The case.
        before: Only lines older than this one.

    Raises:
        NotFound: There is no such case, or the actor may not know of it.
    """
    visible = (
        select(Case.definition_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.id == case_id, visible_to(actor))
    )
    definition_id = reader.value(visible)
    if definition_id is None:
        raise NotFound
    found = _LINES.where(JournalEntry.case_id == case_id)
    if before is not None:
        found = found.where(JournalEntry.seq < before)
    rows = reader.rows(found.order_by(JournalEntry.seq.desc()).limit(PAGE))
    people = _people(reader, rows)
    nodes = reader.versions.get(definition_id).definition.nodes
    titles = {key: node.name or key for key, node in nodes.items()}
    return [
        HistoryRow(
            row.seq,
            row.at,
            row.name or SYSTEM.name,
            row.event,
            sentence(row, titles, people),
            row.element,
            row.task_id,
        )
        for row in rows
    ]


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
    ids = {row.data[PERSON] for row in rows if row.data and row.data.get(PERSON)}
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


_PASSING: Final = ("TaskDone", "ServiceDone", "TimerFired")
