"""What people say to each other about a case or a task, and whom they call."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Select, and_, select, union
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base
from engine.model.panels import PanelMember
from engine.model.people import Membership, Person
from engine.rules.access import Right, roles_with
from engine.rules.comments import Thread


class Comment(Base):
    """A remark about a case, or about one of its tasks; never changed."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        Index(None, "case_id", "id"),
        Index(None, "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str]


class Mention(Base):
    """A person whom a comment calls by name."""

    __tablename__ = "mention"
    __table_args__ = (Index(None, "person_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


def circle(thread: Thread) -> Select[*tuple[Any, ...]]:
    """Return who reads a thread, with their roles above and in the school, one row for each."""
    right = Right.STEER if thread.closed else Right.WATCH
    above = Membership.organisation_id.in_(thread.path)
    reading = select(Membership.person_id).where(above, Membership.role.in_(roles_with(right)))
    lead = select(PanelMember.person_id).where(
        PanelMember.case_id == thread.case_id, PanelMember.is_lead
    )
    offered = select(Membership.person_id).where(
        Membership.organisation_id == thread.organisation_id, Membership.role == thread.role
    )
    hands = select(Person.id).where(Person.id.in_(thread.hands))
    readers = union(reading, hands, *([] if thread.closed else [lead]), offered)
    return (
        select(Person.id, Person.name, Membership.role)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, above))
        .where(Person.active, Person.id.in_(readers))
        .order_by(Person.sort_key, Person.id, Membership.role)
    )
