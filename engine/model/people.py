"""Organisations, people, what they may do where, and their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Sorted, one_of
from engine.rules.access import Role

ORGANISATION_KINDS = ("municipality", "office", "school")


class Organisation(Base):
    """
    A municipality, its education office or a school.

    ``path`` holds the ids from the root down to itself, ``1/4/17/``: an organisation is below
    another when its path begins with the other's. ``zone`` is an IANA time zone.
    ``sort_key`` orders names as Russians do (ё as е, case folded), the same on every database.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("kind", ORGANISATION_KINDS), name="kind"),
        CheckConstraint("name <> ''", name="named"),
        UniqueConstraint("path"),
        UniqueConstraint("parent_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    zone: Mapped[str]
    path: Mapped[str]
    sort_key: Mapped[str] = mapped_column(Sorted)


class Person(Base):
    """Somebody who signs in. ``email`` is lower case and unique; no password: invited."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email"),
        UniqueConstraint("email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    sort_key: Mapped[str] = mapped_column(Sorted)


class Membership(Base):
    """A person holds a role in an organisation; the role reaches what lies below it."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("role", list(Role)), name="role"),
        Index(None, "organisation_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class FormerMembership(Base):
    """A role that was taken away: who once worked where, for conflicts of interest."""

    __tablename__ = "former_membership"
    __table_args__ = (
        CheckConstraint(one_of("role", list(Role)), name="role"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    ended_at: Mapped[datetime]


class WebSession(Base):
    """A signed-in browser; only the hash of its secret is kept."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires"),
        Index(None, "person_id"),
    )

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    csrf: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")


class LoginAttempt(Base):
    """One attempt to sign in, for throttling by account and by address."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "account_hash", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    ok: Mapped[bool]


class Installation(Base):
    """Facts about this database itself, such as that it was created as a demo."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


IS_DEMO = select(Installation.value).where(Installation.name == "demo")
"""One row only in a database that was created as a demo, with invented people."""


def posts_of(person_id: int) -> Select[*tuple[Any, ...]]:
    """Return the roles a person holds and has held: role, place, path, and until when."""
    here = select(
        Membership.role,
        Membership.organisation_id,
        null().label("ended_at"),
    ).where(Membership.person_id == person_id)
    before = select(
        FormerMembership.role, FormerMembership.organisation_id, FormerMembership.ended_at
    ).where(FormerMembership.person_id == person_id)
    posts = union_all(before, here).subquery()
    return (
        select(
            posts.c.role,
            Organisation.short_name,
            Organisation.path,
            posts.c.ended_at,
        )
        .join(Organisation, Organisation.id == posts.c.organisation_id)
        .order_by(Organisation.path, posts.c.role)
    )
