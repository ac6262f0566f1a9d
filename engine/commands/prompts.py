"""What a coordinator says to people beyond the ladder of reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.bus import Command, handles
from engine.commands.audiences import circle_of
from engine.commands.holders import refuse_ended
from engine.commands.locked import CaseFacts, TaskFacts, look_at_task
from engine.commands.telling import tell
from engine.errors import NobodyToRemind
from engine.events import TaskPrompted
from engine.model.tasks import OPEN
from engine.rules.access import Path, may_prompt
from engine.rules.calendar import day_of
from engine.rules.names import remark
from engine.rules.notices import About, full_title, prompted
from engine.rules.reminders import Audience
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class PromptTask(Command[int]):
    """Remind whoever has the move of an open task, in one's own words; returns how many."""

    task_id: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """A task as its audience is found by."""

    case_id: int
    organisation_id: int
    role: str
    assignee_id: int | None
    path: Path


@handles(PromptTask)
def prompt_task(unit: Unit, command: PromptTask) -> int:
    """
    Write them a notice, which goes the way they have chosen; nobody gets two on one day.

    Raises:
        NobodyToRemind: There is nobody, or all have been reminded today.
        NotOpen: The task is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    unit.allow_if(may_prompt(unit.actor, case.path, case.id, task.role), case.path, case.id)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    work = _Work(case.id, task.organisation_id, task.role, task.assignee_id, case.path)
    people = circle_of(unit, [work]).people(Audience.PERFORMERS, work)
    told = _tell(unit, case, task, people, remark(command.words))
    if not told:
        raise NobodyToRemind
    unit.record(TaskPrompted(case_id=case.id, task_id=task.id, element=task.element))
    return told


def _tell(unit: Unit, case: CaseFacts, task: TaskFacts, people: Sequence[int], words: str) -> int:
    today = day_of(unit.now, case.zone)
    title = full_title(task.title, task.item)
    about = About(title, case.place, day_of(task.due_at, case.zone))
    rows = [
        {
            "person_id": person_id,
            "at": unit.now,
            "kind": "prompt",
            "case_id": case.id,
            "task_id": task.id,
            "sentence": prompted(about, today, words),
            "dedup_key": prompt_key(task.id, today, person_id),
        }
        for person_id in people
    ]
    return tell(unit, rows)


def prompt_key(task_id: int, today: date, person_id: int) -> str:
    """Return the dedup key of a prompt: one a day about a task to a person."""
    return f"{task_id}:prompt:{today:%Y%m%d}:{person_id}"
