"""The files that people have attached to a task."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.model.documents import Attachment
from engine.queries.tasks import TaskPageRow
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class AttachedRow:
    """A file of a task: its name, and its size in bytes."""

    id: int
    name: str
    size: int


def attached(reader: Reader, task: TaskPageRow) -> list[AttachedRow]:
    """Return the files of a task, for whom its page has let in."""
    columns = (Attachment.id, Attachment.name, Attachment.size)
    mine = select(*columns).where(Attachment.task_id == task.task_id)
    return [AttachedRow(*row) for row in reader.rows(mine.order_by(Attachment.id))]
