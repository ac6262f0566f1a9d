"""
The play itself: cases begin, invented people do their tasks, the scheduler ticks.

Time goes from one moment at which something happens to the next. Everything is done by the
same commands as on the pages; whatever is refused is noted as a dead end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Final, TypeVar

from engine.bus import Command, Engine
from engine.clock import FrozenClock
from engine.commands.cases import StartCase
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.errors import EngineError
from engine.queries.people import actor_of
from engine.queries.tasks import task_page
from engine.rehearsal import sights
from engine.rehearsal.answers import Author
from engine.rehearsal.habits import Habits, Plan
from engine.rehearsal.offers import offer
from engine.rehearsal.scenarios import PLAIN, Act, Scenario, Scene, Turn
from engine.rehearsal.sights import TaskSight
from engine.rules.access import Actor
from engine.rules.calendar import RUSSIA, day_of, moment_of
from engine.scheduler import tick
from engine.unit import Reader

PATIENCE: Final = timedelta(days=250)
"""A wait longer than from measures in spring to a control stage in autumn leads nowhere."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Entrance:
    """A case that begins at a moment, by whom, and what happens in it."""

    at: datetime
    start: StartCase
    by: int
    zone: str
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """Something nobody can get past: where, when, and why."""

    case_id: int
    element: str
    at: datetime
    sentence: str


@dataclass(slots=True)
class Part:
    """A case under way: its scenario, its people's habits, and who has had which turn."""

    case_id: int
    scenario: Scenario
    habits: Habits
    rounds: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    opened: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def turn(self, task: TaskSight) -> Turn:
        """Count a task that has just been seen."""
        who = task.item or str(task.assignee_id or "")
        self.opened[task.element] += 1
        self.rounds[task.element, who] += 1
        if who not in self.places[task.element]:
            self.places[task.element].append(who)
        place = self.places[task.element].index(who)
        return Turn(task.element, self.rounds[task.element, who], place)


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that somebody will do."""

    part: Part
    turn: Turn
    plan: Plan
    claimed: bool = False

    @property
    def at(self) -> datetime:
        """Return when it is touched next."""
        return self.plan.finish_at if self.claimed else self.plan.claim_at


@dataclass(slots=True)
class Play:
    """
    Plays cases on one engine.

    Attributes:
        engine: Whose clock is `clock`.
        clock: Stands still between two moments.
        random: Where all whims come from.
        otherwise: What happens in cases that begin by the calendar or repeat another.
        dead_ends: What nobody could get past.
    """

    engine: Engine
    clock: FrozenClock
    random: Random
    otherwise: Scenario = PLAIN
    dead_ends: list[DeadEnd] = field(default_factory=list)
    _entrances: list[Entrance] = field(default_factory=list)
    _parts: dict[int, Part] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    _duties: dict[int, Duty] = field(default_factory=dict)
    _acts: list[tuple[datetime, Part, Act]] = field(default_factory=list)
    _last_deed: datetime = field(init=False)

    @property
    def cases(self) -> Mapping[int, Scenario]:
        """Return the scenarios of the cases that have begun, by id."""
        return {part.case_id: part.scenario for part in self._parts.values()}

    def run(self, entrances: Iterable[Entrance], until: datetime) -> None:
        """Play until nothing is left to happen, or a moment has come; may be called again."""
        self._last_deed = self.clock.now()
        self._entrances = sorted([*self._entrances, *entrances], key=lambda each: each.at)
        while (moment := self._next()) is not None and moment <= until:
            self.clock.move_to(max(moment, self.clock.now()))
            moved = self._moved()
            if self._begin() | self._work():
                self._last_deed = self.clock.now()
                moved = True
            if moved:
                self._moved()
                self._look()
        if moment is not None:
            self.clock.move_to(until)

    def _moved(self) -> bool:
        """Let the scheduler tick; tell whether a case may have moved by it."""
        done = tick(self.engine)
        return bool(done.timers or done.jobs or done.messages or done.starts)

    # time ---------------------------------------------------------------------------------------

    def _next(self) -> datetime | None:
        """Return the next moment at which something happens; None: the play is over."""
        ours = [entrance.at for entrance in self._entrances[:1]]
        ours += [duty.at for duty in self._duties.values()]
        ours += [at for at, _, _ in self._acts]
        with self.engine.read() as reader:
            due = sights.next_due(reader)
            if not ours and not (due and self._is_awaited(reader, due)):
                return None
        return min([*ours, *([due] if due else [])])

    def _is_awaited(self, reader: Reader, due: datetime) -> bool:
        """Tell whether it is worth waiting when nobody plans anything any more."""
        running = sights.running(reader, list(self._parts))
        soon = due <= self._last_deed + PATIENCE
        return soon and any(case not in sights.standing(reader, running) for case in running)

    # what happens -------------------------------------------------------------------------------

    def _begin(self) -> bool:
        """Begin the cases whose moment has come; tell whether there were any."""
        begun = len(self._parts)
        while self._entrances and self._entrances[0].at <= self.clock.now():
            entrance = self._entrances.pop(0)
            case_id = self._do(entrance.start, self._actor(entrance.by), 0, "")
            if case_id is not None:
                habits = Habits(entrance.zone, entrance.scenario.tardy)
                self._parts[case_id] = Part(case_id, entrance.scenario, habits)
        return len(self._parts) > begun

    def _look(self) -> None:
        """Let somebody plan each task that has been opened, also in cases that began by themselves."""
        with self.engine.read() as reader:
            for case in sights.strangers(reader, list(self._parts)):
                first = self._parts.get(case.previous_id or 0)
                scenario = (first.scenario.sequel if first else None) or self.otherwise
                habits = Habits(case.zone, scenario.tardy)
                self._parts[case.id] = Part(case.id, scenario, habits)
            tasks = sights.open_tasks(reader, list(self._parts))
        for task in tasks:
            if task.id not in self._seen:
                self._seen.add(task.id)
                self._plan(self._parts[task.case_id], task)

    def _plan(self, part: Part, task: TaskSight) -> None:
        turn, scenario = part.turn(task), part.scenario
        for act in scenario.acts:
            if (act.after, act.nth) == (task.element, part.opened[task.element]):
                self._acts.append((self._later(part, act.days), part, act))
        late = scenario.lateness(turn)
        plan = part.habits.plan(task.opened_at, task.due_at, self.random, late)
        if not scenario.is_silent(turn):
            self._duties[task.id] = Duty(part, turn, plan, claimed=task.assignee_id is not None)

    def _later(self, part: Part, days: int) -> datetime:
        today = day_of(self.clock.now(), part.habits.zone)
        return moment_of(RUSSIA.workday(today, max(days, 1)), time(11), part.habits.zone)

    def _work(self) -> bool:
        """Do everything whose moment has come; tell whether there was anything."""
        now = self.clock.now()
        tasks = [key for key, duty in self._duties.items() if duty.at <= now]
        for task_id in tasks:
            self._touch(task_id, self._duties.pop(task_id))
        due = [item for item in self._acts if item[0] <= now]
        self._acts = [item for item in self._acts if item[0] > now]
        for _, part, act in due:
            self._act(part, act)
        return bool(tasks or due)

    def _touch(self, task_id: int, duty: Duty) -> None:
        """Claim a task, or finish it, if it is still there."""
        with self.engine.read() as reader:
            task = sights.open_task(reader, task_id)
        if task is None:
            return
        actor = self._performer(task)
        if actor is None:
            self._note(task.case_id, task.element, f"«{task.title}»: {_NOBODY} ({task.place})")
        elif not duty.claimed:
            self._do(ClaimTask(task.id), actor, task.case_id, task.element)
            self._duties[task_id] = Duty(duty.part, duty.turn, duty.plan, claimed=True)
        else:
            self._finish(task, duty, actor)

    def _performer(self, task: TaskSight) -> Actor | None:
        """Return who does a task: its holder, or one of those whom it is offered to."""
        if task.assignee_id is not None:
            return self._actor(task.assignee_id)
        with self.engine.read() as reader:
            found = sights.holders(reader, task.organisation_id, task.role)
        return self._actor(self.random.choice(found)) if found else None

    def _finish(self, task: TaskSight, duty: Duty, actor: Actor) -> None:
        with self.engine.read() as reader:
            page = task_page(reader, actor, task.id)
            offered = offer(reader, page)
        author = Author(offered, day_of(self.clock.now(), duty.part.habits.zone), self.random)
        chosen = duty.part.scenario.chosen(duty.turn)
        fields = author.answers(page.form, chosen) if page.form else {}
        self._do(CompleteTask(task.id, fields), actor, task.case_id, task.element)

    def _act(self, part: Part, act: Act) -> None:
        with self.engine.read() as reader:
            person = sights.nearest(reader, part.case_id, act.by)
            command = act.command(Scene(reader, part.case_id))
        if person is None:
            self._note(part.case_id, act.after, f"«{act.title}»: {_NOBODY}")
        else:
            self._do(command, self._actor(person), part.case_id, act.after)

    # doing --------------------------------------------------------------------------------------

    def _do(self, command: Command[R], actor: Actor, case_id: int, element: str) -> R | None:
        """Give a command; a refusal is a dead end."""
        try:
            return self.engine.do(command, actor)
        except EngineError as refusal:
            self._note(case_id, element, refusal.sentence)
            return None

    def _actor(self, person_id: int) -> Actor:
        with self.engine.read() as reader:
            return actor_of(reader, person_id)

    def _note(self, case_id: int, element: str, sentence: str) -> None:
        self.dead_ends.append(DeadEnd(case_id, element, self.clock.now(), sentence))

    def judge(self) -> None:
        """Note what stands still: incidents, and cases in which nobody can do anything."""
        with self.engine.read() as reader:
            incidents = sights.incidents(reader)
            standing = sights.standing(reader, list(self._parts))
        for incident in incidents:
            self._note(*incident)
        for case_id in set(standing) - {case_id for case_id, _, _ in incidents}:
            self._note(case_id, "", "Дело идёт, но никто не может ничего сделать.")


_NOBODY: Final = "некому выполнить"
