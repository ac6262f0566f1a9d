"""Where notices go: what people have chosen, asked when something is to be told."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from engine.model.cases import Case
from engine.model.people import Membership, Organisation, Person
from engine.model.preferences import Channel
from engine.model.records import Notice
from engine.rules.channels import Way, way_of
from engine.unit import Reader

Ways = Mapping[tuple[int, str], str]
"""What was chosen, by person and kind."""


def ways_of(reader: Reader, people: Collection[int], kinds: Collection[str] = ()) -> Ways:
    """Return the ways that people have chosen, for all kinds or only some."""
    chosen = select(Channel.person_id, Channel.kind, Channel.way)
    chosen = chosen.where(Channel.person_id.in_(people))
    if kinds:
        chosen = chosen.where(Channel.kind.in_(kinds))
    return {(row.person_id, row.kind): row.way for row in reader.rows(chosen)}


def way(ways: Ways, person_id: int, kind: str) -> Way:
    """Return where a notice of a kind goes for a person."""
    return way_of(kind, ways.get((person_id, kind)))


WORKS_IN = (
    select(Organisation.zone)
    .join(Membership, Membership.organisation_id == Organisation.id)
    .where(Membership.person_id == Person.id)
    .order_by(Organisation.id)
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
TOLD_FROM = (
    select(Organisation.zone)
    .join(Case, Case.organisation_id == Organisation.id)
    .join(Notice, Notice.case_id == Case.id)
    .where(Notice.person_id == Person.id, Notice.digested_at.is_(None))
    .order_by(Notice.id)
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
ZONE = func.coalesce(WORKS_IN, TOLD_FROM)
"""The time zone of a person: that of his work, or of what he was told about."""
