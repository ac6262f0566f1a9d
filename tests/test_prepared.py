"""Prepared statements mean the same as SQLAlchemy's own execution of them."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Insert, bindparam, select, update

import engine.commands
import engine.queries
from bench import yardstick
from engine import Engine
from engine.commands.cases import CancelCase
from engine.commands.tasks import ClaimTask, CompleteTask, MoveDeadline, ReleaseTask, SaveDraft
from engine.errors import NotFound
from engine.model.base import Base, Moment, key_of
from engine.model.people import Person
from engine.model.records import JournalEntry, Outgoing
from engine.model.tasks import Task, TaskCandidate
from engine.prepared import ROWS_AT_ONCE, Prepared, RowInsert
from engine.queries.overview import overview
from engine.queries.worklist import counts, given_away, worklist, worklist_row
from engine.rules.access import SYSTEM
from engine.scheduler import tick
from engine.unit import Reader, Unit
from tests.town import Town

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """
    Let every prepared statement of the test be run by SQLAlchemy as well, and compare.

    What is changed by SQLAlchemy is undone at once, so the driver finds the same rows.
    """
    seen: set[int] = set()
    run, change, defer = Reader.run, Unit.change, Unit.defer

    def both_rows(self: Reader, prepared: Prepared, values: Mapping[str, Any]) -> list[Any]:
        self._before()
        expected = _through_sqlalchemy(self, prepared, values)[0]
        found = run(self, prepared, values)
        if isinstance(prepared.statement, Insert):  # PostgreSQL never gives a number back
            assert len(expected) == len(found)
        else:
            assert expected == [tuple(row) for row in found]
        if found:
            assert list(prepared.statement.exported_columns.keys()) == list(found[0]._fields)
        seen.add(id(prepared))
        return found

    def both_counts(self: Unit, prepared: Prepared, values: Mapping[str, Any]) -> int:
        self._before()
        expected = _through_sqlalchemy(self, prepared, values)[1]
        found = change(self, prepared, values)
        assert expected == found
        seen.add(id(prepared))
        return found

    def both_later(
        self: Unit, prepared: Prepared, values: Mapping[str, Any], *, guarded: bool = False
    ) -> None:
        self._before()
        expected = _through_sqlalchemy(self, prepared, values)[1]
        defer(self, prepared, values, guarded=guarded)
        assert guarded <= (expected == 1)
        seen.add(id(prepared))

    monkeypatch.setattr(Reader, "run", both_rows)
    monkeypatch.setattr(Unit, "change", both_counts)
    monkeypatch.setattr(Unit, "defer", both_later)
    return seen


def _through_sqlalchemy(
    reader: Reader, prepared: Prepared, values: Mapping[str, Any]
) -> tuple[list[tuple[Any, ...]], int]:
    """Return the rows and the count of a statement that SQLAlchemy runs, and undo it."""
    nested = reader.connection.begin_nested()
    result = reader.connection.execute(prepared.statement, dict(values))
    rows = [tuple(row) for row in result.all()] if result.returns_rows else []
    count = result.rowcount
    nested.rollback()
    return rows, count


def constants() -> dict[str, Prepared]:
    """Return the prepared statements that stand in the modules of commands and queries."""
    modules = [
        importlib.import_module(module.name)
        for package in (engine.commands, engine.queries)
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]
    named = (pair for module in modules for pair in vars(module).items())
    return {name: value for name, value in named if isinstance(value, Prepared)}


def test_every_prepared_statement_means_the_same(town: Town, compared: set[int]) -> None:
    """A whole review with all that happens on the way runs each of them, both ways."""
    experts = [town.people[f"expert{n}"] for n in (1, 2, 3)]
    cycle = town.cycle(yardstick.bundle())
    case = town.case(cycle, experts=experts)
    task = town.claim(case, "collect", "deputy.school")
    town.do(SaveDraft(task, {}), "deputy.school")
    town.do(ReleaseTask(task), "deputy.school")
    town.do(MoveDeadline(task, date(2026, 12, 24), "Отпуск"), "coordinator.office")
    town.do(ClaimTask(task), "deputy.school")
    while rows := town.open_tasks(case):
        town.do(CompleteTask(rows[0].id, yardstick.answer()), town.holder(rows[0]))
    town.do(CancelCase(town.case(cycle, "second", experts=[]), "Проба"))
    with town.engine.read() as reader:
        for who in ("deputy.school", "expert1"):
            worklist(reader, town.actor(who), aside=True)
            counts(reader, town.actor(who))
            overview(reader, town.actor(who), "done")
            overview(reader, town.actor(who), "mine")
            given_away(reader, town.actor(who))
        with pytest.raises(NotFound):
            worklist_row(reader, town.actor("deputy.school"), task)
    tick(town.engine)
    missed = {name for name, one in constants().items() if id(one) not in compared}
    assert set() == missed
    assert {"READ_TASK", "FINISH", "WRITE_CASE"} <= constants().keys()


# conversions ------------------------------------------------------------------------------------


def test_values_pass_by_their_types(engine: Engine) -> None:
    """Moments, JSON, bytes, truth values, empty values: in and out, on both drivers."""
    give = Prepared(
        update(Person)
        .where(Person.id == bindparam("person_id"))
        .values(active=bindparam("is_active"), password_hash=bindparam("hashed"))
    )
    look = Prepared(
        select(Person.id, Person.name, Person.active, Person.password_hash).where(
            Person.active == bindparam("is_active")
        )
    )
    with engine.unit(SYSTEM) as unit:
        person = unit.insert(
            Person, {"name": "Ёлкина", "email": "e@town.example", "sort_key": "елкина"}
        )
        given = {"person_id": person, "is_active": False, "hashed": None}
        assert 1 == unit.change(give, given)
        assert [(person, "Ёлкина", False, None)] == [
            tuple(row) for row in unit.run(look, {"is_active": False})
        ]


def test_moments_and_json_come_back_as_they_went(engine: Engine) -> None:
    """The driver itself knows neither; the statement converts them."""
    look = Prepared(
        select(JournalEntry.at, JournalEntry.data, JournalEntry.element).where(
            JournalEntry.at >= bindparam("since", type_=Moment)
        )
    )
    row = {"at": NOON, "event": "Проба", "data": {"ё": [1, None, "«»"]}}
    with engine.unit(SYSTEM) as unit:
        unit.add(JournalEntry, row)
        (found,) = unit.run(look, {"since": NOON})
    assert (NOON, {"ё": [1, None, "«»"]}, "") == tuple(found)


def test_a_naive_moment_is_refused(engine: Engine) -> None:
    """It would mean another moment on another machine."""
    look = Prepared(select(Task.id).where(Task.due_at < bindparam("until")))
    with engine.unit(SYSTEM) as unit, pytest.raises(ValueError, match="naive"):
        unit.run(look, {"until": NOON.replace(tzinfo=None)})


def test_a_missing_value_is_refused(engine: Engine) -> None:
    """A statement that is not given all its values must not run with what it had before."""
    look = Prepared(select(Task.id).where(Task.id == bindparam("task_id")))
    with engine.unit(SYSTEM) as unit, pytest.raises(KeyError):
        unit.run(look, {})


def test_an_expanding_in_is_refused(engine: Engine) -> None:
    """Its text depends on how many values there are."""
    look = Prepared(select(Task.id).where(Task.id.in_([1, 2])))
    with engine.read() as reader, pytest.raises(ValueError, match="expanding IN"):
        reader.run(look, {})


# rows kept for one statement ----------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 2, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE + 7])
def test_any_number_of_rows_is_written(engine: Engine, rows: int) -> None:
    """Few statements, every row, in the order in which they were kept."""
    with engine.unit(SYSTEM) as unit:
        for number in range(rows):
            unit.add(JournalEntry, {"at": NOON, "event": f"n{number}"})
    with engine.read() as reader:
        found = reader.rows(select(JournalEntry.event).order_by(JournalEntry.seq))
    assert [f"n{number}" for number in range(rows)] == [row.event for row in found]


def test_rows_take_the_defaults_of_their_columns(engine: Engine) -> None:
    """What is not given is what the model says."""
    row = {"kind": "message", "dedup_key": "a", "created_at": NOON, "not_before": NOON}
    with engine.unit(SYSTEM) as unit:
        unit.add(Outgoing, row)
        found = unit.one(select(Outgoing.attempts, Outgoing.subject, Outgoing.sent_at))
    assert (0, "", None) == tuple(found)


def test_a_misspelt_column_is_refused(engine: Engine) -> None:
    """It must not be left out in silence."""
    with engine.unit(SYSTEM) as unit:
        unit.add(JournalEntry, {"at": NOON, "event": "a", "evnet": "b"})
        with pytest.raises(KeyError, match="evnet"):
            unit.write()


def test_every_table_can_be_written(engine: Engine) -> None:
    """The statement of each table names all its columns but the key that the database gives."""
    dialect = engine.database.readers.dialect
    for table in Base.metadata.sorted_tables:
        text = RowInsert(table, dialect).text(2).replace('"', "")
        given = [c.name for c in table.columns if c is not table.autoincrement_column]
        assert f"({', '.join(given)}) VALUES" in text
        assert "RETURNING" not in text


def test_parents_are_written_before_children(town: Town) -> None:
    """Rows kept in any order are written in that of their foreign keys."""
    case = town.case(town.cycle(yardstick.bundle()), experts=[])
    school, key = town.organisations["school"], key_of(case, 999)
    offer = {"organisation_id": school, "role": "deputy", "due_at": NOON, "task_id": key}
    task = {
        "id": key,
        "case_id": case,
        "organisation_id": school,
        "element": "collect",
        "title": "Ещё одна",
        "opened_at": NOON,
        "due_at": NOON,
    }
    with town.engine.unit(SYSTEM) as unit:
        unit.add(TaskCandidate, offer)
        unit.add(Task, task)
    assert "Ещё одна" == town.value(select(Task.title).where(Task.id == key))
