"""The goals of a case («ряд задач»), how the staff judge their own means, who takes part."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine.model.base import Base, one_of

UNIT_KINDS = ("class", "association")
CLASSIFICATIONS = ("", "own", "help", "experts", "tie")
PRIORITIES = ("high", "middle", "low")
KNOW_HOW = ("yes", "partly", "no")
GROUNDS = ("experts", "transparency", "competitiveness")


class SchoolUnit(Base):
    """A class or a teachers' association (МО) of a school, with who answers for it."""

    __tablename__ = "school_unit"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "name"),
        CheckConstraint(one_of("kind", UNIT_KINDS), name="kind"),
        CheckConstraint("name <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    name: Mapped[str]
    head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Deficit(Base):
    """A weak point that the analysis has found, with its evidence."""

    __tablename__ = "deficit"
    __table_args__ = (Index(None, "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    indicator: Mapped[str]
    finding: Mapped[str]
    evidence: Mapped[str]
    cause: Mapped[str]


class Goal(Base):
    """
    One of the goals («задача») that the school sets itself after the analysis.

    ``revision`` counts how often the list was written; a goal that fell out of it is
    ``dropped`` and keeps its history. ``target`` is a value of ``indicator``.
    """

    __tablename__ = "goal"
    __table_args__ = (
        UniqueConstraint("case_id", "code"),
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint(one_of("classification", CLASSIFICATIONS), name="classification"),
        CheckConstraint(one_of("priority", PRIORITIES), name="priority"),
        CheckConstraint("revision > 0", name="revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    code: Mapped[str]
    title: Mapped[str]
    indicator: Mapped[str] = mapped_column(default="")
    target: Mapped[float | None]
    priority: Mapped[str]
    revision: Mapped[int]
    dropped: Mapped[bool] = mapped_column(default=False)
    classification: Mapped[str] = mapped_column(default="")


class SelfAssessment(Base):
    """What one association says about one goal: can we do it ourselves?"""

    __tablename__ = "self_assessment"
    __table_args__ = (
        UniqueConstraint("goal_id", "revision", "association"),
        CheckConstraint(one_of("know_how", KNOW_HOW), name="know_how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    revision: Mapped[int]
    association: Mapped[str]
    know_how: Mapped[str]
    means: Mapped[str] = mapped_column(default="")
    need_expert_in: Mapped[str] = mapped_column(default="")


class Ground(Base):
    """Why the review is held in this case; decided anew when the goals were reworked."""

    __tablename__ = "ground"
    __table_args__ = (CheckConstraint(one_of("ground", GROUNDS), name="ground"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class YearPlanChange(Base):
    """An amendment to the school's plan of the year."""

    __tablename__ = "year_plan_change"
    __table_args__ = (Index(None, "case_id"), CheckConstraint("new <> ''", name="new"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    item: Mapped[str]
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str]
    changes_on: Mapped[date]


def goals_of(case_id: int) -> Select[*tuple[Any, ...]]:
    """Return the goals that stand in the case's list now, in its order."""
    return select(Goal).where(Goal.case_id == case_id, ~Goal.dropped).order_by(Goal.id)


def reviewed(case_id: int) -> Select[*tuple[Any, ...]]:
    """
    Return the goals that the panel reviews: those that need experts.

    Where none does (the review is held for transparency or competitiveness), all of them.
    """
    other = aliased(Goal)
    needs = select(other.id).where(
        other.case_id == case_id, ~other.dropped, other.classification == "experts"
    )
    return goals_of(case_id).where(or_(Goal.classification == "experts", ~needs.exists()))
