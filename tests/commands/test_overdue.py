"""One letter to whoever is late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.overdue import PromptLate
from engine.commands.prompts import PromptTask
from engine.errors import Forbidden, NobodyToRemind
from engine.model.records import JournalEntry, Notice, Outgoing
from tests.drawn import TWO
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def tasks(town: Town, clock: FrozenClock) -> list[int]:
    """Return two overdue tasks of the deputy."""
    first, second = town.cycle(TWO), town.cycle(TWO, "town")
    found = [town.claim(town.case(one), "first", "deputy.school") for one in (first, second)]
    clock.advance(timedelta(days=30))
    return found


def deputy(town: Town) -> PromptLate:
    """Return the command about the deputy."""
    return PromptLate(person_id=town.people["deputy.school"])


def letters(town: Town) -> list[tuple[int | None, str, str]]:
    """Return the letters of the command."""
    mine = Outgoing.dedup_key.startswith("prompted:")
    rows = town.rows(select(Outgoing.person_id, Outgoing.subject, Outgoing.body).where(mine))
    return [(row.person_id, row.subject, row.body) for row in rows]


def prompts(town: Town) -> list[int]:
    """Return who has a notice of this kind, once for each."""
    rows = select(Notice.person_id).where(Notice.kind == "prompt").order_by(Notice.person_id)
    return [row.person_id for row in town.rows(rows)]


def test_all_his_late_tasks_are_in_one_letter(town: Town, tasks: list[int]) -> None:
    """And a notice for each; the journal of each case has it."""
    assert 1 == town.do(deputy(town), COORDINATOR)
    ((person, subject, body),) = letters(town)
    assert town.people["deputy.school"] == person
    assert "2 задачи после срока" in subject.replace("\N{NO-BREAK SPACE}", " ")
    assert all(f"/tasks/{task}" in body for task in tasks)
    assert [town.people["deputy.school"]] * 2 == prompts(town)
    told = select(JournalEntry.task_id).where(JournalEntry.event == "TaskPrompted")
    assert tasks == sorted(row.task_id for row in town.rows(told))


def test_a_double_click_writes_no_second_letter(town: Town, tasks: list[int]) -> None:
    """Nobody is reminded of a task twice on a day, in whichever way; the next day he may be."""
    town.do(PromptTask(tasks[0]), COORDINATOR)
    town.do(deputy(town), COORDINATOR)
    ((_, _, body),) = letters(town)
    assert f"/tasks/{tasks[0]}" not in body
    with pytest.raises(NobodyToRemind):
        town.do(deputy(town), COORDINATOR)
    assert 1 == len(letters(town))


def test_what_nobody_holds_is_told_to_all_who_may_take_it(town: Town, clock: FrozenClock) -> None:
    """One letter to each of the role, in the organisation whose work it is."""
    town.case(town.cycle(TWO))
    clock.advance(timedelta(days=30))
    command = PromptLate(role="deputy", organisation_id=town.organisations["school"])
    assert 2 == town.do(command, COORDINATOR)
    expected = {town.people["deputy.school"], town.people["deputy2.school"]}
    assert expected == {person for person, _, _ in letters(town)}


@pytest.mark.parametrize(
    "command",
    [PromptLate(), PromptLate(person_id=999), PromptLate(role="deputy"), PromptLate(role="x")],
)
def test_about_nothing_nobody_is_written_to(
    town: Town, tasks: list[int], command: PromptLate
) -> None:
    """An unknown person, a role without a place."""
    del tasks
    with pytest.raises(NobodyToRemind):
        town.do(command, COORDINATOR)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("deputy.school", Forbidden),
        ("director.school", Forbidden),
        ("expert1", Forbidden),
        ("coordinator.far_office", NobodyToRemind),
    ],
)
def test_only_who_steers_the_case_reminds(
    town: Town, tasks: list[int], who: str, refusal: type[Exception]
) -> None:
    """For a coordinator of another municipality there is nothing late there."""
    del tasks
    with pytest.raises(refusal):
        town.do(deputy(town), who)
    assert [] == letters(town)
