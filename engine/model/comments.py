"""What people say to each other about a case or a task, and whom they call."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


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
