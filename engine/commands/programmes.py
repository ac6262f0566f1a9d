"""The programme of a review, and what each expert sees of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from engine.commands.documents import Paper, issue
from engine.commands.recording import (
    all_given,
    coded,
    day,
    known,
    refuse,
    refuse_another,
    today,
    variable,
)
from engine.commands.subjects import Work, records
from engine.model.goals import reviewed
from engine.model.panels import panel_of
from engine.model.reviews import Criterion, ProgrammeObject, Visit, VisitScore
from engine.rules.scoring import against_team, score_of
from engine.unit import Unit

_LABEL = 60
"""Characters of a title that the state of a case keeps."""

# the programme ----------------------------------------------------------------------------------


@records("programme")
def record_programme(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write who looks at what, when, and by which criteria.

    Returns:
        The experts who now begin.
    """
    panel = {row.person_id: row for row in unit.rows(panel_of(work.case.id, "member"))}
    kinds = [row.kind for row in panel.values()]
    if reasons := against_team(kinds, work.settings["min_experts"]):
        refuse("objects", f"Группа неполна: {'; '.join(reasons)}. Включите эксперта из резерва.")
    goals = {row.id for row in unit.rows(reviewed(work.case.id))}
    for number, row in enumerate(work.fields["objects"]):
        path = f"objects.{number}"
        known(goals, row["goal"], f"{path}.goal")
        known(panel, row["expert"], f"{path}.expert")
        _refuse_restricted(panel[row["expert"]], row["object"], path)
        _refuse_day(unit, work, row, path)
    idle = set(panel) - {row["expert"] for row in work.fields["objects"]}
    if idle:
        refuse("objects", "У каждого эксперта должен быть хотя бы один объект.")
    _write_objects(unit, work)
    _write_criteria(unit, work)
    text = "\n".join(row["object"] for row in work.fields["objects"])
    issue(unit, work, Paper("programme", "Программа ОПЭКО", text))
    return {"at_work": sorted(panel)}


def _refuse_restricted(member: Any, title: str, path: str) -> None:
    """Refuse an object that names a class or teacher whom the expert must not look at."""
    for word in filter(None, map(str.strip, member.restriction.split(","))):
        if word.casefold() in title.casefold():
            refuse(f"{path}.expert", f"Этот эксперт не смотрит «{word}»: так в его декларации.")


def _refuse_day(unit: Unit, work: Work, row: Mapping[str, Any], path: str) -> None:
    """Refuse a day outside of the ordered period; when that is over, only a day that is past is."""
    now = today(unit, work.case).isoformat()
    first, last = (variable(work.case, f"review_{end}", now) for end in ("from", "to"))
    if last < now:
        first, last = now, row["planned_on"]
    if not max(first, now) <= row["planned_on"] <= last:
        refuse(f"{path}.planned_on", "Дата должна лежать в сроках экспертизы по приказу.")


def _write_objects(unit: Unit, work: Work) -> None:
    for row in work.fields["objects"]:
        unit.add(
            ProgrammeObject,
            {
                "case_id": work.case.id,
                "goal_id": int(row["goal"]),
                "person_id": row["expert"],
                "title": row["object"],
                "method": row["method"],
                "planned_on": day(row["planned_on"]),
            },
        )


def _write_criteria(unit: Unit, work: Work) -> None:
    rows = coded(work.fields["criteria"], "К")
    codes = [row["code"] for row in rows]
    for number, row in enumerate(rows):
        if row["code"] in codes[:number]:
            refuse(f"criteria.{number}.code", "Такой код уже есть. Дайте критерию другой.")
        unit.add(
            Criterion,
            {
                "case_id": work.case.id,
                "code": row["code"],
                "title": row["title"],
                "scale": row.get("scale", ""),
                "weight": row["weight"],
                "optional": row.get("optional", False),
            },
        )


# one expert -------------------------------------------------------------------------------------


@records("materials")
def record_materials(unit: Unit, work: Work) -> dict[str, Any]:
    """Return what this expert is to see, in order of time; his notes stay his."""
    refuse_another(unit, work.names["expert"], "read")
    seen = exists().where(Visit.object_id == ProgrammeObject.id)
    mine = select(ProgrammeObject).where(
        ProgrammeObject.case_id == work.case.id,
        ProgrammeObject.person_id == work.names["expert"],
        ~seen,
    )
    rows = unit.rows(mine.order_by(ProgrammeObject.planned_on, ProgrammeObject.id))
    visits = [
        {"id": row.id, "label": row.title[:_LABEL], "on": row.planned_on.isoformat()}
        for row in rows
    ]
    return {"visits": visits}


@records("visit")
def record_visit(unit: Unit, work: Work) -> dict[str, Any]:
    """Write what was observed at an object, and a score by every criterion with its evidence."""
    refuse_another(unit, work.names["expert"], "observations")
    fields, object_id = work.fields, work.names["visit"]["id"]
    visited_on = day(fields["date"])
    if visited_on > today(unit, work.case):
        refuse("date", "Лист заполняют после посещения.")
    optional = {row.id: row.optional for row in unit.rows(_criteria(work.case.id))}
    all_given(fields["scores"], "criterion", optional, "scores")
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "object_id": object_id,
        "person_id": work.names["expert"],
        "visited_on": visited_on,
        "observations": fields["observations"],
    }
    visit = unit.insert(Visit, row)
    for number, said in enumerate(fields["scores"]):
        criterion, score = int(said["criterion"]), score_of(said["score"])
        if score is None and not optional[criterion]:
            refuse(f"scores.{number}.score", "«Н/П» здесь нельзя: так решено в программе.")
        scored = {"visit_id": visit, "criterion_id": criterion, "score": score}
        unit.add(VisitScore, {**scored, "evidence": said["evidence"]})
    label = work.names["visit"]["label"]
    issue(unit, work, Paper("observation", f"Лист наблюдения: {label}", fields["observations"]))
    return {}


def _criteria(case_id: int) -> Any:
    return select(Criterion).where(Criterion.case_id == case_id).order_by(Criterion.id)
