"""
ОПЭКО rehearsed: the usual way through, and what may go otherwise.

Together the scenarios pass every element and every branch of the diagram; a test sees to it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from engine.commands.closings import CancelReview, PostponeTask
from engine.commands.complaints import Complain
from engine.commands.experts import WithdrawExpert
from engine.model.panels import panel_of
from engine.model.tasks import OPEN, Task
from engine.rehearsal.scenarios import Act, Answers, Scenario, Scene, Turn
from engine.rehearsal.usual import (
    ABILITY,
    CANDIDATES,
    CLEAN,
    COUNCIL,
    NO_FACTS,
    OPINION,
    USUAL,
    Chosen,
    results,
)
from engine.rules.access import Role


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
    return results(turn)


def _divided(turn: Turn) -> Answers:
    """Let the two associations disagree about the first goal."""
    first = {"know_how": "no" if turn.place else "yes"}
    return {"answers": [first, *ABILITY[1:]]}


def _conflicted(turn: Turn) -> Answers:
    """Let one candidate turn out to work here, one have a relative, one decline."""
    facts: Sequence[Answers] = (
        {},
        {"employed_here": "yes"},
        {"relative_here": "yes", "restriction": "столовая"},
        {"agree": "no", "why": "нет времени"},
    )
    return {**CLEAN, **(facts[turn.place] if turn.place < len(facts) else {})}


def _diverging(turn: Turn) -> Answers:
    score = ("4", "1", "3")[turn.place % 3]
    return {**OPINION, "goals": {"score": score, "findings": "Мнения экспертов разошлись."}}


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
            "s2_pedsovet": ({**COUNCIL, "decision": "rework"}, COUNCIL),
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
                    **COUNCIL,
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
                {"candidates": list(CANDIDATES)},
                {
                    "candidates": [
                        {**CANDIDATES[n], "person": person}
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
                {**NO_FACTS, "finding": "Не подтвердилось"},
                {**NO_FACTS, "employed_here": "yes", "finding": "Работает здесь"},
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
