"""
A year of a school, led through its pages: whose turn it is, what he answers, how time passes.

The answers are those of the rehearsal's plain scenario; only how they are given is up to the
journey. Nothing here changes the case: that is done on the pages, and by the scheduler.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

from engine import Engine
from engine.clock import FrozenClock
from engine.queries.case_page import CasePageRow, case_page
from engine.queries.tasks import task_page
from engine.rehearsal import sights
from engine.rehearsal.answers import Author
from engine.rehearsal.habits import Habits
from engine.rehearsal.offers import offer
from engine.rehearsal.opeko import STRAIGHT
from engine.rehearsal.play import Part
from engine.rehearsal.sights import TaskSight
from engine.rules.access import SYSTEM, Role
from engine.rules.calendar import day_of
from engine.scheduler import tick
from tests.invariants import check
from tests.town import Town, build

ZONE: Final = "Asia/Yekaterinburg"
SMALL: Final[Mapping[str, Any]] = {
    "sources": "oge, selfstudy",
    "mandatory_sources": "oge, selfstudy",
    "classes": "9 классы",
    "associations": "МО учителей математики",
    "reserves": 1,
}
"""A cycle that has every step, and few people and sources at each."""
MOST_TASKS: Final = 150
"""More tasks than a straight way has: the case goes in circles."""


def inhabited(engine: Engine) -> Town:
    """Return the invented town with experts enough for a panel and its reserve."""
    town = build(engine)
    for number in (5, 6):
        town.employ(f"expert{number}", "town", Role.EXPERT)
    return town


@dataclass
class Year:
    """The case of a school, and who does what in it."""

    town: Town
    clock: FrozenClock
    case_id: int
    random: Random = field(default_factory=lambda: Random(1))

    def __post_init__(self) -> None:
        self._part = Part(self.case_id, STRAIGHT, Habits(ZONE, 0))

    def turns(self) -> Iterator[TaskSight]:
        """Yield open tasks until there are none; let time pass when nobody can do anything."""
        for _ in range(MOST_TASKS):
            self.rest()
            found = self._open()
            if not found:
                return
            yield found[0]
        raise AssertionError("the case does not come to an end")

    def who(self, task: TaskSight) -> str:
        """Return who does a task: its holder, or the first who may take it."""
        with self.town.engine.read() as reader:
            person = task.assignee_id or sights.holders(reader, task.organisation_id, task.role)[0]
        return next(who for who, key in self.town.people.items() if key == person)

    def answers(self, task: TaskSight, who: str) -> dict[str, Any]:
        """Return what somebody types, by the name of the control."""
        return dict(_flat(self.fields(task, who)))

    def fields(self, task: TaskSight, who: str) -> dict[str, Any]:
        """Return what somebody answers; each task has one turn, so it is asked for once."""
        with self.town.engine.read() as reader:
            page = task_page(reader, self.town.actor(who), task.id)
            author = Author(offer(reader, page), day_of(self.clock.now(), ZONE), self.random)
        assert page.form is not None
        chosen = STRAIGHT.chosen(self._part.turn(task))
        return author.answers(page.form, chosen)

    def rest(self) -> None:
        """Let the scheduler work; when nobody can do anything, move on to what is due next."""
        tick(self.town.engine)
        while not self._open() and self.page.case.status == "running":
            with self.town.engine.read() as reader:
                due = sights.next_due(reader)
            assert due, "the case waits for nothing"
            self.clock.move_to(max(due, self.clock.now()) + timedelta(seconds=1))
            tick(self.town.engine)
        check(self.town.engine)

    @property
    def page(self) -> CasePageRow:
        """Return the case as the system sees it."""
        with self.town.engine.read() as reader:
            return case_page(reader, SYSTEM, self.case_id)

    def _open(self) -> list[TaskSight]:
        with self.town.engine.read() as reader:
            return list(sights.open_tasks(reader, [self.case_id]))


def _flat(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield answers by the name of their control: rows as ``table.0.column``."""
    for key, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                yield from ((f"{key}.{number}.{column}", cell) for column, cell in row.items())
        else:
            yield key, value


def rows_of(answers: Mapping[str, Any]) -> dict[str, int]:
    """Return how many rows each table needs."""
    rows: dict[str, int] = {}
    for name in answers:
        table, _, rest = name.partition(".")
        if rest:
            rows[table] = max(rows.get(table, 0), int(rest.partition(".")[0]) + 1)
    return rows
