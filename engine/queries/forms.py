"""What the host gives a form: lists to choose from, what it begins with, what to see beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.queries.choices import Options, choices, people
from engine.queries.evidence import Sheet, evidence
from engine.queries.prefill import answered_before
from engine.queries.proposals import proposed
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.access import Actor
from engine.unit import Reader

__all__ = ["Filled", "Sheet", "filled", "filled_of"]


@dataclass(frozen=True, slots=True)
class Filled:
    """
    A form as a person meets it.

    ``choices`` by the name of the list that a field asks for; ``people`` by the key of the
    field, and of a column by ``table.column`` as well; ``values`` are what the form begins
    with, as `Form.load` takes them, given rows included; ``before`` are those among them that
    were answered the year before; ``sheets`` are the evidence.
    """

    choices: Mapping[str, Options] = field(default_factory=dict)
    people: Mapping[str, Options] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()


def filled(reader: Reader, actor: Actor, task_id: int) -> Filled:
    """
    Return what the form of a task is filled with, for who may see the task.

    Raises:
        NotFound: There is no such task, or the actor may not know of it.
    """
    return filled_of(reader, actor, task_page(reader, actor, task_id))


def filled_of(reader: Reader, actor: Actor, page: TaskPageRow) -> Filled:
    """Return the same for a task whose page is at hand; an ended task offers nothing."""
    form = page.form
    if form is None or page.state != "open":
        return Filled()
    lists, named = choices(reader, page, form), people(reader, page, form)
    before = answered_before(reader, page, form, lists, named)
    return Filled(
        lists,
        named,
        {**proposed(reader, page, form, lists), **before},
        before,
        evidence(reader, actor, page, form.subject),
    )
