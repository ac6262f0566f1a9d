"""What invented people answer in the cycle of ОПЭКО when nothing is out of the ordinary."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from engine.rehearsal.scenarios import Answers, Turn

Chosen = Mapping[str, Sequence[Answers] | Callable[[Turn], Answers]]

# the usual answers ------------------------------------------------------------------------------


def results(turn: Turn) -> Answers:
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
ABILITY: Final = (
    {"know_how": "yes", "means": "Опыт предметных кафедр"},
    {"know_how": "no", "need_expert_in": "Методика преподавания математики"},
    {"know_how": "no", "need_expert_in": "Критериальное оценивание"},
)
NO_FACTS: Final = dict.fromkeys(
    ("employed_here", "relative_here", "child_here", "paid_services_3y", "subordinate"), "no"
)
CLEAN: Final = {"agree": "yes", **NO_FACTS}
CANDIDATES: Final = tuple(
    {"kind": kind, "competence": competence, "contacts": "указаны в анкете"}
    for kind, competence in (
        ("public", "Родительская общественность, управляющий совет"),
        ("professional", "Методист по математике"),
        ("professional", "Оценка качества образования"),
        ("public", "Ветеран педагогического труда"),
        ("professional", "Заместитель директора другой школы"),
    )
)

COUNCIL: Final = {
    "members": 24,
    "present": 20,
    "votes_for": 17,
    "votes_against": 1,
    "abstained": 2,
    "decision": "invite",
    "grounds": "Две задачи из трёх требуют независимого взгляда",
    "request_text": "Просим пригласить независимых экспертов по задачам 2 и 3.",
}
OPINION: Final = {
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
    "s1_source": results,
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
    "s1_selfassess": ({"answers": list(ABILITY)},),
    "s1_grounds": ({"transparency": False, "competitiveness": False},),
    "s2_pedsovet": (COUNCIL,),
    "s2_pool": ({"candidates": list(CANDIDATES)},),
    "s2_coi": (CLEAN,),
    "s2_declare": (CLEAN,),
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
    "s3_opinion": (OPINION,),
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
