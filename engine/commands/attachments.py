"""Files that people attach to their tasks, and take away again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from engine.bus import Command, handles
from engine.commands.holders import allow_work, refuse_ended
from engine.commands.locked import hold_task, look_at_task
from engine.errors import FileKept, FileRefused, FormInvalid
from engine.model.documents import Attachment
from engine.model.tasks import OPEN
from engine.rules.attachments import file_name, kind_of, refusal_of
from engine.rules.forms import Form
from engine.unit import Unit

MOST_FILES: Final = 50
"""Of one task, so that a slip of a script does not fill the disk."""


@dataclass(frozen=True, slots=True)
class AttachFile(Command[int]):
    """Attach a file to an open task that one may work at; returns the id for its form."""

    task_id: int
    name: str
    content: bytes


@handles(AttachFile)
def attach_file(unit: Unit, command: AttachFile) -> int:
    """
    Keep the file; it becomes part of a document when the task is finished with it.

    Raises:
        FileRefused: It is empty, too large, not what its name says, or one too many.
        NotOpen: The task is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    name, content = file_name(command.name), command.content
    if why := refusal_of(name, content):
        raise FileRefused(name=name, why=why)
    held = select(func.count()).where(Attachment.task_id == task.id)
    if unit.value(held) >= MOST_FILES:
        raise FileRefused(name=name, why=f"к задаче приложено уже {MOST_FILES} файлов")
    kind = kind_of(name, content)
    row = {
        "case_id": case.id,
        "task_id": task.id,
        "name": name,
        "media_type": kind.media_type if kind else "",
        "size": len(content),
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "person_id": unit.actor.person_id,
        "at": unit.now,
    }
    return unit.insert(Attachment, row)


@dataclass(frozen=True, slots=True)
class RemoveFile(Command[int]):
    """Take a file away from an open task again; returns the task. Twice does no harm."""

    attachment_id: int
    task_id: int


@handles(RemoveFile)
def remove_file(unit: Unit, command: RemoveFile) -> int:
    """
    Delete the file, for who has attached it, or holds the task now.

    Raises:
        FileKept: Another has attached it, or it is part of a document.
        NotOpen: The task is not open any more: what was sent in stays whole.
    """
    # Held, so that nothing goes that is being sent in at this moment.
    case, task = hold_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    columns = Attachment.id, Attachment.person_id, Attachment.document_id
    of_task = select(*columns).where(Attachment.task_id == task.id)
    row = unit.first(of_task.where(Attachment.id == command.attachment_id))
    if row is None:
        return task.id
    me = unit.actor.person_id
    if row.document_id is not None or me not in (row.person_id, task.assignee_id):
        raise FileKept
    unit.remove(Attachment, [row.id])
    return task.id


def refuse_foreign(unit: Unit, task_id: int, form: Form, fields: Mapping[str, Any]) -> None:
    """
    Let only files of a task stand in its answers.

    Raises:
        FormInvalid: One is another task's, or has been taken away; says where.
    """
    named = dict(form.files(fields))
    if not named:
        return
    mine = select(Attachment.id).where(Attachment.task_id == task_id)
    known = {row.id for row in unit.rows(mine)}
    wrong = [path for path, keys in named.items() if not known.issuperset(keys)]
    if wrong:
        raise FormInvalid({path: [_GONE] for path in wrong})


_GONE: Final = "Такого файла у задачи нет. Приложите его ещё раз."
