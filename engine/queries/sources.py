"""What stands behind one item of a form: what each expert said about a goal, what was objected."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from engine.model.people import Person
from engine.model.reviews import (
    Criterion,
    Objection,
    Opinion,
    OpinionScore,
    counting_opinions,
    given_scores,
    merged_of,
)
from engine.queries.blindness import may_read_others
from engine.queries.tasks import TaskPageRow
from engine.rules.access import Actor
from engine.rules.numbers import written
from engine.rules.scoring import by_expert
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class Source:
    """A line behind an item: whose or of what kind it is, a short mark such as a score, a text."""

    label: str
    mark: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Backing:
    """What stands behind an item; ``optional``: «Н/П» is an answer to it as well."""

    lines: list[Source] = field(default_factory=list)
    optional: bool = False


Backings = dict[str, Backing]
Find = Callable[[Reader, Actor, TaskPageRow], Backings]


def backings(reader: Reader, actor: Actor, page: TaskPageRow) -> Mapping[str, Backing]:
    """Return what stands behind each item, by its id, for who works at an open task."""
    find = BACKINGS.get(page.form.subject) if page.form and page.state == "open" else None
    return find(reader, actor, page) if find else {}


def weights(reader: Reader, page: TaskPageRow) -> Mapping[str, float]:
    """Return what a point of each criterion counts for, by its id; of other items nothing."""
    if page.form is None or page.form.subject != "visit":
        return {}
    found = select(Criterion.id, Criterion.weight).where(Criterion.case_id == page.case_id)
    return {str(row.id): row.weight for row in reader.rows(found)}


def _criteria(reader: Reader, _actor: Actor, page: TaskPageRow) -> Backings:
    """Return what the programme says about the best score of each criterion."""
    rows = reader.rows(select(Criterion).where(Criterion.case_id == page.case_id))
    return {str(row.id): Backing(list(_said_of(row)), row.optional) for row in rows}


def _said_of(row: Any) -> Iterator[Source]:
    if row.scale:
        yield Source("Что значит 4", "", row.scale)
    if row.weight != 1:
        yield Source("Вес в сумме баллов", "", written(row.weight))


def _findings(reader: Reader, actor: Actor, page: TaskPageRow) -> Backings:
    """Return what each expert whose opinion counts has found about a goal."""
    if not may_read_others(reader, actor, page.case_id):
        return {}
    counting = counting_opinions(page.case_id).order_by(None).with_only_columns(Opinion.id)
    rows = reader.rows(
        select(OpinionScore.goal_id, OpinionScore.score, OpinionScore.findings, Person.name)
        .join(Opinion, Opinion.id == OpinionScore.opinion_id)
        .join(Person, Person.id == Opinion.person_id)
        .where(Opinion.id.in_(counting))
        .order_by(Person.sort_key, Person.id)
    )
    found: Backings = {}
    for row in rows:
        line = Source(row.name, str(row.score), row.findings)
        found.setdefault(str(row.goal_id), Backing()).lines.append(line)
    return found


def _marks(reader: Reader, actor: Actor, page: TaskPageRow) -> Backings:
    """Return the score of each expert for what diverges."""
    if not may_read_others(reader, actor, page.case_id):
        return {}
    given = by_expert(reader.rows(given_scores(page.case_id)))
    people = {person for marks in given.values() for person in marks}
    rows = select(Person.id, Person.name).where(Person.id.in_(people))
    names = {row.id: row.name for row in reader.rows(rows.order_by(Person.sort_key, Person.id))}
    found: Backings = {}
    for row in reader.rows(merged_of(page.case_id)):
        marks = given.get((row.scored, row.scored_id), {})
        lines = [Source(name, written(marks[key])) for key, name in names.items() if key in marks]
        found[str(row.id)] = Backing(lines)
    return found


def _objections(reader: Reader, _actor: Actor, page: TaskPageRow) -> Backings:
    """Return what the school's objections rest on; what they say stands above."""
    rows = reader.rows(
        select(Objection.id, Objection.evidence).where(Objection.case_id == page.case_id)
    )
    return {
        str(row.id): Backing([Source("Чем подтверждается", "", row.evidence)])
        for row in rows
        if row.evidence
    }


BACKINGS: Final[Mapping[str, Find]] = {
    "visit": _criteria,
    "reconciliation": _marks,
    "conclusion": _findings,
    "objection_answer": _objections,
}
"""By the subject of a form."""
