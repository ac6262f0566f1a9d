"""The life of a case: begun, suspended, resumed, cancelled; messages by hand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, ResumeCase, SendMessage, StartCase, SuspendCase
from engine.commands.definitions import DeployProcess
from engine.commands.timers import FireTimers
from engine.errors import (
    CaseExists,
    CaseNotRunning,
    Fault,
    Forbidden,
    NobodyWaits,
    NotFound,
    ReasonMissing,
)
from engine.model.cases import Case
from engine.model.records import Incident, JournalEntry, Timer
from engine.model.tasks import CLOSED, Task, TaskCandidate
from engine.rules.access import SYSTEM
from tests.drawn import (
    TWO,
    answered,
    choice,
    end,
    flows,
    message_event,
    person_task,
    process,
)
from tests.timely import alarm
from tests.town import Town

MESSAGES = '<message id="cancel" name="cancel"/><message id="news" name="news"/>'
LISTENING = process(
    "listening",
    person_task("first"),
    message_event("boundaryEvent", "called_off", "cancel", attachedToRef="first"),
    message_event("boundaryEvent", "told", "news", attachedToRef="first", cancelActivity="false"),
    end("off"),
    person_task("noted"),
    flows("start", "first", "end"),
    flows("called_off", "off"),
    flows("told", "noted", "end"),
    roots=MESSAGES,
)
TIMED = process(
    "timed",
    person_task("first"),
    alarm("late", "first", "P10D"),
    end("gone"),
    flows("start", "first", "end"),
    flows("late", "gone"),
)


def case_row(town: Town, case: int) -> Any:
    """Return the row of a case."""
    (row,) = town.rows(select(*Case.__table__.columns).where(Case.id == case))
    return row


# begin ------------------------------------------------------------------------------------------


def test_a_case_begins_with_its_first_task(town: Town) -> None:
    """It runs on the newest version, in its first stage, and the journal says who began it."""
    case = int(town.do(_start(town, town.cycle(TWO)), "deputy.school"))
    row = case_row(town, case)
    assert ("running", "1", "", 1, town.people["deputy.school"]) == (
        row.status,
        row.stage,
        row.outcome,
        row.number,
        row.started_by,
    )
    assert ["first"] == [task.element for task in town.open_tasks(case)]


def _start(town: Town, cycle: int, place: str = "school", **more: Any) -> StartCase:
    return StartCase(cycle, town.organisations[place], **more)


def test_a_case_knows_where_and_when_it_is(town: Town) -> None:
    """Its own facts are variables from the start, and cannot be forged by who starts it."""
    case = int(town.do(_start(town, town.cycle(TWO), variables={"case_id": -1, "extra": 2})))
    with town.engine.read() as reader:
        stored = reader.value(select(Case.state).where(Case.id == case)).decode()
    assert f'"case_id":{case}' in stored
    assert f'"organisation_id":{town.organisations["school"]}' in stored
    assert '"extra":2' in stored


def test_one_case_at_a_time(town: Town) -> None:
    """A school's second case of a cycle waits until the first is over; then it is number 2."""
    cycle = town.cycle(TWO)
    first = town.case(cycle)
    with pytest.raises(CaseExists):
        town.case(cycle)
    town.case(cycle, "second")
    town.do(CancelCase(first, "Заново"), SYSTEM)
    second = int(town.do(_start(town, cycle, previous_id=first)))
    assert (2, first) == (case_row(town, second).number, case_row(town, second).previous_id)


def test_the_case_that_is_repeated_may_still_be_ending(town: Town) -> None:
    """A review opens its repetition as one of its last steps; two repetitions are refused."""
    cycle = town.cycle(TWO)
    first = town.case(cycle)
    assert town.do(_start(town, cycle, previous_id=first)) != first
    with pytest.raises(CaseExists):
        town.do(_start(town, cycle, previous_id=first))


def test_a_case_repeats_only_one_of_its_own_school(town: Town) -> None:
    """The number of another school's case is not known here."""
    cycle = town.cycle(TWO)
    other = town.case(cycle, "second")
    with pytest.raises(NotFound):
        town.do(_start(town, cycle, previous_id=other))


def test_new_cases_take_the_newest_version(town: Town) -> None:
    """A case that has begun keeps the version that it began on."""
    cycle = town.cycle(TWO)
    old = town.case(cycle)
    changed = process("two", person_task("first"), flows("start", "first", "end"))
    newest = town.do(DeployProcess(changed))
    new = town.case(cycle, "second")
    assert newest == case_row(town, new).definition_id
    assert newest != case_row(town, old).definition_id
    town.finish(old, "first", **answered())
    assert ["second"] == [task.element for task in town.open_tasks(old)]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("administration.school", Forbidden),
        ("secretary.school", Forbidden),
        ("teacher.school", NotFound),
        ("deputy.second", NotFound),
        ("coordinator.far_office", NotFound),
        ("expert1", NotFound),
    ],
)
def test_who_may_not_start_starts_nothing(town: Town, who: str, refusal: type) -> None:
    """The deputy, the director, the coordinator and the head start; nobody else, nor elsewhere."""
    cycle = town.cycle(TWO)
    with pytest.raises(refusal) as refused:
        town.do(_start(town, cycle), who)
    assert refusal is refused.type
    assert 0 == town.value(select(func.count()).select_from(Case))


def test_a_school_outside_the_cycle_cannot_start(town: Town) -> None:
    """A cycle reaches the schools below the organisation that opened it."""
    cycle = town.cycle(TWO)
    with pytest.raises(NotFound):
        town.case(cycle, "far school")
    with pytest.raises(NotFound):
        town.do(StartCase(999, town.organisations["school"]))


def test_a_start_that_faults_leaves_nothing(town: Town) -> None:
    """A process that cannot begin is refused as a whole."""
    drawing = process(
        "broken",
        choice("way", "end", bad="missing_name"),
        end("bad"),
        flows("start", "way"),
    )
    cycle = town.cycle(drawing)
    with pytest.raises(Fault, match="way"):
        town.case(cycle)
    assert 0 == town.value(select(func.count()).select_from(Case))


# the end ----------------------------------------------------------------------------------------


def test_the_outcome_is_the_end_event(town: Town) -> None:
    """A finished case has a moment, an outcome and a last line in the journal."""
    case = town.case(town.cycle(TWO))
    town.finish(case, "first", **answered())
    town.finish(case, "second", **answered())
    row = case_row(town, case)
    assert ("completed", "end", "2", town.engine.clock.now()) == (
        row.status,
        row.outcome,
        row.stage,
        row.ended_at,
    )
    last = select(JournalEntry.event, JournalEntry.data).order_by(JournalEntry.seq.desc())
    assert ("CaseCompleted", {"outcome": "Итог end"}) == tuple(town.rows(last.limit(1))[0])


def test_an_error_that_nothing_catches_fails_the_case(town: Town) -> None:
    """Its work is closed, and an incident keeps the state before for the coordinator."""
    drawing = process(
        "failing",
        person_task("first"),
        end("wrong", '<errorEventDefinition errorRef="er"/>'),
        flows("start", "first", "wrong"),
        roots='<error id="er" name="er" errorCode="ER"/>',
    )
    case = town.case(town.cycle(drawing))
    town.finish(case, "first", **answered())
    assert "failed" == case_row(town, case).status
    (incident,) = town.rows(select(Incident.kind, Incident.sentence, Incident.state_before))
    assert "failed" == incident.kind
    assert "ER" in incident.sentence
    assert b'"first"' in incident.state_before


# suspend and resume -----------------------------------------------------------------------------


def test_a_suspended_case_stands_still(town: Town, clock: FrozenClock) -> None:
    """Its timers and reminders are put away, and nothing of it fires."""
    case = town.case(town.cycle(TIMED))
    town.do(SuspendCase(case, "Карантин"), "coordinator.office")
    assert [] == town.rows(select(Timer.id))
    assert town.value(select(Task.remind_at).where(Task.case_id == case)) is None
    clock.advance(timedelta(days=30))
    assert 0 == town.do(FireTimers())
    assert "suspended" == case_row(town, case).status


def test_a_resumed_case_goes_on_where_it_stood(town: Town, clock: FrozenClock) -> None:
    """The timer is back with its old moment, and fires at once when that has passed."""
    case = town.case(town.cycle(TIMED))
    (before,) = town.rows(select(Timer.id, Timer.due_at))
    town.do(SuspendCase(case, "Карантин"), "coordinator.office")
    clock.advance(timedelta(days=1))
    town.do(ResumeCase(case), "coordinator.office")
    (after,) = town.rows(select(Timer.id, Timer.due_at))
    assert tuple(before) == tuple(after)
    assert clock.now() < town.value(select(Task.remind_at).where(Task.case_id == case))
    town.do(SuspendCase(case, "Ещё раз"), "coordinator.office")
    clock.advance(timedelta(days=30))
    town.do(ResumeCase(case), "coordinator.office")
    assert 1 == town.do(FireTimers())
    assert "gone" == case_row(town, case).outcome


def test_suspending_and_resuming_twice_is_harmless(town: Town) -> None:
    """What is so already is left as it is, and not told again."""
    case = town.case(town.cycle(TIMED))
    for _ in range(2):
        town.do(SuspendCase(case, "Карантин"), "coordinator.office")
    for _ in range(2):
        town.do(ResumeCase(case), "coordinator.office")
    told = select(func.count()).where(JournalEntry.event.in_(["CaseSuspended", "CaseResumed"]))
    assert 2 == town.value(told)


# cancel -----------------------------------------------------------------------------------------


def test_a_cancelled_case_is_over(town: Town) -> None:
    """Its tasks are closed and offered to nobody, its timers are gone."""
    case = town.case(town.cycle(TIMED))
    town.do(CancelCase(case, "Школа закрыта"), "director.school")
    assert ("cancelled", True) == (
        case_row(town, case).status,
        case_row(town, case).ended_at is not None,
    )
    assert [CLOSED] == [r.state for r in town.rows(select(Task.state))]
    assert [] == town.rows(select(Timer.id)) + town.rows(select(TaskCandidate.task_id))


def test_what_is_over_stays_over(town: Town) -> None:
    """A finished or cancelled case is neither suspended nor resumed nor cancelled again."""
    case = town.case(town.cycle(TIMED))
    town.do(CancelCase(case, "Школа закрыта"), "director.school")
    for command in (SuspendCase(case, "Ещё"), ResumeCase(case), CancelCase(case, "Ещё")):
        with pytest.raises(CaseNotRunning):
            town.do(command)


def test_a_reason_is_needed(town: Town) -> None:
    """Everybody in the case will read why."""
    case = town.case(town.cycle(TIMED))
    for command in (SuspendCase(case, " "), CancelCase(case, "")):
        with pytest.raises(ReasonMissing):
            town.do(command)


# messages by hand -------------------------------------------------------------------------------


def test_a_message_reaches_the_case_that_waits_for_it(town: Town) -> None:
    """The director calls the review off, and the case ends as the diagram says."""
    case = town.case(town.cycle(LISTENING))
    town.do(SendMessage(case, "cancel"), "director.school")
    assert "off" == case_row(town, case).outcome


def test_a_message_can_come_again(town: Town) -> None:
    """A border event that does not interrupt goes on listening."""
    case = town.case(town.cycle(LISTENING))
    for _ in range(2):
        town.do(SendMessage(case, "news"), "coordinator.office")
    assert ["first", "noted", "noted"] == sorted(t.element for t in town.open_tasks(case))


def test_a_message_that_nobody_awaits_is_refused(town: Town) -> None:
    """Old pages offer what is no longer awaited."""
    case = town.case(town.cycle(TWO))
    with pytest.raises(NobodyWaits, match="cancel"):
        town.do(SendMessage(case, "cancel"), "director.school")


@pytest.mark.parametrize(
    ("name", "who"),
    [("cancel", "coordinator.office"), ("cancel", "deputy.school"), ("news", "director.school")],
)
def test_a_message_takes_its_right(town: Town, name: str, who: str) -> None:
    """Calling off is for the director and the head; other messages are for who steers."""
    case = town.case(town.cycle(LISTENING))
    with pytest.raises(Forbidden):
        town.do(SendMessage(case, name), who)


def test_a_suspended_case_takes_no_message(town: Town) -> None:
    """It is refused, and the case still waits for it when it goes on."""
    case = town.case(town.cycle(LISTENING))
    town.do(SuspendCase(case, "Карантин"), "coordinator.office")
    with pytest.raises(CaseNotRunning):
        town.do(SendMessage(case, "cancel"), "director.school")
    town.do(ResumeCase(case), "coordinator.office")
    town.do(SendMessage(case, "cancel"), "director.school")
