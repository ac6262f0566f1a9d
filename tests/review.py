"""
A real review on a real database, to be stood at any task of its usual way.

The way is played once for a test run, with people who fill in what their forms begin with; at
each task that is met for the first time the database is copied. A test gets a copy of its own.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine import open_engine
from engine.bundles import shipped
from engine.clock import FrozenClock
from engine.commands.tasks import CompleteTask
from engine.errors import FormInvalid
from engine.model.cases import Case
from engine.model.panels import panel_of
from engine.model.records import Timer
from engine.process.state import State, load
from engine.queries.forms import Filled, filled
from engine.queries.tasks import TaskPageRow, task_page
from engine.rehearsal.answers import Author
from engine.rehearsal.offers import offer
from engine.rules.access import SYSTEM, Role
from engine.scheduler import tick
from engine.settings import Settings
from tests.invariants import check
from tests.town import Town, build

BEGIN = datetime(2026, 11, 25, 6, tzinfo=UTC)
FACTS = ("employed_here", "relative_here", "child_here", "paid_services_3y", "subordinate")
NO = dict.fromkeys(FACTS, "no")
ROWS = [
    {
        "subject": "математика",
        "grade": "9",
        "n_students": 40,
        "mean": 3.6,
        "quality_pct": 45.0,
        "threshold_fail": 2,
    }
]


@dataclass
class Review:
    """A case of ОПЭКО in a school of an invented town."""

    town: Town
    clock: FrozenClock
    case_id: int
    random: Random = field(default_factory=lambda: Random(1))

    # looking ------------------------------------------------------------------------------

    def open(self, element: str = "") -> list[Any]:
        """Return the open tasks of the case, or those at an element."""
        return self.town.open_tasks(self.case_id, element or None)

    def rows(self, statement: Any) -> list[Any]:
        """Return the rows of a statement."""
        return self.town.rows(statement)

    def row(self, statement: Any) -> Any:
        """Return the only row of a statement."""
        (found,) = self.town.rows(statement)
        return found

    @property
    def state(self) -> State:
        """Return the state of the case."""
        return load(self.town.value(select(Case.state).where(Case.id == self.case_id)))

    @property
    def outcome(self) -> tuple[str, str]:
        """Return status and outcome of the case."""
        found = select(Case.status, Case.outcome).where(Case.id == self.case_id)
        return tuple(self.row(found))

    def person(self, key: int) -> str:
        """Return who somebody is."""
        return next(who for who, known in self.town.people.items() if known == key)

    def members(self) -> list[int]:
        """Return the members of the panel."""
        rows = self.rows(panel_of(self.case_id, "member"))
        return sorted(row.person_id for row in rows)

    def lead(self) -> int:
        """Return who leads the panel."""
        (lead,) = [r.person_id for r in self.rows(panel_of(self.case_id)) if r.is_lead]
        return int(lead)

    def write(self, model: Any, row: Mapping[str, Any]) -> None:
        """Write a row past all recorders: only the database is asked."""
        with self.town.engine.unit(SYSTEM) as unit:
            unit.allow_system()
            unit.insert(model, row)

    # working ------------------------------------------------------------------------------

    def page(self, row: Any) -> tuple[TaskPageRow, Filled]:
        """Return the page of a task and what its form is filled with."""
        actor = self.town.actor(self.town.holder(row))
        with self.town.engine.read() as reader:
            return task_page(reader, actor, row.id), filled(reader, actor, row.id)

    def answers(self, row: Any) -> dict[str, Any]:
        """Return what its person usually answers to a task."""
        actor = self.town.actor(self.town.holder(row))
        with self.town.engine.read() as reader:
            page = task_page(reader, actor, row.id)
            offered = offer(reader, page)
        assert page.form is not None
        usual = Author(offered, self.clock.now().date(), self.random).answers(page.form, {})
        return {**usual, **USUAL.get(row.element, _nothing)(self, row, usual)}

    def finish(self, element: str, nth: int = 0, /, **other: Any) -> None:
        """Let its person finish a task, with some answers other than the usual ones."""
        row = self.open(element)[nth]
        fields = {**self.answers(row), **other}
        self.town.engine.do(CompleteTask(row.id, fields), self.town.actor(self.town.holder(row)))
        self.tick()

    def refused(self, element: str, nth: int = 0, /, **other: Any) -> Mapping[str, Any]:
        """Return what is said about answers that are refused; nothing has changed then."""
        before, row = self.state, self.open(element)[nth]
        fields = {**self.answers(row), **other}
        with pytest.raises(FormInvalid) as refusal:
            self.town.do(CompleteTask(row.id, fields), self.town.holder(row))
        assert before == self.state
        return refusal.value.errors

    def finish_as(self, person: int, element: str) -> None:
        """Let a person do his tasks up to one at an element, that one included."""
        self.finish_until(person, element)
        self._finish_first(person)

    def finish_until(self, person: int, element: str) -> None:
        """Let a person do his tasks until one at an element is next."""
        for _ in range(20):
            if self._first(person).element == element:
                return
            self._finish_first(person)
        raise AssertionError(f"{element} was never reached")

    def _first(self, person: int) -> Any:
        return next(row for row in self.open() if row.assignee_id == person)

    def _finish_first(self, person: int) -> None:
        row = self._first(person)
        self.finish(row.element, [r.id for r in self.open(row.element)].index(row.id))

    def tick(self) -> None:
        """Let services, messages and timers that are due do their part."""
        tick(self.town.engine)

    def until(self, element: str) -> "Review":
        """Work on, in the usual way, until a task is open at an element."""
        for _ in range(200):
            if self.open(element):
                return self
            self.next(stop=element)
        raise AssertionError(f"{element} was never reached")

    def to_the_end(self) -> tuple[str, str]:
        """Work on until the case is over; return its status and outcome."""
        for _ in range(200):
            if self.outcome[0] != "running":
                return self.outcome
            self.next()
        raise AssertionError("the case does not end")

    def next(self, stop: str = "") -> None:
        """Finish the task that has been open longest, or let time pass to the next timer."""
        rows = [row for row in self.open() if row.element != stop]
        if rows:
            self.finish(rows[0].element)
        else:
            self.pass_time()

    def pass_time(self) -> None:
        """Let time pass to the next timer of the case."""
        due = self.town.value(
            select(Timer.due_at).where(Timer.case_id == self.case_id).order_by(Timer.due_at)
        )
        self.clock.move_to(max(due, self.clock.now()))
        self.tick()


def _nothing(_review: Review, _row: Any, _usual: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def _each(usual: Mapping[str, Any], table: str, *rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with rows that complete its usual ones; the last one holds for the rest."""
    before = usual[table]
    return {table: [row | rows[min(n, len(rows) - 1)] for n, row in enumerate(before)]}


def _tasks(review: Review, row: Any, _usual: Any) -> dict[str, Any]:
    _, form = review.page(row)
    quality = next(o.value for o in form.choices["indicators"] if o.value.startswith("oge|"))
    first = {"title": "Поднять качество", "indicator": quality, "target": 4.0, "priority": "high"}
    return {"tasks": [first, {"title": "Обновить методы", "priority": "low"}]}


def _pool(review: Review, row: Any, _usual: Any) -> dict[str, Any]:
    people = [int(option.value) for option in review.page(row)[1].people["candidates.person"]]
    kinds = ("public", "professional")
    return {
        "candidates": [
            {"person": person, "kind": kinds[n % 2], "competence": "оценка", "contacts": "тел."}
            for n, person in enumerate(people[:6])
        ]
    }


def _team(review: Review, _row: Any, _usual: Any) -> dict[str, Any]:
    reserve = review.rows(panel_of(review.case_id, "reserve"))
    chosen = [row.person_id for row in reserve][:3]
    return {"members": chosen, "lead": chosen[0]}


Usual = Callable[[Review, Any, Mapping[str, Any]], Mapping[str, Any]]

USUAL: Mapping[str, Usual] = {
    "s1_source": lambda _r, _t, _u: {"rows": ROWS},
    "s1_tasks": _tasks,
    "s1_selfassess": lambda _r, _t, u: _each(
        u, "answers", {"know_how": "no", "need_expert_in": "в методике"}, {"know_how": "yes"}
    ),
    "s2_pedsovet": lambda _r, _t, _u: {
        "members": 20,
        "present": 15,
        "votes_for": 12,
        "votes_against": 2,
        "abstained": 1,
    },
    "s2_pool": _pool,
    "s2_coi": lambda _r, _t, _u: NO,
    "s2_team": _team,
    "s3_visit": lambda _r, _t, u: _each(u, "scores", {"score": "3"}),
    "s3_opinion": lambda _r, _t, u: _each(u, "goals", {"score": "3"}),
    "s7_remeasure": lambda _r, _t, u: _each(u, "rows", {"value": 4.1}),
    "s8_publish": lambda _r, _t, _u: {"url": "https://school.example/opeko"},
}
"""What people answer where any fitting answer would not do."""


# stations ---------------------------------------------------------------------------------------


@dataclass
class Way:
    """Copies of the database at each task of the usual way, by the element."""

    folder: Path
    people: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)
    case_id: int = 0

    def play(self) -> "Way":
        """Play the way once, from the first task to the last."""
        path = self.folder / "way.db"
        _empty(path, self.folder)
        review = _review(path, FrozenClock(BEGIN))
        town = build(review.town.engine)
        for number in range(5, 9):
            town.employ(f"expert{number}", "town", Role.EXPERT)
        review.town = town
        self.people, self.organisations = town.people, town.organisations
        self.case_id = review.case_id = town.case(town.cycle(shipped("opeko")))
        review.tick()
        while review.outcome[0] == "running":
            for row in review.open():
                self._keep(row.element, path, review)
            review.next()
        self._keep("end", path, review)
        town.engine.close()
        return self

    def _keep(self, element: str, path: Path, review: Review) -> None:
        if element not in self.moments:
            self.moments[element] = review.clock.now()
            _copy(path, self._file(element))

    def at(self, element: str, folder: Path) -> Review:
        """Return a review of one's own in which a task at the element is open."""
        path = folder / "review.db"
        _copy(self._file(element), path)
        review = _review(path, FrozenClock(self.moments[element]))
        review.town.people, review.town.organisations = dict(self.people), self.organisations
        review.case_id = self.case_id
        return review

    def _file(self, element: str) -> Path:
        return self.folder / f"{element.replace('/', '.')}.db"


def _review(path: Path, clock: FrozenClock) -> Review:
    url = f"sqlite:///{path}"
    settings = Settings(database_url=url, data_dir=str(path.parent), secret_key="of tests")
    return Review(Town(open_engine(settings, clock)), clock, 0)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _empty(path: Path, folder: Path) -> None:
    _copy(folder / "template.db", path)


def closed(review: Review) -> None:
    """Look the rows over once more, and let go of the database."""
    check(review.town.engine)
    review.town.engine.close()
