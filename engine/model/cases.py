"""Cycles and their cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, one_of

CASE_STATUSES = ("running", "suspended", "completed", "failed", "cancelled")


class Cycle(Base):
    """
    A process run in one school year for the schools of one organisation.

    ``settings`` overrides the values that the diagram declares (thresholds, terms, limits).
    ``school_year`` is the year in which it begins: 2026 for 2026/27.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("organisation_id", "definition_key", "school_year"),
        CheckConstraint("school_year BETWEEN 2000 AND 2100", name="school_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    definition_key: Mapped[str]
    school_year: Mapped[int]
    name: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime]


class Case(Base):
    """
    One school's run of a cycle, pinned to a version of the process.

    The table is called ``cases`` because CASE is a word of SQL. ``state`` is the stored form
    of `engine.process.state`; ``version`` guards it. ``previous_id`` is the case that this one
    repeats.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id", "number"),
        CheckConstraint(one_of("status", CASE_STATUSES), name="status"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("(ended_at IS NULL) = (status IN ('running', 'suspended'))", name="ended"),
        Index(None, "organisation_id", "status"),
        Index(None, "cycle_id", "status", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    number: Mapped[int]
    status: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime]
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
