"""What a coordinator changes about a task: who has it, and until when."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.doors import ChangeActive
from engine.commands.tasks import CompleteTask, MoveDeadline, ReassignTask, SaveDraft
from engine.errors import (
    DeadlineRefused,
    Forbidden,
    NotOpen,
    PersonUnfit,
    ReasonMissing,
)
from engine.model.records import JournalEntry
from engine.model.tasks import DeadlineChange, Draft, Task, TaskCandidate
from engine.rules.access import SYSTEM
from tests.drawn import TWO, answered, flows, panel, person_task, process
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


def task_row(town: Town, task_id: int) -> Any:
    """Return the row of a task."""
    (row,) = town.rows(select(*Task.__table__.columns).where(Task.id == task_id))
    return row


def reassigned(town: Town, task: int, who: str, reason: str = "Отпуск") -> None:
    """Let the coordinator give a task to somebody."""
    town.do(ReassignTask(task, town.people[who], reason), COORDINATOR)


# who --------------------------------------------------------------------------------------------


def test_a_claimed_task_goes_to_another(town: Town, case: int) -> None:
    """The new holder has it, and the journal names him and the reason."""
    task = town.claim(case, "first", "deputy.school")
    reassigned(town, task, "deputy2.school")
    assert town.people["deputy2.school"] == task_row(town, task).assignee_id
    line = select(JournalEntry.data).where(JournalEntry.event == "TaskReassigned")
    after, before = town.people["deputy2.school"], town.people["deputy.school"]
    said = {"person_id": after, "reason": "Отпуск", "former_id": before}
    assert said == town.value(line)


def test_an_offered_task_is_withdrawn_from_the_others(town: Town, case: int) -> None:
    """Who is given a task holds it; nobody else is offered it any more."""
    task = town.task(case, "first")
    reassigned(town, task, "deputy2.school")
    assert [] == town.rows(select(TaskCandidate.task_id))


def test_the_holder_before_keeps_his_draft(town: Town, case: int) -> None:
    """What he typed is his; the new holder begins with his own."""
    task = town.claim(case, "first", "deputy.school")
    town.do(SaveDraft(task, {"note": "Начато"}), "deputy.school")
    reassigned(town, task, "deputy2.school")
    assert [town.people["deputy.school"]] == [
        r.person_id for r in town.rows(select(Draft.person_id))
    ]


def test_giving_it_to_its_holder_changes_nothing(town: Town, case: int) -> None:
    """No line in the journal for what is so already."""
    task = town.claim(case, "first", "deputy.school")
    reassigned(town, task, "deputy.school")
    assert (
        town.value(select(JournalEntry.seq).where(JournalEntry.event == "TaskReassigned")) is None
    )


@pytest.mark.parametrize("who", ["director.school", "deputy.second", "coordinator.office"])
def test_only_who_has_the_role_there_can_be_given_it(town: Town, case: int, who: str) -> None:
    """Neither another role of the school nor the role of another school will do."""
    with pytest.raises(PersonUnfit, match="роли"):
        reassigned(town, town.task(case, "first"), who)


def test_who_has_left_is_given_nothing(town: Town, case: int) -> None:
    """A person who may not sign in any more cannot do the work."""
    town.engine.do(ChangeActive(town.people["deputy2.school"], active=False), SYSTEM)
    with pytest.raises(PersonUnfit, match="больше не работает"):
        reassigned(town, town.task(case, "first"), "deputy2.school")


def test_work_given_by_name_goes_to_who_has_the_role_above(town: Town) -> None:
    """The task of an expert goes to another expert of the municipality, and stays personal."""
    drawing = process(
        "panel",
        person_task("judge", role="expert", performer="who", inner=panel("experts", "who")),
        flows("start", "judge", "end"),
    )
    case = town.case(town.cycle(drawing), experts=[town.people["expert1"]])
    task = town.task(case, "judge")
    reassigned(town, task, "expert2")
    row = task_row(town, task)
    assert (town.people["expert2"], True) == (row.assignee_id, row.personal)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(town: Town, case: int, reason: str) -> None:
    """A handover or a moved deadline that nobody explains is refused."""
    task = town.task(case, "first")
    with pytest.raises(ReasonMissing):
        reassigned(town, task, "deputy2.school", reason)
    with pytest.raises(ReasonMissing):
        town.do(MoveDeadline(task, date(2026, 12, 24), reason), COORDINATOR)


@pytest.mark.parametrize("who", ["deputy.school", "director.school"])
def test_the_school_itself_does_not_steer(town: Town, case: int, who: str) -> None:
    """Handing over and moving deadlines is for who stands above."""
    task = town.task(case, "first")
    with pytest.raises(Forbidden):
        town.do(ReassignTask(task, town.people["deputy2.school"], "Отпуск"), who)
    with pytest.raises(Forbidden):
        town.do(MoveDeadline(task, date(2026, 12, 24), "Отпуск"), who)


def test_a_finished_task_is_left_alone(town: Town, case: int) -> None:
    """What is done has no holder and no deadline to change."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    with pytest.raises(NotOpen):
        reassigned(town, task, "deputy2.school")
    with pytest.raises(NotOpen):
        town.do(MoveDeadline(task, date(2026, 12, 24), "Отпуск"), COORDINATOR)


# until when -------------------------------------------------------------------------------------


def test_a_moved_deadline_moves_everything_with_it(town: Town, case: int) -> None:
    """Task, offer and reminder follow; the deadline before, who and why are kept."""
    task = town.task(case, "first")
    before = task_row(town, task)
    town.do(MoveDeadline(task, date(2026, 12, 24), "Актированные дни."), COORDINATOR)
    after = task_row(town, task)
    assert "2026-12-24T18:59:59+00:00" == after.due_at.isoformat()
    assert (before.rung, before.remind_at) != (after.rung, after.remind_at)
    assert [after.due_at] == [r.due_at for r in town.rows(select(TaskCandidate.due_at))]
    (change,) = town.rows(select(*DeadlineChange.__table__.columns))
    assert (before.due_at, after.due_at, "Актированные дни", town.people[COORDINATOR]) == (
        change.due_before,
        change.due_after,
        change.reason,
        change.person_id,
    )


def test_the_first_deadline_is_never_lost(town: Town, case: int) -> None:
    """Every change is kept, oldest first."""
    task = town.task(case, "first")
    first = task_row(town, task).due_at
    for day in (24, 25):
        town.do(MoveDeadline(task, date(2026, 12, day), "Отпуск"), COORDINATOR)
    changes = town.rows(select(DeadlineChange.due_before).order_by(DeadlineChange.id))
    assert first == changes[0].due_before
    assert 2 == len(changes)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 24), "уже прошёл"),
        (date(2026, 12, 2), "уже такой"),
        (date.min, "уже прошёл"),
        (date.max, "через год"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(
    town: Town, case: int, day: date, why: str
) -> None:
    """Neither into the past, nor onto itself, nor to where no calendar reaches."""
    with pytest.raises(DeadlineRefused, match=why):
        town.do(MoveDeadline(town.task(case, "first"), day, "Отпуск"), COORDINATOR)


def test_a_deadline_can_be_drawn_to_today(town: Town, case: int) -> None:
    """Today is still a day on which the work can be done."""
    task = town.task(case, "first")
    town.do(MoveDeadline(task, date(2026, 11, 25), "Срочно"), COORDINATOR)
    assert "2026-11-25" == f"{task_row(town, task).due_at:%Y-%m-%d}"
