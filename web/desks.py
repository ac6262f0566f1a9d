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
    room: Mapping[str, int] | None = None,
) -> Desk:
    """
    Return the desk of a task.

    Args:
        task: As its reader sees it.
        typed: What he has just sent; by default his draft over what the case proposes, or what
            was sent in.
        problems: What is wrong with it, by path.
        room: How many rows a table shows at least, by its key.
    """
    if task.form is None:
        return Desk(Sheet())
    with current.engine().read() as reader:
        filled = filled_of(reader, current.actor(), task)
        offered = _offered(reader, task, task.form, filled)
    begun = filled.values if task.state == "open" else task.fields
    given = {one.key: begun.get(one.key, []) for one in task.form.inputs if one.rows}
    values = {**filled.values, **(task.fields if typed is None else typed)}
    lists, names = offered
    return Desk(Sheet(values, problems or {}, lists, names, given, room or {}), filled.sheets)


def _offered(
    reader: Reader, task: TaskPageRow, form: Form, filled: Filled
) -> tuple[Mapping[str, Sequence[Option]], Mapping[str, Sequence[Option]]]:
    """Return the lists and the people to choose from; of an ended task, to read it by."""
    is_open = task.state == "open"
    lists = filled.choices if is_open else choices(reader, task, form)
    names = dict(filled.people if is_open else people(reader, task, form))
    holds_files = [one.key for one in form.inputs if one.kind == "files"]
    if holds_files:
        files = [Option(str(file.id), file.name) for file in attached(reader, task.task_id)]
        names |= dict.fromkeys(holds_files, tuple(files))
    return lists, names


def others_of(task: TaskPageRow) -> list[PersonRow]:
    """Return who could do a task instead, for who may give it to another."""
    if not (task.may_steer and task.state == "open" and task.role):
        return []
    return current.ask(holders, task.organisation_id, (Role(task.role),), task.case_id)


def is_postponable(task: TaskPageRow) -> bool:
    """Tell whether the process of a task takes requests for a later deadline."""
    if not (task.may_complete and task.may_watch):
        return False
    definition = current.engine().definitions.get(task.definition_id).definition
    return "postpone" in definition.messages
