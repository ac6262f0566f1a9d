"""A colleague does one's task and gives it back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase
from engine.commands.delegations import DelegateTask, RecallTask, ReturnTask
from engine.commands.doors import ChangeActive
from engine.commands.handovers import ReassignTask
from engine.commands.tasks import ClaimTask, CompleteTask, ReleaseTask, SaveDraft
from engine.errors import (
    EngineError,
    Forbidden,
    NotDelegable,
    NotDelegated,
    NotFound,
    NotOpen,
    PersonUnfit,
    ReasonMissing,
    TaskDelegated,
    TaskTaken,
)
from engine.model.records import JournalEntry, Notice
from engine.model.tasks import Task, TaskCandidate
from engine.queries.tasks import task_page
from engine.queries.worklist import worklist
from engine.rules.access import SYSTEM
from tests.drawn import TWO, answered, flows, panel, person_task, process
from tests.town import Town

OWNER, DELEGATE, COORDINATOR = "deputy.school", "teacher.school", "coordinator.office"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


@pytest.fixture
def task(town: Town, case: int) -> int:
    """Return a task that the deputy has delegated to a teacher."""
    task = town.claim(case, "first", OWNER)
    delegate(town, task)
    return task


def delegate(town: Town, task: int, whom: str = DELEGATE, who: str = OWNER, note: str = "") -> None:
    """Let somebody delegate a task."""
    town.do(DelegateTask(task, town.people[whom], note), who)


def hands(town: Town, task: int) -> tuple[int | None, int | None]:
    """Return who holds a task and who owns it."""
    (row,) = town.rows(select(Task.assignee_id, Task.owner_id).where(Task.id == task))
    return row.assignee_id, row.owner_id


def people(town: Town, *who: str) -> tuple[int, ...]:
    """Return the ids of people."""
    return tuple(town.people[one] for one in who)


def told(town: Town, who: str) -> list[str]:
    """Return what the notices of a person say."""
    mine = select(Notice.sentence).where(Notice.person_id == town.people[who])
    return [row.sentence for row in town.rows(mine.order_by(Notice.id))]


def page(town: Town, task: int, who: str) -> Any:
    """Return the page of a task as somebody sees it."""
    with town.engine.read() as reader:
        return task_page(reader, town.actor(who), task)


# there ------------------------------------------------------------------------------------------


def test_the_colleague_holds_it_and_the_owner_stays_the_owner(town: Town, task: int) -> None:
    """It stands in the worklist of the delegate, whatever role the task asks for."""
    assert people(town, DELEGATE, OWNER) == hands(town, task)
    with town.engine.read() as reader:
        assert [task] == [row.task_id for row in worklist(reader, town.actor(DELEGATE)).rows]


def test_a_free_task_is_delegated_at_once(town: Town, case: int) -> None:
    """Who may take it need not take it first; nobody is offered it any more."""
    task = town.task(case, "first")
    delegate(town, task)
    assert people(town, DELEGATE, OWNER) == hands(town, task)
    assert [] == town.rows(select(TaskCandidate.task_id))


def test_the_colleague_is_told_by_whom_and_what_for(town: Town, case: int) -> None:
    """A notice with the deadline and the note; the journal names the colleague."""
    delegate(town, town.task(case, "first"), note="цифры у вас.")
    (words,) = told(town, DELEGATE)
    assert "Некто deputy.school поручает вам задачу «Задача first» (school)." in words
    assert "цифры у вас." in words
    line = select(JournalEntry.data).where(JournalEntry.event == "TaskDelegatedTo")
    assert {"person_id": town.people[DELEGATE], "note": "цифры у вас"} == town.value(line)


def test_doing_it_twice_is_harmless(town: Town, task: int) -> None:
    """A double click delegates once."""
    delegate(town, task)
    assert 1 == len(told(town, DELEGATE))


@pytest.mark.parametrize("whom", ["deputy.second", COORDINATOR, "expert1", OWNER])
def test_only_a_colleague_of_the_organisation_will_do(town: Town, case: int, whom: str) -> None:
    """Nobody of another school or of the office, and not oneself."""
    with pytest.raises(PersonUnfit):
        delegate(town, town.task(case, "first"), whom)


def test_who_has_left_is_delegated_nothing(town: Town, case: int) -> None:
    """He cannot sign in."""
    town.engine.do(ChangeActive(town.people[DELEGATE], active=False), SYSTEM)
    with pytest.raises(PersonUnfit):
        delegate(town, town.task(case, "first"))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("teacher.school", NotFound),
        ("director.school", Forbidden),
        (COORDINATOR, Forbidden),
        ("deputy.second", NotFound),
    ],
)
def test_only_who_could_do_it_can_delegate_it(
    town: Town, case: int, who: str, refusal: type[EngineError]
) -> None:
    """Who watches is told so, who does not finds nothing."""
    with pytest.raises(refusal):
        delegate(town, town.task(case, "first"), "deputy2.school", who)


def test_what_another_holds_is_not_delegated(town: Town, case: int) -> None:
    """The lost race: somebody of the same role was first."""
    task = town.claim(case, "first", "deputy2.school")
    with pytest.raises(TaskTaken):
        delegate(town, task)


def test_it_is_not_passed_on(town: Town, task: int) -> None:
    """The delegate gives it back; a chain would leave nobody who answers."""
    with pytest.raises(TaskDelegated):
        delegate(town, task, "deputy2.school", DELEGATE)
    with pytest.raises(TaskDelegated):
        town.do(ReleaseTask(task), DELEGATE)


def test_the_work_of_an_expert_is_his_own(town: Town) -> None:
    """Conclusions, declarations, votes and signatures are never delegated."""
    judged = person_task("judge", role="expert", performer="who", inner=panel("experts", "who"))
    drawing = process("panel", judged, flows("start", "judge", "end"))
    case = town.case(town.cycle(drawing), experts=[town.people["expert1"]])
    with pytest.raises(NotDelegable):
        delegate(town, town.task(case, "judge"), "expert2", "expert1")


# done -------------------------------------------------------------------------------------------


def test_the_delegate_may_finish_it(town: Town, task: int) -> None:
    """The journal says for whom, and the owner is told."""
    town.do(CompleteTask(task, answered()), DELEGATE)
    (row,) = town.rows(select(*Task.__table__.columns).where(Task.id == task))
    assert people(town, DELEGATE, OWNER) == (row.done_by, row.owner_id)
    line = select(JournalEntry.data).where(JournalEntry.event == "TaskDoneFor")
    assert {"person_id": town.people[OWNER]} == town.value(line)
    (words,) = told(town, OWNER)
    assert "выполнена по вашему поручению: Некто teacher.school" in words


def test_the_owner_does_not_work_behind_the_back_of_his_delegate(town: Town, task: int) -> None:
    """He is told who has it; he can take it back first."""
    with pytest.raises(TaskTaken, match="teacher"):
        town.do(CompleteTask(task, answered()), OWNER)
    with pytest.raises(TaskTaken, match="teacher"):
        town.do(ClaimTask(task), OWNER)


# back -------------------------------------------------------------------------------------------


def test_it_comes_back_with_a_remark(town: Town, task: int) -> None:
    """The owner holds it again and is told; the delegate's text stays a draft."""
    town.do(SaveDraft(task, {"note": "Начато"}), DELEGATE)
    town.do(ReturnTask(task, "нет данных за май"), DELEGATE)
    assert (*people(town, OWNER), None) == hands(town, task)
    assert (
        "возвращает вам задачу «Задача first» (school): нет данных за май." in told(town, OWNER)[0]
    )
    with pytest.raises(NotFound):
        page(town, task, DELEGATE)


def test_a_remark_is_needed(town: Town, task: int) -> None:
    """Without it the owner would not know what is left to do."""
    with pytest.raises(ReasonMissing):
        town.do(ReturnTask(task, " . "), DELEGATE)


def test_the_owner_takes_it_back(town: Town, task: int) -> None:
    """The delegate is told that nothing is asked of him."""
    town.do(RecallTask(task), OWNER)
    assert (*people(town, OWNER), None) == hands(town, task)
    assert "забирает назад" in told(town, DELEGATE)[-1]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("deputy2.school", NotDelegated), (DELEGATE, NotDelegated), (COORDINATOR, Forbidden)],
)
def test_only_the_owner_takes_it_back(
    town: Town, task: int, who: str, refusal: type[EngineError]
) -> None:
    """Not his equals, not the delegate, not the coordinator: he has verbs of his own."""
    with pytest.raises(refusal):
        town.do(RecallTask(task), who)


@pytest.mark.parametrize(("who", "refusal"), [(OWNER, TaskTaken), ("director.school", Forbidden)])
def test_only_the_delegate_returns_it(
    town: Town, task: int, who: str, refusal: type[EngineError]
) -> None:
    """Whoever else tries is told who has it."""
    with pytest.raises(refusal):
        town.do(ReturnTask(task, "назад"), who)


def test_what_is_not_delegated_does_not_come_back(town: Town, case: int) -> None:
    """Neither by its holder nor by who had delegated it before."""
    task = town.claim(case, "first", OWNER)
    for command in (ReturnTask(task, "назад"), RecallTask(task)):
        with pytest.raises(NotDelegated):
            town.do(command, OWNER)


def test_a_coordinator_ends_a_delegation_by_handing_the_task_over(
    town: Town, task: int, clock: FrozenClock
) -> None:
    """Owner and delegate are out of it, whoever gets it."""
    town.do(ReassignTask(task, town.people["deputy2.school"], "Отпуск"), COORDINATOR)
    assert (*people(town, "deputy2.school"), None) == hands(town, task)
    town.do(DelegateTask(task, town.people[OWNER]), "deputy2.school")
    clock.advance(timedelta(minutes=1))
    town.do(ReassignTask(task, town.people[OWNER], "Насовсем"), COORDINATOR)
    assert (*people(town, OWNER), None) == hands(town, task)


def test_with_the_task_the_delegation_ends(town: Town, case: int, task: int) -> None:
    """What the process has taken away can neither be delegated nor given back."""
    town.engine.do(CancelCase(case, "Закрыто"), SYSTEM)
    for command, who in (
        (DelegateTask(task, town.people["deputy2.school"]), OWNER),
        (ReturnTask(task, "назад"), DELEGATE),
        (RecallTask(task), OWNER),
    ):
        with pytest.raises(NotOpen):
            town.do(command, who)


def test_a_page_offers_what_the_commands_allow(town: Town, task: int) -> None:
    """The delegate may finish and return, the owner may take back, nobody else may either."""

    def offered(who: str) -> set[str]:
        shown = page(town, task, who)
        names = ("complete", "release", "delegate", "return", "recall", "claim")
        return {name for name in names if getattr(shown, f"may_{name}")}

    assert {"complete", "return"} == offered(DELEGATE)
    assert {"recall"} == offered(OWNER)
    assert set() == offered("director.school")
    assert "Некто deputy.school" == page(town, task, DELEGATE).owner
