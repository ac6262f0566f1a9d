"""A form begins with the answers of the year before where it says so, and with nobody else's."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from engine import Engine
from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.doors import ChangeActive
from engine.commands.tasks import CompleteTask
from engine.queries.forms import Filled, filled
from engine.rules.access import SYSTEM
from tests.drawn import TWO, with_form
from tests.town import Town, build

ME = "deputy.school"
OPTIONS = [{"value": "a", "label": "А"}, {"value": "b", "label": "Б"}]


def _field(kind: str, key: str, *, prefill: bool = True, **more: Any) -> dict[str, Any]:
    properties = {"prefill": True} if prefill else {}
    return {"type": kind, "key": key, "label": key, "properties": properties, **more}


PEOPLE = {"scope": "school", "role": "", "prefill": True}
COLUMNS = [
    _field("textfield", "what", prefill=False),
    _field("datetime", "until", prefill=False),
    _field("filepicker", "proof", prefill=False),
    {"type": "person", "key": "who", "label": "Кто", "properties": {"scope": "school", "role": ""}},
]
FORM = {
    "id": "answer",
    "properties": {"title": "Работа"},
    "components": [
        _field("textfield", "topic"),
        _field("textfield", "number", prefill=False),
        _field("radio", "kind", values=OPTIONS),
        _field("persons", "team") | {"properties": PEOPLE},
        _field("table", "plan") | {"properties": {"columns": COLUMNS, "prefill": True}},
    ],
}


@pytest.fixture
def town(engine: Engine) -> Town:
    """Return an invented town."""
    return build(engine)


@pytest.fixture
def year(town: Town) -> int:
    """Return the cycle of this year."""
    return town.cycle(with_form(TWO, "answer", orjson.dumps(FORM)))


def answers(town: Town) -> dict[str, Any]:
    """Return what was answered the year before."""
    me, teacher = town.people[ME], town.people["teacher.school"]
    row = {"what": "Сверить отметки", "until": "2026-12-01", "who": teacher}
    return {
        "topic": "Итоги",
        "number": "12",
        "kind": "b",
        "team": [me, teacher],
        "plan": [row, {"until": "2026-12-02"}],
    }


def finished(town: Town, cycle: int, place: str = "school", *, whole: bool = True) -> int:
    """Return a case whose tasks are done."""
    case = town.case(cycle, place)
    who = ME if place == "school" else f"deputy.{place}"
    fields = answers(town) if place == "school" else {"topic": "Чужое"}
    town.do(CompleteTask(town.task(case, "first"), fields), who)
    if whole:
        town.do(CompleteTask(town.task(case, "second"), {}), f"director.{place}")
    return case


def next_year(town: Town, clock: FrozenClock) -> int:
    """Return the first task of a case of the next year."""
    clock.advance(timedelta(days=300))
    cycle = town.do(OpenCycle(town.organisations["office"], "two", 2027, "Новый"), SYSTEM)
    return town.task(town.case(cycle), "first")


def begun(town: Town, task: int) -> Filled:
    """Return what the form of a task begins with."""
    with town.engine.read() as reader:
        return filled(reader, town.actor(ME), task)


def test_a_form_begins_with_what_was_answered_the_year_before(
    town: Town, clock: FrozenClock, year: int
) -> None:
    """Where it says so; never with days of papers or files."""
    finished(town, year)
    found = begun(town, next_year(town, clock))
    me, teacher = town.people[ME], town.people["teacher.school"]
    assert {
        "topic": "Итоги",
        "kind": "b",
        "team": [me, teacher],
        "plan": [{"what": "Сверить отметки", "who": teacher}],
    } == found.before
    assert "number" not in found.values
    assert "Итоги" == found.values["topic"]


def test_who_is_not_there_any_more_is_left_out(town: Town, clock: FrozenClock, year: int) -> None:
    """Only people that the form offers are chosen again."""
    finished(town, year)
    town.do(ChangeActive(town.people["teacher.school"], active=False), SYSTEM)
    found = begun(town, next_year(town, clock))
    assert [town.people[ME]] == found.before["team"]
    assert [{"what": "Сверить отметки"}] == found.before["plan"]


def test_nothing_comes_from_another_school(town: Town, clock: FrozenClock, year: int) -> None:
    """However alike the tasks are."""
    finished(town, year, "second")
    assert {} == begun(town, next_year(town, clock)).before


def test_nothing_comes_from_a_case_that_is_not_over(
    town: Town, clock: FrozenClock, year: int
) -> None:
    """What was answered there may still be sent back."""
    finished(town, year, whole=False)
    assert {} == begun(town, next_year(town, clock)).before


def test_a_case_that_repeats_another_begins_with_its_answers(town: Town, year: int) -> None:
    """Also when that one was cancelled."""
    first = finished(town, year, whole=False)
    town.do(CancelCase(first, "Карантин"), "director.school")
    again = StartCase(year, town.organisations["school"], {}, previous_id=first)
    assert "Итоги" == begun(town, town.task(town.do(again), "first")).before["topic"]


def test_a_task_that_is_done_begins_with_nothing(town: Town, year: int) -> None:
    """Its page shows what was sent in."""
    case = town.case(year)
    task = town.task(case, "first")
    town.do(CompleteTask(task, {"topic": "Новое"}), ME)
    assert Filled() == begun(town, task)
