"""What a person needs to see beside a form: tables made of what came before, by its subject."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from engine.model.councils import CouncilDecision, ManagementDecision
from engine.model.goals import Deficit, SelfAssessment, YearPlanChange, goals_of, reviewed
from engine.model.indicators import newest_datasets
from engine.model.measures import ControlScore, Measure
from engine.model.panels import Complaint, PanelMember
from engine.model.people import Person
from engine.model.reviews import (
    ConclusionItem,
    Criterion,
    Objection,
    ProgrammeObject,
    Visit,
    VisitScore,
    conclusion_of,
    merged_of,
)
from engine.model.tasks import Task
from engine.queries.reviews import compared, dissents, opinions
from engine.queries.tasks import TaskPageRow
from engine.rules.access import Actor
from engine.rules.calendar import day_of
from engine.rules.indicators import source_label
from engine.rules.names import task_name
from engine.rules.numbers import written
from engine.rules.scoring import LEVEL_NAMES
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of evidence; everything in it is text that can be printed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Show = Callable[[Reader, Actor, TaskPageRow], Sheet]


def evidence(reader: Reader, actor: Actor, page: TaskPageRow, subject: str) -> tuple[Sheet, ...]:
    """Return the tables for a task that the actor may work at; those without a row are left out."""
    shown = (show(reader, actor, page) for show in EVIDENCE.get(subject, ()))
    return tuple(sheet for sheet in shown if sheet.rows)


def _sheet(title: str, columns: str, rows: Iterable[Iterable[Any]]) -> Sheet:
    """Return a table; ``columns`` are separated by bars."""
    cells = tuple(tuple(_text(cell) for cell in row) for row in rows)
    return Sheet(title, tuple(columns.split("|")), cells)


def _text(value: Any) -> str:
    """Return a value as Russians read it; nothing is a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return written(value)
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)


def _names(reader: Reader, people: Iterable[int]) -> dict[int, str]:
    rows = reader.rows(select(Person.id, Person.name).where(Person.id.in_(set(people))))
    return {row.id: row.name for row in rows}


# monitoring and goals ---------------------------------------------------------------------------

_STATES = {"present": "получены", "waived": "нет, есть причина", "missing": "нет"}
_CLASSES = {
    "": "",
    "own": "своими силами",
    "help": "с помощью",
    "experts": "нужны эксперты",
    "tie": "спорная",
}
_EFFECTS = {"yes": "да", "partly": "частично", "no": "нет", "": ""}


def _coverage(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(newest_datasets(page.case_id, 0))
    lines = [(source_label(r.source), r.period, _STATES[r.state], r.why) for r in rows]
    return _sheet("Данные мониторинга", "Источник|Период|Данные|Причина", lines)


def _comparison(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    columns = "Показатель|Значение|Год назад|Изменение|Среднее по округу|Медиана|Процентиль|Вывод"
    lines = [
        (
            row.indicator,
            row.value,
            row.last_year,
            row.change,
            row.peer_mean,
            row.peer_median,
            row.percentile,
            f"{row.verdict}; мало учащихся" if row.caution else row.verdict,
        )
        for row in compared(reader, page.case_id)
    ]
    return _sheet("Сравнение с прошлым годом и с другими школами", columns, lines)


def _deficits(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = select(Deficit).where(Deficit.case_id == page.case_id).order_by(Deficit.id)
    lines = [(r.indicator, r.finding, r.evidence, r.cause) for r in reader.rows(rows)]
    return _sheet("Проблемы по анализу", "Показатель|Выявлено|Подтверждение|Причина", lines)


def _goals(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(goals_of(page.case_id))
    lines = [(r.code, r.title, r.target, _CLASSES[r.classification]) for r in rows]
    return _sheet("Ряд задач", "Код|Задача|Цель|Как решать", lines)


def _votes(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    goals = {row.id: row for row in reader.rows(goals_of(page.case_id))}
    rows = select(SelfAssessment).where(SelfAssessment.goal_id.in_(goals))
    lines = [
        (goals[r.goal_id].code, r.association, _EFFECTS[r.know_how], r.means, r.need_expert_in)
        for r in reader.rows(rows.order_by(SelfAssessment.goal_id, SelfAssessment.id))
        if r.revision == goals[r.goal_id].revision
    ]
    return _sheet("Самооценка", "Задача|МО|Умеем|Средства|Нужен эксперт в", lines)


def _council(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    words = {"invite": "привлечь", "decline": "не привлекать", "rework": "доработать"}
    rows = select(CouncilDecision).where(CouncilDecision.case_id == page.case_id)
    lines = [
        (
            r.met_on,
            f"{r.present} из {r.members}",
            f"{r.votes_for} / {r.votes_against} / {r.abstained}",
            words[r.decision],
            r.grounds,
        )
        for r in reader.rows(rows.order_by(CouncilDecision.id))
    ]
    columns = "Дата|Присутствовало|За / против / воздержались|Решение|Основания"
    return _sheet("Решения педсовета", columns, lines)


# the panel and its programme --------------------------------------------------------------------


def _panel(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    kinds = {"public": "общественный", "professional": "профессиональный"}
    states = {
        "candidate": "ждём ответа",
        "declined": "отказ",
        "recused": "отвод",
        "reserve": "допущен",
        "member": "член группы",
        "withdrawn": "выбыл",
    }
    rows = (
        select(PanelMember, Person.name)
        .join(Person, Person.id == PanelMember.person_id)
        .where(PanelMember.case_id == page.case_id)
        .order_by(Person.sort_key)
    )
    lines = [
        (r.name, kinds[r.kind], r.competence, states[r.state], r.restriction)
        for r in reader.rows(rows)
    ]
    return _sheet("Эксперты", "Кто|Вид|Компетенция|Состояние|Не смотрит", lines)


def _programme(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(
        select(ProgrammeObject)
        .where(ProgrammeObject.case_id == page.case_id)
        .order_by(ProgrammeObject.planned_on, ProgrammeObject.id)
    )
    names = _names(reader, (row.person_id for row in rows))
    lines = [(r.planned_on, r.title, names[r.person_id]) for r in rows]
    return _sheet("Программа", "Дата|Объект|Эксперт", lines)


def _complaint(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(select(Complaint).where(Complaint.id == page.names.get("complaint")))
    names = _names(reader, (row.person_id for row in rows))
    return _sheet("Обращение", "О ком|Что сообщают", [(names[r.person_id], r.text) for r in rows])


# opinions and conclusions -----------------------------------------------------------------------


def _visits(reader: Reader, actor: Actor, page: TaskPageRow) -> Sheet:
    """Return what the expert himself has observed, with his scores by criterion."""
    mine = Visit.case_id == page.case_id, Visit.person_id == actor.person_id
    rows = reader.rows(
        select(Visit, ProgrammeObject.title)
        .join(ProgrammeObject, ProgrammeObject.id == Visit.object_id)
        .where(*mine)
        .order_by(Visit.visited_on, Visit.id)
    )
    given = select(VisitScore, Criterion.code).join(Criterion).join(Visit).where(*mine)
    scores: dict[int, list[str]] = {}
    for one in reader.rows(given.order_by(Criterion.id)):
        score = "Н/П" if one.score is None else one.score
        scores.setdefault(one.visit_id, []).append(f"{one.code}: {score} — {one.evidence}")
    lines = [(r.visited_on, r.title, r.observations, "\n".join(scores[r.id])) for r in rows]
    return _sheet("Ваши наблюдения", "Дата|Объект|Что наблюдали|Оценки", lines)


def _opinions(reader: Reader, actor: Actor, page: TaskPageRow) -> Sheet:
    lines = [
        (opinion.name, goal, score, findings)
        for opinion in opinions(reader, actor, page.case_id)
        for goal, score, findings in opinion.goals
    ]
    return _sheet("Индивидуальные заключения", "Эксперт|Задача|Оценка|Установлено", lines)


def _merged(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(merged_of(page.case_id))
    lines = [
        (r.label, r.mean, f"{written(r.lowest)}–{written(r.highest)}", r.diverges, r.agreed)
        for r in rows
    ]
    columns = "Критерий, задача|Среднее|Размах|Расхождение|Согласовано"
    return _sheet("Сводная таблица оценок", columns, lines)


def _conclusion(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    found = reader.one(conclusion_of(page.case_id, "first"))
    goals = {row.id: row for row in reader.rows(goals_of(page.case_id))}
    items = select(ConclusionItem).where(ConclusionItem.conclusion_id == found.id)
    lines = [
        (goals[r.goal_id].code, LEVEL_NAMES[r.level], r.text, r.recommendations)
        for r in reader.rows(items.order_by(ConclusionItem.goal_id))
    ]
    title = f"Заключение первого этапа: {found.summary}"
    return _sheet(title, "Задача|Уровень|Вывод|Рекомендации", lines)


def _dissents(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    return _sheet("Особые мнения", "Эксперт|Мнение", dissents(reader, page.case_id))


def _objections(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = select(Objection).where(Objection.case_id == page.case_id).order_by(Objection.id)
    lines = [(r.point, r.text, r.evidence, r.answer) for r in reader.rows(rows)]
    return _sheet("Возражения школы", "Пункт|Возражение|Подтверждение|Ответ", lines)


# measures and control ---------------------------------------------------------------------------


def _measures(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    mine = Measure.case_id == page.case_id, Measure.own == ("goals" in page.names)
    rows = reader.rows(select(Measure).where(*mine).order_by(Measure.round, Measure.id))
    goals = {row.id: row.code for row in reader.rows(goals_of(page.case_id))}
    names = _names(reader, (row.responsible_id for row in rows))
    lines = [
        (
            goals.get(r.goal_id),
            r.text,
            names[r.responsible_id],
            r.due_on,
            _EFFECTS[r.done],
            r.comment,
        )
        for r in rows
    ]
    return _sheet("Меры", "Задача|Мера|Кто|Срок|Выполнено|Пояснение", lines)


def _control(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    scores = ControlScore.case_id == page.case_id
    rows = reader.rows(select(ControlScore).where(scores).order_by(ControlScore.id))
    goals = {row.id: row.code for row in reader.rows(reviewed(page.case_id))}
    names = _names(reader, (row.person_id for row in rows))
    lines = [
        (
            r.round + 1,
            goals.get(r.goal_id),
            names[r.person_id],
            r.before,
            r.after,
            _EFFECTS[r.effective],
            r.why,
        )
        for r in rows
    ]
    columns = "Этап|Задача|Эксперт|Было|Стало|Эффективно|Почему"
    return _sheet("Листы контроля", columns, lines)


def _decisions(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = select(ManagementDecision).where(ManagementDecision.case_id == page.case_id)
    lines = [
        (r.decided_on, r.text, "да" if r.effective else "нет")
        for r in reader.rows(rows.order_by(ManagementDecision.id))
    ]
    return _sheet("Решения директора", "Дата|Решение|Меры эффективны", lines)


def _amendments(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = select(YearPlanChange).where(YearPlanChange.case_id == page.case_id)
    lines = [
        (r.item, r.old, r.new, r.changes_on) for r in reader.rows(rows.order_by(YearPlanChange.id))
    ]
    return _sheet("Поправки", "Пункт плана|Было|Стало|Срок", lines)


def _postponed(reader: Reader, _actor: Actor, page: TaskPageRow) -> Sheet:
    rows = reader.rows(select(Task).where(Task.id == page.names.get("task_id")))
    until, why = page.names.get("until"), page.names.get("why")
    lines = [
        (
            task_name(r.title, r.item),
            day_of(r.due_at, page.zone),
            date.fromisoformat(str(until)),
            why,
        )
        for r in rows
    ]
    return _sheet("Просьба о переносе", "Задача|Срок сейчас|Просят до|Почему", lines)


EVIDENCE: Final[Mapping[str, tuple[Show, ...]]] = {
    "analysis": (_coverage, _comparison),
    "goals": (_comparison, _deficits),
    "staff_request": (_goals,),
    "self_assessment": (_goals,),
    "tie": (_votes,),
    "grounds": (_goals, _votes),
    "agenda": (_goals,),
    "council": (_goals, _votes),
    "request": (_council,),
    "order": (_council, _goals),
    "year_plan_order": (_amendments,),
    "pool": (_panel,),
    "team": (_panel,),
    "replacement": (_panel, _programme),
    "shortage": (_panel,),
    "complaint": (_complaint,),
    "programme": (_panel, _goals),
    "materials": (_comparison, _deficits, _goals, _programme),
    "visit": (_programme,),
    "opinion": (_visits, _goals, _deficits, _comparison),
    "reconciliation": (_merged, _opinions),
    "round_choice": (_merged, _dissents),
    "round_table": (_merged, _dissents),
    "conclusion": (_merged, _opinions, _dissents),
    "signature": (_conclusion, _merged, _dissents),
    "acquaintance": (_conclusion, _dissents),
    "objection_answer": (_conclusion, _objections),
    "measures": (_conclusion, _objections),
    "plan_order": (_conclusion, _measures),
    "remeasurement": (_measures,),
    "control_sheet": (_measures, _conclusion),
    "control_conclusion": (_measures, _control),
    "adjustment": (_measures, _control),
    "decision": (_conclusion, _measures, _control, _dissents),
    "publication": (_decisions,),
    "postponement": (_postponed,),
    "own_measures": (_goals,),
    "own_plan_order": (_measures,),
    "own_review": (_measures,),
}
