"""The goals of a case: written, judged by the associations, classified; the grounds of a review."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from engine.commands.documents import Paper, issue
from engine.commands.locked import LockedCase
from engine.commands.recording import all_given, coded, day, refuse, today, variable
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.model.goals import Goal, Ground, SelfAssessment, goals_of
from engine.model.indicators import values_of
from engine.rules.indicators import Indicator
from engine.rules.scoring import tally
from engine.unit import Unit

# the list ---------------------------------------------------------------------------------------


@records("goals")
def record_goals(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write the list of goals; when it is reworked, a goal keeps its history by its code.

    Returns:
        Their number, and no own goals yet: those are found anew.
    """
    rows = coded(work.fields["tasks"], "З")
    _refuse_bad_rows(unit, work, rows)
    before = {row.code: row for row in unit.rows(select(Goal).where(Goal.case_id == work.case.id))}
    revision = max((row.revision for row in before.values()), default=0) + 1
    unit.execute(update(Goal).where(Goal.case_id == work.case.id).values(dropped=True))
    for row in rows:
        values = {
            "title": row["title"],
            "indicator": row.get("indicator", ""),
            "target": row.get("target"),
            "priority": row["priority"],
            "revision": revision,
            "dropped": False,
            "classification": "",
        }
        if known := before.get(row["code"]):
            unit.execute(update(Goal).where(Goal.id == known.id).values(values))
        else:
            unit.insert(Goal, {"case_id": work.case.id, "code": row["code"], **values})
    text = "\n".join(row["title"] for row in rows)
    issue(unit, work, Paper("goals", "Ряд задач", text, again=True))
    return {"n_goals": len(rows), "own_goals": []}


def _refuse_bad_rows(unit: Unit, work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a code used twice, an indicator nobody measured, and a target without one."""
    measured = {
        Indicator(row.source, row.subject, row.grade, row.measure).key
        for row in unit.rows(values_of(work.case.id, 0))
    }
    codes = [row["code"] for row in rows]
    for number, row in enumerate(rows):
        if row["code"] in codes[:number]:
            refuse(f"tasks.{number}.code", "Такой код уже есть. Дайте задаче другой.")
        if row.get("indicator") and row["indicator"] not in measured:
            refuse(f"tasks.{number}.indicator", "Выберите из списка.")
        if row.get("target") is not None and not row.get("indicator"):
            refuse(f"tasks.{number}.target", "К целевому значению нужен показатель.")


@records("staff_request")
def record_staff_request(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the request to the staff, which the self-assessments answer."""
    if day(work.fields["answer_by"]) < today(unit, work.case):
        refuse("answer_by", "Этот день уже прошёл. Назовите другой.")
    issue(unit, work, Paper("request", "Запрос педагогическому коллективу", work.fields["text"]))
    return {}


# can we do it ourselves -------------------------------------------------------------------------


@records("self_assessment")
def record_self_assessment(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write what one association says about every goal.

    Returns:
        What the table of classification looks at: share of «нет» by goal, and all «да».
    """
    goals = {row.id: row for row in unit.rows(goals_of(work.case.id))}
    all_given(work.fields["answers"], "goal", goals, "answers")
    for row in work.fields["answers"]:
        unit.add(
            SelfAssessment,
            {
                "goal_id": int(row["goal"]),
                "task_id": work.task.id,
                "revision": goals[int(row["goal"])].revision,
                "association": work.names["association"]["label"],
                "know_how": row["know_how"],
                "means": row.get("means", ""),
                "need_expert_in": row.get("need_expert_in", ""),
            },
        )
    return {"goal_votes": votes(unit, goals.values())}


def votes(unit: Unit, goals: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the tally of each goal in its present revision."""
    found = []
    for goal in goals:
        said = select(SelfAssessment.know_how).where(
            SelfAssessment.goal_id == goal.id, SelfAssessment.revision == goal.revision
        )
        counted = tally([row.know_how for row in unit.rows(said)])
        all_yes = counted.yes > 0 and counted.partly == counted.no == 0
        found.append({"id": goal.id, "no_share": counted.share_no, "all_yes": all_yes})
    return found


@service("sort_goals")
def sort_goals(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write the class that the table gave each goal; return the lists that the process needs."""
    pairs = zip(call.inputs["goals"], call.inputs["classifications"], strict=True)
    for goal_id, classification in pairs:
        mine = (Goal.id == goal_id) & (Goal.case_id == call.case.id)
        unit.execute(update(Goal).where(mine).values(classification=classification))
    return _sorted(unit, call.case)


def _sorted(unit: Unit, case: LockedCase) -> dict[str, Any]:
    """
    Return the goals to be solved alone, and how many need experts or a decision.

    Those for which the school is already at work, from before the list was reworked, stay out.
    """
    rows = unit.rows(goals_of(case.id))
    own = [row.id for row in rows if row.classification in ("own", "help")]
    return {
        "own_goals": [goal for goal in own if goal not in variable(case, "owned", [])],
        "n_experts": sum(row.classification == "experts" for row in rows),
        "n_ties": sum(row.classification == "tie" for row in rows),
    }


@records("tie")
def record_tie(unit: Unit, work: Work) -> dict[str, Any]:
    """Write what the deputy decides about goals on which the associations were even."""
    ties = [row.id for row in unit.rows(goals_of(work.case.id)) if row.classification == "tie"]
    all_given(work.fields["decisions"], "goal", ties, "decisions")
    for row in work.fields["decisions"]:
        decided = update(Goal).where(Goal.id == int(row["goal"]))
        unit.execute(decided.values(classification=row["goal_class"]))
    return _sorted(unit, work.case)


# why a review -----------------------------------------------------------------------------------


@records("grounds")
def record_grounds(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write the grounds of the review (seed 003, point 2): experts, transparency, competitiveness.

    Returns:
        The two that a person states; without any ground the outcome of the case as well.
    """
    stated = {name: work.fields[name] for name in ("transparency", "competitiveness")}
    needed = any(row.classification == "experts" for row in unit.rows(goals_of(work.case.id)))
    grounds = [name for name, given in {"experts": needed, **stated}.items() if given]
    unit.execute(delete(Ground).where(Ground.case_id == work.case.id))
    for ground in grounds:
        unit.add(Ground, {"case_id": work.case.id, "ground": ground, "at": unit.now})
    forgotten = {f"by_{name}": False for name in ("experts", "transparency", "competitiveness")}
    return {**stated, **forgotten, "outcome": "" if grounds else "end_notneeded"}
