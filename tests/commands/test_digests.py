"""Digests: one letter a working day, only with news, at the morning of each zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.digests import SendDigests, next_morning
from engine.commands.outbox import report
from engine.commands.people import CreateOrganisation
from engine.commands.tasks import CompleteTask
from engine.errors import Forbidden
from engine.model.people import Person
from engine.model.records import DigestRound, Notice, Outgoing
from engine.rules.access import SYSTEM
from engine.rules.calendar import day_of
from engine.rules.reminders import polite
from engine.scheduler import tick
from tests.timely import bundle, flows, one_task, work
from tests.town import Town

YEKATERINBURG = "Asia/Yekaterinburg"


def morning(day: int, month: int = 12, hour: int = 8, minute: int = 30) -> datetime:
    """Return a time of a day in Yekaterinburg, five hours before UTC."""
    return datetime(2026, month, day, hour - 5, minute, tzinfo=UTC)


def digests(town: Town, who: str | None = None) -> list[Any]:
    """Return the digests, of one person or of all, in order."""
    found = select(*Outgoing.__table__.columns).where(Outgoing.dedup_key.like("digest:%"))
    if who:
        found = found.where(Outgoing.person_id == town.people[who])
    return town.rows(found.order_by(Outgoing.id))


def walk(town: Town, clock: FrozenClock, until: datetime, minutes: int = 30) -> None:
    """Let the scheduler tick every half an hour."""
    while clock.now() < until:
        clock.advance(timedelta(minutes=minutes))
        tick(town.engine)


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with one task of the deputies, due on 9 December."""
    return town.case(town.cycle(one_task()))


def test_a_new_task_is_in_the_digest_of_the_next_morning(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """Whoever could take it learns of it at 08:30, with its link; nobody else gets a letter."""
    walk(town, clock, morning(26, 11))
    deputies = {town.people["deputy.school"], town.people["deputy2.school"]}
    assert deputies == {letter.person_id for letter in digests(town)}
    letter = digests(town)[0]
    assert morning(26, 11) == letter.created_at
    assert f"/tasks/{town.task(case, 'a')}" in letter.body
    assert "9 декабря" in letter.subject


def test_what_was_said_is_not_said_again(town: Town, clock: FrozenClock, case: int) -> None:
    """The next morning has no news, so there is no letter."""
    walk(town, clock, morning(26, 11, hour=18))
    before = len(digests(town))
    walk(town, clock, morning(27, 11, hour=7))
    assert before == len(digests(town))


def test_a_digest_carries_the_reminders_of_its_morning(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """A rung of eight o'clock is told at half past eight, not on the next day."""
    town.claim(case, "a", "deputy.school")
    walk(town, clock, morning(9))
    last = digests(town, "deputy.school")[-1]
    assert "digest:{}:2026-12-09".format(town.people["deputy.school"]) == last.dedup_key
    assert "Сегодня срок задачи «a» (school). Ход за вами." in last.body


def test_supervisors_get_their_digest_too(town: Town, clock: FrozenClock, case: int) -> None:
    """The coordinator after the first working day of delay, the director after the third."""
    town.claim(case, "a", "deputy.school")
    walk(town, clock, morning(10))
    assert 1 == len(digests(town, "coordinator.office"))
    assert [] == digests(town, "director.school")
    walk(town, clock, morning(14))
    assert 1 == len(digests(town, "director.school"))
    assert "Ход за: Некто deputy.school." in digests(town, "director.school")[0].body


def test_a_digest_names_all_that_is_late(town: Town, clock: FrozenClock) -> None:
    """Beside the news stand the other overdue tasks that the person holds."""
    diagram = bundle(
        "two",
        '<parallelGateway id="g"/>',
        work("early", "in_workdays(2)"),
        work("later", "in_workdays(9)"),
        flows("start", "g", "early", "end"),
        flows("g", "later", "end"),
    )
    case = town.case(town.cycle(diagram))
    for element in ("early", "later"):
        town.claim(case, element, "deputy.school")
    walk(town, clock, morning(3, hour=9))
    letter = digests(town, "deputy.school")[-1]
    told, late = letter.body.split("Срок прошёл\n")
    assert "«later»" in told
    assert "«early» (school): срок прошёл 27 ноября." in late


def test_finished_work_is_not_in_a_digest(town: Town, clock: FrozenClock, case: int) -> None:
    """A reminder of eight o'clock for a task that is done at a quarter past is not sent."""
    task = town.claim(case, "a", "deputy.school")
    walk(town, clock, morning(26, 11, hour=18))
    clock.move_to(morning(2, hour=8, minute=0))
    tick(town.engine)
    assert 1 == len(town.rows(select(Notice.id).where(Notice.digested_at.is_(None))))
    town.do(CompleteTask(task, {}), "deputy.school")
    before = len(digests(town))
    walk(town, clock, morning(2))
    assert before == len(digests(town))
    assert [] == town.rows(select(Notice.id).where(Notice.digested_at.is_(None)))


def test_work_that_somebody_took_is_not_offered_to_others(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """«Nobody has taken it» is not told to those whose colleague took it since."""
    walk(town, clock, morning(26, 11, hour=18))
    clock.move_to(morning(27, 11, hour=8, minute=0))
    tick(town.engine)
    assert 2 == len(town.rows(select(Notice.id).where(Notice.digested_at.is_(None))))
    before = len(digests(town))
    town.claim(case, "a", "deputy.school")
    walk(town, clock, morning(27, 11))
    assert before == len(digests(town))


def test_there_is_one_digest_a_working_day_at_most(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """Over two months with New Year in between: none twice, none at night or on a day off."""
    walk(town, clock, datetime(2027, 1, 25, tzinfo=UTC), minutes=210)
    keys = [letter.dedup_key for letter in digests(town)]
    assert 10 < len(keys)
    assert len(keys) == len(set(keys))
    for letter in digests(town):
        assert letter.created_at == polite(letter.created_at, YEKATERINBURG)
        assert letter.dedup_key.endswith(str(day_of(letter.created_at, YEKATERINBURG)))


def test_a_week_of_standstill_gives_one_digest_that_says_it_is_late(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """Nobody gets a letter for each day that was missed."""
    town.claim(case, "a", "deputy.school")
    clock.move_to(morning(14, hour=15))
    tick(town.engine)
    (letter,) = digests(town, "coordinator.office")
    assert "Эта сводка запоздала" in letter.body
    assert morning(14, hour=15) == letter.created_at


def test_a_punctual_digest_does_not_excuse_itself(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """Half past eight is no delay."""
    walk(town, clock, morning(26, 11))
    assert "запоздала" not in digests(town)[0].body


def test_a_start_in_the_evening_waits_for_the_morning(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """The digest of a morning that was missed comes the next one, not at night."""
    clock.move_to(morning(27, 11, hour=22))
    tick(town.engine)
    assert [] == digests(town)
    walk(town, clock, morning(30, 11))
    assert {morning(30, 11)} == {letter.created_at for letter in digests(town)}


def test_a_start_before_the_hour_waits_for_it(town: Town, clock: FrozenClock, case: int) -> None:
    """Started at ten past eight after a night, the digest of today comes at half past."""
    clock.move_to(morning(27, 11, minute=10))
    tick(town.engine)
    assert [] == digests(town)
    clock.move_to(morning(27, 11))
    tick(town.engine)
    assert 2 == len(digests(town))
    walk(town, clock, morning(27, 11, hour=20))
    assert 2 == len(digests(town))


def test_each_zone_has_its_own_morning(town: Town, clock: FrozenClock) -> None:
    """Krasnoyarsk is two hours before Yekaterinburg, for its people."""
    diagram = one_task()
    town.case(town.cycle(diagram))
    town.case(town.cycle(diagram, "far office"), "far school")
    walk(town, clock, morning(26, 11))
    moments = {letter.person_id: letter.created_at for letter in digests(town)}
    assert morning(26, 11) == moments[town.people["deputy.school"]]
    assert morning(26, 11, hour=6) == moments[town.people["deputy.far_school"]]


def test_a_person_without_a_role_gets_his_news_where_they_come_from(
    town: Town, clock: FrozenClock
) -> None:
    """An expert from outside belongs to no zone: that of the school counts."""
    stranger = town.employ("stranger", "school")
    case = town.case(town.cycle(one_task(role="expert", performer="who")), who=stranger)
    assert [] == digests(town, "stranger")
    walk(town, clock, morning(2))
    (letter,) = digests(town, "stranger")
    assert f"/tasks/{town.task(case, 'a')}" in letter.body


def test_who_has_left_gets_no_digest(town: Town, clock: FrozenClock, case: int) -> None:
    """An inactive person is passed over."""
    with town.engine.unit(SYSTEM) as unit:
        unit.get(Person, town.people["deputy2.school"]).active = False
    walk(town, clock, morning(26, 11))
    assert [town.people["deputy.school"]] == [letter.person_id for letter in digests(town)]


def test_a_round_goes_on_where_it_stopped(town: Town, clock: FrozenClock, case: int) -> None:
    """Each batch is a transaction of its own: a crash between two repeats and forgets nobody."""
    clock.move_to(morning(26, 11))
    tick_one = SendDigests(batch=1)
    steps = 0
    while town.do(tick_one):
        steps += 1
        told = [letter.person_id for letter in digests(town)]
        assert len(told) == len(set(told))
    assert 20 < steps
    assert 2 == len(digests(town))
    rounds = town.rows(select(DigestRound.begun_at, DigestRound.done_person_id))
    assert {(None, 0)} == {tuple(row) for row in rounds}


def test_a_round_under_way_stops_for_the_night(town: Town, clock: FrozenClock, case: int) -> None:
    """A crash in the middle, a restart at night: the rest is told in the morning."""
    clock.move_to(morning(26, 11))
    town.do(SendDigests(batch=1))
    town.do(SendDigests(batch=1))
    clock.move_to(morning(26, 11, hour=23))
    tick(town.engine)
    told = len(digests(town))
    assert told < 2
    walk(town, clock, morning(27, 11))
    assert {town.people["deputy.school"], town.people["deputy2.school"]} == {
        letter.person_id for letter in digests(town)
    }


def test_a_new_zone_gets_its_mornings(town: Town, clock: FrozenClock) -> None:
    """The first organisation of a zone arms it; the second changes nothing."""
    for name in ("Камчатка", "Чукотка"):
        town.do(CreateOrganisation("municipality", name, "Asia/Kamchatka", None))
    rounds = town.rows(select(DigestRound.due_at).where(DigestRound.zone == "Asia/Kamchatka"))
    assert [next_morning(clock.now(), "Asia/Kamchatka")] == [row.due_at for row in rounds]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (morning(26, 11, hour=7), morning(26, 11)),
        (morning(26, 11), morning(27, 11)),
        (morning(27, 11, hour=12), morning(30, 11)),
        (morning(28, 11, hour=7), morning(30, 11)),
        (morning(30, hour=9), datetime(2027, 1, 11, 3, 30, tzinfo=UTC)),
    ],
)
def test_the_next_morning_is_that_of_a_working_day(now: datetime, expected: datetime) -> None:
    """Strictly after now, over weekends and New Year."""
    assert expected == next_morning(now, YEKATERINBURG)


def test_only_the_system_sends_digests(town: Town) -> None:
    """A person has no button that writes to everybody."""
    with pytest.raises(Forbidden):
        town.do(SendDigests(), "coordinator.office")


def test_news_about_no_open_task_are_told_with_their_page(town: Town, clock: FrozenClock) -> None:
    """An incident leads to its case, a task that was taken away is told though it is closed."""
    diagram = bundle(
        "cut",
        '<parallelGateway id="g"/>',
        work("a"),
        work("b"),
        '<endEvent id="stop"><terminateEventDefinition/></endEvent>',
        flows("start", "g", "a", "end"),
        flows("g", "b", "stop"),
    )
    case = town.case(town.cycle(diagram))
    town.claim(case, "a", "deputy2.school")
    town.do(CompleteTask(town.claim(case, "b", "deputy.school"), {}), "deputy.school")
    with town.engine.unit(SYSTEM) as unit:
        report(unit, case, "message", "Сообщение не доставлено")
    walk(town, clock, morning(26, 11))
    assert "Задача «a» (school) снята" in digests(town, "deputy2.school")[0].body
    assert f"/cases/{case}\n" in digests(town, "coordinator.office")[0].body
