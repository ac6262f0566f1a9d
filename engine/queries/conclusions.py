"""The conclusion of a panel with all that belongs to it: signatures, dissents, objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.model.cases import Case, Cycle
from engine.model.panels import PanelMember
from engine.model.people import Organisation, Person
from engine.model.reviews import Objection, Signature, conclusion_of
from engine.queries.reviews import ConclusionRow, conclusion
from engine.rules.access import Actor
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Whose signature; ``at`` is None while it is awaited."""

    name: str
    is_lead: bool
    agrees: bool | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection of the school beside the answer; ``accepted`` is None before it is given."""

    point: str
    text: str
    evidence: str
    accepted: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class ConclusionPageRow:
    """The conclusion of the first stage, and who has signed it."""

    case_id: int
    organisation: str
    zone: str
    cycle: str
    lead: str
    conclusion: ConclusionRow
    signatures: Sequence[SignatureRow]
    objections: Sequence[ObjectionRow]


def conclusion_page(reader: Reader, actor: Actor, case_id: int) -> ConclusionPageRow:
    """
    Return the conclusion of the first stage of a case.

    Raises:
        NotFound: There is none yet, or the actor may not know of the case.
    """
    found = conclusion(reader, actor, case_id)
    case = reader.one(
        select(Organisation.short_name, Organisation.zone, Cycle.name)
        .join(Case, Case.organisation_id == Organisation.id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .where(Case.id == case_id)
    )
    signatures = _signatures(reader, case_id)
    lead = next((one.name for one in signatures if one.is_lead), "")
    return ConclusionPageRow(
        case_id,
        case.short_name,
        case.zone,
        case.name,
        lead,
        found,
        signatures,
        _objections(reader, case_id),
    )


def _signatures(reader: Reader, case_id: int) -> list[SignatureRow]:
    """Return the members, the lead first; those who have left stand there if they signed."""
    conclusion_id = reader.one(conclusion_of(case_id, "first")).id
    mine = (Signature.conclusion_id == conclusion_id) & (
        Signature.person_id == PanelMember.person_id
    )
    rows = reader.rows(
        select(Person.name, PanelMember.is_lead, Signature.agrees, Signature.at, PanelMember.state)
        .select_from(PanelMember)
        .join(Person, Person.id == PanelMember.person_id)
        .outerjoin(Signature, mine)
        .where(PanelMember.case_id == case_id)
        .order_by(Person.sort_key, Person.id)
    )
    seats = [SignatureRow(*row[:4]) for row in rows if row.state == "member" or row.at]
    return sorted(seats, key=lambda seat: not seat.is_lead)


def _objections(reader: Reader, case_id: int) -> list[ObjectionRow]:
    columns = (
        Objection.point,
        Objection.text,
        Objection.evidence,
        Objection.accepted,
        Objection.answer,
    )
    rows = select(*columns).where(Objection.case_id == case_id).order_by(Objection.id)
    return [ObjectionRow(*row) for row in reader.rows(rows)]
