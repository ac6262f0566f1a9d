"""What the values of a form stand for when its document is written: goals, people, criteria."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select

from engine.commands.subjects import Work
from engine.model.goals import Goal, YearPlanChange
from engine.model.measures import Measure
from engine.model.panels import PanelMember
from engine.model.people import Person
from engine.model.reviews import Criterion, Dissent, MergedScore, Objection
from engine.papers.said import Said
from engine.papers.wording import number
from engine.rules.fields import Field
from engine.rules.forms import Form
from engine.rules.indicators import indicator
from engine.unit import Unit

_GOALS: Final = frozenset({"goals", "ties", "reviewed_goals", "unsolved_goals", "own_goals"})
_EFFECTS: Final = {"yes": "да", "partly": "частично", "no": "нет"}


def said_in(unit: Unit, work: Work, facts: Mapping[str, Any]) -> Said:
    """Return the answers of a task as its document says them."""
    form = work.case.process.forms[work.task.form]
    columns = [*form.inputs, *(column for one in form.inputs for column in one.columns)]
    names = {one.choices for one in columns if one.choices}
    lists = {name: _list(unit, work, name) for name in names}
    needed = _needed(unit, work, form.subject)
    people = _people(unit, set(_chosen(form, work.fields)))
    return Said(form, work.fields, lists, people, {**needed, **facts, "me": unit.actor.name})


# lists ------------------------------------------------------------------------------------------


def _list(unit: Unit, work: Work, name: str) -> dict[str, str]:
    """Return the labels of a list that a form names, by value."""
    case_id = work.case.id
    if name in _GOALS:
        return _coded(unit, select(Goal).where(Goal.case_id == case_id))
    if name == "criteria":
        return _coded(unit, select(Criterion).where(Criterion.case_id == case_id))
    if name == "diverging":
        rows = unit.rows(select(MergedScore).where(MergedScore.case_id == case_id))
        return {str(row.id): row.label for row in rows}
    if name == "objections":
        rows = unit.rows(select(Objection).where(Objection.case_id == case_id))
        return {str(row.id): f"{row.point}: {row.text}" for row in rows}
    return _indicators(work)


def _coded(unit: Unit, rows: Any) -> dict[str, str]:
    return {str(row.id): f"{row.code}. {row.title}" for row in unit.rows(rows)}


def _indicators(work: Work) -> dict[str, str]:
    """Return the labels of the indicators that a form names: their keys say what they are."""
    given = [row for rows in work.fields.values() if isinstance(rows, list) for row in rows]
    keys = {str(row["indicator"]) for row in given if isinstance(row, dict) and "indicator" in row}
    found = {key: indicator(key) for key in keys}
    return {key: one.label for key, one in found.items() if one is not None}


def _chosen(form: Form, fields: Mapping[str, Any]) -> Iterator[int]:
    """Yield the people that the answers name."""
    for one in form.inputs:
        yield from _persons(one, fields.get(one.key))
        for row in fields.get(one.key) or [] if one.columns else []:
            for column in one.columns:
                yield from _persons(column, row.get(column.key))


def _persons(one: Field, value: Any) -> Iterator[int]:
    if one.kind in ("person", "persons") and value:
        yield from map(int, value if isinstance(value, list) else [value])


def _people(unit: Unit, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = unit.rows(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


# what some documents need besides ---------------------------------------------------------------


def _needed(unit: Unit, work: Work, subject: str) -> dict[str, Any]:
    """Return what the composer of a subject takes from elsewhere in the case."""
    match subject:
        case "plan_order" | "own_plan_order":
            own = subject == "own_plan_order"
            return {"measures": _measures(unit, work, own=own)}
        case "year_plan_order":
            return {"changes": _changes(unit, work.case.id)}
        case "conclusion" | "control_conclusion":
            return {"dissents": dissents(unit, work.case.id), "panel": _panel(unit, work.case.id)}
    return {}


def _measures(unit: Unit, work: Work, *, own: bool) -> list[tuple[str, ...]]:
    """Return the measures that an order approves."""
    plan = (Measure.case_id == work.case.id) & (Measure.own.is_(own)) & (Measure.done == "")
    if own:
        plan &= Measure.goal_id.in_(work.names["goals"])
    found = (
        select(Measure, Goal.code, Goal.title.label("goal"), Person.name)
        .join(Goal, Goal.id == Measure.goal_id)
        .join(Person, Person.id == Measure.responsible_id)
        .where(plan)
        .order_by(Measure.id)
    )
    return [
        (
            f"{row.code}. {row.goal}",
            row.text,
            row.name,
            f"{row.due_on:%d.%m.%Y}",
            ": ".join(filter(None, [row.indicator, row.target and number(row.target)])),
        )
        for row in unit.rows(found)
    ]


def _changes(unit: Unit, case_id: int) -> list[tuple[str, ...]]:
    rows = select(YearPlanChange).where(YearPlanChange.case_id == case_id)
    return [
        (row.item, row.old, row.new, f"{row.changes_on:%d.%m.%Y}")
        for row in unit.rows(rows.order_by(YearPlanChange.id))
    ]


def _panel(unit: Unit, case_id: int) -> list[tuple[str, bool]]:
    """Return the members of a panel, its lead first."""
    found = (
        select(Person.name, PanelMember.is_lead)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .where(PanelMember.case_id == case_id, PanelMember.state == "member")
        .order_by(PanelMember.is_lead.desc(), Person.sort_key, Person.id)
    )
    return [(row.name, row.is_lead) for row in unit.rows(found)]


def dissents(unit: Unit, case_id: int) -> list[tuple[str, str]]:
    """Return the dissenting opinions of a case: whose, and what they say."""
    found = (
        select(Person.name, Dissent.text)
        .join(Dissent, Dissent.person_id == Person.id)
        .where(Dissent.case_id == case_id)
        .order_by(Dissent.id)
    )
    return [(row.name, row.text) for row in unit.rows(found)]


def effects(verdicts: Mapping[int, str]) -> dict[int, str]:
    """Return verdicts about measures in words, by goal."""
    return {goal: _EFFECTS[verdict] for goal, verdict in verdicts.items()}
