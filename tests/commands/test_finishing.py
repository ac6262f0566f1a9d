"""Finishing a task: drafts, what is checked, kept and told to the subject."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, SuspendCase
from engine.commands.subjects import RECORDERS, Work
from engine.commands.tasks import CompleteTask, SaveDraft
from engine.errors import (
    CaseNotRunning,
    Fault,
    FormInvalid,
    NotOpen,
    TaskDoneByOther,
    TaskTaken,
)
from engine.model.cases import Case
from engine.model.people import Installation
from engine.model.records import Incident, JournalEntry
from engine.model.tasks import CLOSED, DONE, Submission
from engine.unit import Unit
from tests.drawn import (
    TWO,
    answered,
    choice,
    end,
    flows,
    person_task,
    process,
    with_form,
    with_subject,
)
from tests.seen import count, drafts, events, task_row
from tests.town import Town

DEADLOCKED = process(
    "deadlocked",
    person_task("first"),
    choice("way", "end", never="missing_name > 1"),
    end("never"),
    flows("start", "first", "way"),
)
"""Finishing the task asks for a name that does not exist."""


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's and whose second the director's."""
    return town.case(town.cycle(TWO))


# drafts -----------------------------------------------------------------------------------------


def test_a_draft_is_kept_as_typed(town: Town, case: int) -> None:
    """The last one stands; nothing in it is checked."""
    task = town.task(case, "first")
    town.do(SaveDraft(task, {"note": ""}), "deputy.school")
    town.do(SaveDraft(task, {"score": "много"}), "deputy.school")
    assert [(task, town.people["deputy.school"], {"score": "много"})] == drafts(town)


def test_each_keeps_his_own_draft(town: Town, case: int) -> None:
    """Two who look at one unclaimed task do not write over each other."""
    task = town.task(case, "first")
    for who in ("deputy.school", "deputy2.school"):
        town.do(SaveDraft(task, {"note": who}), who)
    assert {"deputy.school", "deputy2.school"} == {draft[2]["note"] for draft in drafts(town)}


def test_the_drafts_go_when_the_task_is_done(town: Town, case: int) -> None:
    """What was typed on the way is of no use beside what was sent in."""
    task = town.task(case, "first")
    town.do(SaveDraft(task, {"note": "Черновик"}), "deputy.school")
    town.do(CompleteTask(task, answered()), "deputy.school")
    assert [] == drafts(town)


# finish -----------------------------------------------------------------------------------------


def test_finishing_moves_the_case_on(town: Town, case: int) -> None:
    """The next task is open, the stage is the next one, and the journal tells it in order."""
    town.finish(case, "first", **answered())
    assert ["second"] == [row.element for row in town.open_tasks(case)]
    assert "2" == town.value(select(Case.stage).where(Case.id == case))
    assert [
        "CaseStarted",
        "StageEntered",
        "TaskOpened",
        "TaskDone",
        "StageEntered",
        "TaskOpened",
    ] == events(town, case)


def test_who_finishes_holds_the_task(town: Town, case: int) -> None:
    """Finishing an offered task is claiming and finishing it at once."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy2.school")
    row = task_row(town, task)
    me, now = town.people["deputy2.school"], town.engine.clock.now()
    assert (DONE, me, me, now, now) == (
        row.state,
        row.done_by,
        row.assignee_id,
        row.claimed_at,
        row.ended_at,
    )
    assert row.remind_at is None


def test_what_was_sent_in_is_kept(town: Town, case: int) -> None:
    """The submission holds the checked fields, who and when."""
    town.finish(case, "first", **answered(score=7))
    (row,) = town.rows(select(*Submission.__table__.columns))
    assert ({"note": "Сделано", "score": 7, "again": False}, town.people["deputy.school"]) == (
        row.fields,
        row.person_id,
    )


def test_only_routing_values_reach_the_process(town: Town) -> None:
    """Fields that route are variables of the case; the text of the answer is not."""
    drawing = process(
        "loop",
        '<exclusiveGateway id="back"/>',
        person_task("first"),
        choice("way", "end", back="again"),
        flows("start", "back", "first", "way"),
    )
    case = town.case(town.cycle(drawing))
    town.finish(case, "first", **answered(again=True, score=5))
    with town.engine.read() as reader:
        stored = reader.value(select(Case.state).where(Case.id == case)).decode()
    assert '"score":5' in stored
    assert "Сделано" not in stored
    town.finish(case, "first", **answered(again=False))
    assert "completed" == town.value(select(Case.status).where(Case.id == case))


def test_wrong_fields_change_nothing(town: Town, case: int) -> None:
    """The form refuses with a sentence for each field; the task stays as it was."""
    with pytest.raises(FormInvalid) as refused:
        town.finish(case, "first", score=101)
    assert {"note", "score"} == set(refused.value.errors)
    assert ["first"] == [row.element for row in town.open_tasks(case)]
    assert 0 == count(town, Submission)
    assert [] == drafts(town)


def test_finishing_again_is_harmless(town: Town, case: int) -> None:
    """A double click is answered as the first one, and the case has taken one step."""
    task = town.task(case, "first")
    command = CompleteTask(task, answered())
    assert [case, case] == [town.do(command, "deputy.school") for _ in range(2)]
    assert 1 == events(town, case).count("TaskDone")


def test_who_is_too_late_keeps_what_he_typed(town: Town, case: int) -> None:
    """The loser of a race is told who was first and when; his fields are his draft."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    with pytest.raises(TaskDoneByOther, match=r"Некто deputy.school, 25.11.2026 в 11:00"):
        town.do(CompleteTask(task, answered(score=3)), "deputy2.school")
    assert [(task, town.people["deputy2.school"], answered(score=3))] == drafts(town)


def test_who_does_not_hold_a_claimed_task_cannot_finish_it(town: Town, case: int) -> None:
    """The claim decides, also against whom the task was offered to."""
    task = town.claim(case, "first", "deputy.school")
    with pytest.raises(TaskTaken, match=r"Некто deputy.school"):
        town.do(CompleteTask(task, answered()), "deputy2.school")
    assert [task] == [draft[0] for draft in drafts(town)]


def test_a_task_that_the_process_took_away_is_not_open(town: Town, case: int) -> None:
    """A cancelled case has closed its tasks; nobody has done them."""
    task = town.task(case, "first")
    town.do(CancelCase(case, "Школа закрыта"), "director.school")
    assert CLOSED == task_row(town, task).state
    with pytest.raises(NotOpen):
        town.do(CompleteTask(task, answered()), "deputy.school")


def test_a_suspended_case_takes_nothing_and_loses_nothing(town: Town, case: int) -> None:
    """The fields wait as a draft until the case goes on."""
    task = town.task(case, "first")
    town.do(SuspendCase(case, "Карантин"), "coordinator.office")
    with pytest.raises(CaseNotRunning):
        town.do(CompleteTask(task, answered()), "deputy.school")
    assert [task] == [draft[0] for draft in drafts(town)]


def test_a_fault_saves_nothing_but_the_draft_and_an_incident(town: Town) -> None:
    """The case stands where it stood, the coordinator sees why, and the text is not lost."""
    case = town.case(town.cycle(DEADLOCKED))
    task = town.task(case, "first")
    for _ in range(2):
        with pytest.raises(Fault, match="way"):
            town.do(CompleteTask(task, answered()), "deputy.school")
    assert [task] == [row.id for row in town.open_tasks(case)]
    assert 0 == count(town, Submission)
    assert [(task, town.people["deputy.school"], answered())] == drafts(town)
    (incident,) = town.rows(select(Incident.kind, Incident.element, Incident.case_id))
    assert ("fault", "way", case) == tuple(incident)


# subjects ---------------------------------------------------------------------------------------


@pytest.fixture
def subject(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Register a recorder that writes a row and routes, and return what it was called with."""
    seen: list[Work] = []

    def record(unit: Unit, work: Work) -> dict[str, Any]:
        seen.append(work)
        unit.add(Installation, {"name": f"note {work.task.id}", "value": work.fields["note"]})
        return {"way_out": work.fields["note"] == "Стоп"}

    monkeypatch.setitem(RECORDERS, "note", record)
    return seen


STOPPING = with_form(
    process(
        "stopping",
        person_task("first"),
        choice("way", "end", stop="way_out", bad="missing_name"),
        end("stop"),
        end("bad"),
        flows("start", "first", "way"),
    ),
    "answer",
    with_subject("note"),
)


def test_a_recorder_writes_rows_and_routes(town: Town, subject: list[Work]) -> None:
    """The rows of the subject are written, and its values choose the way."""
    case = town.case(town.cycle(STOPPING))
    task = town.task(case, "first")
    town.do(CompleteTask(task, {"note": "Стоп"}), "deputy.school")
    assert "stop" == town.value(select(Case.outcome).where(Case.id == case))
    assert "Стоп" == town.value(
        select(Installation.value).where(Installation.name == f"note {task}")
    )
    (work,) = subject
    assert (case, task, "first", "Задача first") == (
        work.case.id,
        work.task.id,
        work.node.key,
        work.task.title,
    )
    assert 2026 == work.names["school_year"]


def test_a_fault_undoes_the_rows_of_the_subject(town: Town, subject: list[Work]) -> None:
    """Recorder and step are one transaction: what the step refuses was never recorded."""
    case = town.case(town.cycle(STOPPING))
    with pytest.raises(Fault):
        town.finish(case, "first", note="Дальше")
    assert 1 == len(subject)
    assert 0 == town.value(
        select(func.count()).select_from(Installation).where(Installation.name.like("note %"))
    )


def test_a_moved_clock_dates_everything_alike(town: Town, clock: FrozenClock) -> None:
    """All rows of one command carry one moment."""
    case = town.case(town.cycle(TWO))
    clock.advance(timedelta(hours=3))
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered()), "deputy.school")
    now = clock.now()
    assert now == task_row(town, task).ended_at
    assert now == task_row(town, town.task(case, "second")).opened_at
    last = select(JournalEntry.at).order_by(JournalEntry.seq.desc()).limit(1)
    assert now == town.value(last)
