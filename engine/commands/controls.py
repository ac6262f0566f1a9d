"""The control stage: the same goals measured and judged again, and what a majority finds."""

from typing import Any

from sqlalchemy import select

from engine.commands.conclusions import with_dissents
from engine.commands.documents import Paper, issue
from engine.commands.labels import effects
from engine.commands.locked import LockedCase
from engine.commands.recording import all_given, refuse_another, variable
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.model.goals import reviewed
from engine.model.indicators import values_of
from engine.model.measures import ControlScore
from engine.model.reviews import Conclusion, ConclusionItem
from engine.rules.indicators import Indicator
from engine.rules.scoring import ineffective, target_reached, verdict_of
from engine.unit import Unit


@records("control_sheet")
def record_control_sheet(unit: Unit, work: Work) -> dict[str, Any]:
    """Write what one expert finds about every goal; before and after come from the data."""
    refuse_another(unit, work.names["expert"], "goals")
    goals = {row.id: row for row in unit.rows(reviewed(work.case.id))}
    all_given(work.fields["goals"], "goal", goals, "goals")
    round_ = variable(work.case, "control_round", 0)
    before, after = (measured(unit, work.case, n) for n in (0, round_ + 1))
    for row in work.fields["goals"]:
        indicator = goals[int(row["goal"])].indicator
        unit.add(
            ControlScore,
            {
                "case_id": work.case.id,
                "task_id": work.task.id,
                "round": round_,
                "goal_id": int(row["goal"]),
                "person_id": work.names["expert"],
                "before": before.get(indicator),
                "after": after.get(indicator),
                "score": int(row["score"]),
                "effective": row["effective"],
                "why": row["why"],
            },
        )
    text = "\n".join(row["why"] for row in work.fields["goals"])
    issue(unit, work, Paper("control", f"Лист контроля, этап {round_ + 1}", text))
    return {}


def measured(unit: Unit, case: LockedCase, round_: int) -> dict[str, float]:
    """Return the values of a round by the key of their indicator."""
    return {
        Indicator(row.source, row.subject, row.grade, row.measure).key: row.value
        for row in unit.rows(values_of(case.id, round_))
    }


@service("merge_control")
def merge_control(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Return the goals whose measures did not work, by the majority or the target."""
    verdicts, reached = verdicts_of(unit, call.case)
    goals = ineffective(verdicts, reached)
    return {"n_ineffective": len(goals), "unsolved": goals}


def verdicts_of(unit: Unit, case: LockedCase) -> tuple[dict[int, str], dict[int, bool]]:
    """Return by goal the verdict of the majority, and whether the target is reached."""
    round_ = variable(case, "control_round", 0)
    rows = unit.rows(
        select(ControlScore).where(ControlScore.case_id == case.id, ControlScore.round == round_)
    )
    before, after = (measured(unit, case, n) for n in (0, round_ + 1))
    goals = unit.rows(reviewed(case.id))
    verdicts = {
        goal.id: verdict_of([row.effective for row in rows if row.goal_id == goal.id])
        for goal in goals
    }
    reached = {
        goal.id: target_reached(before.get(goal.indicator), after.get(goal.indicator), goal.target)
        for goal in goals
    }
    return verdicts, reached


@records("control_conclusion")
def record_control_conclusion(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the conclusion of a round; verdicts are counted, not chosen."""
    verdicts, _ = verdicts_of(unit, work.case)
    all_given(work.fields["items"], "goal", verdicts, "items")
    round_ = variable(work.case, "control_round", 0)
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "stage": "control",
        "round": round_,
        "summary": work.fields["summary"],
        "at": unit.now,
    }
    conclusion = unit.insert(Conclusion, row)
    for item in work.fields["items"]:
        said = {"conclusion_id": conclusion, "goal_id": int(item["goal"]), "text": item["text"]}
        unit.add(ConclusionItem, {**said, "level": verdicts[int(item["goal"])]})
    text = with_dissents(unit, work.case.id, work.fields["summary"])
    title = f"Заключение контрольного этапа {round_ + 1}"
    issue(unit, work, Paper("conclusion", title, text), verdicts=effects(verdicts))
    return {}
