"""What has been written about a case and its tasks, and whom one can call there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from engine.model.cases import Case
from engine.model.comments import Comment, Mention, circle
from engine.model.people import Organisation, Person
from engine.model.tasks import Task
from engine.queries.tasks import TaskPageRow
from engine.rules.access import ROLE_NAMES, Actor, Path, Right, Role, may, path_of
from engine.rules.comments import Thread, may_read, thread_of
from engine.unit import Reader

MOST: Final = 100
"""Comments on one page, the newest."""


@dataclass(frozen=True, slots=True)
class CommentRow:
    """
    A comment; ``task_id`` and ``task`` (its title) where it is about one.

    ``called`` are the names of those whom it calls, by their ids; ``to_me``: the reader is one.
    """

    id: int
    at: datetime
    who: str
    person_id: int
    mine: bool
    to_me: bool
    text: str
    task_id: int | None
    task: str
    called: Mapping[int, str] = field(default_factory=dict)


_FOUND = (
    select(
        Comment.id,
        Comment.at,
        Comment.text,
        Comment.task_id,
        Comment.person_id,
        Person.name,
        Case.definition_id,
        Organisation.path,
        Task.title,
        Task.item,
        Task.form,
        Task.role,
        Task.personal,
        Task.organisation_id,
        Task.assignee_id,
        Task.owner_id,
        Task.done_by,
        Task.claimed_at,
    )
    .join(Person, Person.id == Comment.person_id)
    .join(Case, Case.id == Comment.case_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(Task, Task.id == Comment.task_id)
)


def comments(
    reader: Reader, actor: Actor, case_id: int, task_id: int | None = None
) -> list[CommentRow]:
    """
    Return the last comments of a case and its tasks that the actor may read, oldest first.

    Args:
        reader: Of the page.
        actor: Who asks; what he may not read is left out.
        case_id: The case.
        task_id: Only what is about this task.
    """
    found = _FOUND.where(Comment.case_id == case_id)
    if task_id is not None:
        found = found.where(Comment.task_id == task_id)
    rows = reader.rows(found.order_by(Comment.id.desc()).limit(MOST))
    open_to = [row for row in reversed(rows) if _reads(reader, actor, case_id, row)]
    called = _called(reader, [row.id for row in open_to])
    return [
        CommentRow(
            id=row.id,
            at=row.at,
            who=row.name,
            person_id=row.person_id,
            mine=row.person_id == actor.person_id,
            to_me=actor.person_id in called[row.id],
            text=row.text,
            task_id=row.task_id,
            task=" — ".join(part for part in (row.title, row.item) if part),
            called=called[row.id],
        )
        for row in open_to
    ]


def _reads(reader: Reader, actor: Actor, case_id: int, row: Any) -> bool:
    """
    Tell whether the actor may read a comment.

    Of what was said to the expert before him, who takes over a closed thread reads nothing.
    """
    thread = _thread_of(reader, case_id, row)
    if not may_read(actor, thread):
        return False
    steers = may(actor, Right.STEER, thread.path)
    if not thread.closed or steers or row.person_id == actor.person_id:
        return True
    return row.claimed_at is None or bool(row.at >= row.claimed_at)


def _thread_of(reader: Reader, case_id: int, row: Any) -> Thread:
    path = path_of(row.path)
    if row.task_id is None:
        return Thread(case_id, path)
    form = reader.versions.get(row.definition_id).forms.get(row.form.removesuffix(".json"))
    hands = (row.assignee_id, row.owner_id, row.done_by)
    return thread_of(case_id, path, row, hands, form.subject if form else "")


def _called(reader: Reader, comment_ids: Sequence[int]) -> Mapping[int, Mapping[int, str]]:
    """Return whom each comment calls."""
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    if comment_ids:
        calling = (
            select(Mention.comment_id, Mention.person_id, Person.name)
            .join(Person, Person.id == Mention.person_id)
            .where(Mention.comment_id.in_(comment_ids))
        )
        for row in reader.rows(calling):
            found[row.comment_id][row.person_id] = row.name
    return found


# whom to call -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallRow:
    """Somebody who reads a thread and can be called there. ``steers``: a coordinator."""

    id: int
    name: str
    about: str
    steers: bool


def thread_of_task(page: TaskPageRow) -> Thread:
    """Return what is talked about on the page of a task."""
    subject = page.form.subject if page.form else ""
    return thread_of(page.case_id, page.path, page, page.hands, subject)


def thread_of_case(case_id: int, path: Path) -> Thread:
    """Return what is talked about on the page of a case."""
    return Thread(case_id, path)


def callable_in(reader: Reader, actor: Actor, thread: Thread) -> list[CallRow]:
    """Return whom the actor can call in a thread that he reads, in Russian order, not himself."""
    if not may_read(actor, thread):
        return []
    people: dict[int, tuple[str, list[Role]]] = {}
    for row in reader.rows(circle(thread)):
        roles = people.setdefault(row.id, (row.name, []))[1]
        if row.role and Role(row.role) not in roles:
            roles.append(Role(row.role))
    return [
        CallRow(key, name, ", ".join(ROLE_NAMES[role] for role in roles), Role.COORDINATOR in roles)
        for key, (name, roles) in people.items()
        if key != actor.person_id
    ]
