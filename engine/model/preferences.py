"""How a person wants to see and hear the product: language, channels, quiet hours, filters."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Sorted, one_of

LANGUAGES = ("ru", "en")
CHANNELS = ("site", "digest", "mail")
"""Where a notice goes: to the notice centre only, also into the digest, or at once by mail."""
FILTERED_PAGES = ("tasks", "cases")


class Preference(Base):
    """
    What a person has chosen; without a row the defaults hold.

    From ``quiet_from`` to ``quiet_until``, hours of the day in his organisation's zone, no letter
    is sent to him: 19 to 8 is the night. Equal hours: always quiet is not offered.
    """

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint(one_of("language", LANGUAGES), name="language"),
        CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23 "
            "AND quiet_from <> quiet_until",
            name="quiet",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(default="ru")
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]


class Channel(Base):
    """Where a person wants notices of one kind to go; without a row the default of the kind."""

    __tablename__ = "channel"
    __table_args__ = (
        CheckConstraint(one_of("way", CHANNELS), name="way"),
        CheckConstraint("kind <> ''", name="kind"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str]


class SavedFilter(Base):
    """
    A filter of a list under a name: the query of its address.

    With an ``organisation_id`` everybody who holds a role there sees it too.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        CheckConstraint(one_of("page", FILTERED_PAGES), name="page"),
        CheckConstraint("name <> ''", name="named"),
        UniqueConstraint("person_id", "page", "name"),
        Index(None, "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    page: Mapped[str]
    name: Mapped[str] = mapped_column(Sorted)
    query: Mapped[str]
