"""What may be seen of an expert review: its panel, opinions, conclusions and documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from engine.errors import NotFound
from engine.model.cases import Case
from engine.model.goals import Goal
from engine.model.indicators import Comparison
from engine.model.panels import PanelMember
from engine.model.people import Organisation, Person
from engine.model.reviews import (
    Conclusion,
    ConclusionItem,
    Dissent,
    Opinion,
    OpinionScore,
    Recommendation,
    Signature,
)
from engine.queries.blindness import may_read_others
from engine.rules.access import Actor, Path, Right, may, path_of
from engine.rules.comparing import VERDICTS
from engine.rules.indicators import Indicator
from engine.unit import Reader


def look_at_review(reader: Reader, actor: Actor, case_id: int) -> Path:
    """
    Let who watches the case or sits on its panel go on; return where the case belongs.

    Raises:
        NotFound: There is no such case, or the actor may not know of it.
    """
    case = select(Organisation.path).join(Case, Case.organisation_id == Organisation.id)
    path = path_of(reader.one(case.where(Case.id == case_id)).path)
    seated = any(grant.case_id == case_id for grant in actor.grants)
    if not (seated or may(actor, Right.WATCH, path, case_id)):
        raise NotFound
    return path


# the panel --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody on the panel. ``submitted``: his opinion is in; what it says is not told here."""

    person_id: int
    name: str
    kind: str
    state: str
    is_lead: bool
    competence: str
    submitted: bool


def panel(reader: Reader, actor: Actor, case_id: int) -> list[SeatRow]:
    """Return the people of a panel, members first, and who of them has submitted."""
    look_at_review(reader, actor, case_id)
    submitted = exists().where(
        Opinion.case_id == case_id, Opinion.person_id == PanelMember.person_id
    )
    rows = reader.rows(
        select(
            PanelMember.person_id,
            Person.name,
            PanelMember.kind,
            PanelMember.state,
            PanelMember.is_lead,
            PanelMember.competence,
            submitted.label("submitted"),
        )
        .join(Person, Person.id == PanelMember.person_id)
        .where(PanelMember.case_id == case_id)
        .order_by(Person.sort_key, Person.id)
    )
    seats = [SeatRow(*row) for row in rows]
    return sorted(seats, key=lambda seat: (seat.state != "member", not seat.is_lead))


# opinions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """An individual opinion: scores and findings by goal, recommendations."""

    person_id: int
    name: str
    at: datetime
    confidence: str
    goals: Sequence[tuple[str, int, str]]
    recommendations: Sequence[str]


def opinions(reader: Reader, actor: Actor, case_id: int) -> list[OpinionRow]:
    """Return the opinions that the actor may read, as they came."""
    look_at_review(reader, actor, case_id)
    found = (
        select(Opinion.id, Opinion.person_id, Person.name, Opinion.at, Opinion.confidence)
        .join(Person, Person.id == Opinion.person_id)
        .where(Opinion.case_id == case_id)
        .order_by(Opinion.id)
    )
    if not may_read_others(reader, actor, case_id):
        found = found.where(Opinion.person_id == actor.person_id)
    rows = reader.rows(found)
    keys = [row.id for row in rows]
    scored, advised = _scored(reader, keys), _advised(reader, keys)
    return [
        OpinionRow(
            row.person_id,
            row.name,
            row.at,
            row.confidence,
            scored.get(row.id, []),
            advised.get(row.id, []),
        )
        for row in rows
    ]


def _scored(reader: Reader, opinions: Sequence[int]) -> dict[int, list[tuple[str, int, str]]]:
    """Return the goals of opinions with score and findings, by the opinion."""
    rows = (
        select(OpinionScore, Goal.code, Goal.title)
        .join(Goal, Goal.id == OpinionScore.goal_id)
        .where(OpinionScore.opinion_id.in_(opinions))
        .order_by(Goal.id)
    )
    found: dict[int, list[tuple[str, int, str]]] = {}
    for row in reader.rows(rows):
        line = (f"{row.code}. {row.title}", row.score, row.findings)
        found.setdefault(row.opinion_id, []).append(line)
    return found


def _advised(reader: Reader, opinions: Sequence[int]) -> dict[int, list[str]]:
    """Return the recommendations of opinions, by the opinion."""
    rows = select(Recommendation).where(Recommendation.opinion_id.in_(opinions))
    found: dict[int, list[str]] = {}
    for row in reader.rows(rows.order_by(Recommendation.id)):
        line = " — ".join(filter(None, (row.text, row.addressee, row.term)))
        found.setdefault(row.opinion_id, []).append(line)
    return found


# the comparison ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One line of the comparison. ``caution``: so few students that it says little."""

    indicator: str
    value: float
    students: int | None
    last_year: float | None
    change: float | None
    peers: int
    peer_mean: float | None
    peer_median: float | None
    percentile: float | None
    verdict: str
    caution: bool


def comparison(reader: Reader, actor: Actor, case_id: int) -> list[ComparisonRow]:
    """Return the comparison with last year and with the schools of the municipality."""
    look_at_review(reader, actor, case_id)
    return compared(reader, case_id)


def compared(reader: Reader, case_id: int) -> list[ComparisonRow]:
    """Return the lines for who has been let in already."""
    rows = select(Comparison).where(Comparison.case_id == case_id).order_by(Comparison.id)
    return [
        ComparisonRow(
            Indicator(row.source, row.subject, row.grade, row.measure).label,
            row.value,
            row.students,
            row.last_year,
            row.change,
            row.peers,
            row.peer_mean,
            row.peer_median,
            row.percentile,
            next(words for verdict, words in VERDICTS.items() if verdict == row.verdict),
            row.caution,
        )
        for row in reader.rows(rows)
    ]


# conclusions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """A conclusion as it is printed: with every dissenting opinion of the case, word for word."""

    summary: str
    at: datetime
    items: Sequence[tuple[str, str, str, str]]
    signed_by: Sequence[str]
    dissents: Sequence[tuple[str, str]]


def conclusion(
    reader: Reader, actor: Actor, case_id: int, stage: str = "first", round_: int = 0
) -> ConclusionRow:
    """
    Return the conclusion of a stage: goal, level, text and recommendations of each goal.

    Raises:
        NotFound: There is none yet, or the actor may not know of the case.
    """
    look_at_review(reader, actor, case_id)
    row = reader.one(
        select(Conclusion).where(
            Conclusion.case_id == case_id, Conclusion.stage == stage, Conclusion.round == round_
        )
    )
    items = (
        select(ConclusionItem, Goal.code, Goal.title)
        .join(Goal, Goal.id == ConclusionItem.goal_id)
        .where(ConclusionItem.conclusion_id == row.id)
        .order_by(Goal.id)
    )
    signed = (
        select(Person.name)
        .join(Signature, Signature.person_id == Person.id)
        .where(Signature.conclusion_id == row.id)
        .order_by(Person.sort_key)
    )
    return ConclusionRow(
        row.summary,
        row.at,
        [
            (f"{one.code}. {one.title}", one.level, one.text, one.recommendations)
            for one in reader.rows(items)
        ],
        [one.name for one in reader.rows(signed)],
        dissents(reader, case_id),
    )


def dissents(reader: Reader, case_id: int) -> list[tuple[str, str]]:
    """Return every dissenting opinion of a case: whose, and what it says."""
    rows = (
        select(Person.name, Dissent.text)
        .join(Dissent, Dissent.person_id == Person.id)
        .where(Dissent.case_id == case_id)
        .order_by(Dissent.id)
    )
    return [(row.name, row.text) for row in reader.rows(rows)]
