"""One command, one transaction, one commit; and what happens to refusals and clashes."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, insert, select, update

from engine import Engine
from engine.bus import _AFTER, HANDLERS, Command, after_refusal, handles
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.driver import is_away, is_clash
from engine.errors import Conflict, EngineError, Forbidden, NotFound, TaskTaken, Unavailable
from engine.events import CaseStarted
from engine.model.cases import Case
from engine.model.people import Installation, Person
from engine.model.records import JournalEntry
from engine.rules.access import SYSTEM, Actor, Grant, Right, Role
from engine.unit import Stale, Unit
from tests.drawn import TWO, answered
from tests.town import Town

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STRANGER = Actor(1, "Некто")


@dataclass(frozen=True, slots=True)
class Note(Command[str]):
    """A command of these tests: writes a row, then does as its `then` says."""

    then: str = ""


@pytest.fixture
def note(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Register the handler of the command; return the marks it leaves each time it runs."""
    runs: list[str] = []
    person = {"id": 1, "name": "Некто", "email": "a@town.example", "sort_key": "некто"}
    with engine.unit(SYSTEM) as unit:
        unit.execute(insert(Person).values(person))
    for registry in (HANDLERS, _AFTER):
        monkeypatch.setitem(registry, Note, None)

    @handles(Note)
    def noted(unit: Unit, command: Note) -> str:
        runs.append(command.then)
        unit.add(Installation, {"name": f"note {len(runs)}", "value": command.then})
        unit.record(CaseStarted())
        if command.then != "unasked":
            unit.allow_anyone()
        _do(unit, command.then, len(runs))
        return f"run {len(runs)}"

    @after_refusal(Note)
    def refused(unit: Unit, command: Note, refusal: EngineError) -> None:
        unit.add(Installation, {"name": "refused", "value": refusal.code})

    return runs


def _do(unit: Unit, then: str, run: int) -> None:
    if then == "refuse":
        raise Conflict
    if then == "break":
        raise ZeroDivisionError
    if then == "forbid":
        unit.allow(Right.STEER, (1,))
    if then == "stale once" and run == 1:
        raise Stale
    if then == "stale":
        raise Stale


def stored(engine: Engine) -> dict[str, str]:
    """Return what the command has written."""
    with engine.read() as reader:
        rows = reader.rows(select(Installation.name, Installation.value))
    return {row.name: row.value for row in rows}


def journal(engine: Engine) -> int:
    """Return how many lines the journal has."""
    with engine.read() as reader:
        return int(reader.value(select(func.count()).select_from(JournalEntry)))


# commands ---------------------------------------------------------------------------------------


def test_a_command_returns_its_result_after_the_commit(engine: Engine, note: list[str]) -> None:
    """What it wrote and recorded is there for everybody when the caller has the answer."""
    assert "run 1" == engine.do(Note(), STRANGER)
    assert {"note 1": ""} == stored(engine)
    assert 1 == journal(engine)


@pytest.mark.parametrize(("then", "error"), [("refuse", Conflict), ("break", ZeroDivisionError)])
def test_what_fails_leaves_nothing(
    engine: Engine, note: list[str], then: str, error: type[Exception]
) -> None:
    """Neither its rows nor its lines in the journal, whether refused or broken."""
    with pytest.raises(error):
        engine.do(Note(then), STRANGER)
    assert not stored(engine).keys() - {"refused"}
    assert 0 == journal(engine)


def test_what_follows_a_refusal_is_a_transaction_of_its_own(
    engine: Engine, note: list[str]
) -> None:
    """It is kept although the command was undone; a broken command has no such follower."""
    with pytest.raises(Conflict):
        engine.do(Note("refuse"), STRANGER)
    assert {"refused": "engine.conflict"} == stored(engine)
    with pytest.raises(ZeroDivisionError):
        engine.do(Note("break"), STRANGER)
    assert {"refused": "engine.conflict"} == stored(engine)


def test_a_command_that_asks_nobody_is_a_mistake(engine: Engine, note: list[str]) -> None:
    """It is not committed: every command asks whether its actor may."""
    with pytest.raises(RuntimeError, match="Note did not ask for access"):
        engine.do(Note("unasked"), STRANGER)
    assert {} == stored(engine)


def test_a_clash_is_tried_once_more(engine: Engine, note: list[str]) -> None:
    """The second run sees what the other writer has done; the person notices nothing."""
    assert "run 2" == engine.do(Note("stale once"), STRANGER)
    assert {"note 2": "stale once"} == stored(engine)


def test_a_clash_that_stays_is_told(engine: Engine, note: list[str]) -> None:
    """After the second time the person has to look."""
    with pytest.raises(Conflict, match="Данные изменились"):
        engine.do(Note("stale"), STRANGER)
    assert ["stale", "stale"] == note


# access -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (Actor(1, "Завуч", (Grant(Role.DEPUTY, 1),)), Forbidden),
        (Actor(1, "Учитель", (Grant(Role.TEACHER, 1),)), NotFound),
        (Actor(1, "Чужой", (Grant(Role.COORDINATOR, 2),)), NotFound),
        (STRANGER, NotFound),
    ],
)
def test_who_may_not_watch_learns_nothing(
    engine: Engine, note: list[str], actor: Actor, refusal: type[EngineError]
) -> None:
    """Forbidden tells that there is something; not found tells nothing."""
    with pytest.raises(refusal) as refused:
        engine.do(Note("forbid"), actor)
    assert refusal is refused.type


def test_who_may_goes_on(engine: Engine, note: list[str]) -> None:
    """A role held above reaches below; the system reaches everywhere."""
    engine.do(Note("forbid"), Actor(1, "Координатор", (Grant(Role.COORDINATOR, 1),)))
    engine.do(Note("forbid"), SYSTEM)


def test_only_the_system_passes_as_the_system(engine: Engine) -> None:
    """No role makes a person the scheduler."""
    head = Actor(1, "Начальник", (Grant(Role.HEAD, 1), Grant(Role.ADMINISTRATOR, 1)))
    with pytest.raises(Forbidden), engine.unit(head) as unit:
        unit.allow_system()
    with engine.unit(SYSTEM) as unit:
        unit.allow_system()


# the unit ---------------------------------------------------------------------------------------


def test_kept_rows_are_visible_inside(engine: Engine) -> None:
    """Whatever reads in the same transaction sees what was kept back."""
    with engine.unit(SYSTEM) as unit:
        unit.add(Installation, {"name": "a", "value": "1"})
        assert "1" == unit.value(select(Installation.value))
        unit.add(Installation, {"name": "b", "value": "2"})
        assert 2 == len(unit.rows(select(Installation.name)))
        unit.add(Installation, {"name": "c", "value": "3"})
        assert "3" == unit.get(Installation, "c").value


def test_a_savepoint_undoes_only_what_is_inside(engine: Engine) -> None:
    """Rows, kept rows and events before and after it stay."""
    with engine.unit(SYSTEM) as unit:
        unit.add(Installation, {"name": "before", "value": ""})
        unit.record(CaseStarted())
        with pytest.raises(ZeroDivisionError):
            _fail_inside(unit)
        unit.add(Installation, {"name": "after", "value": ""})
        assert 1 == len(unit.events)
    assert {"before": "", "after": ""} == stored(engine)
    assert 1 == journal(engine)


def _fail_inside(unit: Unit) -> None:
    with unit.savepoint():
        unit.add(Installation, {"name": "inside", "value": ""})
        unit.put(Installation, {"name": "before", "value": "changed"})
        unit.record(CaseStarted())
        raise ZeroDivisionError


def test_a_savepoint_that_ends_well_stays(engine: Engine) -> None:
    """It is committed with the rest."""
    with engine.unit(SYSTEM) as unit, unit.savepoint():
        unit.add(Installation, {"name": "inside", "value": ""})
    assert {"inside": ""} == stored(engine)


def test_put_writes_over(engine: Engine) -> None:
    """The row with the same key takes the new values."""
    with engine.unit(SYSTEM) as unit:
        for value in ("1", "2"):
            unit.put(Installation, {"name": "a", "value": value})
    assert {"a": "2"} == stored(engine)


def test_the_session_writes_in_the_same_transaction(engine: Engine) -> None:
    """An object changed through the ORM is written with the rest, or not at all."""
    with engine.unit(SYSTEM) as unit:
        unit.add(Installation, {"name": "a", "value": "1"})
        unit.get(Installation, "a", lock=True).value = "2"
    assert {"a": "2"} == stored(engine)
    with pytest.raises(ZeroDivisionError):
        _fail_after_change(engine)
    assert {"a": "2"} == stored(engine)


def _fail_after_change(engine: Engine) -> None:
    with engine.unit(SYSTEM) as unit:
        unit.get(Installation, "a").value = "3"
        raise ZeroDivisionError


def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    """By key, and as the only row of a statement."""
    with engine.unit(SYSTEM) as unit:
        with pytest.raises(NotFound):
            unit.get(Installation, "nothing")
        with pytest.raises(NotFound):
            unit.one(select(Installation.value))
        assert unit.first(select(Installation.value)) is None


@pytest.mark.parametrize("key", [2**31, 2**63 - 1])
def test_a_number_that_no_row_can_have_is_not_found(engine: Engine, key: int) -> None:
    """It is no fault of the database that somebody types a long number."""
    with pytest.raises(NotFound), engine.read() as reader:
        reader.one(select(Case.id).where(Case.id == key))


def test_a_reader_sees_one_moment_and_writes_nothing(engine: Engine) -> None:
    """Its transaction is not committed."""
    with engine.read() as reader:
        assert engine.clock.now() == reader.now
        reader.connection.execute(
            update(Installation).values(value="written").where(Installation.name == "a")
        )
    assert {} == stored(engine)


# two at once ------------------------------------------------------------------------------------


def test_one_of_many_wins(town: Town) -> None:
    """Eight claim one task at the same moment: one has it, seven are told who."""
    case = town.case(town.cycle(TWO))
    task = town.task(case, "first")
    actors = [town.actor(who) for who in ("deputy.school", "deputy2.school")] * 4
    found = together(town.engine, [ClaimTask(task)] * 8, actors)
    winners = {actor.person_id for actor, result in found if result == case}
    assert 1 == len(winners)
    refused = [result for actor, result in found if actor.person_id not in winners]
    assert {TaskTaken} == {type(result) for result in refused}
    assert 4 == len(refused)


def test_a_double_submit_is_one_step(town: Town) -> None:
    """The same form sent twice at the same moment: both are answered, the case moves once."""
    case = town.case(town.cycle(TWO))
    command = CompleteTask(town.task(case, "first"), answered())
    found = together(town.engine, [command] * 6, [town.actor("deputy.school")] * 6)
    assert [case] * 6 == [result for _, result in found]
    assert ["second"] == [row.element for row in town.open_tasks(case)]
    done = select(func.count()).where(JournalEntry.event == "TaskDone")
    assert 1 == town.value(done)


def together(
    engine: Engine, commands: list[Command[Any]], actors: list[Actor]
) -> list[tuple[Actor, Any]]:
    """Let all actors do their commands at the same moment; return what each was told."""
    barrier = Barrier(len(commands))
    found: list[tuple[Actor, Any]] = []

    def run(command: Command[Any], actor: Actor) -> None:
        barrier.wait()
        try:
            found.append((actor, engine.do(command, actor)))
        except EngineError as refusal:
            found.append((actor, refusal))

    threads = [Thread(target=run, args=pair) for pair in zip(commands, actors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# a database that is away ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (psycopg.errors.DeadlockDetected(), {"away", "clash"}),
        (psycopg.errors.SerializationFailure(), {"away", "clash"}),
        (psycopg.errors.LockNotAvailable(), {"away"}),
        (psycopg.errors.AdminShutdown(), {"away"}),
        (psycopg.InterfaceError("the connection is closed"), {"away"}),
        (psycopg.errors.UniqueViolation(), set()),
        (sqlite3.IntegrityError(), set()),
        (ZeroDivisionError(), set()),
    ],
)
def test_troubles_are_told_apart(error: Exception, meaning: set[str]) -> None:
    """A clash begins again, a database that is away is waited for, a mistake of ours is neither."""
    found = {"away": is_away(error), "clash": is_clash(error)}
    assert meaning == {name for name, said in found.items() if said}


def test_a_full_or_missing_database_is_unavailable(engine: Engine) -> None:
    """Nothing has changed, and the person is asked to try again."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as wrong:
        connection.execute("SELECT * FROM nothing")
    assert not is_away(wrong.value)
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("CREATE TABLE a (b)")
    assert is_away(full.value)
    connection.close()
    with pytest.raises(Unavailable), engine.unit(SYSTEM):
        raise full.value
