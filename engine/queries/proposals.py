"""What a form begins with: given rows, drafts made of what is known, fitting dates and numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from engine.model.councils import CouncilDecision
from engine.model.documents import Document
from engine.model.goals import Goal, goals_of, reviewed
from engine.model.indicators import values_of
from engine.model.measures import ControlScore
from engine.model.panels import panel_of
from engine.model.reviews import (
    Dissent,
    Opinion,
    OpinionScore,
    Recommendation,
    conclusion_of,
    counting_opinions,
    merged_of,
)
from engine.model.tasks import Submission, Task
from engine.queries.choices import Options
from engine.queries.conflicts import conflicts
from engine.queries.tasks import TaskPageRow
from engine.rules.calendar import RUSSIA, day_of
from engine.rules.fields import Field
from engine.rules.forms import Form
from engine.rules.indicators import Indicator
from engine.rules.scoring import verdict_of
from engine.unit import Reader

Values = dict[str, Any]
Proposal = Callable[[Reader, TaskPageRow], Values]


def proposed(reader: Reader, page: TaskPageRow, form: Form, lists: Mapping[str, Options]) -> Values:
    """Return the values that a form begins with; a draft of the person goes before them."""
    values: Values = {**_given(form, lists), **_usual(reader, page, form)}
    propose = PROPOSALS.get(form.subject)
    subjects = {one.key: one.subject for one in form.inputs if one.is_given}
    for key, value in (propose(reader, page) if propose else {}).items():
        rows = values.get(key)
        if isinstance(rows, list) and isinstance(value, dict):
            values[key] = [row | value.get(row[subjects[key]], {}) for row in rows]
        else:
            values[key] = value
    return {**values, **_sent_before(reader, page, form)}


_REWORKED: Final = frozenset({"request", "year_plan", "measures", "own_measures", "programme"})
"""Subjects whose forms are sent back: they begin with what was sent in."""


def _sent_before(reader: Reader, page: TaskPageRow, form: Form) -> Values:
    """Return what the case was told at the same step before; files stay with their task."""
    if form.subject not in _REWORKED:
        return {}
    same = (
        Submission.case_id == page.case_id,
        Submission.element == page.element,
        Task.item == page.item,
    )
    sent = select(Submission.fields).join(Task, Task.id == Submission.task_id).where(*same)
    fields = reader.value(sent.order_by(Submission.at.desc()).limit(1)) or {}
    kept = [one for one in form.inputs if one.kind != "files"]
    return _ahead(kept, fields, day_of(reader.now, page.zone))


def _ahead(fields: Iterable[Field], values: Values, today: date) -> Values:
    """Return the values of a plan without the days that have passed: they are to be set anew."""
    found: Values = {}
    for one in fields:
        value = values.get(one.key)
        if one.kind == "table" and value is not None:
            found[one.key] = [_ahead(one.columns, row, today) for row in value]
        elif value is not None and (one.kind != "date" or date.fromisoformat(value) >= today):
            found[one.key] = value
    return found


def _given(form: Form, lists: Mapping[str, Options]) -> Values:
    """Return the rows that are given: one for each item of a list."""
    return {
        one.key: [{one.subject: option.value} for option in one.items or lists.get(one.rows, ())]
        for one in form.inputs
        if one.is_given
    }


# the usual --------------------------------------------------------------------------------------


def _usual(reader: Reader, page: TaskPageRow, form: Form) -> Values:
    """Return today's date and a free number where a form asks for those of a paper."""
    keys = {one.key for one in form.inputs}
    now = day_of(reader.now, page.zone)
    values: Values = {key: now.isoformat() for key in keys & {"order_date", "briefing_date"}}
    for key, (kinds, tail) in _NUMBERED.items():
        if key in keys:
            values[key] = _number(reader, page, kinds, tail)
    return values


_NUMBERED: Final = {
    "order_no": (("order", "decision"), "-ОПЭКО"),
    "protocol_no": (("minutes",), ""),
}
"""
Fields that ask for the number of a paper: the kinds that stand in one book with it, and what is
written behind the number.
"""


def _number(reader: Reader, page: TaskPageRow, kinds: Sequence[str], tail: str) -> str:
    """Return the first number from 1 that no document of the kinds has in the case."""
    mine = Document.case_id == page.case_id, Document.kind.in_(kinds)
    taken = {row.number for row in reader.rows(select(Document.number).where(*mine))}
    numbers = (f"{n}{tail}" for n in range(1, len(taken) + 2))
    return next(number for number in numbers if number not in taken)


def _day(page: TaskPageRow, name: str, otherwise: date) -> date:
    found = page.names.get(name)
    return date.fromisoformat(found) if isinstance(found, str) else otherwise


def _in_days(reader: Reader, page: TaskPageRow, days: int) -> date:
    return RUSSIA.at_or_after(day_of(reader.now, page.zone) + timedelta(days=days))


# by subject -------------------------------------------------------------------------------------


def _dataset(_reader: Reader, page: TaskPageRow) -> Values:
    begun = int(page.names.get("school_year") or 0)
    return {"period": f"{begun}/{(begun + 1) % 100:02} учебный год"} if begun else {}


def _staff_request(reader: Reader, page: TaskPageRow) -> Values:
    days = page.settings["selfassess_term"]
    today = day_of(reader.now, page.zone)
    goals = "\n".join(f"{g.code}. {g.title}" for g in reader.rows(goals_of(page.case_id)))
    text = f"Просим оценить, умеем ли мы решить эти задачи своими силами:\n{goals}"
    return {"text": text, "answer_by": RUSSIA.workday(today, days).isoformat()}


def _tasks(reader: Reader, page: TaskPageRow) -> Values:
    """Return the list that the council sent back for rework."""
    same = ("code", "title", "indicator", "target", "priority")
    rows = reader.rows(goals_of(page.case_id))
    return {"tasks": [{k: getattr(row, k) for k in same} for row in rows]} if rows else {}


def _agenda(reader: Reader, page: TaskPageRow) -> Values:
    days = page.settings["agenda_days"]
    question = "О привлечении независимых экспертов к проведению ОПЭКО"
    return {"date": _in_days(reader, page, days).isoformat(), "question": question}


def _request(reader: Reader, page: TaskPageRow) -> Values:
    newest = select(CouncilDecision.request).where(CouncilDecision.case_id == page.case_id)
    text = reader.value(newest.order_by(CouncilDecision.id.desc()).limit(1))
    return {"text": text} if text else {}


def _order(reader: Reader, page: TaskPageRow) -> Values:
    begins = _in_days(reader, page, 21)
    period = {"begins_on": begins.isoformat(), "ends_on": _in_days(reader, page, 42).isoformat()}
    sections = {
        "group": "Сформировать группу общественно-профессиональных экспертов.",
        "experts_training": "Провести подготовку экспертов к проведению ОПЭКО.",
        "staff_training": "Провести подготовку педагогического коллектива к проведению ОПЭКО.",
        "conduct": "Провести ОПЭКО в школе.",
        "amendments": "Внести поправки в годовой план школы.",
    }
    return {**period, **sections}


def _declaration(reader: Reader, page: TaskPageRow) -> Values:
    """Return «yes» to what the system knows; the rest is for the candidate to say."""
    return dict.fromkeys(conflicts(reader, page), "yes")


_CRITERIA: Final = (
    ("Цели и результаты", "цели ясны ученикам, результат достигнут и измерен"),
    ("Содержание и методы", "содержание и методы ведут к целям"),
    ("Работа с разными учениками", "учтены сильные и слабые ученики"),
    ("Оценивание", "оценки объективны и понятны ученикам"),
)
"""Criteria to begin with; the lead changes them as the goals demand."""


def _programme(reader: Reader, page: TaskPageRow) -> Values:
    """Return one object for each expert, on the first days of the review."""
    goals = [row.id for row in reader.rows(reviewed(page.case_id))]
    experts = reader.rows(panel_of(page.case_id, "member"))
    today = day_of(reader.now, page.zone)
    first = max(_day(page, "review_from", today), today)
    if _day(page, "review_to", first) < today:
        first = today
    rows = [
        {
            "goal": str(goals[number % len(goals)]),
            "expert": member.person_id,
            "method": "lesson",
            "planned_on": first.isoformat(),
        }
        for number, member in enumerate(experts)
        if goals
    ]
    criteria = [{"title": title, "scale": scale, "weight": 1.0} for title, scale in _CRITERIA]
    return {"objects": rows, "criteria": criteria}


def _visit(reader: Reader, page: TaskPageRow) -> Values:
    return {"date": day_of(reader.now, page.zone).isoformat()}


def _reconciliation(reader: Reader, page: TaskPageRow) -> Values:
    rows = [row for row in reader.rows(merged_of(page.case_id)) if row.diverges]
    return {"scores": {str(row.id): {"agreed_score": round(row.mean, 1)} for row in rows}}


def _round_choice(reader: Reader, page: TaskPageRow) -> Values:
    dissents = select(func.count()).where(Dissent.case_id == page.case_id)
    low = page.names.get("lowest", 4) < page.settings["round_score"]
    return {"round_table": "yes" if low or reader.value(dissents) else "no"}


def _conclusion(reader: Reader, page: TaskPageRow) -> Values:
    """Return a draft: of each goal what the opinions found, a level, recommendations."""
    counting = counting_opinions(page.case_id).order_by(None).with_only_columns(Opinion.id)
    found = (
        select(OpinionScore.goal_id, OpinionScore.findings)
        .where(OpinionScore.opinion_id.in_(counting))
        .order_by(OpinionScore.goal_id, OpinionScore.opinion_id)
    )
    advice = (
        select(Recommendation.text)
        .where(Recommendation.opinion_id.in_(counting))
        .order_by(Recommendation.id)
    )
    texts = dict.fromkeys(row.text for row in reader.rows(advice))
    scores = {
        row.scored_id: row.mean if row.agreed is None else row.agreed
        for row in reader.rows(merged_of(page.case_id))
        if row.scored == "goal"
    }
    findings: dict[int, dict[str, None]] = {}
    for row in reader.rows(found):
        findings.setdefault(row.goal_id, {})[row.findings] = None
    items = {
        str(goal): {
            "level": _level(scores[goal]),
            "recommendations": "\n".join(texts),
            "conclusion": "\n".join(filter(None, said)),
        }
        for goal, said in findings.items()
    }
    return {"items": items}


def _level(score: float) -> str:
    """Return the level of match that a score from 0 to 4 comes to."""
    return "matches" if score >= 3 else "partly" if score >= 1.5 else "fails"


def _control_sheet(reader: Reader, page: TaskPageRow) -> Values:
    round_ = int(page.names.get("control_round") or 0)
    before, after = (_measured(reader, page, n) for n in (0, round_ + 1))
    rows = reader.rows(reviewed(page.case_id))
    return {
        "goals": {
            str(g.id): {"before": before.get(g.indicator), "after": after.get(g.indicator)}
            for g in rows
        }
    }


def _measured(reader: Reader, page: TaskPageRow, round_: int) -> dict[str, float]:
    return {
        Indicator(row.source, row.subject, row.grade, row.measure).key: row.value
        for row in reader.rows(values_of(page.case_id, round_))
    }


def _control_conclusion(reader: Reader, page: TaskPageRow) -> Values:
    """Return the verdicts of the majority with what the experts wrote."""
    rows = reader.rows(
        select(ControlScore)
        .where(
            ControlScore.case_id == page.case_id,
            ControlScore.round == int(page.names.get("control_round") or 0),
        )
        .order_by(ControlScore.id)
    )
    goals = reader.rows(select(Goal.id).where(Goal.case_id == page.case_id))
    return {
        "items": {
            str(goal.id): {
                "verdict": verdict_of([r.effective for r in rows if r.goal_id == goal.id]),
                "text": "\n".join(r.why for r in rows if r.goal_id == goal.id),
            }
            for goal in goals
        }
    }


def _plan(reader: Reader, page: TaskPageRow) -> Values:
    """Return a measure to be filled in for each goal of the review, by its recommendation."""
    conclusion = reader.first(conclusion_of(page.case_id, "first"))
    due = _in_days(reader, page, 30).isoformat()
    rows = reader.rows(reviewed(page.case_id)) if conclusion else []
    return {"measures": [{"goal": str(goal.id), "due_on": due} for goal in rows]}


PROPOSALS: Final[Mapping[str, Proposal]] = {
    "dataset": _dataset,
    "goals": _tasks,
    "staff_request": _staff_request,
    "agenda": _agenda,
    "request": _request,
    "order": _order,
    "declaration": _declaration,
    "programme": _programme,
    "visit": _visit,
    "reconciliation": _reconciliation,
    "round_choice": _round_choice,
    "conclusion": _conclusion,
    "measures": _plan,
    "control_sheet": _control_sheet,
    "control_conclusion": _control_conclusion,
}
"""By the subject of a form. A dict under the key of a table completes its given rows."""
