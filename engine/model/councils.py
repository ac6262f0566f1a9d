"""Decisions taken by bodies and signed by heads: the council, the order, the management decision."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of

COUNCIL_DECISIONS = ("invite", "decline", "rework")
MANAGEMENT_DECISIONS = (
    "close",
    "keep_practice",
    "extend_measures",
    "change_programme",
    "staff",
    "resources",
    "repeat",
    "ask_office",
)


class CouncilDecision(Base):
    """
    A meeting of the teachers' council with its vote.

    A meeting without a quorum, or whose votes do not add up, cannot be written down.
    """

    __tablename__ = "council_decision"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint(one_of("decision", COUNCIL_DECISIONS), name="decision"),
        CheckConstraint("present <= members AND present * 2 > members", name="quorum"),
        CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0", name="votes_counted"
        ),
        CheckConstraint("votes_for + votes_against + abstained = present", name="votes_add_up"),
        CheckConstraint("decision <> 'invite' OR votes_for * 2 > present", name="majority"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    met_on: Mapped[date]
    members: Mapped[int]
    present: Mapped[int]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    decision: Mapped[str]
    grounds: Mapped[str]
    request: Mapped[str]
    minutes_number: Mapped[str]


class ReviewOrder(Base):
    """The director's signed order to hold the review: period, coordinator, sections."""

    __tablename__ = "review_order"
    __table_args__ = (
        UniqueConstraint("case_id"),
        CheckConstraint("ends_on >= begins_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ManagementDecision(Base):
    """What the director decides after a control stage."""

    __tablename__ = "management_decision"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint(one_of("decision", MANAGEMENT_DECISIONS), name="decision"),
        CheckConstraint("round >= 0", name="round"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    round: Mapped[int]
    decision: Mapped[str]
    text: Mapped[str]
    effective: Mapped[bool]
    decided_on: Mapped[date]
