"""Documents of a case, numbered by kind, and the files attached to its tasks."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, one_of
from engine.rules.documents import DOCUMENT_KINDS


class Document(Base):
    """
    A document that a task has brought forth.

    ``number`` is the printed one, unique by kind within a case: given by the person, or counted.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "number"),
        CheckConstraint(one_of("kind", DOCUMENT_KINDS), name="kind"),
        CheckConstraint("number <> ''", name="numbered"),
        CheckConstraint("title <> ''", name="titled"),
        Index(None, "task_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("task.id"))
    kind: Mapped[str]
    number: Mapped[str]
    dated_on: Mapped[date]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Attachment(Base):
    """
    A file that a person attached to a task; ``document_id`` once it belongs to a document.

    ``digest`` is the SHA-256 of the content, hexadecimal.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("name <> ''", name="named"),
        Index(None, "task_id"),
        Index(None, "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("task.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
