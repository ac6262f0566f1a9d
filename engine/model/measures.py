"""Measures («меры») after a conclusion or for the school's own goals, and their control."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of
from engine.model.reviews import VERDICTS_OF_EFFECT

DONE = ("yes", "partly", "no")


class Measure(Base):
    """
    One measure of a plan, with its completion mark.

    ``round`` is 0 in the first plan and n after the n-th adjustment; ``own`` belongs to the
    school's own plan and to no panel. What was not wholly done says why.
    """

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("round >= 0", name="round"),
        CheckConstraint(one_of("done", ["", *DONE]), name="done"),
        CheckConstraint("(done = '') = (reported_at IS NULL)", name="reported"),
        CheckConstraint("done IN ('', 'yes') OR comment <> ''", name="comment"),
        Index(None, "case_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    round: Mapped[int]
    own: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str]
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    indicator: Mapped[str] = mapped_column(default="")
    target: Mapped[float | None]
    recommendation: Mapped[str] = mapped_column(default="")
    done: Mapped[str] = mapped_column(default="")
    value: Mapped[float | None]
    comment: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None]


class ControlScore(Base):
    """What one expert finds about one goal in a round of the control stage."""

    __tablename__ = "control_score"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "goal_id", "person_id"),
        CheckConstraint("score BETWEEN 0 AND 4", name="score"),
        CheckConstraint("round >= 0", name="round"),
        CheckConstraint(one_of("effective", VERDICTS_OF_EFFECT), name="effective"),
        CheckConstraint("why <> ''", name="why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    round: Mapped[int]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    before: Mapped[float | None]
    after: Mapped[float | None]
    score: Mapped[int]
    effective: Mapped[str]
    why: Mapped[str]
