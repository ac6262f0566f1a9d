"""Claiming and returning tasks; whose they are, and until when."""

import pytest
from sqlalchemy import select

from engine.commands.tasks import ClaimTask, CompleteTask, ReleaseTask
from engine.errors import (
    Fault,
    Forbidden,
    NotFound,
    TaskDoneByOther,
    TaskPersonal,
    TaskTaken,
)
from engine.model.base import key_of
from engine.model.cases import Case
from engine.model.tasks import TaskCandidate
from tests.drawn import (
    TWO,
    answered,
    flows,
    panel,
    parallel,
    person_task,
    process,
)
from tests.seen import count, events, task_row
from tests.town import Town


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's and whose second the director's."""
    return town.case(town.cycle(TWO))


# claim ------------------------------------------------------------------------------------------


def test_the_first_claim_wins(town: Town, case: int) -> None:
    """The claimer holds the task from this moment on, and it is offered to nobody else."""
    task = town.claim(case, "first", "deputy.school")
    row = task_row(town, task)
    assert (town.people["deputy.school"], town.engine.clock.now()) == (
        row.assignee_id,
        row.claimed_at,
    )
    assert 0 == count(town, TaskCandidate)


def test_the_second_claim_is_told_who_and_when(town: Town, case: int) -> None:
    """Whoever comes late learns the name and the local time, and nothing changes."""
    task = town.claim(case, "first", "deputy.school")
    with pytest.raises(TaskTaken, match=r"Некто deputy.school, 25.11.2026 в 11:00"):
        town.do(ClaimTask(task), "deputy2.school")
    assert town.people["deputy.school"] == task_row(town, task).assignee_id


def test_claiming_again_is_harmless(town: Town, case: int) -> None:
    """A double click finds the task already held, and the journal says it once."""
    task = town.claim(case, "first", "deputy.school")
    assert case == town.do(ClaimTask(task), "deputy.school")
    assert 1 == events(town, case).count("TaskClaimed")


def test_a_finished_task_cannot_be_claimed(town: Town, case: int) -> None:
    """Who clicks on an old page learns who has done it."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    with pytest.raises(TaskDoneByOther, match=r"Некто deputy.school"):
        town.do(ClaimTask(task), "deputy2.school")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("director.school", Forbidden),
        ("coordinator.office", Forbidden),
        ("teacher.school", NotFound),
        ("deputy.second", NotFound),
        ("deputy.far_school", NotFound),
        ("expert1", NotFound),
        ("administrator.office", NotFound),
    ],
)
def test_a_stranger_claims_nothing(town: Town, case: int, who: str, refusal: type) -> None:
    """Who may see the case learns that it is not his work; who may not, learns nothing."""
    with pytest.raises(refusal) as refused:
        town.do(ClaimTask(town.task(case, "first")), who)
    assert refusal is refused.type


def test_a_task_that_never_was_is_not_found(town: Town, case: int) -> None:
    """A guessed number says nothing."""
    with pytest.raises(NotFound):
        town.do(ClaimTask(key_of(case, 999)), "deputy.school")


# return -----------------------------------------------------------------------------------------


def test_a_returned_task_is_offered_again(town: Town, case: int) -> None:
    """Another of the same role can claim it at once, with the same deadline."""
    task = town.claim(case, "first", "deputy.school")
    due_at = task_row(town, task).due_at
    town.do(ReleaseTask(task), "deputy.school")
    offer = town.rows(select(TaskCandidate.task_id, TaskCandidate.due_at))
    assert [(task, due_at)] == [(row.task_id, row.due_at) for row in offer]
    town.do(ClaimTask(task), "deputy2.school")


def test_returning_what_nobody_holds_is_harmless(town: Town, case: int) -> None:
    """A double click on return changes nothing."""
    town.do(ReleaseTask(town.task(case, "first")), "deputy.school")
    assert 1 == count(town, TaskCandidate)


def test_nobody_returns_the_task_of_another(town: Town, case: int) -> None:
    """The holder keeps it, and the other is told who that is."""
    task = town.claim(case, "first", "deputy.school")
    with pytest.raises(TaskTaken):
        town.do(ReleaseTask(task), "deputy2.school")


def test_a_finished_task_cannot_be_returned(town: Town, case: int) -> None:
    """What is done stays done."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    with pytest.raises(TaskDoneByOther):
        town.do(ReleaseTask(task), "deputy2.school")


# whose task, until when -----------------------------------------------------------------------------


def test_a_task_is_its_roles_in_the_school(town: Town, case: int) -> None:
    """Title, role, organisation, stage and form come from the diagram."""
    row = task_row(town, town.task(case, "first"))
    assert ("Задача first", "deputy", town.organisations["school"], "1", "answer", False) == (
        row.title,
        row.role,
        row.organisation_id,
        row.stage,
        row.form,
        row.personal,
    )


def test_a_task_is_due_at_the_end_of_a_local_day(town: Town, case: int) -> None:
    """Five working days after Wednesday 25 November is the end of 2 December at the school."""
    row = task_row(town, town.task(case, "first"))
    assert "2026-12-02T18:59:59+00:00" == row.due_at.isoformat()
    assert row.remind_at is not None
    assert row.opened_at < row.remind_at < row.due_at


def test_a_deadline_can_come_from_a_setting(town: Town) -> None:
    """The expression of the diagram reads the settings of the cycle, over its own defaults."""
    drawing = process(
        "termed",
        person_task("first", due="in_workdays(setting('term'))"),
        flows("start", "first", "end"),
        extensions='<tsikl:setting name="term" value="5" type="int" label="Срок"/>',
    )
    case = town.case(town.cycle(drawing, term=1))
    assert "2026-11-26" == f"{task_row(town, town.task(case, 'first')).due_at:%Y-%m-%d}"


def test_work_of_the_office_goes_to_the_nearest_one_that_has_the_role(town: Town) -> None:
    """The office above the school has a coordinator; the municipality above it has an expert."""
    drawing = process(
        "upward",
        parallel("split"),
        person_task("steer", role="coordinator", office="true"),
        person_task("judge", role="expert", office="true"),
        flows("start", "split", "steer", "end"),
        flows("split", "judge", "end"),
    )
    case = town.case(town.cycle(drawing))
    places = {row.element: row.organisation_id for row in town.open_tasks(case)}
    assert {"steer": town.organisations["office"], "judge": town.organisations["town"]} == places
    town.claim(case, "steer", "coordinator.office")


def test_a_task_can_be_given_by_name(town: Town) -> None:
    """Each expert of a panel holds his own task from the start; it is offered to nobody."""
    drawing = process(
        "panel",
        person_task("judge", role="expert", performer="who", inner=panel("experts", "who")),
        flows("start", "judge", "end"),
    )
    experts = [town.people["expert1"], town.people["expert2"]]
    case = town.case(town.cycle(drawing), experts=experts)
    tasks = town.open_tasks(case, "judge")
    assert experts == [row.assignee_id for row in tasks]
    assert {True} == {row.personal for row in tasks}
    assert 0 == count(town, TaskCandidate)
    with pytest.raises(TaskPersonal):
        town.do(ReleaseTask(tasks[0].id), "expert1")
    with pytest.raises(NotFound):
        town.do(CompleteTask(tasks[0].id, answered()), "expert2")


@pytest.mark.parametrize("performer", ["0", "none", "'nobody'", "True", "999999"])
def test_a_performer_who_is_nobody_leaves_the_task_to_the_role(town: Town, performer: str) -> None:
    """An expression that names no active person does not stop the case."""
    drawing = process(
        "vague",
        person_task("first", performer=performer),
        flows("start", "first", "end"),
    )
    case = town.case(town.cycle(drawing), none=None)
    assert task_row(town, town.task(case, "first")).assignee_id is None


def test_nobody_at_all_is_a_fault(town: Town) -> None:
    """A task that neither a person nor a role could do is not opened, and the start is refused."""
    drawing = process(
        "orphan",
        person_task("first", role="", performer="missing_person"),
        flows("start", "first", "end"),
    )
    cycle = town.cycle(drawing)
    with pytest.raises(Fault, match="first"):
        town.case(cycle, missing_person=0)
    assert 0 == count(town, Case)


def test_instances_are_told_apart_by_their_label(town: Town) -> None:
    """The label of the item stands beside the title; a plain text is its own label."""
    drawing = process(
        "sources",
        person_task("collect", inner=panel("sources", "source")),
        flows("start", "collect", "end"),
    )
    sources = [{"key": "ege", "label": "ЕГЭ"}, "ОГЭ", 7]
    case = town.case(town.cycle(drawing), sources=sources)
    assert ["ЕГЭ", "ОГЭ", ""] == [row.item for row in town.open_tasks(case)]
