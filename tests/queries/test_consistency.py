"""The comparison of rows with states finds what it is for."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Executable, delete, insert, update

from engine.model.base import key_of
from engine.model.cases import Case
from engine.model.records import Subscription, Timer
from engine.model.tasks import Task, TaskCandidate
from engine.queries.consistency import differences
from tests.drawn import end, flows, message_event, person_task, process
from tests.timely import alarm
from tests.town import Town

RICH = process(
    "rich",
    person_task("first"),
    alarm("late", "first", "P10D"),
    message_event("boundaryEvent", "off", "cancel", attachedToRef="first"),
    end("gone"),
    flows("start", "first", "end"),
    flows("late", "gone"),
    flows("off", "gone"),
    roots='<message id="cancel" name="cancel"/>',
)


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with a task, a timer and a subscription."""
    return town.case(town.cycle(RICH))


def found(town: Town, case: int | None = None) -> list[str]:
    """Return the differences."""
    with town.engine.read() as reader:
        return differences(reader, case)


def broken(town: Town, statement: Executable) -> None:
    """Change rows behind the back of the engine."""
    with town.engine.database.writers.begin() as connection:
        connection.execute(statement)


def test_what_the_engine_wrote_agrees(town: Town, case: int) -> None:
    """Of all cases, and of one."""
    assert [] == found(town) + found(town, case)


NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def invented(case: int) -> Executable:
    """Return a timer that no state knows."""
    return insert(Timer).values(id=key_of(case, 99), case_id=case, due_at=NEW_YEAR)


def closed(case: int) -> Executable:
    """Return the end of a task that the state holds open."""
    ended = update(Task).where(Task.case_id == case)
    return ended.values(state=2, ended_at=NEW_YEAR, remind_at=None)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda _: delete(Timer), "таймеры"),
        (lambda _: update(Timer).values(due_at=NEW_YEAR), "таймеры"),
        (invented, "таймеры"),
        (lambda _: delete(Subscription), "подписки"),
        (lambda _: delete(TaskCandidate), "никому не предложена"),
        (lambda _: update(TaskCandidate).values(due_at=NEW_YEAR), "никому не предложена"),
        (closed, "задачи"),
        (lambda _: update(Case).values(status="suspended"), "статус"),
    ],
)
def test_each_difference_is_told(
    town: Town, case: int, damage: Callable[[int], Executable], word: str
) -> None:
    """A lost, moved or invented row is named with its case."""
    broken(town, damage(case))
    assert any(word in sentence for sentence in found(town))
    assert found(town) == found(town, case)


def test_a_closed_task_must_not_be_on_offer(town: Town, case: int) -> None:
    """Whoever claimed it would find nothing."""
    broken(town, closed(case))
    assert any("предложена, хотя" in sentence for sentence in found(town))
