"""How a review ends: the management decision, publication, archive, repetition, cancellation."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.bus import Command, handles
from engine.commands.cases import StartCase, start_case
from engine.commands.conclusions import with_dissents
from engine.commands.documents import Paper, issue, issue_unsigned
from engine.commands.extensions import refuse_day
from engine.commands.handovers import redate
from engine.commands.incidents import notes_fault
from engine.commands.labels import dissents
from engine.commands.locked import LockedCase, lock_case, look_at_task
from engine.commands.recording import day, refuse, variable
from engine.commands.services import ServiceCall, service
from engine.commands.steps import advance
from engine.commands.subjects import Work, records
from engine.errors import DeadlineRefused, NobodyWaits, NotOpen, ReasonMissing
from engine.model.base import ROOM
from engine.model.councils import ManagementDecision
from engine.model.goals import Goal, goals_of
from engine.model.indicators import Dataset, IndicatorValue, newest_datasets, values_of
from engine.model.reviews import conclusion_of
from engine.model.tasks import OPEN
from engine.papers.content import Block, Heading, paragraphs, table
from engine.papers.wording import initials, number
from engine.process.orders import Deliver
from engine.rules.access import Right
from engine.rules.names import remark
from engine.unit import Unit

# the decision -----------------------------------------------------------------------------------


@records("decision")
def record_decision(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write what the director decides after a control stage.

    Returns:
        The decision; measures are not extended beyond the bound of rounds (invariant 6).
    """
    fields, round_ = work.fields, variable(work.case, "control_round", 0)
    decision = fields["decision"]
    if decision == "extend_measures" and round_ >= work.settings["max_rounds"]:
        refuse("decision", "Меры продлевали уже столько раз, сколько разрешено. Выберите другое.")
    effective = work.names.get("effect") == "effective"
    decided_on = day(fields["order_date"])
    unit.add(
        ManagementDecision,
        {
            "case_id": work.case.id,
            "task_id": work.task.id,
            "round": round_,
            "decision": decision,
            "text": fields["text"],
            "effective": effective,
            "decided_on": decided_on,
        },
    )
    mark = "" if effective else "Меры признаны неэффективными.\n"
    title, text = "Управленческое решение по результатам ОПЭКО", f"{mark}{fields['text']}"
    paper = Paper("decision", title, text, fields["order_no"], decided_on)
    issue(unit, work, paper, effective=effective)
    return {"decision": decision}


@records("publication")
def record_publication(unit: Unit, work: Work) -> dict[str, Any]:
    """Write where the results are published, without personal data."""
    url = work.fields["url"]
    if not url.startswith(("https://", "http://")) or len(url.split()) != 1:
        refuse("url", "Адрес начинается с https://.")
    issue(unit, work, Paper("publication", "Размещение результатов ОПЭКО", url))
    return {}


# the end ----------------------------------------------------------------------------------------


@service("archive_review")
def archive_review(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write the final note of the case, with every dissenting opinion; return its outcome."""
    case, closed = call.case, bool(call.inputs.get("closing"))
    text = with_dissents(unit, case.id, _summary(unit, case))
    title = "Итоговая справка: дело закрыто как есть" if closed else "Итоговая справка"
    issue_unsigned(unit, case, Paper("note", title, text, blocks=_printed(unit, case)))
    return {"outcome": "end_closed" if closed else "end_ok"}


def _summary(unit: Unit, case: LockedCase) -> str:
    """Return goals, conclusions and decisions as one text: next year's baseline."""
    goals = [f"Задача {row.code}. {row.title}" for row in unit.rows(goals_of(case.id))]
    conclusions = [row.summary for row in _conclusions(unit, case)]
    decided = select(ManagementDecision.text).where(ManagementDecision.case_id == case.id)
    decisions = [row.text for row in unit.rows(decided.order_by(ManagementDecision.id))]
    return "\n".join([*goals, *conclusions, *decisions])


def _conclusions(unit: Unit, case: LockedCase) -> list[Any]:
    """Return the conclusions of the case, of the first stage and of each round of control."""
    last = variable(case, "control_round", 0)
    stages = (("first", 0), *(("control", round_) for round_ in range(last + 1)))
    found = (unit.first(conclusion_of(case.id, stage, round_)) for stage, round_ in stages)
    return [row for row in found if row is not None]


def _printed(unit: Unit, case: LockedCase) -> tuple[Block, ...]:
    """Return the final note as it is printed: goals, conclusions, decisions, dissents."""
    goals = [(row.code, row.title, row.target) for row in unit.rows(goals_of(case.id))]
    rows = [(code, title, number(target)) for code, title, target in goals]
    blocks: list[Block] = [Heading("Задачи"), table("Код|Задача|Цель", (2, 12, 3), rows)]
    for row in _conclusions(unit, case):
        stage = "Контрольный этап" if row.stage == "control" else "Первый этап"
        blocks += [Heading(f"Заключение. {stage}"), *paragraphs(row.summary)]
    decided = select(ManagementDecision).where(ManagementDecision.case_id == case.id)
    for row in unit.rows(decided.order_by(ManagementDecision.id)):
        title = f"Управленческое решение от {row.decided_on:%d.%m.%Y}"
        blocks += [Heading(title), *paragraphs(row.text)]
    for name, words in dissents(unit, case.id):
        blocks += [Heading(f"Особое мнение: {initials(name)}"), *paragraphs(words)]
    return tuple(blocks)


@service("repeat_review")
def repeat_review(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Begin the linked case of a repeated review at its order, with the goals and the baseline."""
    case = call.case
    command = StartCase(case.cycle_id, case.organisation_id, previous_id=case.id, at="opeko_again")
    repeated = start_case(unit, command)
    for goal in unit.rows(goals_of(case.id)):
        row = {"case_id": repeated, "revision": 1, "classification": goal.classification}
        same = ("code", "title", "indicator", "target", "priority")
        unit.add(Goal, {**row, **{name: getattr(goal, name) for name in same}})
    _copy_baseline(unit, case, repeated)
    return {"repeated_id": repeated}


def _copy_baseline(unit: Unit, case: LockedCase, repeated: int) -> None:
    """Give the repeated case the first values, those measured again in their newest form."""
    round_ = variable(case, "control_round", 0) + 1
    newer = {_what(row): row for row in unit.rows(values_of(case.id, round_))}
    values = unit.rows(values_of(case.id, 0))
    for dataset in unit.rows(newest_datasets(case.id, 0)):
        kept = ("source", "period", "state", "why")
        row = {"case_id": repeated, "round": 0, "at": unit.now}
        copy = unit.insert(Dataset, {**row, **{name: getattr(dataset, name) for name in kept}})
        for value in values:
            if value.dataset_id == dataset.id:
                source = newer.get(_what(value), value)
                said = {name: getattr(source, name) for name in (*_WHAT, "value", "students")}
                unit.add(IndicatorValue, {"dataset_id": copy, **said})


_WHAT = ("source", "subject", "grade", "measure")


def _what(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _WHAT)


# by order ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CancelReview(Command[None]):
    """End a review by an order of the director; its open tasks are taken away."""

    case_id: int
    reason: str
    order_number: str = ""


@handles(CancelReview)
def cancel_review(unit: Unit, command: CancelReview) -> None:
    """
    Let the case record the order and end.

    Raises:
        ReasonMissing: No reason is given.
        NobodyWaits: The review is over, or another process.
    """
    reason = _reason(command.reason)
    payload = {"reason": reason, "order_number": command.order_number.strip()}
    _tell(unit, command.case_id, Right.CANCEL, "cancel", payload)


@service("record_cancellation")
def record_cancellation(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write the order that cancels the review."""
    reason = str(variable(call.case, "reason", ""))
    number = str(variable(call.case, "order_number", ""))
    issue_unsigned(unit, call.case, Paper("order", "Об отмене ОПЭКО", reason, number))
    return {"outcome": "end_cancelled"}


@dataclass(frozen=True, slots=True)
class PostponeTask(Command[None]):
    """Ask the director to move the deadline of an open task."""

    task_id: int
    until: date
    reason: str


@handles(PostponeTask)
def postpone_task(unit: Unit, command: PostponeTask) -> None:
    """
    Give the director the request; until he agrees, the old date is in force.

    Raises:
        ReasonMissing: No reason is given.
        DeadlineRefused: The day is not later than the deadline, or is past, or too far away.
        NotOpen: The task is not open any more.
        NobodyWaits: The case takes no such requests.
    """
    case, task = look_at_task(unit, command.task_id)
    if task.state != OPEN:
        raise NotOpen
    unit.allow(Right.WATCH, case.path, case.id)
    reason = _reason(command.reason)
    refuse_day(unit, case, task, command.until)
    payload = {
        "postponed_task": task.id,
        "postponed_until": command.until.isoformat(),
        "postponed_reason": reason,
    }
    _tell(unit, task.id // ROOM, Right.WATCH, "postpone", payload)


@records("postponement")
def record_postponement(unit: Unit, work: Work) -> dict[str, Any]:
    """Move the deadline when the director agrees; the first one is kept for ever (invariant 7)."""
    if work.fields["postpone"] == "agree":
        case, task = look_at_task(unit, work.names["task_id"])
        if task.state != OPEN:
            refuse("postpone", "Эта задача уже выполнена: переносить нечего. Откажите.")
        try:
            redate(unit, case, task, day(work.names["until"]), work.names["why"])
        except DeadlineRefused:
            refuse("postpone", "Этот день уже прошёл, или срок уже такой. Откажите.")
    return {}


def _reason(text: str) -> str:
    reason = remark(text)
    if not reason:
        raise ReasonMissing
    return reason


def _tell(unit: Unit, case_id: int, right: Right, name: str, payload: dict[str, Any]) -> None:
    """Hand a message to a case, for who has the right."""
    case = lock_case(unit, case_id)
    unit.allow(right, case.path, case.id)
    waits = [w.id for w in case.state.waits.values() if (w.kind, w.name) == ("message", name)]
    if not waits:
        raise NobodyWaits(name=name)
    advance(unit, case, Deliver(min(waits), payload))


@records("year_end")
def record_year_end(unit: Unit, work: Work) -> dict[str, Any]:
    """Write why a case is carried over into the new school year, or closed as it is."""
    carried = work.fields["year"] == "carry"
    title = "Дело перенесено на новый учебный год" if carried else "Дело закрывается как есть"
    issue(unit, work, Paper("note", title, work.fields["reason"]))
    return {}


notes_fault(CancelReview)
