"""Putting tasks aside."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.snoozes import SnoozeTask, UnsnoozeTask
from engine.commands.tasks import CompleteTask, MoveDeadline
from engine.errors import Forbidden, NotFound, NotOpen, SnoozeRefused, TaskTaken
from engine.model.records import JournalEntry, Notice
from engine.model.tasks import Snooze
from engine.queries.worklist import put_aside, worklist
from engine.scheduler import tick
from tests.drawn import TWO, answered
from tests.town import Town

FRIDAY = date(2026, 11, 27)
DEPUTY = "deputy.school"


@pytest.fixture
def task(town: Town) -> int:
    """Return a free task of the deputies, due on 2 December."""
    return town.task(town.case(town.cycle(TWO)), "first")


def listed(town: Town, who: str = DEPUTY) -> tuple[list[int], list[int]]:
    """Return the tasks in somebody's list, and those that he has put aside."""
    actor = town.actor(who)
    with town.engine.read() as reader:
        aside = put_aside(reader, actor)
        rows = worklist(reader, actor, aside=bool(aside)).rows
        return [row.task_id for row in rows], [row.task_id for row in aside]


def test_a_task_is_out_of_ones_list_until_its_day(
    town: Town, task: int, clock: FrozenClock
) -> None:
    """It comes back by itself when the day begins at the school."""
    until = town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    assert "2026-11-26T19:00:00+00:00" == until.isoformat()
    assert ([], [task]) == listed(town)
    clock.move_to(until)
    assert ([task], []) == listed(town)


def test_nobody_else_sees_a_difference(town: Town, task: int) -> None:
    """The other deputy may still take it, and the journal holds no line."""
    town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    assert ([task], []) == listed(town, "deputy2.school")
    assert not [r for r in town.rows(select(JournalEntry.event)) if "Snooze" in r.event]


def test_a_held_task_can_be_put_aside_as_well(town: Town, task: int) -> None:
    """Held or free: whatever stands in one's list."""
    town.claim(task // 1_000_000, "first", DEPUTY)
    town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    assert ([], [task]) == listed(town)


def test_it_can_be_taken_up_again(town: Town, task: int) -> None:
    """At once, as often as one likes; somebody else's snooze stays."""
    town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    town.do(SnoozeTask(task, FRIDAY), "deputy2.school")
    town.do(UnsnoozeTask(task), DEPUTY)
    town.do(UnsnoozeTask(task), DEPUTY)
    assert ([task], []) == listed(town)
    assert ([], [task]) == listed(town, "deputy2.school")


def test_a_second_day_replaces_the_first(town: Town, task: int) -> None:
    """A double click, or another thought: one row."""
    for day in (FRIDAY, FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=3)):
        town.do(SnoozeTask(task, day), DEPUTY)
    (row,) = town.rows(select(Snooze.until))
    assert "2026-11-29T19:00:00+00:00" == row.until.isoformat()


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 25), "позже сегодняшнего"),
        (date(1, 1, 1), "позже сегодняшнего"),
        (date(2026, 12, 3), "2 декабря"),
        (date(9999, 12, 31), "2 декабря"),
    ],
)
def test_never_beyond_the_deadline(town: Town, task: int, day: date, why: str) -> None:
    """Nor into the past; the deadline's own day is the last."""
    with pytest.raises(SnoozeRefused, match=why):
        town.do(SnoozeTask(task, day), DEPUTY)
    town.do(SnoozeTask(task, date(2026, 12, 2)), DEPUTY)


def test_what_is_due_cannot_wait(town: Town, task: int, clock: FrozenClock) -> None:
    """On the due day and after it there is no later."""
    for days in (7, 9):
        clock.move_to(clock.now().replace(month=11, day=25) + timedelta(days=days))
        with pytest.raises(SnoozeRefused, match="уже наступил"):
            town.do(SnoozeTask(task, date(2026, 12, 30)), DEPUTY)


def test_a_deadline_drawn_nearer_brings_it_back(town: Town, task: int, clock: FrozenClock) -> None:
    """When the new deadline has passed, the list shows the task, whatever was agreed before."""
    town.do(SnoozeTask(task, date(2026, 12, 2)), DEPUTY)
    town.do(MoveDeadline(task, date(2026, 11, 26), "Срочно"), "coordinator.office")
    assert ([], [task]) == listed(town)
    clock.advance(timedelta(days=2))
    assert ([task], []) == listed(town)


def test_reminders_go_on(town: Town, task: int, clock: FrozenClock) -> None:
    """Who has put a task aside is still reminded of its deadline."""
    town.claim(task // 1_000_000, "first", DEPUTY)
    town.do(SnoozeTask(task, date(2026, 12, 2)), DEPUTY)
    clock.advance(timedelta(days=6, hours=3))
    tick(town.engine)
    told = select(Notice.person_id).where(Notice.task_id == task)
    assert town.people[DEPUTY] in {row.person_id for row in town.rows(told)}
    assert ([], [task]) == listed(town)


def test_only_what_one_could_work_at(town: Town, task: int) -> None:
    """Neither the tasks of others, nor of other schools, nor what is done."""
    with pytest.raises(Forbidden):
        town.do(SnoozeTask(task, FRIDAY), "director.school")
    with pytest.raises(NotFound):
        town.do(SnoozeTask(task, FRIDAY), "deputy.far_school")
    with pytest.raises(NotFound):
        town.do(SnoozeTask(999, FRIDAY), DEPUTY)
    town.claim(task // 1_000_000, "first", "deputy2.school")
    with pytest.raises(TaskTaken):
        town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    town.do(CompleteTask(task, answered()), "deputy2.school")
    with pytest.raises(NotOpen):
        town.do(SnoozeTask(task, FRIDAY), DEPUTY)


def test_a_free_task_of_a_role_that_one_has_lost_is_not_listed(town: Town, task: int) -> None:
    """What was put aside does not open a door that has been shut."""
    town.do(SnoozeTask(task, FRIDAY), DEPUTY)
    actor = town.actor("director.school")
    with town.engine.unit(actor) as unit:
        unit.put(
            Snooze,
            {
                "person_id": actor.person_id,
                "task_id": task,
                "until": unit.now + timedelta(days=1),
            },
        )
    assert ([], []) == listed(town, "director.school")
