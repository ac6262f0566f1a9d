"""Expert review: the programme, what experts see and conclude, and how it becomes one text."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of
from engine.model.panels import PanelMember

METHODS = ("lesson", "documents", "interview", "survey", "test")
LEVELS_OF_MATCH = ("matches", "partly", "fails")
VERDICTS_OF_EFFECT = ("yes", "partly", "no")
STAGES_OF_CONCLUSION = ("first", "control")
STAGES_OF_DISSENT = ("reconcile", "sign")
SCORED = ("criterion", "goal")


class ProgrammeObject(Base):
    """What an expert goes to see: by which method, for which goal, when."""

    __tablename__ = "programme_object"
    __table_args__ = (
        CheckConstraint(one_of("method", METHODS), name="method"),
        CheckConstraint("title <> ''", name="titled"),
        Index(None, "case_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    method: Mapped[str]
    planned_on: Mapped[date]


class Criterion(Base):
    """What every object is scored by, from 0 to 4; ``optional``: «Н/П» is an answer as well."""

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("case_id", "code"),
        CheckConstraint("weight > 0", name="weight"),
        CheckConstraint("title <> ''", name="titled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    code: Mapped[str]
    title: Mapped[str]
    scale: Mapped[str] = mapped_column(default="")
    weight: Mapped[float]
    optional: Mapped[bool] = mapped_column(default=False)


class Visit(Base):
    """One expert at one object: what was observed."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("task_id"),
        UniqueConstraint("object_id"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    object_id: Mapped[int] = mapped_column(ForeignKey("programme_object.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    visited_on: Mapped[date]
    observations: Mapped[str]


class VisitScore(Base):
    """A score of a visit by one criterion with its evidence; None: it does not apply here."""

    __tablename__ = "visit_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 4", name="score"),
        CheckConstraint("evidence <> ''", name="evidence"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    score: Mapped[int | None]
    evidence: Mapped[str]


class Opinion(Base):
    """An expert's individual opinion, signed by sending it in; one for each expert of a case."""

    __tablename__ = "opinion"
    __table_args__ = (
        UniqueConstraint("task_id"),
        UniqueConstraint("case_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    confidence: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class OpinionScore(Base):
    """What an opinion says about one goal."""

    __tablename__ = "opinion_score"
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 4", name="score"),)

    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    score: Mapped[int]
    findings: Mapped[str]


class Recommendation(Base):
    """A recommendation of an opinion."""

    __tablename__ = "recommendation"
    __table_args__ = (CheckConstraint("text <> ''", name="text"), Index(None, "opinion_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("opinion.id"))
    text: Mapped[str]
    addressee: Mapped[str] = mapped_column(default="")
    term: Mapped[str] = mapped_column(default="")


class MergedScore(Base):
    """
    The scores of all experts for one criterion or goal, brought together.

    ``agreed`` is what the reconciliation settled on; the mean stays beside it.
    """

    __tablename__ = "merged_score"
    __table_args__ = (
        UniqueConstraint("case_id", "scored", "scored_id"),
        CheckConstraint(one_of("scored", SCORED), name="scored"),
        CheckConstraint("lowest BETWEEN 0 AND highest AND highest <= 4", name="range"),
        CheckConstraint("mean BETWEEN lowest AND highest", name="mean"),
        CheckConstraint("agreed BETWEEN 0 AND 4", name="agreed"),
        CheckConstraint("agreed IS NULL OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    scored: Mapped[str]
    scored_id: Mapped[int]
    label: Mapped[str]
    experts: Mapped[int]
    mean: Mapped[float]
    lowest: Mapped[float]
    highest: Mapped[float]
    diverges: Mapped[bool]
    agreed: Mapped[float | None]
    reason: Mapped[str] = mapped_column(default="")


class Dissent(Base):
    """A dissenting opinion («особое мнение»): never averaged away, never deleted."""

    __tablename__ = "dissent"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint(one_of("stage", STAGES_OF_DISSENT), name="stage"),
        CheckConstraint("text <> ''", name="text"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class Conclusion(Base):
    """The conclusion of the panel: of the first stage, or of a round of the control stage."""

    __tablename__ = "conclusion"
    __table_args__ = (
        UniqueConstraint("case_id", "stage", "round"),
        CheckConstraint(one_of("stage", STAGES_OF_CONCLUSION), name="stage"),
        CheckConstraint("round >= 0", name="round"),
        CheckConstraint("summary <> ''", name="summary"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    stage: Mapped[str]
    round: Mapped[int]
    summary: Mapped[str]
    at: Mapped[datetime]


class ConclusionItem(Base):
    """What a conclusion says about one goal: a level of match, or whether measures worked."""

    __tablename__ = "conclusion_item"
    __table_args__ = (
        CheckConstraint(
            one_of("level", dict.fromkeys(LEVELS_OF_MATCH + VERDICTS_OF_EFFECT)), name="level"
        ),
    )

    conclusion_id: Mapped[int] = mapped_column(ForeignKey("conclusion.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    text: Mapped[str]
    level: Mapped[str]
    recommendations: Mapped[str] = mapped_column(default="")


class Signature(Base):
    """An expert's signature under a conclusion; who does not agree signs with a dissent."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("task_id"),)

    conclusion_id: Mapped[int] = mapped_column(ForeignKey("conclusion.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    agrees: Mapped[bool]
    at: Mapped[datetime]


class Objection(Base):
    """An objection of the school to the conclusion, with the lead's answer."""

    __tablename__ = "objection"
    __table_args__ = (CheckConstraint("text <> ''", name="text"), Index(None, "case_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    point: Mapped[str]
    text: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


def counting_opinions(case_id: int) -> Select[*tuple[Any, ...]]:
    """Return the opinions that count: those of recused experts do not."""
    recused = select(PanelMember.person_id).where(
        PanelMember.case_id == case_id, PanelMember.state == "recused"
    )
    mine = Opinion.case_id == case_id, Opinion.person_id.not_in(recused)
    return select(Opinion).where(*mine).order_by(Opinion.id)


def given_scores(case_id: int) -> Select[*tuple[Any, ...]]:
    """
    Return every score of the experts whose opinions count: what is scored, by whom, how.

    What an expert found not applicable is no score.
    """
    counting = counting_opinions(case_id).order_by(None)
    with_opinion = counting.with_only_columns(Opinion.person_id)
    visits = (
        select(
            literal("criterion").label("scored"),
            VisitScore.criterion_id.label("scored_id"),
            Visit.person_id,
            VisitScore.score,
        )
        .join(Visit, Visit.id == VisitScore.visit_id)
        .where(Visit.case_id == case_id, Visit.person_id.in_(with_opinion))
        .where(VisitScore.score.is_not(None))
    )
    goals = (
        select(literal("goal"), OpinionScore.goal_id, Opinion.person_id, OpinionScore.score)
        .join(Opinion, Opinion.id == OpinionScore.opinion_id)
        .where(Opinion.id.in_(counting.with_only_columns(Opinion.id)))
    )
    given = union_all(visits, goals).subquery()
    return select(given).order_by(given.c.scored, given.c.scored_id, given.c.person_id)


def merged_of(case_id: int) -> Select[*tuple[Any, ...]]:
    """Return the merged scores of a case: criteria, then goals, each in their order."""
    rows = select(MergedScore).where(MergedScore.case_id == case_id)
    return rows.order_by(MergedScore.scored, MergedScore.scored_id)


def conclusion_of(case_id: int, stage: str, round_: int = 0) -> Select[*tuple[Any, ...]]:
    """Return the conclusion of a stage, of the control stage that of a round."""
    return select(Conclusion).where(
        Conclusion.case_id == case_id, Conclusion.stage == stage, Conclusion.round == round_
    )
