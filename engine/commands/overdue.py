"""One letter to whoever is late, about all his overdue tasks, instead of one for each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from engine.bus import Command, handles
from engine.commands.channels import way, ways_of
from engine.commands.letters import Spoken, letter_row, open_tasks, text_about
from engine.commands.once import insert_once
from engine.commands.prompts import prompt_key
from engine.errors import Forbidden, NobodyToRemind
from engine.events import TaskPrompted
from engine.model.cases import Case
from engine.model.people import Membership, Organisation, Person
from engine.model.records import Notice, Outgoing
from engine.model.tasks import OPEN, Task
from engine.rules.access import Right, holds, may, path_of
from engine.rules.calendar import day_of
from engine.rules.channels import Way
from engine.rules.notices import prompted
from engine.unit import Unit

KIND: Final = "prompt"
MOST: Final = 200
"""Tasks in one letter; nobody reads more."""


@dataclass(frozen=True, slots=True)
class PromptLate(Command[int]):
    """
    Remind of all overdue tasks that somebody holds, or that are offered to a role somewhere.

    Returns how many people are written to. Either ``person_id`` is given, or the other two.
    """

    person_id: int = 0
    role: str = ""
    organisation_id: int = 0


@handles(PromptLate)
def prompt_late(unit: Unit, command: PromptLate) -> int:
    """
    Write each of them a notice per task and one letter; nobody is told of a task twice on a day.

    Only the tasks of running cases that the actor steers are spoken of.

    Raises:
        NobodyToRemind: There is nothing overdue, nobody, or all have been reminded today.
    """
    unit.asked = True
    if not holds(unit.actor, Right.STEER):
        raise Forbidden
    late = unit.rows(_late(unit, command))
    tasks = [t for t in late if may(unit.actor, Right.STEER, path_of(t.path), t.case_id)][:MOST]
    people = [command.person_id] if command.person_id else _holders(unit, command)
    spoken = open_tasks(unit, [task.id for task in tasks])
    told = [(task, person_id) for person_id in people for task in tasks if task.id in spoken]
    written = insert_once(unit, Notice, [_notice(unit, spoken[t.id], t, p) for t, p in told])
    new = [(t, p) for t, p in told if _key(unit, spoken[t.id], p) in written]
    if not new:
        raise NobodyToRemind
    _write(unit, new, spoken)
    for task in {task.id: task for task, _ in new}.values():
        unit.record(TaskPrompted(case_id=task.case_id, task_id=task.id, element=task.element))
    return len({person_id for _, person_id in new})


def _late(unit: Unit, command: PromptLate) -> Any:
    """Return the overdue tasks that are meant, the latest first."""
    whose = (
        (Task.assignee_id == command.person_id,)
        if command.person_id
        else (
            Task.assignee_id.is_(None),
            Task.role == command.role,
            Task.organisation_id == command.organisation_id,
        )
    )
    return (
        select(Task.id, Task.case_id, Task.element, Organisation.path)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Task.state == OPEN, Task.due_at < unit.now, Case.status == "running", *whose)
        .order_by(Task.due_at, Task.id)
    )


def _holders(unit: Unit, command: PromptLate) -> list[int]:
    """Return the active people of a role in an organisation."""
    found = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.active,
            Membership.role == command.role,
            Membership.organisation_id == command.organisation_id,
        )
        .order_by(Person.id)
    )
    return [row.id for row in unit.rows(found)]


def _key(unit: Unit, task: Spoken, person_id: int) -> str:
    return prompt_key(task.id, day_of(unit.now, task.zone), person_id)


def _notice(unit: Unit, spoken: Spoken, task: Any, person_id: int) -> Mapping[str, Any]:
    """Return a notice; the letter of the same moment says what it says, the digest need not."""
    return {
        "person_id": person_id,
        "at": unit.now,
        "kind": KIND,
        "case_id": task.case_id,
        "task_id": task.id,
        "sentence": prompted(spoken.about, day_of(unit.now, spoken.zone), ""),
        "dedup_key": _key(unit, spoken, person_id),
        "digested_at": unit.now,
    }


def _write(unit: Unit, new: Sequence[tuple[Any, int]], spoken: Mapping[int, Spoken]) -> None:
    """Write one letter to each person, save who wants to read about it on the site only."""
    by_person: defaultdict[int, list[Spoken]] = defaultdict(list)
    for task, person_id in new:
        by_person[person_id].append(spoken[task.id])
    ways = ways_of(unit, list(by_person), [KIND])
    letters = [
        row
        for person_id, tasks in by_person.items()
        if way(ways, person_id, KIND) is not Way.SITE
        and (row := _letter(unit, person_id, tasks)) is not None
    ]
    insert_once(unit, Outgoing, letters)


def _letter(unit: Unit, person_id: int, tasks: Sequence[Spoken]) -> dict[str, Any] | None:
    text = text_about("prompted", tasks, person_id, unit.now, unit.settings.base_url)
    if text is None:
        return None
    about = {"letter": "prompted", "tasks": [task.id for task in tasks]}
    key = f"prompted:{unit.now:%y%m%d%H%M%S%f}:{person_id}"
    return letter_row(unit.now, person_id, key, text, about)
