"""The teachers' council and the orders of the director before the review begins."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from engine.commands.documents import Paper, issue
from engine.commands.recording import day, refuse, today
from engine.commands.subjects import Work, records
from engine.model.councils import CouncilDecision, ReviewOrder
from engine.model.goals import YearPlanChange
from engine.rules.scoring import has_majority, has_quorum
from engine.unit import Unit

_SECTIONS = ("group", "experts_training", "staff_training", "conduct", "amendments")

# the council ------------------------------------------------------------------------------------


@records("agenda")
def record_agenda(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the agenda; the council meets no sooner than the setting allows."""
    met_on, days = day(work.fields["date"]), work.settings["agenda_days"]
    if met_on < today(unit, work.case) + timedelta(days=days):
        refuse("date", f"До педсовета должно оставаться не меньше {days} дней.")
    issue(unit, work, Paper("agenda", "Повестка педсовета", work.fields["question"]))
    return {"council_on": met_on.isoformat()}


@records("council")
def record_council(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write the decision of the council: with a quorum, votes that add up, and a majority.

    Returns:
        The decision; one that ends the case names its outcome.
    """
    _refuse_bad_vote(work)
    fields = work.fields
    met_on = min(today(unit, work.case), day(work.names.get("council_on", "9999-12-31")))
    unit.add(
        CouncilDecision,
        {
            "case_id": work.case.id,
            "task_id": work.task.id,
            "met_on": met_on,
            "members": fields["members"],
            "present": fields["present"],
            "votes_for": fields["votes_for"],
            "votes_against": fields["votes_against"],
            "abstained": fields["abstained"],
            "decision": fields["decision"],
            "grounds": fields["grounds"],
            "request": fields.get("request_text", ""),
            "minutes_number": fields["protocol_no"],
        },
    )
    title, number = "Протокол педагогического совета", fields["protocol_no"]
    issue(unit, work, Paper("minutes", title, fields["grounds"], number, met_on, "protocol_no"))
    declined = fields["decision"] == "decline"
    return {"council": fields["decision"], "outcome": "end_refused" if declined else ""}


def _refuse_bad_vote(work: Work) -> None:
    """Refuse a meeting without a quorum, a wrong sum, and a decision against the vote."""
    fields = work.fields
    present, members = fields["present"], fields["members"]
    if not has_quorum(present, members, max(work.settings["quorum"], 0.5)):
        refuse(
            "present", f"Кворума нет: присутствовало {present} из {members}. Созовите совет снова."
        )
    votes = fields["votes_for"] + fields["votes_against"] + fields["abstained"]
    if votes != present:
        refuse("abstained", f"Голосов {votes}, а присутствовало {present}. Пересчитайте.")
    majority = has_majority(fields["votes_for"], present)
    if fields["decision"] == "invite" and not majority:
        refuse("decision", "За привлечение экспертов нет большинства присутствующих.")
    if fields["decision"] == "decline" and majority:
        refuse("decision", "Большинство проголосовало за привлечение экспертов.")


@records("request")
def record_request(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the request of the council to the administration."""
    title = "Запрос администрации на привлечение независимых экспертов"
    issue(unit, work, Paper("request", title, work.fields["text"], again=True))
    return {}


# orders of the director -------------------------------------------------------------------------


@records("order")
def record_order(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the signed order; one that goes back for rework leaves only the submission."""
    fields = work.fields
    if fields["sign"] != "sign":
        return {"order": "return"}
    begins_on, ends_on = day(fields["begins_on"]), day(fields["ends_on"])
    if not today(unit, work.case) <= begins_on <= ends_on:
        refuse("ends_on", "Экспертиза начинается не раньше сегодняшнего дня и кончается позже.")
    unit.execute(delete(ReviewOrder).where(ReviewOrder.case_id == work.case.id))
    unit.add(
        ReviewOrder,
        {
            "case_id": work.case.id,
            "task_id": work.task.id,
            "begins_on": begins_on,
            "ends_on": ends_on,
            "coordinator_id": fields["coordinator"],
        },
    )
    text = "\n".join(f"{n}. {fields[key]}" for n, key in enumerate(_SECTIONS, start=1))
    issue(unit, work, _order(work, "О проведении ОПЭКО", text))
    return {
        "order": "sign",
        "coordinator": fields["coordinator"],
        "review_from": begins_on.isoformat(),
        "review_to": ends_on.isoformat(),
    }


def _order(work: Work, title: str, text: str) -> Paper:
    fields = work.fields
    return Paper("order", title, text, fields["order_no"], day(fields["order_date"]))


@records("staff_training")
def record_staff_training(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the minutes of the preparation of the staff."""
    text = f"{work.fields['topics']}\n\nПрисутствовали: {work.fields.get('attendees', '—')}"
    paper = Paper("minutes", "Подготовка педагогического коллектива", text)
    issue(unit, work, paper)
    return {}


@records("year_plan")
def record_year_plan(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the amendments to the plan of the year over those that were sent back."""
    unit.execute(delete(YearPlanChange).where(YearPlanChange.case_id == work.case.id))
    for row in work.fields["changes"]:
        unit.add(
            YearPlanChange,
            {
                "case_id": work.case.id,
                "task_id": work.task.id,
                "item": row["item"],
                "old": row.get("old", ""),
                "new": row["new"],
                "changes_on": day(row["changes_on"]),
            },
        )
    return {}


@records("year_plan_order")
def record_year_plan_order(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the order with the amendments, when it is signed."""
    if work.fields["yearplan"] == "sign":
        changes = select(func.count()).where(YearPlanChange.case_id == work.case.id)
        text = f"Поправок: {unit.value(changes)}"
        issue(unit, work, _order(work, "О поправках в годовой план школы", text))
    return {}


@records("round_table")
def record_round_table(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the minutes of the round table with the council."""
    held_on = day(work.fields["date"])
    if held_on > today(unit, work.case):
        refuse("date", "Протокол пишут после круглого стола.")
    paper = Paper("minutes", "Круглый стол с педсоветом", work.fields["decisions"], "", held_on)
    issue(unit, work, paper)
    return {}
