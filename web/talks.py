"""What the comments of a page are drawn from: those that its reader may read, and whom he calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.queries.comments import (
    CallRow,
    CommentRow,
    callable_in,
    comments,
    thread_of_case,
    thread_of_task,
)
from engine.queries.tasks import TaskPageRow
from engine.rules.access import Path
from web import current


@dataclass(frozen=True, slots=True)
class Talk:
    """
    The comments of a case, or of one of its tasks.

    ``people`` are those whom the reader can call; ``closed``: only they and he read it.
    """

    case_id: int
    task_id: int | None
    rows: Sequence[CommentRow]
    people: Sequence[CallRow]
    closed: bool = False

    @property
    def answered(self) -> int:
        """Return who spoke last besides the reader, if he can be called; 0 when nobody did."""
        callable_here = {person.id for person in self.people}
        others = (row.person_id for row in reversed(self.rows) if not row.mine)
        return next((person for person in others if person in callable_here), 0)


def talk_of_task(page: TaskPageRow) -> Talk:
    """Return the comments of a task."""
    thread = thread_of_task(page)
    with current.engine().read() as reader:
        rows = comments(reader, current.actor(), page.case_id, page.task_id)
        people = callable_in(reader, current.actor(), thread)
    return Talk(page.case_id, page.task_id, rows, people, thread.closed)


def talk_of_case(case_id: int, path: Path) -> Talk:
    """Return the comments of a case and of all its tasks."""
    with current.engine().read() as reader:
        rows = comments(reader, current.actor(), case_id)
        people = callable_in(reader, current.actor(), thread_of_case(case_id, path))
    return Talk(case_id, None, rows, people)
