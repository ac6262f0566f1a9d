"""Two at the same moment: the second waits for the first, and is told in words what it has done."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from threading import Thread
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text

from engine.bus import HANDLERS
from engine.commands.addresses import ChangeAddress
from engine.commands.attachments import AttachFile, RemoveFile
from engine.commands.comments import AddComment
from engine.commands.delegations import DelegateTask, RecallTask, ReturnTask
from engine.commands.doors import ChangeActive, Handed
from engine.commands.extensions import DecideExtension, RequestExtension, WithdrawExtension
from engine.commands.filters import SaveFilter
from engine.commands.handovers import ReassignTask
from engine.commands.people import (
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    RenameOrganisation,
    RevokeRole,
)
from engine.commands.rosters import TakeInRoster, TakenIn
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.errors import (
    DraftElsewhere,
    EmailTaken,
    EngineError,
    ExtensionDecided,
    NotDelegated,
    OrganisationTaken,
    PersonUnfit,
    TaskDoneByYou,
    TaskTaken,
)
from engine.model.comments import Comment
from engine.model.documents import Attachment
from engine.model.people import FormerMembership, Membership, Person
from engine.model.preferences import SavedFilter
from engine.model.tasks import Draft, Submission
from engine.rules.access import SYSTEM, Actor, Role
from engine.rules.rosters import Line, Sheet
from tests.drawn import TWO, answered, with_form
from tests.invariants import check
from tests.seen import count
from tests.town import Town

ME, COLLEAGUE, COORDINATOR = "deputy.school", "deputy2.school", "coordinator.office"
FORM = {
    "id": "answer",
    "properties": {"title": "Работа"},
    "components": [
        {"type": "textfield", "key": "note", "label": "Вывод"},
        {"type": "filepicker", "key": "files", "label": "Файлы"},
    ],
}

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)

Deed = tuple[Any, str | Actor]


def after(town: Town, first: Deed, second: Deed) -> Any:
    """Carry out a command while another is not committed yet; return what the second is told."""
    (command, who), (later, other) = first, second
    told: list[Any] = []

    def follow() -> None:
        try:
            told.append(town.engine.do(later, _actor(town, other)))
        except Exception as refusal:  # noqa: BLE001
            told.append(refusal)

    thread = Thread(target=follow)
    with town.engine.unit(_actor(town, who)) as unit:
        HANDLERS[type(command)](unit, command)
        unit.session.flush()
        thread.start()
        _until_it_waits(town, thread)
    thread.join()
    check(town.engine)
    return told[0]


def _until_it_waits(town: Town, thread: Thread) -> None:
    """Return when a command has come to where it must wait; SQLite lets it wait at once."""
    if town.engine.database.is_sqlite:
        return
    while thread.is_alive():
        with town.engine.database.readers.connect() as connection:
            if connection.scalar(WAITING):
                return


def _actor(town: Town, who: str | Actor) -> Actor:
    return town.actor(who) if isinstance(who, str) else who


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task asks for a text and for files."""
    return town.case(town.cycle(with_form(TWO, "answer", orjson.dumps(FORM))))


@pytest.fixture
def task(town: Town, case: int) -> int:
    """Return its first task, which two deputies may take."""
    return town.task(case, "first")


# people and organisations -----------------------------------------------------------------------


def lines(name: str) -> tuple[Line, ...]:
    """Return a list of a school and its director."""
    school = {"name": name, "short_name": name, "place": "office", "zone": ""}
    person = {"name": "Имя", "email": "listed@town.example", "role": "директор", "place": name}
    return Line(Sheet.SCHOOLS, 2, school), Line(Sheet.PEOPLE, 2, person)


SAME: dict[str, tuple[Callable[[Town, int], Any], type[EngineError] | None]] = {
    "person": (lambda _town, _n: CreatePerson("Имя", "new@town.example"), EmailTaken),
    "school": (
        lambda town, _n: CreateOrganisation(
            "school", "Новая", "Asia/Omsk", town.organisations["office"]
        ),
        OrganisationTaken,
    ),
    "name": (
        lambda town, n: RenameOrganisation(town.organisations[("school", "second")[n]], "Лицей"),
        OrganisationTaken,
    ),
    "address": (
        lambda town, n: ChangeAddress(
            town.people[("teacher.school", "teacher.second")[n]], "other@town.example"
        ),
        EmailTaken,
    ),
    "role": (
        lambda town, _n: GrantRole(
            town.people["teacher.second"], town.organisations["second"], Role.DEPUTY
        ),
        None,
    ),
    "no role": (
        lambda town, _n: RevokeRole(
            town.people["teacher.second"], town.organisations["second"], Role.TEACHER
        ),
        None,
    ),
    "list": (lambda _town, _n: TakeInRoster(lines("Из списка"), invite=True), None),
}


def test_what_an_administrator_does_twice_at_once_is_done_once(town: Town) -> None:
    """The second is refused as if he had come later, or finds it done."""
    for name, (made, refusal) in SAME.items():
        told = after(town, (made(town, 0), SYSTEM), (made(town, 1), SYSTEM))
        assert isinstance(told, refusal or (int, TakenIn)), (name, told)
    assert 1 == count(town, FormerMembership)
    listed = select(Membership.role).join(Person).where(Person.email == "listed@town.example")
    assert ["director"] == [row.role for row in town.rows(listed)]


def test_a_filter_saved_by_a_double_press_is_one(town: Town) -> None:
    """The name is used anew."""
    first, second = (SaveFilter("tasks", "Мои", f"q={n}") for n in (1, 2))
    assert isinstance(after(town, (first, ME), (second, ME)), int)
    assert ["q=2"] == [row.query for row in town.rows(select(SavedFilter.query))]


def test_a_comment_sent_by_a_double_press_is_one(town: Town, case: int, task: int) -> None:
    """The second press finds the first."""
    command = AddComment(case, task, "Готово")
    assert isinstance(after(town, (command, ME), (command, ME)), int)
    assert 1 == count(town, Comment)


# a task -----------------------------------------------------------------------------------------


def test_one_of_two_takes_a_task(town: Town, task: int) -> None:
    """Also when the other hands it to a colleague at once."""
    delegate = DelegateTask(task, town.people["director.school"])
    assert isinstance(after(town, (delegate, COLLEAGUE), (ClaimTask(task), ME)), TaskTaken)


def test_nobody_gets_a_task_who_is_being_kept_out(town: Town, task: int) -> None:
    """Whoever gives it waits, and is told; what was given just before is handed on."""
    out, person = ChangeActive(town.people[COLLEAGUE], active=False), town.people[COLLEAGUE]
    delegate, assign = DelegateTask(task, person), ReassignTask(task, person, "Отпуск")
    for give, who in ((delegate, ME), (assign, COORDINATOR)):
        assert isinstance(after(town, (out, SYSTEM), (give, who)), PersonUnfit)
        town.do(ChangeActive(person, active=True))
    assert Handed(given=1) == after(town, (delegate, ME), (out, SYSTEM))


def test_a_task_goes_back_once(town: Town, task: int) -> None:
    """Given back and taken back at once; the other learns that nothing is delegated any more."""
    town.do(DelegateTask(task, town.people[COLLEAGUE]), ME)
    told = after(town, (ReturnTask(task, "Не моё"), COLLEAGUE), (RecallTask(task), ME))
    assert isinstance(told, NotDelegated)


def test_a_request_is_decided_once(town: Town, task: int) -> None:
    """By the one who was first; the other is told, and so is who takes it back too late."""
    town.do(ClaimTask(task), ME)
    request = town.do(RequestExtension(task, date(2026, 12, 9), "Карантин"), ME)
    grant, decline = DecideExtension(request, True), DecideExtension(request, False, "Нет")
    head = "head.office"
    town.do(GrantRole(town.people[head], town.organisations["office"], Role.COORDINATOR))
    assert isinstance(after(town, (grant, COORDINATOR), (decline, head)), ExtensionDecided)
    withdraw = WithdrawExtension(request)
    assert isinstance(after(town, (grant, COORDINATOR), (withdraw, ME)), ExtensionDecided)


def test_of_two_tabs_one_is_told_of_the_other(town: Town, task: int) -> None:
    """Both began with an empty form."""
    first, second = (SaveDraft(task, {"note": tab}, 0, tab) for tab in ("one", "two"))
    assert isinstance(after(town, (first, ME), (second, ME)), DraftElsewhere)


def test_a_draft_that_is_being_saved_goes_with_the_task(town: Town, task: int) -> None:
    """Sent in while the page still saves what was typed; nothing is left, whoever is first."""
    save, send = SaveDraft(task, {"note": "Нач"}, 0, "tab"), CompleteTask(task, answered())
    assert not isinstance(after(town, (save, ME), (send, ME)), Exception)
    assert 0 == count(town, Draft)


def test_a_draft_comes_too_late_for_a_task_that_is_being_sent_in(town: Town, task: int) -> None:
    """It is refused, and leaves nothing."""
    save, send = SaveDraft(task, {"note": "Нач"}, 0, "tab"), CompleteTask(task, answered())
    assert isinstance(after(town, (send, ME), (save, ME)), TaskDoneByYou)
    assert 0 == count(town, Draft)


def test_the_text_of_one_who_presses_twice_too_late_is_kept(town: Town, task: int) -> None:
    """Both presses are told who has the task; keeping the text for both is no mishap."""
    town.do(ClaimTask(task), COLLEAGUE)
    told: list[object] = []

    def press(number: int) -> None:
        try:
            town.engine.do(CompleteTask(task, answered(note=f"{number}")), town.actor(ME))
        except Exception as refusal:  # noqa: BLE001
            told.append(refusal)

    threads = [Thread(target=press, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [TaskTaken] * 4 == [type(one) for one in told]
    assert 1 == count(town, Draft)


@pytest.mark.parametrize("sends_first", [True, False])
def test_a_file_that_is_sent_in_stays(town: Town, task: int, sends_first: bool) -> None:  # noqa: FBT001
    """Either the form is sent with it, or it is gone and the form says so: never half of it."""
    key = town.do(AttachFile(task, "приказ.pdf", b"%PDF"), ME)
    send: Deed = (CompleteTask(task, answered(files=[str(key)])), ME)
    remove: Deed = (RemoveFile(key, task), ME)
    with suppress(EngineError):
        after(town, *((send, remove) if sends_first else (remove, send)))
    assert count(town, Submission) == count(town, Attachment) == int(sends_first)
