"""Documents of a case, numbered by kind, and the files attached to its tasks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, one_of
from engine.rules.documents import DOCUMENT_KINDS


class Document(Base):
    """
    A document that a task has brought forth.

    ``number`` is the printed one, unique by kind within a case: given by the person, or counted.
    ``stage`` is a key of the diagram: where the case stood.
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
    stage: Mapped[str] = mapped_column(default="")
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


class DocumentTemplate(Base):
    """
    A DOCX template of a kind of document that an administrator has put in the built-in one's place.

    It holds for the organisation and all below it; the newest version counts, the older ones
    stay. An empty ``content`` puts the built-in template back.
    """

    __tablename__ = "document_template"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "version"),
        CheckConstraint(one_of("kind", DOCUMENT_KINDS), name="kind"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Edition(Base):
    """
    A document as it was issued at a moment: what its files are made of, and nothing later.

    ``content`` is `engine.papers.content.Content`; ``digest`` the SHA-256 of what is signed,
    hexadecimal. Another signature makes another edition with the same digest; ``task_id`` is the
    task that brought the edition forth.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("length(digest) = 64", name="digest"),
        Index(None, "task_id"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[Mapping[str, Any]] = mapped_column(Json)
    digest: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("task.id"))
    at: Mapped[datetime]


class Rendition(Base):
    """
    An edition as a file, DOCX or PDF; once made it is never changed.

    ``digest`` is the SHA-256 of the content of the file, hexadecimal.
    """

    __tablename__ = "rendition"
    __table_args__ = (
        ForeignKeyConstraint(
            ["document_id", "version"], ["edition.document_id", "edition.version"]
        ),
        CheckConstraint(one_of("form", ["docx", "pdf"]), name="form"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    document_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class DocumentSignature(Base):
    """
    A person has signed a document in the product, in a capacity (``director``, ``lead``).

    ``digest`` is that of the editions he signed; who does not agree has a dissenting opinion.
    """

    __tablename__ = "document_signature"
    __table_args__ = (
        CheckConstraint("capacity <> ''", name="capacity"),
        CheckConstraint("length(digest) = 64", name="digest"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    capacity: Mapped[str]
    agrees: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]
