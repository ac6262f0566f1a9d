"""The panel of a review: candidates, declarations, members, their briefing, complaints."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of

EXPERT_KINDS = ("public", "professional")
MEMBER_STATES = (
    "candidate",
    "declined",
    "recused",
    "reserve",
    "member",
    "withdrawn",
)
VERDICTS = ("admitted", "restricted", "recused", "declined")


class PanelMember(Base):
    """
    A person's place on the panel of a case, from candidate to member.

    ``restriction`` lists, separated by commas, what this expert must not look at because of a
    relation that does not exclude him. Only a member can lead, and only one does.
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("case_id", "person_id"),
        CheckConstraint(one_of("kind", EXPERT_KINDS), name="kind"),
        CheckConstraint(one_of("state", MEMBER_STATES), name="state"),
        CheckConstraint("NOT is_lead OR state = 'member'", name="lead_is_member"),
        Index(
            "uq_panel_member_lead",
            "case_id",
            unique=True,
            sqlite_where=text("is_lead"),
            postgresql_where=text("is_lead"),
        ),
        Index(None, "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="candidate")
    is_lead: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[str] = mapped_column(default="")
    competence: Mapped[str]
    contacts: Mapped[str] = mapped_column(default="")
    restriction: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class Declaration(Base):
    """Consent and declaration of conflicts of interest; made again when somebody complains."""

    __tablename__ = "declaration"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint(
            "NOT agree OR (confidentiality AND personal_data_consent)", name="consents"
        ),
        Index(None, "case_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    agree: Mapped[bool]
    employed_here: Mapped[bool]
    relative_here: Mapped[bool]
    child_here: Mapped[bool]
    paid_services_3y: Mapped[bool]
    subordinate: Mapped[bool]
    other: Mapped[str] = mapped_column(default="")
    restriction: Mapped[str] = mapped_column(default="")
    confidentiality: Mapped[bool]
    personal_data_consent: Mapped[bool]
    at: Mapped[datetime]


class Briefing(Base):
    """An expert has been prepared for the review."""

    __tablename__ = "briefing"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    briefed_on: Mapped[date]
    materials: Mapped[str]


class Complaint(Base):
    """Somebody says that an expert is not independent; answered by a decision."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("(decided_at IS NULL) = (verdict = '')", name="decided"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


def panel_of(case_id: int, *states: str) -> Select[*tuple[Any, ...]]:
    """Return the people of a panel who are in one of the states, or all, as they came."""
    rows = select(PanelMember).where(PanelMember.case_id == case_id).order_by(PanelMember.id)
    return rows.where(PanelMember.state.in_(states)) if states else rows
