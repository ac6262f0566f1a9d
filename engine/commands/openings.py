"""From an open token to the row of a task: whose it is, until when, how it reminds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.commands.locked import LockedCase
from engine.errors import Fault
from engine.model.base import key_of
from engine.model.people import Membership, Organisation, Person
from engine.model.tasks import Task, TaskCandidate
from engine.process.model import Node, Work
from engine.process.orders import Language
from engine.process.state import State
from engine.rules.deadlines import default_due, due_moment
from engine.rules.reminders import next_rung
from engine.unit import Unit

NOBODY = Work()


def open_task(
    unit: Unit, case: LockedCase, state: State, token: int, language: Language
) -> Mapping[str, Any]:
    """
    Write the rows of a task that a token stands for, and return the one of the task itself.

    Raises:
        Fault: The diagram names nobody who could do it.
    """
    node = case.process.definition.nodes[state.tokens[token].at]
    work = node.work or NOBODY
    names = state.names(token)
    row = {
        "id": key_of(case.id, token),
        "case_id": case.id,
        "element": node.key,
        "title": node.name,
        "item": item_of(case, state, token),
        "stage": work.stage,
        "form": work.form,
        "role": work.role,
        "opened_at": unit.now,
        "remind": work.remind,
        **_whose(unit, case, node, language, names),
        **_when(unit, case, work, language, names),
    }
    unit.add(Task, row)
    if row["assignee_id"] is None:
        offer(unit, row["id"], row["organisation_id"], row["role"], row["due_at"])
    return row


def offer(unit: Unit, task_id: int, organisation_id: int, role: str, due_at: datetime) -> None:
    """Write whom an unclaimed task is offered to."""
    row = {
        "organisation_id": organisation_id,
        "role": role,
        "due_at": due_at,
        "task_id": task_id,
    }
    unit.add(TaskCandidate, row)


def item_of(case: LockedCase, state: State, token: int) -> str:
    """
    Return what tells an instance of a panel apart from the others; empty outside of panels.

    The item of the innermost loop counts. A record is called by its ``label``; a plain id says
    nothing to a reader, and who it is for is seen by the holder of the task.
    """
    nodes = case.process.definition.nodes
    while token:
        row = state.tokens[token]
        loop = nodes[row.at].loop
        if row.index >= 0 and loop is not None and loop.item:
            return _label(row.local.get(loop.item))
        token = state.scopes[row.scope].owner
    return ""


def _label(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("label", ""))
    return value if isinstance(value, str) else ""


def _whose(
    unit: Unit, case: LockedCase, node: Node, language: Language, names: Mapping[str, Any]
) -> dict[str, Any]:
    """Return organisation and holder: a person named by the diagram, or nobody yet."""
    work = node.work or NOBODY
    organisation = _office(unit, case, work.role) if work.office else case.organisation_id
    person = _performer(unit, work, language, names)
    if person is None and not work.role:
        raise Fault(element=node.key, why="не указано, кто выполняет задачу")
    return {
        "organisation_id": organisation,
        "assignee_id": person,
        "personal": person is not None,
        "claimed_at": None if person is None else unit.now,
    }


def _performer(unit: Unit, work: Work, language: Language, names: Mapping[str, Any]) -> int | None:
    """Return the active person whom the diagram's expression names, or None."""
    person = language.evaluate(work.performer, names) if work.performer else None
    if isinstance(person, bool) or not isinstance(person, int):
        return None
    active = select(Person.id).where(Person.id == person, Person.active)
    return person if unit.value(active) is not None else None


def _office(unit: Unit, case: LockedCase, role: str) -> int:
    """Return the nearest organisation above the school in which somebody holds the role."""
    above = case.path[-2::-1]
    if not above:
        return case.organisation_id
    held = (
        select(Organisation.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Organisation.id.in_(above), Membership.role == role)
    )
    holding = {row.id for row in unit.rows(held)}
    return next((organisation for organisation in above if organisation in holding), above[0])


def _when(
    unit: Unit, case: LockedCase, work: Work, language: Language, names: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the due moment and the first rung of the reminder ladder."""
    if work.due:
        due_at = due_moment(language.evaluate(work.due, names), unit.now, case.zone)
    else:
        due_at = default_due(unit.now, case.zone)
    rung, remind_at = rung_after(unit, case.zone, work.remind, unit.now, due_at)
    return {"due_at": due_at, "rung": rung, "remind_at": remind_at}


def rung_after(unit: Unit, zone: str, remind: str, opened_at: Any, due_at: Any) -> tuple[int, Any]:
    """Return number and moment of the next rung of a task, or 0 and None after the last."""
    return next_rung(remind, opened_at, due_at, unit.now, zone) or (0, None)
