"""A coordinator leaves a task out: what then happens, and when he is refused."""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.cases import SuspendCase
from engine.commands.skips import SkipTask
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.errors import (
    CaseNotRunning,
    EngineError,
    Forbidden,
    NotFound,
    NotOpen,
    ReasonMissing,
    SkipRefused,
)
from engine.model.records import JournalEntry, Notice
from engine.model.tasks import CLOSED, Draft, Submission, Task, TaskCandidate
from engine.process.load import Bundle
from engine.queries.history import timeline
from tests.drawn import (
    ANSWER,
    TWO,
    answered,
    choice,
    end,
    flows,
    panel,
    person_task,
    process,
    with_form,
    with_subject,
)
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


def told(town: Town, kind: str) -> list[tuple[int, str]]:
    """Return who was told what of a kind."""
    rows = town.rows(select(Notice.person_id, Notice.sentence).where(Notice.kind == kind))
    return [(row.person_id, row.sentence) for row in rows]


# what happens -----------------------------------------------------------------------------------


def test_the_case_goes_on_without_the_task(town: Town, case: int) -> None:
    """The task is closed without a doer or answers, nobody is offered it, the next one opens."""
    task = town.task(case, "first")
    assert case == town.do(SkipTask(task, " Школа закрыта. "), COORDINATOR)
    row = town.rows(select(Task.state, Task.done_by, Task.remind_at).where(Task.id == task))[0]
    assert (CLOSED, None, None) == tuple(row)
    assert [] == town.rows(select(Submission.task_id))
    assert [] == town.rows(select(TaskCandidate.task_id).where(TaskCandidate.task_id == task))
    assert ["second"] == [row.element for row in town.open_tasks(case)]


def test_the_journal_says_that_it_was_skipped_and_why(town: Town, case: int) -> None:
    """In one line, by the coordinator."""
    town.do(SkipTask(town.task(case, "first"), "Школа закрыта."), COORDINATOR)
    with town.engine.read() as reader:
        lines = timeline(reader, town.actor(COORDINATOR), case)
    sentences = {line.sentence: line.who for line in lines}
    said = "Задача «Задача first» пропущена. Причина: Школа закрыта."
    assert "Некто coordinator.office" == sentences[said]


def test_its_holder_is_told_and_keeps_what_he_has_typed(town: Town, case: int) -> None:
    """He is not left before a form that nobody will take."""
    task = town.claim(case, "first", "deputy.school")
    town.do(SaveDraft(task, {"note": "Начато"}), "deputy.school")
    town.do(SkipTask(task, "Не нужно"), COORDINATOR)
    ((person, words),) = told(town, "closed")
    assert town.people["deputy.school"] == person
    assert "делать её не нужно. Причина: Не нужно." in words
    assert [{"note": "Начато"}] == [row.fields for row in town.rows(select(Draft.fields))]


def test_one_of_a_panel_is_skipped_alone(town: Town) -> None:
    """The others of the panel stay open; when they are done the case goes on."""
    judged = person_task("judge", role="expert", performer="who", inner=panel("experts", "who"))
    bundle = process("judged", judged, flows("start", "judge", "end"))
    experts = [town.people["expert1"], town.people["expert2"]]
    case = town.case(town.cycle(bundle), experts=experts)
    first, second = town.open_tasks(case)
    town.do(SkipTask(first.id, "Болен"), COORDINATOR)
    assert [second.id] == [row.id for row in town.open_tasks(case)]
    town.do(CompleteTask(second.id, answered()), "expert2")
    assert [] == town.open_tasks(case)


def test_what_may_be_left_blank_counts_as_left_blank(town: Town) -> None:
    """A decision by an answer that nobody has to give takes the way of no answer."""
    bundle = process(
        "blank",
        person_task("first"),
        choice("way", "calm", first="again"),
        person_task("calm", role="director"),
        flows("start", "first", "way"),
        flows("calm", "end"),
    )
    case = town.case(town.cycle(bundle))
    town.do(SkipTask(town.task(case, "first"), "Нет ответа"), COORDINATOR)
    assert ["calm"] == [row.element for row in town.open_tasks(case)]


# refused ----------------------------------------------------------------------------------------


def _asked(subject: str = "", *, decides: bool = False) -> Bundle:
    raw = with_subject(subject) if subject else ANSWER
    if decides:
        raw = raw.replace(b'"min": 0', b'"required": true, "min": 0')
    return with_form(TWO, "answer", raw)


FAILING = process(
    "failing",
    person_task("first"),
    end("broken", '<errorEventDefinition errorRef="bad"/>'),
    flows("start", "first", "broken"),
    roots='<error id="bad" errorCode="bad"/>',
)
BLIND_ALLEY = process(
    "alley",
    person_task("first"),
    choice("way", "bad", end="score &gt; 5".replace("&gt;", ">")),
    person_task("bad", performer="missing_name"),
    flows("start", "first", "way"),
    flows("bad", "end"),
)


@pytest.mark.parametrize(
    ("bundle", "why"),
    [
        (_asked("signature"), "нужны следующим задачам"),
        (_asked(decides=True), "по ответу «Балл»"),
        (FAILING, "останавливает дело ошибкой"),
        (BLIND_ALLEY, ""),
    ],
)
def test_what_the_case_cannot_do_without_is_refused(town: Town, bundle: Bundle, why: str) -> None:
    """In words that say why and what to do instead; nothing has changed, no incident is left."""
    case = town.case(town.cycle(bundle))
    task = town.task(case, "first")
    before = len(town.rows(select(JournalEntry.seq)))
    with pytest.raises(SkipRefused) as refusal:
        town.do(SkipTask(task, "Не нужно"), COORDINATOR)
    assert why in refusal.value.sentence
    assert "Напомните о ней" in refusal.value.sentence
    assert [task] == [row.id for row in town.open_tasks(case)]
    assert before == len(town.rows(select(JournalEntry.seq)))


@pytest.mark.parametrize("reason", ["", "  ", "."])
def test_a_reason_is_asked_for(town: Town, case: int, reason: str) -> None:
    """Others will read it."""
    with pytest.raises(ReasonMissing):
        town.do(SkipTask(town.task(case, "first"), reason), COORDINATOR)


def test_a_suspended_case_takes_no_step(town: Town, case: int) -> None:
    """It is resumed first."""
    town.do(SuspendCase(case, "Карантин"), COORDINATOR)
    with pytest.raises(CaseNotRunning):
        town.do(SkipTask(town.task(case, "first"), "Не нужно"), COORDINATOR)


def test_what_is_done_cannot_be_skipped(town: Town, case: int) -> None:
    """Nor skipped twice: a double click finds it closed."""
    task = town.task(case, "first")
    town.do(SkipTask(task, "Не нужно"), COORDINATOR)
    with pytest.raises(NotOpen):
        town.do(SkipTask(task, "Не нужно"), COORDINATOR)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("deputy.school", Forbidden),
        ("director.school", Forbidden),
        ("teacher.school", NotFound),
        ("coordinator.far_office", NotFound),
        ("head.far_office", NotFound),
        ("expert1", NotFound),
    ],
)
def test_only_who_steers_skips(town: Town, case: int, who: str, refusal: type[Exception]) -> None:
    """Neither the school itself nor another municipality; strangers learn nothing."""
    with pytest.raises(refusal):
        town.do(SkipTask(town.task(case, "first"), "Не нужно"), who)


def test_of_a_skip_and_a_completion_at_once_one_wins(town: Town, case: int) -> None:
    """The other is told so; the case takes one step."""
    task = town.task(case, "first")
    town.do(ClaimTask(task), "deputy.school")
    start, found = Barrier(2), list[object]()

    def run(command: Any, who: str) -> None:
        start.wait()
        try:
            found.append(town.engine.do(command, town.actor(who)))
        except EngineError as refusal:
            found.append(refusal)

    racers = (
        (SkipTask(task, "Не нужно"), COORDINATOR),
        (CompleteTask(task, answered()), "deputy.school"),
    )
    threads = [Thread(target=run, args=racer) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [case] == [one for one in found if isinstance(one, int)]
    assert 1 == sum(isinstance(one, NotOpen) for one in found)
    assert ["second"] == [row.element for row in town.open_tasks(case)]


# a trial ----------------------------------------------------------------------------------------


def test_a_trial_tells_what_would_happen_and_changes_nothing(town: Town, case: int) -> None:
    """The page shows it before the coordinator decides."""
    task = town.task(case, "first")
    events = town.engine.trial(SkipTask(task, "Проба"), town.actor(COORDINATOR))
    assert ["TaskSkipped", "StageEntered", "TaskOpened"] == [type(e).__name__ for e in events]
    assert [task] == [row.id for row in town.open_tasks(case)]
    assert "TaskSkipped" not in {r.event for r in town.rows(select(JournalEntry.event))}


def test_a_trial_is_refused_like_the_command(town: Town, case: int) -> None:
    """To see what would happen one needs the same right."""
    with pytest.raises(Forbidden):
        town.engine.trial(
            SkipTask(town.task(case, "first"), "Проба"), town.actor("director.school")
        )
