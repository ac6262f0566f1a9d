"""What people have sent in, field by field and against what stood there before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import select

from engine.model.documents import Attachment
from engine.model.people import Person
from engine.model.tasks import Submission, Task
from engine.queries.blindness import BLIND, may_read_answers
from engine.rules.access import Actor, Path
from engine.rules.fields import Field
from engine.unit import Reader
from engine.versions import Version

SHOWN: Final = 6
"""Answers told in one line of a history; the page of the task has all of them."""
LONGEST: Final = 160
_PEOPLE: Final = ("person", "persons")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer by the name of its field; ``before`` is what the same person had sent earlier."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SentRow:
    """What was sent in to finish a task: the first answers, how many more, and its files."""

    answers: tuple[AnswerRow, ...]
    more: int
    files: tuple[tuple[int, str], ...]


def sent_in(
    reader: Reader,
    actor: Actor,
    case_id: int,
    path: Path,
    version: Version,
    task_ids: Sequence[int],
) -> Mapping[int, SentRow]:
    """Return what was sent in for those of the tasks whose answers the actor may read."""
    rows = reader.rows(
        select(Task.id, Task.element, Task.form, Task.role, Submission.person_id, Submission.fields)
        .join(Submission, Submission.task_id == Task.id)
        .where(
            Task.case_id == case_id,
            Task.element.in_(select(Task.element).where(Task.id.in_(task_ids))),
        )
        .order_by(Task.id)
    )
    may_read = _reading(reader, actor, case_id, path, version)
    read = [row for row in rows if may_read(row)]
    wanted = [row for row in read if row.id in set(task_ids)]
    names = _names(reader, version, wanted)
    files = _files(reader, actor, [row.id for row in wanted])
    return {
        row.id: _sent(version, row, _before(read, row), names, files.get(row.id, ()))
        for row in wanted
    }


def _reading(
    reader: Reader, actor: Actor, case_id: int, path: Path, version: Version
) -> Callable[[Any], bool]:
    """Return what tells whether the actor may read a submission; asked once per kind."""

    @cache
    def others(role: str, subject: str) -> bool:
        return may_read_answers(reader, actor, case_id, path, role, subject)

    def may_read(row: Any) -> bool:
        form = version.forms.get(row.form)
        subject = form.subject if form else ""
        one_for_all = min(BLIND) if subject in BLIND else subject
        return row.person_id == actor.person_id or others(row.role, one_for_all)

    return may_read


def _before(rows: Sequence[Any], row: Any) -> Mapping[str, Any] | None:
    """Return what the same person sent in at the same element the time before."""
    earlier = [
        one.fields
        for one in rows
        if one.element == row.element and one.person_id == row.person_id and one.id < row.id
    ]
    return earlier[-1] if earlier else None


def _sent(
    version: Version,
    row: Any,
    before: Mapping[str, Any] | None,
    names: Mapping[int, str],
    files: tuple[tuple[int, str], ...],
) -> SentRow:
    form = version.forms.get(row.form)
    answers = tuple(_answers(form.inputs, row.fields, before, names)) if form else ()
    return SentRow(answers[:SHOWN], max(0, len(answers) - SHOWN), files)


def _answers(
    inputs: Sequence[Field],
    fields: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    names: Mapping[int, str],
) -> Iterator[AnswerRow]:
    """Yield the answers; of a second round only those that are not as they were."""
    for field in inputs:
        if field.kind == "files":
            continue
        after = _said(field, fields.get(field.key), names)
        earlier = _said(field, before.get(field.key), names) if before is not None else ""
        if after != earlier:
            yield AnswerRow(field.label, earlier, after)


def _said(field: Field, value: Any, names: Mapping[int, str]) -> str:
    """Return an answer in words; a table only by how many rows it has."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if field.kind == "date":
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    if field.kind == "table":
        return f"строк: {len(value)}"
    labels = {option.value: option.label for option in field.options}
    many = value if isinstance(value, list) else [value]
    said = (
        names.get(one, "…") if field.kind in _PEOPLE else labels.get(str(one), str(one))
        for one in many
    )
    text = ", ".join(said)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _names(reader: Reader, version: Version, rows: Sequence[Any]) -> Mapping[int, str]:
    """Return the names of the people whom answers have chosen."""
    ids: set[int] = set()
    for row in rows:
        form = version.forms.get(row.form)
        for field in form.inputs if form else ():
            if field.kind in _PEOPLE and (value := row.fields.get(field.key)):
                ids.update(value if isinstance(value, list) else [value])
    if not ids:
        return {}
    return {
        one.id: one.name
        for one in reader.rows(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }


def _files(
    reader: Reader, actor: Actor, task_ids: Sequence[int]
) -> Mapping[int, tuple[tuple[int, str], ...]]:
    """Return the files that the actor can open: his own, and those of documents."""
    if not task_ids:
        return {}
    found = select(Attachment.id, Attachment.task_id, Attachment.name).where(
        Attachment.task_id.in_(task_ids),
        Attachment.document_id.is_not(None) | (Attachment.person_id == actor.person_id),
    )
    files: dict[int, tuple[tuple[int, str], ...]] = {}
    for row in reader.rows(found.order_by(Attachment.id)):
        files[row.task_id] = (*files.get(row.task_id, ()), (row.id, row.name))
    return files
