"""How many statements and commits a command takes, counted where they reach the driver."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bench import yardstick
from engine import Engine
from engine.commands.cases import StartCase
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.postgres import PostgresDriver
from engine.rules.access import SYSTEM
from tests.drawn import answered, flows, person_task, process
from tests.timely import alarm
from tests.town import Town

FRAME = ("BEGIN", "COMMIT", "ROLLBACK")
OWN = "INSERT INTO submission"
"""What a person has sent in is the subject's own row."""


@contextmanager
def counted(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield a list that fills with every statement that reaches a driver, frames included."""
    seen: list[str] = []
    if engine.database.is_sqlite:
        with _traced(engine, seen):
            yield seen
        return
    hand_over = PostgresDriver._hand_over

    def noted(self: PostgresDriver, text: str, values: Any) -> int:
        seen.append(text)
        return hand_over(self, text, values)

    def through_sqlalchemy(*arguments: Any) -> None:
        seen.append(arguments[2])

    monkeypatch.setattr(PostgresDriver, "_hand_over", noted)
    event.listen(engine.database.writers, "before_cursor_execute", through_sqlalchemy)
    yield seen


@contextmanager
def _traced(engine: Engine, seen: list[str]) -> Iterator[None]:
    """Let SQLite itself say what it runs, on every connection of the pool."""

    def trace(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(seen.append)

    event.listen(engine.database.readers, "checkout", trace)
    yield
    event.remove(engine.database.readers, "checkout", trace)


def statements(seen: list[str]) -> list[str]:
    """Return what is not a frame of a transaction."""
    return [one.strip() for one in seen if not one.strip().startswith(FRAME)]


def commits(seen: list[str]) -> int:
    """Return how many transactions were committed."""
    return sum(one.strip().startswith("COMMIT") for one in seen)


def test_a_completion_takes_at_most_nine_statements_and_one_commit(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every completion of a whole review: claim, finish, next tasks, journal, reminders."""
    experts = [town.people[f"expert{n}"] for n in (1, 2, 3)]
    case = town.case(town.cycle(yardstick.bundle()), experts=experts)
    most = 0
    while rows := town.open_tasks(case):
        command, who = CompleteTask(rows[0].id, yardstick.answer()), town.holder(rows[0])
        actor = town.actor(who)
        with monkeypatch.context() as patch, counted(town.engine, patch) as seen:
            town.engine.do(command, actor)
        assert 1 == commits(seen)
        if rows[0].element not in ("programme", "decide"):
            most = max(most, len([one for one in statements(seen) if not one.startswith(OWN)]))
    assert 6 <= most <= 9


def test_a_draft_and_a_timer_fit_into_the_nine(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer of the finished task goes, that of the next one comes, and the draft is dropped."""
    drawing = process(
        "timed",
        person_task("first"),
        alarm("late", "first", "P9D"),
        person_task("second"),
        alarm("later", "second", "P9D"),
        flows("start", "first", "second", "end"),
        flows("late", "end"),
        flows("later", "end"),
    )
    case = town.case(town.cycle(drawing))
    task = town.task(case, "first")
    actor = town.actor("deputy.school")
    town.do(ClaimTask(task), actor)
    town.do(SaveDraft(task, answered()), actor)
    with monkeypatch.context() as patch, counted(town.engine, patch) as seen:
        town.engine.do(CompleteTask(task, answered()), actor)
    process_part = [one for one in statements(seen) if not one.startswith(OWN)]
    assert 9 == len(process_part), process_part
    assert 1 == commits(seen)


def test_a_claim_takes_four_statements(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look, take, withdraw the offer, note it."""
    case = town.case(town.cycle(yardstick.bundle()), experts=[])
    actor = town.actor("deputy.school")
    command = ClaimTask(town.task(case, "collect"))
    with monkeypatch.context() as patch, counted(town.engine, patch) as seen:
        town.engine.do(command, actor)
    assert (4, 1) == (len(statements(seen)), commits(seen))


def test_a_start_takes_few_statements(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Place, the case, its state; task, offer, timer, journal."""
    cycle = town.cycle(yardstick.bundle())
    town.case(cycle, "second", experts=[])
    command = StartCase(cycle, town.organisations["school"], {"experts": []})
    with monkeypatch.context() as patch, counted(town.engine, patch) as seen:
        town.engine.do(command, SYSTEM)
    assert (7, 1) == (len(statements(seen)), commits(seen))


def test_many_instances_take_no_more_statements(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panel of thirty is opened by as many statements as a panel of three, people apart."""
    taken = []
    cycle = town.cycle(yardstick.bundle())
    for place, size in (("school", 3), ("second", 30)):
        case = town.case(cycle, place, experts=[None] * size)
        while (row := town.open_tasks(case)[0]).element != "programme":
            town.do(CompleteTask(row.id, yardstick.answer()), town.holder(row))
        actor = town.actor(town.holder(row))
        with monkeypatch.context() as patch, counted(town.engine, patch) as seen:
            town.engine.do(CompleteTask(row.id, yardstick.answer()), actor)
        assert size == len(town.open_tasks(case))
        taken.append(len(statements(seen)))
    assert taken[0] == taken[1]
