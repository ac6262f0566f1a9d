"""What tests of commands look at afterwards: rows of tasks, drafts, what happened."""

from typing import Any

from sqlalchemy import func, select

from engine.model.records import JournalEntry
from engine.model.tasks import Draft, Task
from tests.town import Town


def task_row(town: Town, task_id: int) -> Any:
    """Return the row of a task."""
    (row,) = town.rows(select(*Task.__table__.columns).where(Task.id == task_id))
    return row


def drafts(town: Town) -> list[tuple[int, int, dict[str, Any]]]:
    """Return all drafts: task, person, fields."""
    rows = town.rows(select(Draft.task_id, Draft.person_id, Draft.fields))
    return [(row.task_id, row.person_id, row.fields) for row in rows]


def events(town: Town, case: int) -> list[str]:
    """Return the names of all that happened in a case."""
    lines = select(JournalEntry.event).where(JournalEntry.case_id == case)
    return [row.event for row in town.rows(lines.order_by(JournalEntry.seq))]


def count(town: Town, model: Any) -> int:
    """Return how many rows a table has."""
    return int(town.value(select(func.count()).select_from(model)))
