"""Deployed processes: every version with all the files it is made of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class Definition(Base):
    """A version of a process. ``hash`` covers the diagram and everything it calls."""

    __tablename__ = "definition"
    __table_args__ = (
        UniqueConstraint("key", "number"),
        UniqueConstraint("key", "hash"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("length(hash) = 64", name="hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    number: Mapped[int]
    hash: Mapped[str]
    name: Mapped[str]
    main_file: Mapped[str]
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DefinitionFile(Base):
    """One file of a version: a diagram, a decision table or a form."""

    __tablename__ = "definition_file"

    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
