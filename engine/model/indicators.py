"""What is measured: data sets of a case, their values, achievements, and the comparison."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.rules.comparing import MEASURES

DATA_STATES = ("present", "waived", "missing")
LEVELS = ("school", "district", "city", "region", "country")
RESULTS = ("winner", "prize", "participant")


class Dataset(Base):
    """
    What one source gave in one round: values, or why there are none.

    Round 0 is the first measurement, round n the one after the n-th round of measures. A source
    that was asked again has several; the newest counts.
    """

    __tablename__ = "dataset"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint("round >= 0", name="round"),
        CheckConstraint(one_of("state", DATA_STATES), name="state"),
        CheckConstraint("(state = 'present') OR why <> '' OR state = 'missing'", name="why"),
        Index(None, "case_id", "round", "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("task.id"))
    round: Mapped[int]
    source: Mapped[str]
    period: Mapped[str]
    state: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class IndicatorValue(Base):
    """One measured value: what, in which subject and grade, of how many students."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("dataset_id", "subject", "grade", "measure"),
        CheckConstraint(one_of("measure", MEASURES), name="measure"),
        CheckConstraint("students IS NULL OR students > 0", name="students"),
        Index(None, "source", "subject", "grade", "measure"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id"))
    source: Mapped[str]
    subject: Mapped[str]
    grade: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    value: Mapped[float]
    students: Mapped[int | None]


class Achievement(Base):
    """A personal achievement of students, without their names: olympiads, contests."""

    __tablename__ = "achievement"
    __table_args__ = (
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("result", RESULTS), name="result"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    class_name: Mapped[str]
    student_group: Mapped[str]
    event: Mapped[str]
    level: Mapped[str]
    result: Mapped[str]
    achieved_on: Mapped[date]


class Comparison(Base):
    """
    One line of the comparison: the value beside last year's and beside other schools'.

    ``percentile`` is the share of peers that are not better; ``caution`` warns that so few
    students say little. What cannot be compared is empty, never zero.
    """

    __tablename__ = "comparison"
    __table_args__ = (
        UniqueConstraint("case_id", "source", "subject", "grade", "measure"),
        CheckConstraint("peers >= 0", name="peers"),
        CheckConstraint("percentile BETWEEN 0 AND 100", name="percentile"),
        CheckConstraint("(peers = 0) = (peer_mean IS NULL)", name="peer_mean"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    source: Mapped[str]
    subject: Mapped[str]
    grade: Mapped[str]
    measure: Mapped[str]
    value: Mapped[float]
    students: Mapped[int | None]
    last_year: Mapped[float | None]
    change: Mapped[float | None]
    peers: Mapped[int]
    peer_mean: Mapped[float | None]
    peer_median: Mapped[float | None]
    percentile: Mapped[float | None]
    verdict: Mapped[str]
    caution: Mapped[bool]


def newest_datasets(case_id: int, round_: int) -> Select[*tuple[Any, ...]]:
    """Return the data set of each source that counts in a round."""
    newest = (
        select(func.max(Dataset.id))
        .where(Dataset.case_id == case_id, Dataset.round == round_)
        .group_by(Dataset.source)
    )
    return select(Dataset).where(Dataset.id.in_(newest)).order_by(Dataset.id)


def values_of(case_id: int, round_: int) -> Select[*tuple[Any, ...]]:
    """Return the values of a round, in the order in which they were given."""
    counting = newest_datasets(case_id, round_).with_only_columns(Dataset.id).order_by(None)
    return (
        select(IndicatorValue)
        .where(IndicatorValue.dataset_id.in_(counting))
        .order_by(IndicatorValue.id)
    )


def values_of_year(definition_key: str, school_year: int, root: int) -> Select[*tuple[Any, ...]]:
    """
    Return the first measurements of a school year in all schools of a municipality.

    Args:
        definition_key: Of the process.
        school_year: The year in which it began.
        root: The id of the municipality.

    Returns:
        Rows with ``organisation_id`` beside the columns of a value; later ones count more.
    """
    return (
        select(
            Case.organisation_id,
            IndicatorValue.source,
            IndicatorValue.subject,
            IndicatorValue.grade,
            IndicatorValue.measure,
            IndicatorValue.value,
            IndicatorValue.students,
        )
        .join(Dataset, Dataset.id == IndicatorValue.dataset_id)
        .join(Case, Case.id == Dataset.case_id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(
            Dataset.round == 0,
            Dataset.task_id.is_not(None),
            Cycle.definition_key == definition_key,
            Cycle.school_year == school_year,
            Organisation.path.startswith(f"{root}/", autoescape=True),
        )
        .order_by(IndicatorValue.id)
    )
