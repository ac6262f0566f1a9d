"""What people say to each other about a case or a task, at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from engine.bus import Command, handles
from engine.commands.locked import TaskFacts, look_at_task
from engine.errors import CommentEmpty, CommentLong, CommentsTooOften, NotFound
from engine.events import CaseCommented, TaskCommented
from engine.model.cases import Case
from engine.model.comments import Comment, Mention, circle
from engine.model.people import Organisation, Person
from engine.rules.access import path_of
from engine.rules.comments import LONGEST, MOST, WITHIN, Thread, calls, kept, may_read, thread_of
from engine.unit import Unit

AGAIN = timedelta(minutes=1)
"""The same words once more within this time are a double click."""


@dataclass(frozen=True, slots=True)
class AddComment(Command[int]):
    """
    Write about a case, or about one of its tasks; returns the comment.

    Args:
        case_id: The case.
        task_id: One of its tasks, None for the case as a whole.
        text: Plain text; «@Фамилия» calls somebody who reads it anyway.
        to: Whom it calls besides; who may not read it is not told.
    """

    case_id: int
    task_id: int | None
    text: str
    to: tuple[int, ...] = ()


@handles(AddComment)
def add_comment(unit: Unit, command: AddComment) -> int:
    """
    Keep the comment and tell whom it calls, and who holds the task.

    Raises:
        CommentEmpty: There is no text.
        CommentLong: It is longer than `LONGEST`.
        CommentsTooOften: One person has written very much within a few minutes.
    """
    talk = _talk(unit, command.case_id, command.task_id)
    thread = talk.thread
    me = unit.actor.person_id
    unit.allow_if(bool(me) and may_read(unit.actor, thread), thread.path, thread.case_id)
    text = kept(command.text)
    if not text:
        raise CommentEmpty
    if len(text) > LONGEST:
        raise CommentLong(most=LONGEST)
    if (same := _written(unit, command, text)) is not None:
        return same
    row = {
        "case_id": thread.case_id,
        "task_id": command.task_id,
        "person_id": me,
        "at": unit.now,
        "text": text,
    }
    comment = unit.insert(Comment, row)
    called = _called(unit, thread, text, command.to)
    for person_id in called:
        unit.add(Mention, {"comment_id": comment, "person_id": person_id})
    event = TaskCommented if talk.task else CaseCommented
    unit.record(
        event(
            case_id=thread.case_id,
            task_id=talk.task.id if talk.task else 0,
            element=talk.task.element if talk.task else "",
            comment_id=comment,
            called=called,
            text=text,
            holder_id=talk.task.assignee_id if talk.task else None,
        )
    )
    return comment


@dataclass(frozen=True, slots=True)
class _Talk:
    """A thread, with its task where it is about one."""

    thread: Thread
    task: TaskFacts | None = None


def _talk(unit: Unit, case_id: int, task_id: int | None) -> _Talk:
    """Return what is talked about."""
    if task_id is None:
        place = select(Organisation.path).join(Case, Case.organisation_id == Organisation.id)
        path = unit.one(place.where(Case.id == case_id)).path
        return _Talk(Thread(case_id, path_of(path)))
    case, task = look_at_task(unit, task_id)
    if case.id != case_id:
        raise NotFound
    form = unit.versions.get(case.definition_id).forms.get(task.form.removesuffix(".json"))
    hands = (task.assignee_id, task.owner_id, task.done_by)
    return _Talk(thread_of(case.id, case.path, task, hands, form.subject if form else ""), task)


def _written(unit: Unit, command: AddComment, text: str) -> int | None:
    """Return the same comment written just now; refuse who writes too much."""
    # Held, so that of two presses at one moment the second finds the comment of the first.
    me = select(Person.id).where(Person.id == unit.actor.person_id)
    unit.one(me.with_for_update(key_share=True))
    since = unit.now - timedelta(minutes=WITHIN)
    mine = select(Comment.id, Comment.task_id, Comment.text, Comment.at).where(
        Comment.case_id == command.case_id,
        Comment.person_id == unit.actor.person_id,
        Comment.at > since,
    )
    rows = unit.rows(mine.order_by(Comment.id.desc()).limit(MOST))
    same = bool(rows) and (rows[0].task_id, rows[0].text) == (command.task_id, text)
    if same and unit.now - rows[0].at < AGAIN:
        return int(rows[0].id)
    if len(rows) >= MOST:
        raise CommentsTooOften(seconds=int((rows[-1].at - since).total_seconds()) + 1)
    return None


def _called(unit: Unit, thread: Thread, text: str, to: Sequence[int]) -> tuple[int, ...]:
    """Return whom a comment calls, of those who read the thread."""
    if "@" not in text and not to:
        return ()
    people = {row.id: row.name for row in unit.rows(circle(thread))}
    named = {person for _, _, meant in calls(text, people) for person in meant}
    return tuple(sorted((named | (set(to) & people.keys())) - {unit.actor.person_id}))
