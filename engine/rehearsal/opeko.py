"""
ОПЭКО rehearsed: the usual way through, and what may go otherwise.

Together the scenarios pass every element and every branch of the diagram; a test sees to it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from engine.commands.closings import CancelReview, PostponeTask
from engine.commands.complaints import Complain
from engine.commands.experts import WithdrawExpert
from engine.model.panels import panel_of
from engine.model.tasks import OPEN, Task
from engine.rehearsal.scenarios import Act, Answers, Scenario, Scene, Turn
from engine.rules.access import Role

Chosen = Mapping[str, Sequence[Answers] | Callable[[Turn], Answers]]

# the usual answers ------------------------------------------------------------------------------


def _results(turn: Turn) -> Answers:
    """Return the results of one source, each a little different."""
    shift = turn.place * 1.7
    rows = [
        ("Математика", "9", 48, 58.4, 46.0, 95.0, 3),
        ("Математика", "11", 22, 61.2, 52.0, 97.0, 1),
        ("Русский язык", "9", 48, 66.1, 58.0, 98.0, 1),
        ("Русский язык", "11", 22, 71.5, 64.0, 100.0, 0),
        ("Физика", "11", 8, 54.3, 40.0, 94.0, 1),
    ]
    names = ("subject", "grade", "n_students", "mean", "quality_pct", "progress_pct")
    return {
        "rows": [
            dict(zip(names, row, strict=False))
            | {"mean": round(row[3] + shift, 1), "threshold_fail": row[6]}
            for row in rows
        ]
    }


_GOALS: Final = (
    {
        "code": "1",
        "title": "Вести банк олимпиадных заданий и готовить победителей",
        "priority": "middle",
    },
    {
        "code": "2",
        "title": "Поднять качество знаний по математике в 9 классах",
        "indicator": 0,
        "target": 65,
        "priority": "high",
    },
    {
        "code": "3",
        "title": "Сделать внутреннюю оценку объективной: сверить её с внешней",
        "priority": "high",
    },
)
_ABILITY: Final = (
    {"know_how": "yes", "means": "Опыт предметных кафедр"},
    {"know_how": "no", "need_expert_in": "Методика преподавания математики"},
    {"know_how": "no", "need_expert_in": "Критериальное оценивание"},
)
_NO_FACTS: Final = dict.fromkeys(
    ("employed_here", "relative_here", "child_here", "paid_services_3y", "subordinate"), "no"
)
_CLEAN: Final = {"agree": "yes", **_NO_FACTS}
_CANDIDATES: Final = tuple(
    {"kind": kind, "competence": competence, "contacts": "указаны в анкете"}
    for kind, competence in (
        ("public", "Родительская общественность, управляющий совет"),
        ("professional", "Методист по математике"),
        ("professional", "Оценка качества образования"),
        ("public", "Ветеран педагогического труда"),
        ("professional", "Заместитель директора другой школы"),
    )
)

_COUNCIL: Final = {
    "members": 24,
    "present": 20,
    "votes_for": 17,
    "votes_against": 1,
    "abstained": 2,
    "decision": "invite",
    "grounds": "Две задачи из трёх требуют независимого взгляда",
    "request_text": "Просим пригласить независимых экспертов по задачам 2 и 3.",
}
_OPINION: Final = {
    "goals": {"score": "3", "findings": "Работа ведётся, системы контроля нет."},
    "recommendations": [
        {
            "text": "Ввести общую карту пробелов по математике для 9 классов.",
            "addressee": "методическое объединение",
            "term": "первое полугодие",
        }
    ],
    "confidence": "high",
}

USUAL: Final[Chosen] = {
    "s1_source": _results,
    "s1_achieve": (
        {
            "achievements": [
                {
                    "student_group": "9–11 классы",
                    "event": "Муниципальный этап олимпиады по физике",
                    "level": "district",
                    "result": "prize",
                    "achieved_on": -60,
                }
            ]
        },
    ),
    "s1_analysis": (
        {
            "strengths": "Стабильные результаты по русскому языку, активное участие в олимпиадах.",
            "deficits": [
                {
                    "indicator": "Качество знаний по математике, 9 классы",
                    "finding": "Ниже прошлого года и ниже среднего по району",
                    "evidence": "ОГЭ, диагностические работы",
                    "cause": "Слабая вычислительная подготовка",
                },
                {
                    "indicator": "Объективность внутренней оценки",
                    "finding": "Годовые отметки выше экзаменационных",
                    "evidence": "Сопоставление отметок и результатов ОГЭ",
                },
            ],
            "conclusion": "Часть задач коллектив решит сам, для двух нужны независимые эксперты.",
        },
    ),
    "s1_tasks": ({"tasks": list(_GOALS)},),
    "s1_selfassess": ({"answers": list(_ABILITY)},),
    "s1_grounds": ({"transparency": False, "competitiveness": False},),
    "s2_pedsovet": (_COUNCIL,),
    "s2_pool": ({"candidates": list(_CANDIDATES)},),
    "s2_coi": (_CLEAN,),
    "s2_declare": (_CLEAN,),
    "s2_team": ({"decision": "approve", "members": 3, "lead": 1},),
    "s2_yearplan": (
        {
            "changes": [
                {
                    "item": "Педагогический совет по итогам экспертизы",
                    "new": "Добавить в план второго полугодия",
                    "changes_on": 30,
                }
            ]
        },
    ),
    "s2_program": (
        {
            "objects": {"object": "Уроки математики и журналы 9 классов"},
            "criteria": [
                {"code": "К1", "title": "Работа с результатами диагностик", "weight": 1},
                {"code": "К2", "title": "Обоснованность отметок", "weight": 1},
            ],
        },
    ),
    "s3_visit": (
        {
            "observations": "Посещены два урока, просмотрены журналы и работы учащихся.",
            "scores": {"score": "3", "evidence": "Записи наблюдения, копии работ"},
        },
    ),
    "s3_opinion": (_OPINION,),
    "s4_choice": ({"round_table": "no"},),
    "measures_plan/mp_review": ({"own_next": "enough"},),
    "s5_acquaint": ({},),
    "s6_plan": (
        {
            "measures": [
                {"goal": 0, "text": "Карта пробелов и занятия в группах", "due_on": 28},
                {"goal": 1, "text": "Взаимная проверка работ по критериям", "due_on": 35},
            ]
        },
    ),
    "s6_done": ({"done": "yes"},),
    "s7_adjust": (
        {"measures": {"text": "Продолжить занятия с учителем-наставником", "due_on": 21}},
    ),
    "s7_control": (
        {"goals": {"score": "3", "effective": "yes", "why": "Показатель вырос, меры работают."}},
    ),
    "s8_decision": (
        {
            "decision": "keep_practice",
            "text": "Закрепить взаимную проверку и карту пробелов в локальных актах школы.",
        },
    ),
    "s8_publish": ({"url": "https://shkola.example/opeko", "redacted": True},),
}


def scenario(title: str, changed: Chosen | None = None, **more: Any) -> Scenario:
    """Return a scenario with the usual answers, except for what is changed."""
    return Scenario(title, {**USUAL, **(changed or {})}, **more)


# what people do of their own accord --------------------------------------------------------------


def _members(scene: Scene, *states: str) -> list[int]:
    """Return people of the panel in some states, the lead last."""
    rows = scene.reader.rows(panel_of(scene.case_id, *states))
    return [row.person_id for row in sorted(rows, key=lambda row: (row.is_lead, row.id))]


def _withdraw(scene: Scene) -> WithdrawExpert:
    return WithdrawExpert(scene.case_id, _members(scene, "member")[0], "болезнь")


def _complain(scene: Scene) -> Complain:
    return Complain(scene.case_id, _members(scene, "member")[0], "Эксперт раньше работал в школе.")


def _cancel(scene: Scene) -> CancelReview:
    return CancelReview(scene.case_id, "школа закрыта на капитальный ремонт", "17")


def _postpone(scene: Scene) -> PostponeTask:
    """Ask for a week more for the task that is due first."""
    open_tasks = select(Task.id, Task.due_at).where(
        Task.case_id == scene.case_id, Task.state == OPEN
    )
    task = scene.reader.rows(open_tasks.order_by(Task.due_at, Task.id))[0]
    later = (task.due_at + timedelta(days=8)).date()
    return PostponeTask(task.id, later, "ждём данных района")


# scenarios --------------------------------------------------------------------------------------

_ALL_YES: Final = ({"answers": {"know_how": "yes"}},)
_EFFECTIVE: Final = {"score": "3", "effective": "yes", "why": "Показатель вырос."}
_INEFFECTIVE: Final = {"score": "1", "effective": "no", "why": "Показатель прежний."}


def _no_reason_first(turn: Turn) -> Answers:
    """Leave one mandatory source without data and without a reason, the first time."""
    if turn.place == 1 and turn.round == 1:
        return {"not_available": True}
    return _results(turn)


def _divided(turn: Turn) -> Answers:
    """Let the two associations disagree about the first goal."""
    first = {"know_how": "no" if turn.place else "yes"}
    return {"answers": [first, *_ABILITY[1:]]}


def _conflicted(turn: Turn) -> Answers:
    """Let one candidate turn out to work here, one have a relative, one decline."""
    facts: Sequence[Answers] = (
        {},
        {"employed_here": "yes"},
        {"relative_here": "yes", "restriction": "столовая"},
        {"agree": "no", "why": "нет времени"},
    )
    return {**_CLEAN, **(facts[turn.place] if turn.place < len(facts) else {})}


def _diverging(turn: Turn) -> Answers:
    score = ("4", "1", "3")[turn.place % 3]
    return {**_OPINION, "goals": {"score": score, "findings": "Мнения экспертов разошлись."}}


def _one_dissents(turn: Turn) -> Answers:
    if turn.place:
        return {"sign": "agree"}
    return {"sign": "dissent", "text": "Вывод по третьей задаче слишком мягок."}


STRAIGHT: Final = scenario("Обычный год: без возвратов, с некоторыми опозданиями", tardy=0.1)

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "straight": STRAIGHT,
    "rework": scenario(
        "Всё возвращают: данные, задачи, приказы, планы; спорная задача",
        {
            "s1_source": _no_reason_first,
            "s1_selfassess": _divided,
            "s1_tie": ({"decisions": {"goal_class": "help"}},),
            "s2_pedsovet": ({**_COUNCIL, "decision": "rework"}, _COUNCIL),
            "s2_order": ({"sign": "return"}, {"sign": "sign"}),
            "s2_yearplan_sign": ({"yearplan": "return"}, {"yearplan": "sign"}),
            "s6_approve": ({"plan": "return"}, {"plan": "approve"}),
            "measures_plan/mp_approve": ({"own_plan": "return"}, {"own_plan": "approve"}),
            "measures_plan/mp_review": ({"own_next": "more"}, {"own_next": "enough"}),
        },
        start="opeko_start",
    ),
    "declined": scenario(
        "Педсовет отказывается от экспертизы",
        {
            "s2_pedsovet": (
                {
                    **_COUNCIL,
                    "votes_for": 3,
                    "votes_against": 15,
                    "decision": "decline",
                    "grounds": "Справимся сами",
                },
            )
        },
    ),
    "own": scenario("Школа решает все задачи сама", {"s1_selfassess": _ALL_YES}),
    "open": scenario(
        "Экспертиза ради прозрачности и конкурентоспособности",
        {
            "s1_selfassess": _ALL_YES,
            "s1_grounds": ({"transparency": True, "competitiveness": True},),
            "s6_plan": ({"measures": {"text": "Открыть результаты для родителей", "due_on": 28}},),
        },
    ),
    "candidates": scenario(
        "Отводы, отказ и молчание кандидатов; подбор во второй раз",
        {
            "s2_coi": _conflicted,
            "s2_team": (
                {"decision": "more", "why": "Нужны ещё профессиональные эксперты"},
                {"decision": "approve", "members": 3, "lead": 1},
            ),
            "s2_pool": (
                {"candidates": list(_CANDIDATES)},
                {
                    "candidates": [
                        {**_CANDIDATES[n], "person": person}
                        for n, person in ((1, 5), (3, 6), (4, 7))
                    ]
                },
            ),
        },
        silent=frozenset({("s2_coi", 4)}),
    ),
    "dispute": scenario(
        "Расхождение оценок, особое мнение, круглый стол, возражения",
        {
            "s3_opinion": _diverging,
            "s4_reconcile": (
                {
                    "scores": {"dissent": True, "reason": "Смотрели разные уроки"},
                    "dissenters": 1,
                },
            ),
            "s4_choice": ({"round_table": "yes"},),
            "s4_round": ({"date": 0},),
            "s5_sign": _one_dissents,
            "s5_acquaint": (
                {
                    "objections": [
                        {"point": "2", "text": "Не учтены результаты второго полугодия"},
                        {"point": "3", "text": "Отметки уже пересмотрены", "evidence": "приказ"},
                    ]
                },
            ),
        },
    ),
    "replaced": scenario(
        "Эксперт заболел; первый сменщик молчит, второй приходит позже других",
        {"s2_replace": ({"choice": "reserve", "person": 0},)},
        late={"s2_replace": 15},
        silent=frozenset({("s2_declare", 0)}),
        acts=(Act("s3_visit", Role.DEPUTY, _withdraw, "Вывести заболевшего эксперта"),),
    ),
    "spare": scenario(
        "Эксперт выбыл из большой группы: замены не нужно; оценки согласовали",
        {
            "s2_team": ({"decision": "approve", "members": 5, "lead": 1},),
            "s2_replace": ({"choice": "none"},),
            "s3_opinion": _diverging,
            "s4_choice": ({"round_table": "no", "reason": "Согласовали без него"},),
        },
        settings={"panel_size": 5, "reserves": 0},
        acts=(Act("s3_visit", Role.DEPUTY, _withdraw, "Вывести заболевшего эксперта"),),
    ),
    "short": scenario(
        "Резерва нет, директор назначает эксперта сам",
        {
            "s2_replace": ({"choice": "none"},),
            "s2_below": (
                {"below": "appoint", "person": 6, "kind": "public", "competence": "Родитель"},
            ),
        },
        acts=(Act("s3_visit", Role.DEPUTY, _withdraw, "Вывести заболевшего эксперта"),),
    ),
    "stopped": scenario(
        "Экспертов не хватает, директор прекращает экспертизу",
        {"s2_replace": ({"choice": "none"},), "s2_below": ({"below": "stop"},)},
        acts=(Act("s3_visit", Role.DEPUTY, _withdraw, "Вывести заболевшего эксперта"),),
    ),
    "ineffective": scenario(
        "Меры не действуют: корректировки до предела, затем решение директора",
        {
            "s7_control": (
                {"goals": _INEFFECTIVE},
                {"goals": _EFFECTIVE},
                {"goals": _INEFFECTIVE},
            ),
            "s8_decision": (
                {"decision": "extend_measures", "text": "Продлить меры на полгода."},
                {"decision": "ask_office", "text": "Просить управление о методической помощи."},
            ),
        },
    ),
    "repeated": scenario(
        "Директор назначает повторную экспертизу",
        {"s8_decision": ({"decision": "repeat", "text": "Повторить экспертизу через год."},)},
        sequel=scenario("Повторная экспертиза"),
    ),
    "cancelled": scenario(
        "Директор отменяет экспертизу приказом",
        acts=(Act("s2_program", Role.DIRECTOR, _cancel, "Отменить экспертизу"),),
    ),
    "postponed": scenario(
        "Просят перенести сроки: один раз можно, другой нет",
        {"ep_approve": ({"postpone": "agree"}, {"postpone": "refuse", "comment": "Успеете"})},
        acts=(
            Act("s1_analysis", Role.DEPUTY, _postpone, "Просить о переносе срока"),
            Act("s1_tasks", Role.DEPUTY, _postpone, "Ещё раз просить о переносе срока"),
        ),
    ),
    "complaint": scenario(
        "Обращения о независимости: одно подтвердилось, другое нет",
        {
            "eo_review": (
                {**_NO_FACTS, "finding": "Не подтвердилось"},
                {**_NO_FACTS, "employed_here": "yes", "finding": "Работает здесь"},
            ),
        },
        acts=(
            Act("s2_trainexp", Role.TEACHER, _complain, "Обращение о независимости"),
            Act("s3_materials", Role.TEACHER, _complain, "Ещё одно обращение"),
        ),
    ),
    "abandoned": scenario(
        "Дело заброшено: 31 августа координатор закрывает его",
        {"ey_decide": ({"year": "close"},)},
        silent=frozenset({"s1_analysis"}),
    ),
}
"""By the name that the command line knows them by."""
