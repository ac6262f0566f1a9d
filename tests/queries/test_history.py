"""The journal of a case in Russian sentences."""

import re
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.tasks import MoveDeadline, ReassignTask, ReleaseTask
from engine.errors import NotFound
from engine.events import Event
from engine.model.records import JournalEntry
from engine.queries.history import HistoryRow, newest, timeline
from engine.rules.access import SYSTEM
from tests.drawn import TWO, answered
from tests.town import Town


@pytest.fixture
def case(town: Town) -> int:
    """Return a case."""
    return town.case(town.cycle(TWO))


def lines(town: Town, case: int, who: str = "coordinator.office", **more: Any) -> list[HistoryRow]:
    """Return the lines that somebody reads, the oldest first."""
    with town.engine.read() as reader:
        return timeline(reader, town.actor(who), case, **{"limit": 200, **more})[::-1]


def test_a_life_is_told_in_sentences(town: Town, case: int) -> None:
    """Who, what and why, in the order in which it happened."""
    task = town.claim(case, "first", "deputy.school")
    town.do(ReleaseTask(task), "deputy.school")
    coordinator = "coordinator.office"
    town.do(ReassignTask(task, town.people["deputy2.school"], "Отпуск"), coordinator)
    town.do(MoveDeadline(task, date(2026, 12, 24), "Актированные дни"), coordinator)
    town.do(SuspendCase(case, "Карантин"), coordinator)
    town.do(ResumeCase(case), coordinator)
    town.finish(case, "first", **answered())
    town.finish(case, "second", **answered())
    assert [
        ("Цикл", "Дело начато."),
        ("Цикл", "Начат этап «Подготовка»."),
        ("Цикл", "Открыта задача «Задача first»."),
        ("Некто deputy.school", "Задача «Задача first» взята в работу."),
        ("Некто deputy.school", "Задача «Задача first» возвращена в общий список."),
        (
            "Некто coordinator.office",
            "Задача «Задача first» передана: Некто deputy2.school. Причина: Отпуск.",
        ),
        (
            "Некто coordinator.office",
            (
                "Срок задачи «Задача first» перенесён с 02.12.2026 на 24.12.2026. "
                "Причина: Актированные дни."
            ),
        ),
        ("Некто coordinator.office", "Дело приостановлено. Причина: Карантин."),
        ("Некто coordinator.office", "Дело возобновлено."),
        ("Некто deputy2.school", "Задача «Задача first» выполнена."),
        ("Некто deputy2.school", "Начат этап «Решение»."),
        ("Некто deputy2.school", "Открыта задача «Задача second»."),
        ("Некто director.school", "Задача «Задача second» выполнена."),
        ("Некто director.school", "Дело завершено: Итог end."),
    ] == [(line.who, line.sentence) for line in lines(town, case)]


def test_the_newest_stands_first_and_older_ones_can_be_asked_for(town: Town, case: int) -> None:
    """A long life is read page by page."""
    told = lines(town, case)
    assert [told[0]] == lines(town, case, before=told[1].seq)
    assert [] == lines(town, case, before=told[0].seq)


def test_only_who_may_watch_reads(town: Town, case: int) -> None:
    """Neither a teacher, nor another school, nor a number that never was."""
    for who in ("teacher.school", "deputy.second", "coordinator.far_office", "expert1"):
        with pytest.raises(NotFound):
            lines(town, case, who)
    with pytest.raises(NotFound):
        lines(town, 999)


def test_one_case_is_not_told_in_another(town: Town) -> None:
    """Each journal is its own."""
    cycle = town.cycle(TWO)
    case, other = town.case(cycle), town.case(cycle, "second")
    town.finish(other, "first", **answered())
    assert ["CaseStarted", "StageEntered", "TaskOpened"] == [r.event for r in lines(town, case)]


def test_the_board_learns_that_something_happened(town: Town, case: int) -> None:
    """The number of the last line grows with each command that changes anything."""
    with town.engine.read() as reader:
        before = newest(reader)
    town.do(CancelCase(case, "Закрыто"), SYSTEM)
    with town.engine.read() as reader:
        assert before < newest(reader)


def test_every_event_can_be_told(town: Town, case: int) -> None:
    """A line of each kind, its fields given, is a sentence without a gap."""
    task = town.task(case, "first")
    with town.engine.unit(SYSTEM) as unit:
        for name, kind in Event.known.items():
            own = {field.name for field in fields(kind)} - {"case_id", "task_id", "element"}
            data = {field: _filling(town, field) for field in own}
            row = {"at": unit.now, "case_id": case, "task_id": task, "element": "first"}
            unit.add(JournalEntry, {**row, "event": name, "data": data})
    told = {line.event: line.sentence for line in lines(town, case)}
    assert Event.known.keys() <= told.keys()
    gaps = {name: text for name, text in told.items() if re.search(r"[{}…]|None|\s\.|: \.", text)}
    assert {} == gaps


def _filling(town: Town, field: str) -> object:
    return town.people["expert1"] if field.endswith("_id") else "слово"


def test_a_line_of_an_unknown_kind_is_still_told(town: Town, case: int) -> None:
    """A journal outlives the program that wrote it; what is missing is a gap, not a failure."""
    with town.engine.unit(SYSTEM) as unit:
        row = {"at": unit.now, "case_id": case}
        unit.add(JournalEntry, {**row, "event": "SomethingOld"})
        unit.add(JournalEntry, {**row, "event": "CaseSuspended", "data": {}})
    assert ["Что-то произошло.", "Дело приостановлено. Причина: …."] == [
        line.sentence for line in lines(town, case)[-2:]
    ]
