"""What a coordinator says to people beyond the ladder of reminders."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase
from engine.commands.prompts import PromptTask
from engine.errors import Forbidden, NobodyToRemind, NotFound, NotOpen
from engine.model.records import JournalEntry, Notice
from tests.drawn import TWO
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


def told(town: Town) -> list[int]:
    """Return who has got a prompt."""
    rows = select(Notice.person_id).where(Notice.kind == "prompt")
    return [row.person_id for row in town.rows(rows.order_by(Notice.person_id))]


def test_all_who_may_take_a_task_are_reminded(town: Town, case: int) -> None:
    """Nobody holds it, so the move is everybody's whose role it is; the journal has it."""
    assert 2 == town.do(PromptTask(town.task(case, "first"), "Ждём."), COORDINATOR)
    assert sorted(town.people[who] for who in ("deputy.school", "deputy2.school")) == told(town)
    assert 1 == len(town.rows(select(JournalEntry.seq).where(JournalEntry.event == "TaskPrompted")))


def test_the_holder_alone_is_reminded(town: Town, case: int) -> None:
    """What somebody has taken is his move."""
    task = town.claim(case, "first", "deputy.school")
    assert 1 == town.do(PromptTask(task), COORDINATOR)
    assert [town.people["deputy.school"]] == told(town)


def test_the_words_are_added_to_the_sentence(town: Town, case: int) -> None:
    """Task, school and deadline come first."""
    town.do(PromptTask(town.task(case, "first"), " Очень ждём. "), COORDINATOR)
    sentence = town.value(select(Notice.sentence).where(Notice.kind == "prompt").limit(1))
    assert sentence.startswith("Вам напоминают о задаче «")
    assert sentence.endswith(". Очень ждём.")


def test_nobody_is_reminded_twice_on_one_day(town: Town, case: int, clock: FrozenClock) -> None:
    """The next day he may be."""
    task = town.task(case, "first")
    town.do(PromptTask(task), COORDINATOR)
    with pytest.raises(NobodyToRemind):
        town.do(PromptTask(task), COORDINATOR)
    clock.advance(timedelta(days=1))
    assert 2 == town.do(PromptTask(task), COORDINATOR)


def test_of_an_ended_task_nobody_is_reminded(town: Town, case: int) -> None:
    """There is no move any more."""
    task = town.task(case, "first")
    town.do(CancelCase(case, "закрыто"), "director.school")
    with pytest.raises(NotOpen):
        town.do(PromptTask(task), COORDINATOR)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("deputy.school", Forbidden), ("director.school", Forbidden), ("head.far_office", NotFound)],
)
def test_only_who_steers_reminds(town: Town, case: int, who: str, refusal: type[Exception]) -> None:
    """Others are refused; strangers do not learn that there is a task."""
    with pytest.raises(refusal):
        town.do(PromptTask(town.task(case, "first")), who)
