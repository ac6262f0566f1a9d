"""What a coordinator wants to be done first."""

import pytest
from sqlalchemy import select

from engine.commands.priorities import SetPriority
from engine.commands.tasks import CompleteTask
from engine.errors import Forbidden, NotFound, NotOpen, PriorityUnknown
from engine.model.tasks import HIGH, LOW, NORMAL, Task
from engine.queries.history import timeline
from tests.drawn import TWO, answered
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with an open task."""
    return town.case(town.cycle(TWO))


def told(town: Town, case: int) -> list[str]:
    """Return the lines of the journal about priorities, the newest first."""
    with town.engine.read() as reader:
        lines = timeline(reader, town.actor(COORDINATOR), case)
    return [line.sentence for line in lines if line.event == "PriorityChanged"]


def test_the_journal_says_what_and_why(town: Town, case: int) -> None:
    """With the reason when there is one; the same again is no news."""
    task = town.task(case, "first")
    assert case == town.do(SetPriority(task, HIGH, "Проверка в пятницу."), COORDINATOR)
    town.do(SetPriority(task, HIGH, "Ещё раз"), COORDINATOR)
    town.do(SetPriority(task, LOW), COORDINATOR)
    assert LOW == town.value(select(Task.priority).where(Task.id == task))
    assert [
        "Важность задачи «Задача first» теперь низкая.",
        "Важность задачи «Задача first» теперь высокая. Причина: Проверка в пятницу.",
    ] == told(town, case)


@pytest.mark.parametrize("priority", [2, -2, 10**12])
def test_there_are_three(town: Town, case: int, priority: int) -> None:
    """Another number is refused."""
    with pytest.raises(PriorityUnknown):
        town.do(SetPriority(town.task(case, "first"), priority), COORDINATOR)


def test_only_who_steers(town: Town, case: int) -> None:
    """Neither the school itself nor another town."""
    task = town.task(case, "first")
    for who in ("deputy.school", "director.school"):
        with pytest.raises(Forbidden):
            town.do(SetPriority(task, HIGH), who)
    for who in ("coordinator.far_office", "deputy.far_school"):
        with pytest.raises(NotFound):
            town.do(SetPriority(task, HIGH), who)
    assert NORMAL == town.value(select(Task.priority).where(Task.id == task))


def test_a_finished_task_keeps_its_own(town: Town, case: int) -> None:
    """What is done needs no priority."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    with pytest.raises(NotOpen):
        town.do(SetPriority(task, HIGH), COORDINATOR)
