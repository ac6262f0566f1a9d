"""What a coordinator does when a case cannot go on by itself."""

from typing import Any

import pytest
from sqlalchemy import select, update

from engine.commands.incidents import MoveToken, PutBack, ResolveIncident, RetryJob
from engine.commands.tasks import CompleteTask
from engine.errors import (
    Fault,
    Forbidden,
    IncidentClosed,
    NotFound,
    NotOpen,
    ReasonMissing,
    RepairRefused,
)
from engine.model.cases import Case
from engine.model.records import Incident, JournalEntry, Timer
from engine.model.tasks import CLOSED, DONE, Submission, Task
from tests.drawn import TWO, answered, choice, end, flows, parallel, person_task, process
from tests.timely import alarm
from tests.town import Town

COORDINATOR = "coordinator.office"

FAILING = process(
    "failing",
    parallel("split"),
    person_task("first"),
    person_task("beside", role="director"),
    alarm("late", "beside", "P10D"),
    choice("way", "wrong", end="score > 50"),
    end("wrong", '<errorEventDefinition errorRef="er"/>'),
    flows("start", "split", "first", "way"),
    flows("split", "beside", "end"),
    flows("late", "end"),
    roots='<error id="er" name="er" errorCode="ER"/>',
)
"""A low score raises an error that nothing catches, while the director has a task of his own."""

STARVING = process(
    "starving",
    parallel("join"),
    person_task("first"),
    choice("way", "end", join="again"),
    person_task("never"),
    flows("start", "first", "way"),
    '<sequenceFlow id="x" sourceRef="way" targetRef="never">'
    "<conditionExpression>score == 99</conditionExpression></sequenceFlow>",
    flows("never", "join", "end"),
)
"""A join that waits for a branch which nobody walks."""


@pytest.fixture
def failed(town: Town) -> int:
    """Return a case that an error has ended while a task beside was open."""
    case = town.case(town.cycle(FAILING))
    town.finish(case, "first", **answered(score=1))
    return case


def incident(town: Town, case: int) -> Any:
    """Return the only unresolved incident of a case."""
    (row,) = town.rows(
        select(*Incident.__table__.columns).where(
            Incident.case_id == case, Incident.resolved_at.is_(None)
        )
    )
    return row


def status(town: Town, case: int) -> str:
    """Return the status of a case."""
    return str(town.value(select(Case.status).where(Case.id == case)))


# put back ---------------------------------------------------------------------------------------


def test_a_failed_case_closes_everything(town: Town, failed: int) -> None:
    """The task beside is taken away, its timer too, and nobody has done it."""
    assert "failed" == status(town, failed)
    rows = town.rows(select(Task.element, Task.state).order_by(Task.id))
    assert [("first", DONE), ("beside", CLOSED)] == [tuple(row) for row in rows]
    assert [] == town.rows(select(Timer.id))


def test_a_case_is_put_back_to_before_the_failure(town: Town, failed: int) -> None:
    """It runs again; what was open then is offered anew, under new numbers, with its timers."""
    town.do(PutBack(incident(town, failed).id), COORDINATOR)
    assert "running" == status(town, failed)
    assert ["beside", "first"] == sorted(row.element for row in town.open_tasks(failed))
    assert 1 == len(town.rows(select(Timer.id)))
    assert town.value(select(Case.ended_at).where(Case.id == failed)) is None


def test_after_putting_back_another_answer_goes_another_way(town: Town, failed: int) -> None:
    """Both answers are kept: the one that led into the failure, and the one that did not."""
    town.do(PutBack(incident(town, failed).id), COORDINATOR)
    town.finish(failed, "first", **answered(score=80))
    town.finish(failed, "beside", **answered())
    assert "completed" == status(town, failed)
    assert [1, 80] == [
        row.fields["score"]
        for row in town.rows(select(Submission.fields).where(Submission.element == "first"))
    ]


def test_a_late_click_on_an_old_task_hits_no_new_one(town: Town, failed: int) -> None:
    """The number of the old task is never given again."""
    old = town.value(select(Task.id).where(Task.element == "beside"))
    town.do(PutBack(incident(town, failed).id), COORDINATOR)
    with pytest.raises(NotOpen):
        town.do(CompleteTask(old, answered()), "director.school")
    assert 2 == len(town.open_tasks(failed))


def test_a_case_is_put_back_once(town: Town, failed: int) -> None:
    """The incident is closed by it, with a name and a line in the journal."""
    number = incident(town, failed).id
    town.do(PutBack(number), COORDINATOR)
    with pytest.raises(IncidentClosed):
        town.do(PutBack(number), COORDINATOR)
    (row,) = town.rows(select(Incident.resolved_by, Incident.resolution))
    assert (town.people[COORDINATOR], "дело возвращено в состояние до сбоя") == tuple(row)
    lines = select(JournalEntry.event).order_by(JournalEntry.seq.desc()).limit(1)
    assert "IncidentResolved" == town.value(lines)


def test_a_case_that_went_on_is_not_put_back(town: Town, failed: int) -> None:
    """What was is no longer true once somebody has worked on."""
    number = incident(town, failed).id
    town.do(PutBack(number), COORDINATOR)
    town.finish(failed, "first", **answered(score=1))
    second = incident(town, failed).id
    town.do(PutBack(second), COORDINATOR)
    with town.engine.database.writers.begin() as connection:
        again = update(Incident).where(Incident.id == second)
        connection.execute(again.values(resolved_at=None, resolved_by=None, resolution=""))
    with pytest.raises(RepairRefused, match="пошло дальше"):
        town.do(PutBack(second), COORDINATOR)


# stuck ------------------------------------------------------------------------------------------


def test_a_case_without_anything_to_do_is_an_incident_at_once(town: Town) -> None:
    """The step that left it so is saved, and the coordinator is told in the same transaction."""
    case = town.case(town.cycle(STARVING), score=0)
    town.finish(case, "first", **answered(again=True))
    row = incident(town, case)
    assert ("running", "stuck") == (status(town, case), row.kind)
    assert "ничего не открыто" in row.sentence


def test_a_stuck_case_goes_on_from_where_the_coordinator_puts_it(town: Town) -> None:
    """A token is moved to another element; the journal tells from where, to where and why."""
    case = town.case(town.cycle(STARVING), score=0)
    town.finish(case, "first", **answered(again=True))
    with town.engine.read() as reader:
        state = reader.value(select(Case.state).where(Case.id == case)).decode()
    token = next(n for n in range(1, 50) if f'[{n},"join"' in state)
    town.do(MoveToken(case, token, "first", "Ошибка схемы."), COORDINATOR)
    town.do(ResolveIncident(incident(town, case).id, "Переставлено."), COORDINATOR)
    line = select(JournalEntry.data).where(JournalEntry.event == "TokenMoved")
    assert {"target": "first", "reason": "Ошибка схемы"} == town.value(line)
    town.finish(case, "first", **answered(again=False))
    assert "completed" == status(town, case)


def test_a_stuck_case_can_be_put_back(town: Town) -> None:
    """The task that led into the dead end is open again."""
    case = town.case(town.cycle(STARVING), score=0)
    town.finish(case, "first", **answered(again=True))
    town.do(PutBack(incident(town, case).id), COORDINATOR)
    assert ["first"] == [row.element for row in town.open_tasks(case)]


def test_moving_closes_what_was_open_there(town: Town) -> None:
    """A task whose token is moved is taken away; the one at the target opens."""
    case = town.case(town.cycle(TWO))
    task = town.task(case, "first")
    town.do(MoveToken(case, task % 1_000_000, "second", "Пропустить"), COORDINATOR)
    assert ["second"] == [row.element for row in town.open_tasks(case)]


@pytest.mark.parametrize(
    ("target", "reason", "refusal"),
    [("nowhere", "Надо", Fault), ("second", " ", ReasonMissing)],
)
def test_a_senseless_move_is_refused(
    town: Town, target: str, reason: str, refusal: type[Exception]
) -> None:
    """Only to an element of the same level, and only with a reason."""
    case = town.case(town.cycle(TWO))
    token = town.task(case, "first") % 1_000_000
    with pytest.raises(refusal):
        town.do(MoveToken(case, token, target, reason), COORDINATOR)
    with pytest.raises(NotOpen):
        town.do(MoveToken(case, 999, "second", "Надо"), COORDINATOR)


# incidents themselves ---------------------------------------------------------------------------


def test_a_fault_lost_nothing_that_could_be_put_back(town: Town) -> None:
    """The step was not saved: the task is still open, so there is nothing to restore."""
    case = town.case(town.cycle(FAILING))
    with pytest.raises(Fault):
        town.finish(case, "first", **answered())
    with pytest.raises(RepairRefused, match="не был сохранён"):
        town.do(PutBack(incident(town, case).id), COORDINATOR)
    with pytest.raises(RepairRefused, match="не ожидается"):
        town.do(RetryJob(incident(town, case).id), COORDINATOR)


def test_an_incident_is_closed_with_a_sentence(town: Town, failed: int) -> None:
    """Without one it stays open."""
    number = incident(town, failed).id
    with pytest.raises(ReasonMissing):
        town.do(ResolveIncident(number, " "), COORDINATOR)
    town.do(ResolveIncident(number, "Дело начато заново."), COORDINATOR)
    assert "Дело начато заново" == town.value(select(Incident.resolution))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("deputy.school", Forbidden),
        ("director.school", Forbidden),
        ("deputy.second", NotFound),
        ("coordinator.far_office", NotFound),
        ("administrator.office", NotFound),
    ],
)
def test_only_who_steers_repairs(
    town: Town, failed: int, who: str, refusal: type[Exception]
) -> None:
    """The coordinator and the head of the office above the school."""
    number = incident(town, failed).id
    for command in (PutBack(number), ResolveIncident(number, "Так"), RetryJob(number)):
        with pytest.raises(refusal) as refused:
            town.do(command, who)
        assert refusal is refused.type


def test_an_incident_that_never_was_is_not_found(town: Town) -> None:
    """A guessed number says nothing."""
    with pytest.raises(NotFound):
        town.do(PutBack(999), COORDINATOR)
