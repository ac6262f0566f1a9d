"""A holder asks for a later deadline; a coordinator decides."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.extensions import DecideExtension, RequestExtension, WithdrawExtension
from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.tasks import CompleteTask
from engine.errors import (
    DeadlineRefused,
    EngineError,
    ExtensionDecided,
    ExtensionPending,
    Forbidden,
    NotFound,
    NotOpen,
    ReasonMissing,
    TaskTaken,
)
from engine.model.records import Notice
from engine.model.tasks import DeadlineChange, ExtensionRequest, Task
from engine.queries.extensions import extensions_of, open_extensions
from tests.drawn import TWO, answered
from tests.town import Town

HOLDER, COORDINATOR = "deputy.school", "coordinator.office"
DUE, WANTED = date(2026, 12, 2), date(2026, 12, 9)


@pytest.fixture
def task(town: Town) -> int:
    """Return a task that the deputy holds, due on 2 December."""
    return town.claim(town.case(town.cycle(TWO)), "first", HOLDER)


def ask(
    town: Town, task: int, on: date = WANTED, reason: str = "Карантин.", who: str = HOLDER
) -> int:
    """Let somebody ask for a later deadline."""
    return int(town.do(RequestExtension(task, on, reason), who))


def due_on(town: Town, task: int) -> str:
    """Return the deadline, by the day of the school."""
    return f"{town.value(select(Task.due_at).where(Task.id == task)):%Y-%m-%d}"


def told(town: Town, who: str) -> list[str]:
    """Return what the notices of a person say."""
    mine = select(Notice.sentence).where(Notice.person_id == town.people[who])
    return [row.sentence for row in town.rows(mine.order_by(Notice.id))]


def waiting(town: Town, who: str = COORDINATOR) -> list[Any]:
    """Return the requests that wait for somebody's answer."""
    with town.engine.read() as reader:
        return open_extensions(reader, town.actor(who))


# asking -----------------------------------------------------------------------------------------


def test_a_request_changes_no_deadline(town: Town, task: int) -> None:
    """It waits for the coordinator, who is told who asks, until when and why."""
    ask(town, task)
    assert "2026-12-02" == due_on(town, task)
    (words,) = told(town, COORDINATOR)
    assert "Некто deputy.school просит перенести срок задачи «Задача first» (school)" in words
    assert "на 09.12.2026: Карантин." in words
    (row,) = waiting(town)
    assert (WANTED, DUE, "Карантин", "open") == (row.wanted_on, row.due_on, row.reason, row.state)


def test_asking_twice_for_the_same_is_harmless(town: Town, task: int) -> None:
    """A double click is one request; for another day one has to wait for the answer."""
    assert ask(town, task) == ask(town, task)
    with pytest.raises(ExtensionPending):
        ask(town, task, date(2026, 12, 10))
    assert 1 == len(told(town, COORDINATOR))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (DUE, "не позже нынешнего"),
        (date(2026, 11, 30), "не позже нынешнего"),
        (date(2026, 11, 24), "уже прошёл"),
        (date(2036, 12, 9), "через год"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(town: Town, task: int, day: date, why: str) -> None:
    """Later than now, and within a year."""
    with pytest.raises(DeadlineRefused, match=why):
        ask(town, task, day)


def test_a_reason_is_needed(town: Town, task: int) -> None:
    """The coordinator could not decide."""
    with pytest.raises(ReasonMissing):
        ask(town, task, reason=" \n ")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("deputy2.school", TaskTaken),
        ("director.school", Forbidden),
        ("teacher.school", NotFound),
        ("deputy.second", NotFound),
    ],
)
def test_who_does_not_hold_the_task_does_not_ask(
    town: Town, task: int, who: str, refusal: type[EngineError]
) -> None:
    """His equals are told who has it."""
    with pytest.raises(refusal):
        ask(town, task, who=who)


# deciding ---------------------------------------------------------------------------------------


def test_granting_moves_the_deadline_with_the_reason(town: Town, task: int) -> None:
    """The date before, who granted it and why stand in the history; the holder is told once."""
    request = ask(town, task)
    assert task == town.do(DecideExtension(request, granted=True), COORDINATOR)
    assert "2026-12-09" == due_on(town, task)
    (change,) = town.rows(select(DeadlineChange.reason, DeadlineChange.person_id))
    assert ("Карантин", town.people[COORDINATOR]) == (change.reason, change.person_id)
    (words,) = told(town, HOLDER)
    assert "Новый срок задачи «Задача first» (school) — 9 декабря." in words
    assert [] == waiting(town)


def test_declining_needs_a_word(town: Town, task: int) -> None:
    """Who asked learns why, and the deadline stays."""
    request = ask(town, task)
    with pytest.raises(ReasonMissing):
        town.do(DecideExtension(request, granted=False), COORDINATOR)
    town.do(DecideExtension(request, granted=False, answer="Совет уже назначен."), COORDINATOR)
    assert "2026-12-02" == due_on(town, task)
    assert "Ответ координатора: Совет уже назначен." in told(town, HOLDER)[0]
    with town.engine.read() as reader:
        (row,) = extensions_of(reader, task)
    assert ("declined", "Некто coordinator.office") == (row.state, row.decided_by)


def test_one_may_ask_again_after_an_answer(town: Town, task: int) -> None:
    """One open request at a time, any number in all."""
    town.do(DecideExtension(ask(town, task), granted=False, answer="Рано"), COORDINATOR)
    ask(town, task, date(2026, 12, 4))
    assert 2 == len(town.rows(select(ExtensionRequest.id)))


def test_who_asked_but_has_handed_the_task_over_is_told_too(town: Town, task: int) -> None:
    """The holder learns of the new deadline, the asker that it came as he asked."""
    request = ask(town, task)
    town.do(ReassignTask(task, town.people["deputy2.school"], "Отпуск"), COORDINATOR)
    town.do(DecideExtension(request, granted=True), COORDINATOR)
    assert "как вы просили" in told(town, HOLDER)[-1]
    assert "Новый срок" in told(town, "deputy2.school")[-1]


def test_a_decision_is_made_once(town: Town, task: int) -> None:
    """The double click is harmless, the other answer is refused."""
    request = ask(town, task)
    for _ in range(2):
        town.do(DecideExtension(request, granted=True), COORDINATOR)
    with pytest.raises(ExtensionDecided):
        town.do(DecideExtension(request, granted=False, answer="Нет"), COORDINATOR)
    with pytest.raises(ExtensionDecided):
        town.do(DecideExtension(request, granted=True), "head.office")
    assert 1 == len(town.rows(select(DeadlineChange.id)))


def test_a_deadline_already_moved_further_stays(town: Town, task: int) -> None:
    """Granting never draws a deadline nearer."""
    request = ask(town, task)
    town.do(MoveDeadline(task, date(2026, 12, 24), "Ремонт"), COORDINATOR)
    town.do(DecideExtension(request, granted=True), COORDINATOR)
    assert "2026-12-24" == due_on(town, task)


def test_a_day_that_has_passed_meanwhile_cannot_be_granted(
    town: Town, task: int, clock: FrozenClock
) -> None:
    """It is refused with the reason; nothing has changed."""
    request = ask(town, task)
    clock.move_to(clock.now().replace(month=12, day=20))
    with pytest.raises(DeadlineRefused):
        town.do(DecideExtension(request, granted=True), COORDINATOR)
    assert ["open"] == [row.state for row in waiting(town)]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (HOLDER, Forbidden),
        ("director.school", Forbidden),
        ("teacher.school", NotFound),
        ("coordinator.far_office", NotFound),
    ],
)
def test_only_who_steers_decides(
    town: Town, task: int, who: str, refusal: type[EngineError]
) -> None:
    """Not the school itself, nobody of another municipality; their lists are empty too."""
    request = ask(town, task)
    with pytest.raises(refusal):
        town.do(DecideExtension(request, granted=True), who)
    assert [] == waiting(town, who)


def test_with_its_task_a_request_ends(town: Town, task: int) -> None:
    """Nobody has to answer it any more, and nobody can."""
    request = ask(town, task)
    town.do(CompleteTask(task, answered()), HOLDER)
    assert [] == waiting(town)
    with pytest.raises(NotOpen):
        town.do(DecideExtension(request, granted=True), COORDINATOR)
    with pytest.raises(NotOpen):
        ask(town, task, date(2026, 12, 20))


# taking it back ---------------------------------------------------------------------------------


def test_a_request_can_be_taken_back(town: Town, task: int) -> None:
    """By who made it, before it is decided; then it is not there."""
    request = ask(town, task)
    with pytest.raises(Forbidden):
        town.do(WithdrawExtension(request), "deputy2.school")
    town.do(WithdrawExtension(request), HOLDER)
    assert [] == waiting(town)
    with pytest.raises(NotFound):
        town.do(DecideExtension(request, granted=True), COORDINATOR)


def test_an_answer_cannot_be_taken_back(town: Town, task: int) -> None:
    """What is decided is decided."""
    request = ask(town, task)
    town.do(DecideExtension(request, granted=True), COORDINATOR)
    with pytest.raises(ExtensionDecided):
        town.do(WithdrawExtension(request), HOLDER)
