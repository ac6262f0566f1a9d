"""What the engine keeps beside the states: journal, timers, jobs, messages, mail, incidents."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, one_of


class JournalEntry(Base):
    """One thing that happened, written in the transaction that did it; never changed."""

    __tablename__ = "journal"
    __table_args__ = (Index(None, "case_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Timer(Base):
    """
    A timer wait of a running case; its id is `key_of` case and wait.

    ``due_at`` is the moment of the wait, or a later one when firing it was put off.
    """

    __tablename__ = "timer"
    __table_args__ = (Index(None, "due_at", "id"), Index(None, "case_id"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class Job(Base):
    """A service that a case calls; its id is `key_of` case and token."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(None, "due_at", "id"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    service: Mapped[str]
    inputs: Mapped[dict[str, Any]] = mapped_column(Json)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")


class Subscription(Base):
    """A message or signal wait of a running case; ``keys`` is the JSON of its key values."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint(one_of("kind", ["message", "signal"]), name="kind"),
        Index(None, "kind", "name", "keys"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    name: Mapped[str]
    keys: Mapped[str]


class StartSubscription(Base):
    """A timer, message or signal that starts cases of the newest version of a process."""

    __tablename__ = "start_subscription"
    __table_args__ = (
        CheckConstraint(one_of("kind", ["timer", "message", "signal"]), name="kind"),
        CheckConstraint("(kind = 'timer') = (due_at IS NOT NULL)", name="due_at"),
        Index(None, "kind", "name"),
        Index(None, "due_at"),
    )

    definition_key: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]


class Incident(Base):
    """Something a coordinator has to look at; ``state_before`` lets him put the case back."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint("(resolved_at IS NULL) = (resolution = '')", name="resolved"),
        Index(None, "case_id"),
        Index(
            "ix_incident_unresolved",
            "at",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    element: Mapped[str] = mapped_column(default="")
    sentence: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    state_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolution: Mapped[str] = mapped_column(default="")


class Notice(Base):
    """
    One line for one person: in the notice list at once, in the next digest unless mailed.

    ``dedup_key`` makes each unique: task, rung and person, for example ``12000005:3:41``. One
    that gathers many tasks names them in ``tasks``.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        CheckConstraint("sentence <> ''", name="sentence"),
        Index(None, "person_id", "id"),
        Index(
            "ix_notice_unread",
            "person_id",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notice_undigested",
            "person_id",
            sqlite_where=text("digested_at IS NULL"),
            postgresql_where=text("digested_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    tasks: Mapped[list[int] | None] = mapped_column(Json)
    sentence: Mapped[str]
    dedup_key: Mapped[str]
    read_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]


class DigestRound(Base):
    """
    The next morning round of digests in one time zone, and how far a round has come.

    ``told_until`` is the moment up to which the last complete round has told; ``begun_at`` is
    that of the one under way, and ``done_person_id`` the last person it has looked at.
    """

    __tablename__ = "digest_round"
    __table_args__ = (
        CheckConstraint("begun_at IS NOT NULL OR done_person_id = 0", name="under_way"),
        Index(None, "due_at"),
    )

    zone: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    told_until: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done_person_id: Mapped[int] = mapped_column(default=0)


_UNSENT = text("sent_at IS NULL AND given_up_at IS NULL")


class Outgoing(Base):
    """
    The outbox: letters to people, and messages and signals to other cases.

    Written in the transaction that caused it, sent afterwards under a lease. A letter goes to
    the address that its person has then; its Message-ID is made of its ``dedup_key``, so a
    repeat after a crash can be recognised. What cannot be sent after all attempts is given up,
    and an incident says so.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        CheckConstraint(one_of("kind", ["mail", "message", "signal"]), name="kind"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(kind = 'mail') = (person_id IS NOT NULL)", name="person"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="given_up"),
        Index(
            "ix_outbox_unsent",
            "kind",
            "not_before",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
        Index(
            "ix_outbox_person",
            "person_id",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    dedup_key: Mapped[str]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
