"""Any sequence of commands leaves a case as a simple model says, and rows as the state says."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.delegations import DelegateTask, RecallTask, ReturnTask
from engine.commands.extensions import DecideExtension, RequestExtension
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    MoveDeadline,
    ReassignTask,
    ReleaseTask,
    SaveDraft,
)
from engine.errors import (
    CaseNotRunning,
    DeadlineRefused,
    EngineError,
    ExtensionPending,
    Forbidden,
    NotDelegated,
    NotFound,
    NotOpen,
    PersonUnfit,
    TaskDelegated,
    TaskDoneByOther,
    TaskTaken,
)
from engine.model.cases import Case
from engine.model.tasks import DONE, ExtensionRequest, Task
from engine.queries.consistency import differences
from engine.rules.calendar import day_of
from engine.scheduler import tick
from tests.drawn import answered, choice, flows, parallel, person_task, process
from tests.invariants import broken
from tests.timely import alarm
from tests.town import Town

DRAWING = process(
    "modelled",
    '<exclusiveGateway id="again"/><exclusiveGateway id="merge"/>',
    parallel("split", "join"),
    person_task("first"),
    choice("way", "split", again="again"),
    person_task("second", role="director"),
    person_task("third"),
    alarm("late", "third", "P10D"),
    flows("start", "again", "first", "way"),
    flows("split", "second", "join", "end"),
    flows("split", "third", "merge", "join"),
    flows("late", "merge"),
)
TERM = timedelta(days=10)
ROLES = {"first": "deputy", "second": "director", "third": "deputy"}
PEOPLE = (
    "deputy.school",
    "deputy2.school",
    "director.school",
    "teacher.school",
    "coordinator.office",
)

people = st.sampled_from(PEOPLE)
elements = st.sampled_from(sorted(ROLES))


class Model(RuleBasedStateMachine):
    """One case; beside it a dictionary: which tasks are open, who holds them, who did them."""

    town: ClassVar[Town]
    clock: ClassVar[FrozenClock]
    cycle: ClassVar[int]

    @initialize()
    def start(self) -> None:
        """Begin a case; the one of the example before is over."""
        for row in self.town.rows(select(Case.id).where(Case.ended_at.is_(None))):
            self.town.engine.do(CancelCase(row.id, "Заново"), self.town.actor("head.office"))
        self.case = self.town.case(self.cycle)
        self.status = "running"
        self.open: dict[str, str | None] = {}
        self.owners: dict[str, str] = {}
        self.asked: dict[str, tuple[str, date]] = {}
        self.done: dict[int, str] = {}
        self.moved: dict[int, date] = {}
        self.alarm: datetime | None = None
        self._opened("first")

    def _opened(self, *names: str) -> None:
        for name in names:
            self.open[name] = None
            if name == "third":
                self.alarm = self.clock.now() + TERM

    def _gone(self, element: str) -> None:
        """Take a task away; with the last one the case is over."""
        self._ended(element)
        if element == "third":
            self.alarm = None
        if not self.open:
            self.status = "completed"

    def _ended(self, element: str) -> None:
        """Forget what belongs to an open task only."""
        del self.open[element]
        self.owners.pop(element, None)
        self.asked.pop(element, None)

    # what is expected ---------------------------------------------------------------------------

    def told(self, who: str, element: str) -> type[EngineError] | None:
        """Return what refuses somebody at an open task, whatever he wants to do with it."""
        hands = (self.open[element], self.owners.get(element))
        if not who.startswith(ROLES[element]) and who not in hands:
            return NotFound if who.startswith("teacher") else Forbidden
        return None if self.open[element] in (None, who) else TaskTaken

    def attempt(self, command: Any, who: str, expected: type[EngineError] | None) -> bool:
        """Let somebody do a command and compare; return whether it was done."""
        # No two commands fall on one moment: it is part of the keys of notices.
        self.clock.advance(timedelta(milliseconds=1))
        found = None
        try:
            self.town.engine.do(command, self.town.actor(who))
        except EngineError as refusal:
            found = type(refusal)
        assert expected is found, f"{command} by {who}"
        return found is None

    def task(self, element: str) -> int:
        """Return the number of an open task."""
        return self.town.task(self.case, element)

    # rules --------------------------------------------------------------------------------------

    @rule(who=people, element=elements)
    def claim(self, who: str, element: str) -> None:
        """The first one has it."""
        if element in self.open and self.attempt(
            ClaimTask(self.task(element)), who, self.told(who, element)
        ):
            self.open[element] = who

    @rule(who=people, element=elements)
    def release(self, who: str, element: str) -> None:
        """Only the holder gives it back, and not what a colleague has delegated to him."""
        if element not in self.open:
            return
        expected = self.told(who, element)
        if expected is None and element in self.owners:
            expected = TaskDelegated
        if self.attempt(ReleaseTask(self.task(element)), who, expected):
            self.open[element] = None

    @rule(who=people, element=elements)
    def draft(self, who: str, element: str) -> None:
        """Whoever may do such work may type; it never matters to the case."""
        if element in self.open:
            expected = self.told(who, element)
            self.attempt(
                SaveDraft(self.task(element), {"note": who}),
                who,
                None if expected is TaskTaken else expected,
            )

    @rule(who=people, element=elements, again=st.booleans())
    def complete(self, who: str, element: str, again: bool) -> None:  # noqa: FBT001
        """The case goes on as it is drawn."""
        if element not in self.open:
            return
        task = self.task(element)
        expected = self.told(who, element)
        if expected is None and self.status == "suspended":
            expected = CaseNotRunning
        if self.attempt(CompleteTask(task, answered(again=again)), who, expected):
            self.done[task] = who
            if element == "first":
                self._ended(element)
                self._opened(*(["first"] if again else ["second", "third"]))
            else:
                self._gone(element)

    @precondition(lambda self: self.done)
    @rule(who=people, data=st.data())
    def complete_again(self, who: str, data: st.DataObject) -> None:
        """Harmless for who did it; the others are told, or find nothing."""
        task = data.draw(st.sampled_from(sorted(self.done)))
        element = self.town.value(select(Task.element).where(Task.id == task))
        expected: type[EngineError] | None = None
        owner = self.town.value(select(Task.owner_id).where(Task.id == task))
        if self.done[task] != who:
            role = self.town.people[who] == owner or who.startswith(ROLES[element])
            hidden = NotFound if who.startswith("teacher") else Forbidden
            expected = TaskDoneByOther if role else hidden
        self.attempt(CompleteTask(task, answered()), who, expected)

    @rule(who=people, element=elements)
    def reassign(self, who: str, element: str) -> None:
        """The coordinator gives it to anybody of the role."""
        if element in self.open:
            fit = who.startswith(ROLES[element])
            command = ReassignTask(self.task(element), self.town.people[who], "Отпуск")
            if self.attempt(command, "coordinator.office", None if fit else PersonUnfit):
                self.open[element] = who
                self.owners.pop(element, None)

    @rule(who=people, whom=people, element=elements)
    def delegate(self, who: str, whom: str, element: str) -> None:
        """The holder lends it to a colleague of the school, once."""
        if element not in self.open:
            return
        owner, expected = self.owners.get(element), self.told(who, element)
        same = owner == who and self.open[element] == whom
        if expected is None and owner is not None:
            expected = TaskDelegated
        elif expected is None and (whom == who or not whom.endswith("school")):
            expected = PersonUnfit
        command = DelegateTask(self.task(element), self.town.people[whom])
        if self.attempt(command, who, None if same else expected) and not same:
            self.open[element], self.owners[element] = whom, who

    @rule(who=people, element=elements)
    def give_back(self, who: str, element: str) -> None:
        """The delegate returns it to its owner."""
        if element not in self.open:
            return
        expected, owner = self.told(who, element), self.owners.get(element)
        if owner is None and expected in (None, TaskTaken):
            expected = NotDelegated
        if self.attempt(ReturnTask(self.task(element), "назад"), who, expected):
            self.open[element] = self.owners.pop(element)

    @rule(who=people, element=elements)
    def recall(self, who: str, element: str) -> None:
        """The owner takes it back."""
        if element not in self.open:
            return
        expected = self.told(who, element)
        if expected in (None, TaskTaken):
            expected = None if self.owners.get(element) == who else NotDelegated
        if self.attempt(RecallTask(self.task(element)), who, expected):
            self.open[element] = self.owners.pop(element)

    @rule(who=people, element=elements, days=st.integers(min_value=100, max_value=102))
    def ask_for_time(self, who: str, element: str, days: int) -> None:
        """One request at a time, by who holds it or may."""
        if element not in self.open:
            return
        wanted = day_of(self.clock.now(), "Asia/Yekaterinburg") + timedelta(days=days)
        expected, due = self.told(who, element), self.moved.get(self.task(element), date.min)
        if expected is None and wanted <= due:
            expected = DeadlineRefused
        elif expected is None and self.asked.get(element, (who, wanted)) != (who, wanted):
            expected = ExtensionPending
        if self.attempt(RequestExtension(self.task(element), wanted, "Отпуск"), who, expected):
            self.asked[element] = (who, wanted)

    @precondition(lambda self: self.asked)
    @rule(granted=st.booleans(), data=st.data())
    def answer(self, granted: bool, data: st.DataObject) -> None:  # noqa: FBT001
        """The coordinator grants it, or not; then one may ask again."""
        element = data.draw(st.sampled_from(sorted(self.asked)))
        task, (_, wanted) = self.task(element), self.asked[element]
        pending = select(ExtensionRequest.id).where(
            ExtensionRequest.task_id == task, ExtensionRequest.decided_at.is_(None)
        )
        later = granted and wanted > self.moved.get(task, date.min)
        past = later and wanted < day_of(self.clock.now(), "Asia/Yekaterinburg")
        command = DecideExtension(self.town.value(pending), granted, "Так")
        if self.attempt(command, "coordinator.office", DeadlineRefused if past else None):
            del self.asked[element]
            if later:
                self.moved[task] = wanted

    @rule(element=elements, days=st.integers(min_value=30, max_value=60))
    def move(self, element: str, days: int) -> None:
        """A deadline moves, and the offer with it; nothing else does."""
        if element in self.open:
            task, today = self.task(element), day_of(self.clock.now(), "Asia/Yekaterinburg")
            day = today + timedelta(days=days)
            expected = DeadlineRefused if self.moved.get(task) == day else None
            if self.attempt(MoveDeadline(task, day, "Отпуск"), "coordinator.office", expected):
                self.moved[task] = day

    @rule()
    def suspend(self) -> None:
        """A case that is over is not suspended."""
        over = self.status in ("completed", "cancelled")
        command = SuspendCase(self.case, "Карантин")
        if self.attempt(command, "coordinator.office", CaseNotRunning if over else None):
            self.status = "suspended"

    @rule()
    def resume(self) -> None:
        """A case that is over is not resumed."""
        over = self.status in ("completed", "cancelled")
        command = ResumeCase(self.case)
        if self.attempt(command, "coordinator.office", CaseNotRunning if over else None):
            self.status = "running"

    @precondition(lambda self: len(self.done) > 1)
    @rule()
    def cancel(self) -> None:
        """All open work is taken away."""
        over = self.status in ("completed", "cancelled")
        command = CancelCase(self.case, "Закрыто")
        if self.attempt(command, "head.office", CaseNotRunning if over else None):
            self.status = "cancelled"
            for element in list(self.open):
                self._ended(element)

    @rule(days=st.integers(min_value=0, max_value=6))
    def wait(self, days: int) -> None:
        """Timers of a running case fire at their moment, and once."""
        self.clock.advance(timedelta(days=days))
        tick(self.town.engine)
        due = self.alarm is not None and self.alarm <= self.clock.now()
        if due and self.status == "running":
            self._gone("third")

    # what always holds --------------------------------------------------------------------------

    @invariant()
    def rows_agree_with_the_state(self) -> None:
        """Tasks, offers, timers, drafts."""
        with self.town.engine.read() as reader:
            assert [] == differences(reader, self.case)
            assert [] == broken(reader)

    @invariant()
    def the_case_is_as_the_model_says(self) -> None:
        """Status, open tasks, holders, and who has done what."""
        names = {number: who for who, number in self.town.people.items()}
        rows = self.town.open_tasks(self.case)
        assert self.open == {row.element: names.get(row.assignee_id) for row in rows}
        owned = {row.element: names[row.owner_id] for row in rows if row.owner_id}
        assert self.owners == owned
        assert self.status == self.town.value(select(Case.status).where(Case.id == self.case))
        ended = select(Task.id, Task.done_by).where(Task.case_id == self.case, Task.state == DONE)
        assert self.done == {row.id: names[row.done_by] for row in self.town.rows(ended)}


Factory = Callable[[], RuleBasedStateMachine]


@pytest.mark.slow
def test_commands_in_any_order_keep_the_case_true(town: Town, clock: FrozenClock) -> None:
    """Two thousand random commands by random people, each compared with the model."""
    Model.town, Model.clock, Model.cycle = town, clock, town.cycle(DRAWING)
    found = settings(
        max_examples=50,
        stateful_step_count=40,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Model, settings=found)


def test_the_model_itself_can_be_broken(town: Town, clock: FrozenClock) -> None:
    """A case that differs from the model is noticed."""
    Model.town, Model.clock, Model.cycle = town, clock, town.cycle(DRAWING)
    model = Model()
    model.start()
    model.the_case_is_as_the_model_says()
    model.open["first"] = "deputy.school"
    with pytest.raises(AssertionError):
        model.the_case_is_as_the_model_says()
    with pytest.raises(AssertionError):
        model.attempt(ClaimTask(model.task("first")), "deputy.school", NotOpen)
