"""What people do with their tasks: claim, return, fill in, finish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, update

from engine.bus import Command, after_refusal, handles
from engine.commands.attachments import refuse_foreign
from engine.commands.carry_out import WITHDRAW_OFFER
from engine.commands.drafts import SaveDraft, keep
from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.holders import allow_work, name_of, refuse_ended, refuse_taken
from engine.commands.incidents import note_fault
from engine.commands.locked import LockedCase, TaskFacts, lock_task, look_at_task
from engine.commands.openings import offer
from engine.commands.steps import advance
from engine.commands.subjects import RECORDERS, Work
from engine.errors import Conflict, EngineError, Fault, TaskDelegated, TaskPersonal
from engine.events import TaskClaimed, TaskDone, TaskDoneFor, TaskReleased
from engine.model.base import ROOM
from engine.model.tasks import DONE, OPEN, Draft, Submission, Task
from engine.prepared import Prepared
from engine.process.orders import Complete
from engine.unit import Stale, Unit

__all__ = [
    "ClaimTask",
    "CompleteTask",
    "MoveDeadline",
    "ReassignTask",
    "ReleaseTask",
    "SaveDraft",
]

TAKE: Final = Prepared(
    update(Task)
    .where(Task.id == bindparam("task_id"), Task.state == OPEN, Task.assignee_id.is_(None))
    .values(assignee_id=bindparam("person_id"), claimed_at=bindparam("now"))
)

GIVE_BACK: Final = Prepared(
    update(Task)
    .where(
        Task.id == bindparam("task_id"),
        Task.state == OPEN,
        Task.assignee_id == bindparam("person_id"),
        Task.owner_id.is_(None),
    )
    .values(assignee_id=None, claimed_at=None)
    .returning(Task.due_at)
)

FINISH: Final = Prepared(
    update(Task)
    .where(
        Task.id == bindparam("task_id"),
        Task.state == OPEN,
        Task.assignee_id.is_not_distinct_from(bindparam("holder_id")),
    )
    .values(
        state=DONE,
        assignee_id=bindparam("person_id"),
        claimed_at=bindparam("since"),
        done_by=bindparam("done_by"),
        ended_at=bindparam("now"),
        remind_at=None,
    )
)
"""The guard names the holder that was read: a claim in between makes it miss."""

DROP_DRAFTS: Final = Prepared(delete(Draft).where(Draft.task_id == bindparam("task_id")))


# claim and return -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimTask(Command[int]):
    """Take a task that is offered to one's role; returns its case. Harmless for the holder."""

    task_id: int


@handles(ClaimTask)
def claim_task(unit: Unit, command: ClaimTask) -> int:
    """
    Let the first one win, by one guarded UPDATE.

    Raises:
        TaskTaken: Somebody else holds it; says who and since when.
        NotOpen: It is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    me = unit.actor.person_id
    if task.state == OPEN and task.assignee_id == me:
        return case.id
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    values = {"task_id": task.id, "person_id": me, "now": unit.now}
    if task.assignee_id is not None:
        refuse_taken(unit, case, task)
    unit.defer(TAKE, values, guarded=True)
    unit.defer(WITHDRAW_OFFER, {"task_id": task.id})
    unit.record(TaskClaimed(case_id=case.id, task_id=task.id, element=task.element))
    return case.id


@dataclass(frozen=True, slots=True)
class ReleaseTask(Command[int]):
    """Give a claimed task back to all it is offered to; returns its case."""

    task_id: int


@handles(ReleaseTask)
def release_task(unit: Unit, command: ReleaseTask) -> int:
    """
    Offer the task again; what its holder has typed stays his draft.

    Raises:
        TaskDelegated: A colleague has delegated it: it goes back to him.
        TaskPersonal: It was given to this person by name.
        TaskTaken: Somebody else holds it.
        NotOpen: It is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if task.assignee_id is None:
        return case.id
    if task.assignee_id != unit.actor.person_id:
        refuse_taken(unit, case, task)
    if task.owner_id is not None:
        raise TaskDelegated(who=name_of(unit, task.owner_id))
    if task.personal:
        raise TaskPersonal
    rows = unit.run(GIVE_BACK, {"task_id": task.id, "person_id": unit.actor.person_id})
    if not rows:
        raise Stale
    offer(unit, task.id, task.organisation_id, task.role, rows[0].due_at)
    unit.record(TaskReleased(case_id=case.id, task_id=task.id, element=task.element))
    return case.id


# finish -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompleteTask(Command[int]):
    """
    Finish a task with the fields of its form; returns its case.

    Who holds it finishes it; whom it is offered to claims and finishes it at once. Finishing
    again what one has finished oneself is harmless: a double click, or a lost answer.
    """

    task_id: int
    fields: Mapping[str, Any]


@handles(CompleteTask)
def complete_task(unit: Unit, command: CompleteTask) -> int:
    """
    Check the fields, write them and what they mean to their subject, and let the case go on.

    Raises:
        FormInvalid: Fields are missing or wrong.
        TaskTaken: Somebody else holds it.
        TaskDoneByOther: Somebody else was first.
        NotOpen: The process has taken it away.
        CaseNotRunning: The case is suspended.
        Fault: The case cannot go on as it is drawn.
    """
    case, task = lock_task(unit, command.task_id)
    allow_work(unit, case, task)
    me = unit.actor.person_id
    if task.state == DONE and task.done_by == me:
        return case.id
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if task.assignee_id not in (None, me):
        refuse_taken(unit, case, task)
    values = _submit(unit, case, task, command.fields)
    _finish(unit, task)
    unit.record(TaskDone(case_id=case.id, task_id=task.id, element=task.element))
    if task.owner_id is not None:
        unit.record(
            TaskDoneFor(
                case_id=case.id, task_id=task.id, element=task.element, person_id=task.owner_id
            )
        )
    advance(unit, case, Complete(task.token, values))
    return case.id


def _submit(
    unit: Unit, case: LockedCase, task: TaskFacts, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the checked fields and the subject's own rows; return what the process routes by."""
    form = case.process.forms.get(task.form)
    fields = form.load(given) if form else {}
    if form:
        refuse_foreign(unit, task.id, form, fields)
    row = {
        "task_id": task.id,
        "case_id": case.id,
        "element": task.element,
        "person_id": unit.actor.person_id,
        "at": unit.now,
        "fields": fields,
    }
    unit.add(Submission, row)
    if form is None:
        return {}
    values = form.routing(fields)
    if form.subject:
        node = case.process.definition.nodes[task.element]
        names = case.state.names(task.token)
        work = Work(case, task, node, fields, names, case.settings)
        values |= RECORDERS[form.subject](unit, work)
    return values


def _finish(unit: Unit, task: TaskFacts) -> None:
    """Close the task, withdraw its offer, drop its drafts."""
    values = {
        "task_id": task.id,
        "holder_id": task.assignee_id,
        "person_id": unit.actor.person_id,
        "done_by": unit.actor.person_id,
        "since": task.claimed_at or unit.now,
        "now": unit.now,
    }
    unit.defer(FINISH, values, guarded=True)
    if task.assignee_id is None:
        unit.defer(WITHDRAW_OFFER, {"task_id": task.id})
    # One that is being saved at this moment is seen by no earlier statement.
    unit.defer(DROP_DRAFTS, {"task_id": task.id})


@after_refusal(CompleteTask)
def keep_what_was_typed(unit: Unit, command: CompleteTask, refusal: EngineError) -> None:
    """Keep the fields as a draft when the case, not the person, was the reason; note a fault."""
    if not isinstance(refusal, Conflict):
        return
    keep(unit, SaveDraft(command.task_id, command.fields))
    if isinstance(refusal, Fault):
        note_fault(unit, command.task_id // ROOM, refusal)
