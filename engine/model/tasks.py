"""Open and finished work of people: the index of the states' open tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, one_of
from engine.rules.access import Role

OPEN, DONE, CLOSED = 0, 1, 2
"""States of a task; closed: taken away by the process, not done by anybody."""

LOW, NORMAL, HIGH = -1, 0, 1
"""Priorities of a task."""


class Task(Base):
    """
    One piece of work for a person; its id is `key_of` case and token.

    ``organisation_id`` and ``role`` say whose it is, also when ``assignee_id`` holds it.
    ``personal``: it was given to this person by name, so it cannot be returned to a group.
    ``item`` tells instances of a panel apart (the expert, the source, the measure).
    ``owner_id`` has delegated it to ``assignee_id`` and gets it back.
    ``remind_at`` is the moment of the next ``rung`` of the reminder policy ``remind``.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("state IN (0, 1, 2)", name="state"),
        CheckConstraint("(state = 0) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 1 OR done_by IS NOT NULL", name="done_by"),
        CheckConstraint("state = 0 OR remind_at IS NULL", name="remind_at"),
        CheckConstraint("NOT personal OR assignee_id IS NOT NULL", name="personal"),
        CheckConstraint(one_of("role", ["", *Role]), name="role"),
        CheckConstraint("priority IN (-1, 0, 1)", name="priority"),
        CheckConstraint(
            "owner_id IS NULL OR (assignee_id IS NOT NULL AND assignee_id <> owner_id)",
            name="owner",
        ),
        Index(None, "case_id"),
        Index(
            "ix_task_open",
            "case_id",
            "due_at",
            sqlite_where=text("state = 0"),
            postgresql_where=text("state = 0"),
        ),
        Index(
            "ix_task_delegated",
            "owner_id",
            sqlite_where=text("state = 0 AND owner_id IS NOT NULL"),
            postgresql_where=text("state = 0 AND owner_id IS NOT NULL"),
        ),
        Index(
            "ix_task_mine",
            "assignee_id",
            "due_at",
            "id",
            sqlite_where=text("state = 0 AND assignee_id IS NOT NULL"),
            postgresql_where=text("state = 0 AND assignee_id IS NOT NULL"),
        ),
        Index(
            "ix_task_finished",
            "done_by",
            "ended_at",
            "id",
            sqlite_where=text("state = 1"),
            postgresql_where=text("state = 1"),
        ),
        Index(
            "ix_task_remind",
            "remind_at",
            "id",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    element: Mapped[str]
    title: Mapped[str]
    item: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    form: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    personal: Mapped[bool] = mapped_column(default=False)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    priority: Mapped[int] = mapped_column(default=NORMAL)
    state: Mapped[int] = mapped_column(default=OPEN)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    remind: Mapped[str] = mapped_column(default="")
    rung: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime | None]


class TaskCandidate(Base):
    """
    Whom an open, unclaimed task is offered to: a role in an organisation.

    Rows exist only while the task is open and nobody holds it. ``due_at`` is the task's, so
    that a page of a worklist is one short range scan per group.
    """

    __tablename__ = "task_candidate"
    __table_args__ = (Index(None, "task_id"), {"sqlite_with_rowid": False})

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)


class Submission(Base):
    """What a person sent in to finish a task, field by field, as the form was filled."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "case_id"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    element: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    fields: Mapped[dict[str, Any]] = mapped_column(Json)


class Draft(Base):
    """
    What the holder of a task has typed so far; never validated.

    ``version`` counts the savings, so that a second tab does not write over the first; ``tab``
    names the one that saved last and says how often something was typed there (`k3j9.17`), empty
    when the page runs no script.
    """

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    tab: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]
    fields: Mapped[dict[str, Any]] = mapped_column(Json)


class DeadlineChange(Base):
    """A moved deadline: the date before, the date after, who and why; the first is never lost."""

    __tablename__ = "deadline_change"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("due_before <> due_after", name="moved"),
        Index(None, "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]
    reason: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ExtensionRequest(Base):
    """
    A holder asks for a later deadline; a coordinator grants or declines it, once.

    ``answer`` is what he says to it; a task has one open request at most.
    """

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided",
        ),
        Index(None, "task_id"),
        Index(
            "ix_extension_request_open",
            "task_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wanted_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]
    granted: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class Snooze(Base):
    """A person has put a task of his aside until a moment; nobody else sees a difference."""

    __tablename__ = "snooze"
    __table_args__ = (Index(None, "task_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    until: Mapped[datetime]
