"""Deploying a process: checked as a whole, stored as a whole, known by its content."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from engine import Engine
from engine.commands.definitions import DeployProcess
from engine.errors import DiagramRefused, Forbidden, NotFound
from engine.model.definitions import Definition, DefinitionFile
from engine.model.records import JournalEntry, StartSubscription
from engine.process.load import Bundle
from engine.rules.access import SYSTEM
from engine.versions import Version
from tests.drawn import TWO, flows, message_event, person_task, process, signal_event
from tests.town import Town

CHANGED = process("two", person_task("first"), flows("start", "first", "end"))


def count(town: Town, *models: type) -> list[int]:
    """Return how many rows each table has."""
    return [int(town.value(select(func.count()).select_from(model))) for model in models]


def test_a_version_is_stored_with_its_files(town: Town) -> None:
    """Number, name and hash are kept, and each file byte for byte; those not used are not."""
    version = town.do(DeployProcess(TWO))
    (row,) = town.rows(select(Definition.key, Definition.number, Definition.name))
    assert ("two", 1, "Процесс two") == tuple(row)
    stored = town.rows(select(DefinitionFile.name, DefinitionFile.content))
    assert {"two.bpmn": TWO.files["two.bpmn"], "answer.json": TWO.files["answer.json"]} == {
        r.name: r.content for r in stored
    }
    assert version == town.value(select(Definition.id))


def test_the_same_content_is_the_same_version(town: Town) -> None:
    """Deploying again changes nothing and tells nothing."""
    assert town.do(DeployProcess(TWO)) == town.do(DeployProcess(TWO))
    assert 1 == town.value(select(func.count()).where(JournalEntry.event == "DefinitionDeployed"))


def test_a_changed_form_is_another_version(town: Town) -> None:
    """A case is pinned to all that its process is made of."""
    form = TWO.files["answer.json"].replace("Вывод".encode(), "Итог".encode())
    first = town.do(DeployProcess(TWO))
    second = town.do(DeployProcess(Bundle(TWO.main, {**TWO.files, "answer.json": form})))
    assert first != second
    assert [1, 2] == [r.number for r in town.rows(select(Definition.number))]


@pytest.mark.parametrize(
    "files",
    [
        {"two.bpmn": b"<definitions"},
        {"two.bpmn": TWO.files["two.bpmn"]},
        {**TWO.files, "two.bpmn": TWO.files["two.bpmn"].replace(b"in_workdays", b"__import__")},
        {**TWO.files, "answer.json": b"{}"},
    ],
)
def test_what_is_refused_leaves_nothing(town: Town, files: dict[str, bytes]) -> None:
    """Broken XML, a missing form, an unknown function, a form that is none: nothing is stored."""
    with pytest.raises(DiagramRefused):
        town.do(DeployProcess(Bundle("two.bpmn", files)))
    assert [0, 0, 0] == count(town, Definition, DefinitionFile, StartSubscription)


@pytest.mark.parametrize("who", ["coordinator.office", "head.office", "director.school"])
def test_only_an_administrator_deploys(town: Town, who: str) -> None:
    """Whoever steers cases does not change processes."""
    with pytest.raises((Forbidden, NotFound)):
        town.do(DeployProcess(TWO), who)
    town.do(DeployProcess(TWO), "administrator.office")


# starts -----------------------------------------------------------------------------------------

STARTED = process(
    "started",
    message_event("startEvent", "asked", "request"),
    signal_event("startEvent", "told"),
    '<startEvent id="yearly"><timerEventDefinition><timeDate>= morning(by_day(5, 25))</timeDate>'
    "</timerEventDefinition></startEvent>",
    person_task("first"),
    flows("asked", "first"),
    flows("told", "first"),
    flows("yearly", "first"),
    '<startEvent id="start"/>',
    flows("start", "first", "end"),
    roots='<message id="request" name="request"/><signal id="news" name="news"/>',
)


def test_starts_by_events_are_written_at_deploy(town: Town) -> None:
    """A message, a signal and a date can begin cases; the plain start is for people."""
    town.do(DeployProcess(STARTED))
    rows = town.rows(select(StartSubscription.element, StartSubscription.kind))
    assert {"asked": "message", "told": "signal", "yearly": "timer"} == {
        r.element: r.kind for r in rows
    }
    due = town.value(select(StartSubscription.due_at).where(StartSubscription.kind == "timer"))
    assert "2027-05-25T06:00:00+00:00" == due.isoformat()


def test_only_starts_are_subscribed(town: Town) -> None:
    """A signal that a process throws first does not begin it."""
    first = signal_event("intermediateThrowEvent", "start")
    drawn = process(
        "thrower",
        first,
        person_task("a"),
        flows("start", "a"),
        roots='<signal id="news" name="news"/>',
    )
    town.do(DeployProcess(drawn))
    assert [0] == count(town, StartSubscription)


def test_only_the_newest_version_is_started_by_events(town: Town) -> None:
    """A version without such starts takes them all away."""
    town.do(DeployProcess(STARTED))
    town.do(DeployProcess(process("started", person_task("a"), flows("start", "a", "end"))))
    assert [0] == count(town, StartSubscription)


# the compiled versions --------------------------------------------------------------------------


def test_a_version_is_compiled_once_and_shared(town: Town) -> None:
    """All threads get the same object, also when they ask at the same moment."""
    version = int(town.do(DeployProcess(TWO)))
    found: list[Version] = []
    together = Barrier(8)

    def ask() -> None:
        together.wait()
        found.append(town.engine.definitions.get(version))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 == len(found)
    assert 1 == len({id(one) for one in found})


def test_a_version_holds_what_running_needs(town: Town) -> None:
    """Forms by name, defaults of settings, places of stages."""
    version = town.engine.definitions.get(int(town.do(DeployProcess(TWO))))
    assert ({"answer"}, {"term": 5}, {"1": 0, "2": 1}) == (
        set(version.forms),
        version.defaults,
        version.stages,
    )


def test_a_version_that_never_was_is_not_found(engine: Engine) -> None:
    """A guessed number says nothing."""
    with pytest.raises(NotFound):
        engine.definitions.get(999)


def test_the_system_deploys_what_comes_with_the_program(engine: Engine) -> None:
    """The command line needs no account."""
    assert 1 == engine.do(DeployProcess(CHANGED), SYSTEM)
