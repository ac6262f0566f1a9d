"""A coordinator leaves a task out: the case goes on as if it were done, without answers."""

from dataclasses import dataclass
from typing import Any, Final

from engine.bus import Command, handles
from engine.commands.carry_out import CLOSE_TASK, WITHDRAW_OFFER
from engine.commands.holders import refuse_ended
from engine.commands.locked import LockedCase, TaskFacts, lock_task
from engine.commands.steps import advance
from engine.errors import Fault, ReasonMissing, SkipRefused
from engine.events import TaskSkipped
from engine.model.base import to_ms
from engine.model.tasks import OPEN
from engine.process.orders import Complete
from engine.process.step import step
from engine.rules.access import Right
from engine.rules.names import remark
from engine.rules.skipping import why_needed
from engine.unit import Unit

_DEAD_ENDS: Final = {
    "failed": "после неё схема останавливает дело ошибкой",
    "lost": "после неё ни одно условие схемы не выполняется",
    "stuck": "после неё в деле ничего не остаётся открытым",
}


@dataclass(frozen=True, slots=True)
class SkipTask(Command[int]):
    """Let a case go on without a task; returns the case."""

    task_id: int
    reason: str


@handles(SkipTask)
def skip_task(unit: Unit, command: SkipTask) -> int:
    """
    End the task without answers; what its holder has typed stays his draft.

    Raises:
        ReasonMissing: No reason is given.
        SkipRefused: The case needs its answers, or could not go on without them.
        NotOpen: The task is not open any more.
        CaseNotRunning: The case is suspended or over.
    """
    case, task = lock_task(unit, command.task_id)
    unit.allow(Right.STEER, case.path, case.id)
    reason = remark(command.reason)
    if not reason:
        raise ReasonMissing
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    order = Complete(task.token, _blank(case, task))
    _refuse_dead_ends(unit, case, order)
    unit.defer(CLOSE_TASK, {"task_id": task.id, "now": unit.now}, guarded=True)
    unit.defer(WITHDRAW_OFFER, {"task_id": task.id})
    unit.record(
        TaskSkipped(
            case_id=case.id,
            task_id=task.id,
            element=task.element,
            reason=reason,
        )
    )
    try:
        advance(unit, case, order)
    except Fault as fault:
        raise SkipRefused(why=str(fault.details["why"])) from fault
    return case.id


def _blank(case: LockedCase, task: TaskFacts) -> dict[str, Any]:
    """Return what the process routes by when nothing is answered; refuse where it must be."""
    form = case.process.forms.get(task.form)
    if why := why_needed(form):
        raise SkipRefused(why=why)
    return form.routing({}) if form else {}


def _refuse_dead_ends(unit: Unit, case: LockedCase, order: Complete) -> None:
    """Take the step on a copy of the state first: it may end where nobody would look for it."""
    definition, language = case.process.definition, case.language(unit.now)
    try:
        _, effects = step(definition, case.state, order, to_ms(unit.now), language)
    except Fault as fault:
        raise SkipRefused(why=str(fault.details["why"])) from fault
    for effect in effects:
        if effect.kind in _DEAD_ENDS:
            raise SkipRefused(why=_DEAD_ENDS[effect.kind])
