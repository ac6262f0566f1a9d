"""What the page of a task is drawn from: what was typed, what is wrong, what there is to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.queries.choices import choices, people
from engine.queries.evidence import Sheet as Evidence
from engine.queries.files import attached
from engine.queries.forms import Filled, filled_of
from engine.queries.people import PersonRow
from engine.queries.people import people as holders
from engine.queries.tasks import TaskPageRow
from engine.rules.access import Role
from engine.rules.fields import Option
from engine.rules.forms import Form
from engine.unit import Reader
from web import current
from web.forms import Sheet


@dataclass(frozen=True, slots=True)
class Desk:
    """A task as somebody sits down to it: the sheet to fill in, and the evidence beside it."""

    sheet: Sheet
    evidence: Sequence[Evidence] = ()


def desk_of(
    task: TaskPageRow,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, Sequence[str]] | None = None,
) -> Desk:
    """
    Return the desk of a task.

    Args:
        task: As its reader sees it.
        typed: What he has just sent; by default his draft over what the case proposes, or what
            was sent in.
        problems: What is wrong with it, by path.
    """
    if task.form is None:
        return Desk(Sheet())
    with current.engine().read() as reader:
        filled = filled_of(reader, current.actor(), task)
        lists, names = _offered(reader, task, task.form, filled)
        files = attached(reader, task.task_id) if task.form.has_files else []
    begun = filled.values if task.state == "open" else task.fields
    given = {one.key: begun.get(one.key, []) for one in task.form.inputs if one.is_given}
    values = {**filled.values, **(task.fields if typed is None else typed)}
    sheet = Sheet(values, problems or {}, lists, names, given, files=files, before=filled.before)
    return Desk(sheet, filled.sheets)


def _offered(
    reader: Reader, task: TaskPageRow, form: Form, filled: Filled
) -> tuple[Mapping[str, Sequence[Option]], Mapping[str, Sequence[Option]]]:
    """Return the lists and the people to choose from; of an ended task, to read it by."""
    is_open = task.state == "open"
    lists = filled.choices if is_open else choices(reader, task, form)
    names = filled.people if is_open else people(reader, task, form)
    return lists, names


def others_of(task: TaskPageRow) -> list[PersonRow]:
    """Return who could do a task instead, for who may give it to another."""
    if not (task.may_steer and task.state == "open" and task.role):
        return []
    return current.ask(holders, task.organisation_id, (Role(task.role),), task.case_id)


def is_postponable(task: TaskPageRow) -> bool:
    """Tell whether a later deadline is asked of the director, by the process of the task itself."""
    asks = task.may_complete and task.may_watch and task.role != Role.DIRECTOR
    return asks and "postpone" in task.messages
