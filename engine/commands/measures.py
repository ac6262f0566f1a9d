"""Measures: planned, done, controlled, adjusted; and the school's own plan beside the review."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from engine.commands.documents import Paper, issue
from engine.commands.editions import amend, titled
from engine.commands.locked import LockedCase
from engine.commands.recording import day, known, refuse, today, variable
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.model.goals import reviewed
from engine.model.measures import Measure
from engine.model.people import Membership, Person
from engine.rules.breaks import breaks, school_day
from engine.rules.months import months_later
from engine.unit import Unit

PLAN = "План мер по заключению"
_LABEL = 60
"""Characters of a measure that the state of a case keeps."""

# plans ------------------------------------------------------------------------------------------


@records("measures")
def record_measures(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the plan over one that was sent back; every goal of the review has a measure."""
    goals = [row.id for row in unit.rows(reviewed(work.case.id))]
    plan = (Measure.case_id == work.case.id) & ~Measure.own & (Measure.round == 0)
    unit.execute(delete(Measure).where(plan))
    measures = _write(unit, work, goals, 0)
    idle = set(goals) - {int(row["goal"]) for row in work.fields["measures"]}
    if idle:
        refuse("measures", "По каждой задаче должна быть хотя бы одна мера.")
    issue(unit, work, Paper("plan", PLAN, _text(work), again=True))
    return {"measures": measures, "control_round": 0}


def _write(
    unit: Unit, work: Work, goals: Iterable[int], round_: int, *, own: bool = False
) -> list[dict[str, Any]]:
    """Write the measures of a form; return what the process hands out."""
    found = []
    for number, row in enumerate(work.fields["measures"]):
        goal = known(goals, row["goal"], f"measures.{number}.goal")
        _refuse_bad_row(unit, work, row, f"measures.{number}")
        values = {
            "case_id": work.case.id,
            "task_id": work.task.id,
            "goal_id": goal,
            "round": round_,
            "own": own,
            "text": row["text"],
            "responsible_id": row["responsible"],
            "due_on": day(row["due_on"]),
            "indicator": row.get("indicator", ""),
            "target": row.get("target"),
            "recommendation": row.get("recommendation", ""),
        }
        key = unit.insert(Measure, values)
        label = row["text"][:_LABEL]
        found.append({"id": key, "label": label, "who": row["responsible"], "due": row["due_on"]})
    return found


def _refuse_bad_row(unit: Unit, work: Work, row: Mapping[str, Any], path: str) -> None:
    if day(row["due_on"]) < today(unit, work.case):
        refuse(f"{path}.due_on", "Этот день уже прошёл. Назначьте другой.")
    works = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Person.active,
            Membership.person_id == row["responsible"],
            Membership.organisation_id == work.case.organisation_id,
        )
    )
    if unit.value(works.limit(1)) is None:
        refuse(f"{path}.responsible", "Выберите ответственного из списка.")


def _text(work: Work) -> str:
    return "\n".join(row["text"] for row in work.fields["measures"])


@records("plan_order")
def record_plan_order(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the order that approves the plan of measures, when it is approved."""
    fields = work.fields
    if fields["plan"] == "approve":
        number, dated_on = fields["order_no"], day(fields["order_date"])
        issue(unit, work, Paper("order", "Об утверждении плана мер", "", number, dated_on))
        plan = unit.one(titled(work.case.id, "plan", PLAN)).id
        words = f"приказом от {dated_on:%d.%m.%Y} № {number}"
        amend(unit, plan, work.task.id, approval=("УТВЕРЖДЁН", words))
    return {}


# doing ------------------------------------------------------------------------------------------


@records("measure")
def record_measure(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the completion mark of a measure."""
    return _mark(unit, work, work.names["measure"]["id"])


@records("own_measure")
def record_own_measure(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the completion mark of a measure of the school's own plan."""
    return _mark(unit, work, work.names["own_measure"]["id"])


def _mark(unit: Unit, work: Work, measure_id: int) -> dict[str, Any]:
    fields = work.fields
    mine = update(Measure).where(Measure.id == measure_id, Measure.case_id == work.case.id)
    marked = mine.values(
        done=fields["done"],
        value=fields.get("value"),
        comment=fields.get("comment", ""),
        reported_at=unit.now,
    )
    unit.execute(marked)
    title = f"Отметка о выполнении: {work.task.item}"
    issue(unit, work, Paper("note", title, fields.get("comment", "")))
    return {}


@service("control_date")
def control_date(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Return the day of the control stage: months after the measures, never in the breaks."""
    on = control_day(today(unit, call.case), call.settings)
    return {"control_on": on.isoformat()}


def control_day(done_on: date, settings: Mapping[str, Any]) -> date:
    """Return the first school day so many months after the measures were done."""
    later = months_later(done_on, settings["control_months"])
    return school_day(later, breaks(settings["breaks"]))


# adjusting --------------------------------------------------------------------------------------


@records("adjustment")
def record_adjustment(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write new measures for the goals that are not solved; the rounds are bounded (invariant 6).

    Returns:
        The measures, and the number of the round.
    """
    round_ = variable(work.case, "control_round", 0) + 1
    if round_ > work.settings["max_rounds"]:
        refuse("measures", "Предел корректировок исчерпан: решение остаётся за директором.")
    measures = _write(unit, work, unsolved(unit, work.case), round_)
    issue(unit, work, Paper("plan", f"План мер, редакция {round_ + 1}", _text(work)))
    return {"measures": measures, "control_round": round_}


def unsolved(unit: Unit, case: LockedCase) -> list[int]:
    """Return the goals that new measures may be for: the ineffective, or all when none is."""
    goals = [row.id for row in unit.rows(reviewed(case.id))]
    return variable(case, "unsolved", []) or goals


# the school's own plan --------------------------------------------------------------------------


@records("own_measures")
def record_own_measures(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the measures for goals that the school solves itself."""
    goals = work.names["goals"]
    round_ = work.names.get("own_round", 0)
    plan = (Measure.case_id == work.case.id) & Measure.own & (Measure.done == "")
    mine = plan & Measure.goal_id.in_(goals) & (Measure.round == round_)
    unit.execute(delete(Measure).where(mine))
    measures = _write(unit, work, goals, round_, own=True)
    issue(unit, work, Paper("plan", "План собственных мер", _text(work)))
    return {"own_measures": measures, "own_round": round_}


@records("own_plan_order")
def record_own_plan_order(unit: Unit, work: Work) -> dict[str, Any]:
    """Write that the own plan is approved, when it is."""
    if work.fields["own_plan"] == "approve":
        issue(unit, work, Paper("order", "Об утверждении плана собственных мер"))
    return {}


@records("own_review")
def record_own_review(unit: Unit, work: Work) -> dict[str, Any]:
    """Write what the own measures came to; more of them may follow so many times."""
    round_ = work.names.get("own_round", 0)
    more = work.fields["own_next"] == "more"
    if more and round_ >= work.settings["own_rounds"]:
        refuse("own_next", "План дополняли уже столько раз, сколько разрешено. Подведите итог.")
    issue(unit, work, Paper("note", "Итоги собственных мер", work.fields["summary"]))
    return {"own_round": round_ + more}
