"""The scores of a panel: who has submitted, and, once that is open, where its experts differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from engine.errors import NotFound
from engine.model.cases import Case, Cycle
from engine.model.goals import Goal
from engine.model.panels import PanelMember
from engine.model.people import Organisation, Person
from engine.model.reviews import (
    Criterion,
    Opinion,
    conclusion_of,
    given_scores,
    merged_of,
)
from engine.model.tasks import OPEN, Task
from engine.queries.blindness import all_in
from engine.queries.reviews import look_at_review
from engine.rules.access import Actor, Role, may_prompt
from engine.rules.scoring import Scores, by_expert, merge
from engine.unit import Reader

DIVERGENCE: Final = "divergence"
"""The setting of a process in which experts score: from which difference on they talk it over."""


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """
    A member of the panel: whether his opinion is in, and the task he is at.

    ``task_id``, ``task`` and ``due_at`` are empty for who has nothing to do now.
    """

    person_id: int
    name: str
    is_lead: bool
    submitted: bool
    task_id: int | None
    task: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One criterion or goal: the score of each expert (in their order), and what they come to."""

    scored: str
    label: str
    scores: tuple[float | None, ...]
    mean: float
    lowest: float
    highest: float
    diverges: bool
    agreed: float | None
    reason: str

    @property
    def spread(self) -> float:
        """Return how far the scores lie apart."""
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class ScoresPageRow:
    """
    The scores of a case.

    ``is_open``: nobody's opinion is awaited; else ``rows`` are empty, for half of the scores
    neither agree nor diverge. ``judges`` are the names above the columns.
    ``concluded``: there is a conclusion to read.
    """

    case_id: int
    organisation: str
    zone: str
    cycle: str
    experts: Sequence[ExpertRow]
    is_open: bool
    threshold: float
    judges: Sequence[str]
    rows: Sequence[ScoreRow]
    may_remind: bool
    concluded: bool


def scores(reader: Reader, actor: Actor, case_id: int) -> ScoresPageRow:
    """
    Return who has submitted; and the scores of each once all are in.

    Raises:
        NotFound: There is no such case, the actor may not know of it, or nobody scores in it.
    """
    path = look_at_review(reader, actor, case_id)
    case = reader.one(_CASE.where(Case.id == case_id))
    is_open = all_in(reader, case_id)
    defaults = reader.versions.get(case.definition_id).defaults
    settings = {**defaults, **case.settings}
    if DIVERGENCE not in settings:
        raise NotFound
    threshold = float(settings[DIVERGENCE])
    judges, rows = _compared(reader, case_id, threshold) if is_open else ([], [])
    return ScoresPageRow(
        case_id=case_id,
        organisation=case.short_name,
        zone=case.zone,
        cycle=case.name,
        experts=_experts(reader, case_id),
        is_open=is_open,
        threshold=threshold,
        judges=judges,
        rows=rows,
        may_remind=may_prompt(actor, path, case_id, Role.EXPERT),
        concluded=reader.first(conclusion_of(case_id, "first")) is not None,
    )


_CASE = (
    select(
        Case.definition_id, Organisation.short_name, Organisation.zone, Cycle.name, Cycle.settings
    )
    .join(Organisation, Organisation.id == Case.organisation_id)
    .join(Cycle, Cycle.id == Case.cycle_id)
)


_Earlier = aliased(Task)


def _experts(reader: Reader, case_id: int) -> list[ExpertRow]:
    """Return the members, the lead first, each with the task of his that is due first."""
    submitted = exists().where(
        Opinion.case_id == case_id, Opinion.person_id == PanelMember.person_id
    )
    first = (
        select(func.min(_Earlier.id))
        .where(
            _Earlier.case_id == case_id,
            _Earlier.state == OPEN,
            _Earlier.role == Role.EXPERT,
            _Earlier.assignee_id == PanelMember.person_id,
        )
        .correlate(PanelMember)
        .scalar_subquery()
    )
    rows = reader.rows(
        select(
            PanelMember.person_id,
            Person.name,
            PanelMember.is_lead,
            submitted.label("submitted"),
            Task.id.label("task_id"),
            Task.title,
            Task.due_at,
        )
        .join(Person, Person.id == PanelMember.person_id)
        .outerjoin(Task, Task.id == first)
        .where(PanelMember.case_id == case_id, PanelMember.state == "member")
        .order_by(Person.sort_key, Person.id)
    )
    seats = [
        ExpertRow(
            row.person_id,
            row.name,
            row.is_lead,
            row.submitted,
            row.task_id,
            row.title or "",
            row.due_at,
        )
        for row in rows
    ]
    return sorted(seats, key=lambda seat: not seat.is_lead)


def _compared(reader: Reader, case_id: int, threshold: float) -> tuple[list[str], list[ScoreRow]]:
    """Return the names of who has scored, and a row for each thing scored."""
    given = by_expert(reader.rows(given_scores(case_id)))
    judges = _judges(reader, given)
    merged = {(row.scored, row.scored_id): row for row in reader.rows(merged_of(case_id))}
    labels = _labels(reader, case_id)
    rows = [
        _row(what, labels[what], [marks.get(one) for one in judges], threshold, merged.get(what))
        for what, marks in given.items()
    ]
    return list(judges.values()), rows


def _row(
    what: tuple[str, int],
    label: str,
    marks: Sequence[float | None],
    threshold: float,
    settled: Any,
) -> ScoreRow:
    one = merge([mark for mark in marks if mark is not None])
    return ScoreRow(
        what[0],
        label,
        tuple(marks),
        one.mean,
        one.lowest,
        one.highest,
        one.diverges(threshold),
        settled.agreed if settled else None,
        settled.reason if settled else "",
    )


def _judges(reader: Reader, given: Scores) -> dict[int, str]:
    people = {person for marks in given.values() for person in marks}
    named = select(Person.id, Person.name).where(Person.id.in_(people))
    return {row.id: row.name for row in reader.rows(named.order_by(Person.sort_key, Person.id))}


def _labels(reader: Reader, case_id: int) -> Mapping[tuple[str, int], str]:
    """Return what criteria and goals are called."""
    return {
        (scored, row.id): f"{row.code}. {row.title}"
        for scored, model in (("criterion", Criterion), ("goal", Goal))
        for row in reader.rows(
            select(model.id, model.code, model.title).where(model.case_id == case_id)
        )
    }
