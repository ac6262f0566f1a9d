"""Documents that tasks bring forth, and the files that people attach."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final

from sqlalchemy import func, select, update

from engine.bus import Command, handles
from engine.commands.holders import allow_work, refuse_ended
from engine.commands.locked import LockedCase, look_at_task
from engine.commands.recording import refuse, today
from engine.commands.subjects import Work
from engine.errors import FileRefused
from engine.model.documents import Attachment, Document
from engine.model.tasks import OPEN
from engine.rules.documents import NUMBERED_BY_PEOPLE
from engine.unit import Unit

LARGEST: Final = 10 * 1024 * 1024
MOST_FILES: Final = 20
"""Of one task, so that a slip of a script does not fill the disk."""


@dataclass(frozen=True, slots=True)
class Paper:
    """
    A document to be written: its kind, title, text; number and date where somebody gave them.

    ``field`` is where the form asks for the number.
    """

    kind: str
    title: str
    text: str = ""
    number: str = ""
    dated_on: date | None = None
    field: str = "order_no"


def issue(unit: Unit, work: Work, paper: Paper) -> int:
    """
    Write the document of a task, signed by who finishes it, with the files of the form.

    Returns:
        Its id. A number that a document of this kind has already is refused at its field.
    """
    document = issue_unsigned(unit, work.case, paper, work.task.id, unit.actor.person_id or None)
    attach(unit, work, document)
    return document


def issue_unsigned(
    unit: Unit, case: LockedCase, paper: Paper, task_id: int | None = None, by: int | None = None
) -> int:
    """Write a document of a case; a number that nobody gave is counted."""
    number = paper.number.strip() or _next_number(unit, case.id, paper.kind)
    same = select(Document.id).where(
        Document.case_id == case.id, Document.kind == paper.kind, Document.number == number
    )
    if unit.value(same) is not None:
        refuse(paper.field, f"Документ с номером {number} в деле уже есть. Проверьте номер.")
    row = {
        "case_id": case.id,
        "task_id": task_id,
        "kind": paper.kind,
        "number": number,
        "dated_on": paper.dated_on or today(unit, case),
        "title": paper.title,
        "text": paper.text,
        "signatory_id": by,
        "at": unit.now,
    }
    return unit.insert(Document, row)


def _next_number(unit: Unit, case_id: int, kind: str) -> str:
    """
    Return the first number that no document of the kind has.

    Orders and minutes are numbered by people in books of their own: without a number they are
    «б/н», so that no number of theirs is taken.
    """
    rows = unit.rows(
        select(Document.number).where(Document.case_id == case_id, Document.kind == kind)
    )
    taken = {row.number for row in rows}
    head = "б/н " if kind in NUMBERED_BY_PEOPLE else ""
    numbers = (f"{head}{n}" for n in range(1, len(taken) + 2))
    return next(number for number in numbers if number not in taken)


def attach(unit: Unit, work: Work, document_id: int) -> None:
    """Make the files that the form names part of a document; a foreign file is refused."""
    form = work.case.process.forms[work.task.form]
    for field in form.inputs:
        wanted = work.fields.get(field.key) if field.kind == "files" else None
        if wanted:
            mine = update(Attachment).where(
                Attachment.id.in_(wanted), Attachment.task_id == work.task.id
            )
            if unit.execute(mine.values(document_id=document_id)) != len(wanted):
                refuse(field.key, "Такого файла у задачи нет. Приложите его ещё раз.")


@dataclass(frozen=True, slots=True)
class AttachFile(Command[int]):
    """Attach a file to an open task that one may work at; returns the id for its form."""

    task_id: int
    name: str
    media_type: str
    content: bytes


@handles(AttachFile)
def attach_file(unit: Unit, command: AttachFile) -> int:
    """
    Keep the file; it becomes part of a document when the task is finished with it.

    Raises:
        FileRefused: It is empty, too large, or one too many.
        NotOpen: The task is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    content = command.content
    if not 0 < len(content) <= LARGEST:
        raise FileRefused(why="он пуст или больше 10 МБ")
    held = select(func.count()).where(Attachment.task_id == task.id)
    if unit.value(held) >= MOST_FILES:
        raise FileRefused(why=f"к задаче приложено уже {MOST_FILES} файлов")
    row = {
        "case_id": case.id,
        "task_id": task.id,
        "name": PurePath(command.name.replace("\\", "/")).name.strip()[:200] or "файл",
        "media_type": command.media_type[:100],
        "size": len(content),
        "digest": hashlib.sha256(content).hexdigest(),
        "content": content,
        "person_id": unit.actor.person_id,
        "at": unit.now,
    }
    return unit.insert(Attachment, row)
