"""What a coordinator wants to be done first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from engine.bus import Command, handles
from engine.commands.holders import refuse_ended
from engine.commands.locked import look_at_task
from engine.errors import PriorityUnknown
from engine.events import PriorityChanged
from engine.model.tasks import HIGH, LOW, NORMAL, OPEN, Task
from engine.rules.access import Right
from engine.rules.names import remark
from engine.unit import Unit

NAMES: Final[Mapping[int, str]] = {HIGH: "высокая", NORMAL: "обычная", LOW: "низкая"}


@dataclass(frozen=True, slots=True)
class SetPriority(Command[int]):
    """Give an open task another priority, with a reason or without; returns its case."""

    task_id: int
    priority: int
    reason: str = ""


@handles(SetPriority)
def set_priority(unit: Unit, command: SetPriority) -> int:
    """
    Change it; the journal says who did and why.

    Raises:
        PriorityUnknown: There is no such priority.
        NotOpen: The task is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    unit.allow(Right.STEER, case.path, case.id)
    if command.priority not in NAMES:
        raise PriorityUnknown
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    changed = unit.execute(
        update(Task)
        .where(Task.id == task.id, Task.state == OPEN, Task.priority != command.priority)
        .values(priority=command.priority)
    )
    if changed:
        reason = remark(command.reason)
        event = PriorityChanged(
            case_id=case.id,
            task_id=task.id,
            element=task.element,
            priority=NAMES[command.priority],
            because=f". Причина: {reason}" if reason else "",
        )
        unit.record(event)
    return case.id
