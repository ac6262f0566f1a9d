"""Letters by the channels and quiet hours of people, through a real mail server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import Engine
from engine.clock import FrozenClock
from engine.commands.handovers import ReassignTask
from engine.commands.invitations import InvitePerson
from engine.commands.preferences import ChooseChannels, ChooseLanguage
from engine.commands.prompts import PromptTask
from engine.errors import ChoiceUnknown
from engine.model.preferences import Channel, Preference
from engine.model.records import Notice, Outgoing
from engine.rules.channels import NIGHT, Quiet
from engine.scheduler import tick
from tests.smtp import Server
from tests.timely import bundle, flows, one_task, work
from tests.town import Town

WHO = "deputy.school"
COORDINATOR = "coordinator.office"


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """Return a time of a day in Yekaterinburg."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


@pytest.fixture
def engine(posting: Engine) -> Engine:
    """Return the engine of the town: one whose letters leave."""
    return posting


def choose(town: Town, who: str, quiet: Quiet = NIGHT, **ways: str) -> None:
    """Let somebody choose."""
    town.do(ChooseChannels(ways, quiet), who)


def given(town: Town, who: str = WHO) -> int:
    """Hand a task to somebody; return its id."""
    task = town.task(town.case(town.cycle(one_task())), "a")
    town.do(ReassignTask(task, town.people[who], "болезнь"), COORDINATOR)
    return task


def notices(town: Town, who: str) -> list[Any]:
    """Return the notices of a person, in order."""
    found = select(*Notice.__table__.columns).where(Notice.person_id == town.people[who])
    return town.rows(found.order_by(Notice.id))


def walk(town: Town, clock: FrozenClock, until: datetime) -> None:
    """Let the scheduler tick every half an hour."""
    while clock.now() < until:
        clock.advance(timedelta(minutes=30))
        tick(town.engine)


# ways -------------------------------------------------------------------------------------------


def test_what_goes_by_mail_goes_at_once(town: Town, post_office: Server) -> None:
    """A kind that went into the digest is written at once to who wants it so, and said once."""
    choose(town, WHO, prompt="mail", assigned="site")
    task = given(town)
    town.do(PromptTask(task, "Ждём"), COORDINATOR)
    tick(town.engine)
    (letter,) = post_office.letters
    assert (f"{WHO}@town.example", "Уведомление, срок 9 декабря") == (
        letter["To"],
        letter["Subject"],
    )
    assert f"/tasks/{task}" in letter.get_content()
    assert "Настроить уведомления: http://127.0.0.1:8000/profile#channels" in letter.get_content()
    assert all(row.digested_at for row in notices(town, WHO))


def test_what_stays_on_the_site_is_never_mailed(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Neither at once nor in any digest, until the task is long overdue."""
    kinds = ("assigned", "reminder", "overdue", "offered", "unclaimed", "moved")
    town.do(ChooseChannels(dict.fromkeys(kinds, "site"), NIGHT), WHO)
    given(town)
    walk(town, clock, local(14, 12, month=12))
    assert f"{WHO}@town.example" not in post_office.to
    assert {"assigned", "reminder", "overdue"} == {row.kind for row in notices(town, WHO)}


def test_an_assignment_can_wait_for_the_digest(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """No letter of its own; the next morning tells of it."""
    choose(town, WHO, assigned="digest")
    given(town)
    tick(town.engine)
    assert [] == post_office.letters
    walk(town, clock, local(26, 9))
    (mine,) = [one for one in post_office.letters if one["To"] == f"{WHO}@town.example"]
    assert "Вам передана задача «a»" in mine.get_content()


def test_a_letter_that_is_not_true_any_more_is_dropped(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """A colleague has finished the task before the mail server was back."""
    choose(town, WHO, prompt="mail", assigned="site")
    task = given(town)
    town.do(PromptTask(task), COORDINATOR)
    town.do(ReassignTask(task, town.people["deputy2.school"], "x"), COORDINATOR)
    tick(town.engine)
    assert ["deputy2.school@town.example"] == post_office.to


def test_a_delay_is_written_at_once_only_to_who_wants_it(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """By default a letter goes on the first day; chosen otherwise, the digest tells of it."""
    choose(town, WHO, overdue="digest", assigned="site", reminder="site")
    given(town)
    clock.move_to(local(10, 8, 0, month=12))
    tick(town.engine)
    assert [] == post_office.letters
    clock.move_to(local(10, 8, 30, month=12))
    tick(town.engine)
    mine = [one for one in post_office.letters if one["To"] == f"{WHO}@town.example"]
    assert ["Сводка: 1 новость, ближайший срок 9 декабря"] == [one["Subject"] for one in mine]


# many at once -----------------------------------------------------------------------------------


def unclaimed(town: Town) -> list[int]:
    """Start a case with three tasks that nobody takes; return their ids."""
    diagram = bundle(
        "many",
        '<parallelGateway id="g"/>',
        *(work(name) for name in "abc"),
        flows("start", "g"),
        *(flows("g", name, "end") for name in "abc"),
    )
    case = town.case(town.cycle(diagram))
    return [row.id for row in town.open_tasks(case)]


def test_a_coordinator_is_told_once_of_all_that_nobody_took(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """One notice and one line of the digest, which speaks of those that are still free."""
    tasks = unclaimed(town)
    clock.move_to(local(2, 8, month=12))
    tick(town.engine)
    (notice,) = notices(town, COORDINATOR)
    assert ("idle", None, tasks) == (notice.kind, notice.task_id, notice.tasks)
    assert notice.sentence.startswith("3 задачи никто не взял: «a» (school), «b» (school)")
    town.do(ReassignTask(tasks[0], town.people[WHO], "x"), COORDINATOR)
    clock.move_to(local(2, 8, 30, month=12))
    tick(town.engine)
    (mine,) = [one for one in post_office.letters if one["To"] == f"{COORDINATOR}@town.example"]
    assert "2 задачи никто не взял: «b» (school), «c» (school)." in mine.get_content()
    assert f"/notices/{notice.id}" in mine.get_content()


def test_delays_of_a_morning_are_told_once_to_who_steers(town: Town, clock: FrozenClock) -> None:
    """The performers are told of each task; the coordinator of all in one sentence."""
    unclaimed(town)
    clock.move_to(local(10, 8, month=12))
    tick(town.engine)
    last = notices(town, COORDINATOR)[-1]
    assert last.sentence.startswith("3 задачи ждут после срока: «a» (school)")
    assert 3 == len([row for row in notices(town, WHO) if row.kind == "overdue"])


# quiet hours ------------------------------------------------------------------------------------


def test_nothing_is_sent_at_night_and_everything_in_the_morning_once(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """A letter written at eleven in the evening leaves at eight, one time."""
    clock.move_to(local(25, 23))
    given(town)
    walk(town, clock, local(26, 7, 30))
    assert [] == post_office.letters
    (row,) = town.rows(select(*Outgoing.__table__.columns))
    assert (local(26, 8), 0) == (row.not_before, row.attempts)
    walk(town, clock, local(26, 12))
    subjects = [one["Subject"] for one in post_office.letters if "поручена" in one["Subject"]]
    assert ["Вам поручена задача, срок 9 декабря"] == subjects


def test_own_quiet_hours_hold_back_the_digest_too(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Who is left alone until ten gets the digest of half past eight at ten; others at once."""
    choose(town, WHO, Quiet(7, 10))
    town.case(town.cycle(one_task()))
    walk(town, clock, local(26, 9, 30))
    assert f"{WHO}@town.example" not in post_office.to
    assert "deputy2.school@town.example" in post_office.to
    walk(town, clock, local(26, 12))
    assert 1 == post_office.to.count(f"{WHO}@town.example")


def test_the_night_is_that_of_the_place_of_work(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """At 19 in Yekaterinburg it is 21 in Krasnoyarsk: there a letter waits, here it leaves."""
    clock.move_to(local(25, 19))
    given(town)
    far = town.task(town.case(town.cycle(one_task("far"), "far office"), "far school"), "a")
    handing = ReassignTask(far, town.people["deputy.far_school"], "x")
    town.do(handing, "coordinator.far_office")
    tick(town.engine)
    assert [f"{WHO}@town.example"] == post_office.to


def test_a_password_does_not_wait_for_the_morning(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """It overtakes the letters that do."""
    clock.move_to(local(25, 23))
    given(town)
    tick(town.engine)
    town.do(InvitePerson(town.people[WHO]), "administrator.office")
    tick(town.engine)
    assert ["Приглашение в «Цикл»: придумайте пароль"] == post_office.subjects


# choosing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ChooseChannels({"unheard": "mail"}, NIGHT),
        ChooseChannels({"assigned": "pigeon"}, NIGHT),
        ChooseChannels({"offered": "mail"}, NIGHT),
        ChooseChannels({}, Quiet(8, 8)),
        ChooseChannels({}, Quiet(-1, 8)),
        ChooseChannels({}, Quiet(20, 24)),
        ChooseLanguage("xx"),
        ChooseLanguage(""),
    ],
)
def test_what_is_not_offered_cannot_be_chosen(town: Town, command: Any) -> None:
    """Nothing is kept of it."""
    with pytest.raises(ChoiceUnknown):
        town.do(command, WHO)
    assert [] == town.rows(select(Preference.person_id))
    assert [] == town.rows(select(Channel.person_id))


def test_choosing_one_thing_keeps_the_others(town: Town) -> None:
    """Language, quiet hours and ways stand side by side; each can be chosen again."""
    town.do(ChooseLanguage("en"), WHO)
    choose(town, WHO, Quiet(22, 7), prompt="mail")
    choose(town, WHO, Quiet(22, 7), closed="site")
    town.do(ChooseLanguage("ru"), WHO)
    (row,) = town.rows(select(*Preference.__table__.columns))
    assert (town.people[WHO], "ru", 22, 7) == tuple(row)
    ways = town.rows(select(Channel.kind, Channel.way).order_by(Channel.kind))
    assert [("closed", "site"), ("prompt", "mail")] == [tuple(one) for one in ways]
