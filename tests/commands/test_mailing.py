"""Letters on their way: in order, not lost, not twice, and never in the way of a case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.handovers import ReassignTask
from engine.commands.letters import letter_row
from engine.commands.mailing import (
    LEASE,
    LeaseLetters,
    MarkSent,
    PutOffLetter,
    deliver_letters,
)
from engine.commands.tasks import CompleteTask
from engine.errors import Forbidden
from engine.mail import connected
from engine.model.people import Person
from engine.model.preferences import Preference
from engine.model.records import Incident, Outgoing
from engine.rules.access import SYSTEM
from engine.rules.letters import Text
from engine.rules.retries import LETTERS
from engine.scheduler import tick
from engine.settings import Settings
from tests.smtp import Server
from tests.timely import bundle, flows, one_task, work
from tests.town import Town


@pytest.fixture
def engine(posting: Engine) -> Engine:
    """Return the engine of the town: one whose letters leave."""
    return posting


def write(town: Town, who: str, key: str, kind: str = "") -> None:
    """Put a letter into the outbox."""
    about = {"letter": kind} if kind else None
    with town.engine.unit(SYSTEM) as unit:
        text = Text(f"О {key}", f"Текст {key}\n")
        unit.add(Outgoing, letter_row(unit.now, town.people[who], key, text, about))


def never_sleeps(town: Town, *who: str) -> None:
    """Give people the shortest quiet hours there are, at an hour that no test meets."""
    with town.engine.unit(SYSTEM) as unit:
        for name in who:
            row = {"person_id": town.people[name], "quiet_from": 3, "quiet_until": 4}
            unit.add(Preference, row)


def outbox(town: Town) -> list[Any]:
    """Return all letters, in order."""
    return town.rows(select(*Outgoing.__table__.columns).order_by(Outgoing.id))


def assigned(town: Town, *elements: str, who: str = "expert1") -> int:
    """Start a case that gives tasks to a person by name."""
    diagram = bundle(
        "given",
        '<parallelGateway id="g"/>',
        *(work(name, role="expert", performer="who") for name in elements),
        flows("start", "g"),
        *(flows("g", name, "end") for name in elements),
    )
    return town.case(town.cycle(diagram), who=town.people[who])


# what is sent -----------------------------------------------------------------------------------


def test_a_letter_leaves_once(town: Town, post_office: Server, clock: FrozenClock) -> None:
    """It arrives as it stands in the outbox, which then knows when it left."""
    write(town, "expert1", "one")
    assert 1 == tick(town.engine).letters
    (letter,) = post_office.letters
    assert ("expert1@town.example", "О one") == (letter["To"], letter["Subject"])
    assert "Текст one\n" == letter.get_content().replace("\r\n", "\n")
    (row,) = outbox(town)
    assert (clock.now(), None, "") == (row.sent_at, row.lease_until, row.last_error)
    assert 0 == tick(town.engine).letters
    assert 1 == len(post_office.letters)


def test_a_new_assignment_is_written_at_once(town: Town, post_office: Server) -> None:
    """With the direct link, the deadline in the subject, why it came, and what comes next."""
    case = assigned(town, "opinion")
    tick(town.engine)
    (letter,) = post_office.letters
    assert "Вам поручена задача, срок 9 декабря" == letter["Subject"]
    body = letter.get_content()
    assert f"http://127.0.0.1:8000/tasks/{town.task(case, 'opinion')}" in body
    assert "«opinion» (school)" in body
    assert "потому что задачи поручены лично вам" in body
    assert "Дальше: " in body


def test_many_assignments_at_once_are_one_letter(town: Town, post_office: Server) -> None:
    """Five visits given in one step do not make five letters."""
    assigned(town, *"abcde")
    tick(town.engine)
    (letter,) = post_office.letters
    assert "Вам поручены 5 задач, ближайший срок 9 декабря" == letter["Subject"]
    assert all(f"«{name}»" in letter.get_content() for name in "abcde")
    assert 5 == len([row for row in outbox(town) if row.sent_at])


def test_a_task_that_is_done_is_not_written_about(town: Town, post_office: Server) -> None:
    """Done before its letter left: the letter is dropped without an incident."""
    case = assigned(town, "a")
    town.do(CompleteTask(town.task(case, "a"), {}), "expert1")
    tick(town.engine)
    assert [] == post_office.letters
    (row,) = outbox(town)
    assert row.given_up_at is not None
    assert [] == town.rows(select(Incident.id))


def test_a_task_that_was_handed_over_is_written_to_its_new_holder(
    town: Town, post_office: Server
) -> None:
    """The first letter had not left yet; only the new holder gets one."""
    case = assigned(town, "a")
    reassign = ReassignTask(town.task(case, "a"), town.people["expert2"], "болезнь")
    town.do(reassign, "coordinator.office")
    tick(town.engine)
    assert ["expert2@town.example"] == post_office.to


def test_of_several_digests_only_the_newest_leaves(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """After days without a mail server nobody gets a digest for each day."""
    for day in (1, 2, 3):
        write(town, "expert1", f"digest:{day}", "digest")
        clock.advance(timedelta(days=1))
    tick(town.engine)
    assert ["О digest:3"] == post_office.subjects
    assert all(row.sent_at for row in outbox(town))


def test_other_letters_each_go_by_themselves_in_order(town: Town, post_office: Server) -> None:
    """What is neither a digest nor about tasks is neither merged nor dropped."""
    for key in ("one", "two", "three"):
        write(town, "expert1", key)
    tick(town.engine)
    assert ["О one", "О two", "О three"] == post_office.subjects


def test_who_has_left_is_written_no_letter(town: Town, post_office: Server) -> None:
    """An inactive person's letters are dropped."""
    write(town, "expert1", "one")
    with town.engine.unit(SYSTEM) as unit:
        unit.get(Person, town.people["expert1"]).active = False
    tick(town.engine)
    assert [] == post_office.letters
    assert outbox(town)[0].given_up_at is not None


def test_a_letter_goes_to_the_address_of_today(town: Town, post_office: Server) -> None:
    """An address that changed while the letter waited is the one that counts."""
    write(town, "expert1", "one")
    with town.engine.unit(SYSTEM) as unit:
        unit.get(Person, town.people["expert1"]).email = "new@town.example"
    tick(town.engine)
    assert ["new@town.example"] == post_office.to


def test_without_a_mail_server_letters_stay_to_be_seen(
    town: Town, settings: Settings, clock: FrozenClock
) -> None:
    """A demo has no mail server: nothing is tried, nothing fails, the letters are there."""
    assigned(town, "a")
    silent = open_engine(settings, clock)
    assert 0 == tick(silent).letters
    silent.close()
    (row,) = outbox(town)
    assert (None, 0, "") == (row.sent_at, row.attempts, row.last_error)
    assert "Вам поручена задача, срок 9 декабря" == row.subject
    assert "/tasks/" in row.body


def test_a_delay_is_written_to_the_performer(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """The letter of the first delay arrives, names the task and leads to it."""
    case = town.case(town.cycle(one_task()))
    task = town.claim(case, "a", "deputy.school")
    clock.move_to(datetime(2026, 12, 10, 3, 0, tzinfo=UTC))
    tick(town.engine)
    (letter,) = post_office.letters
    assert "deputy.school@town.example" == letter["To"]
    assert "Срок прошёл 9 декабря" == letter["Subject"]
    assert f"/tasks/{task}" in letter.get_content()


# when it fails ----------------------------------------------------------------------------------


def test_a_server_that_is_down_for_hours_loses_nothing(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Cases go on meanwhile; when it is back, each letter arrives once, in order, by person."""
    post_office.data = "421 closing"
    for hour in range(6):
        write(town, "expert1", f"first {hour}")
        write(town, "expert2", f"second {hour}")
        case = town.case(town.cycle(one_task(f"c{hour}")))
        town.claim(case, "a", "deputy.school")
        town.finish(case, "a")
        for _ in range(6):
            clock.advance(timedelta(minutes=10))
            tick(town.engine)
    assert [] == post_office.letters
    assert [] == town.rows(select(Incident.id))
    post_office.data = "250 OK"
    for _ in range(20):
        clock.advance(timedelta(minutes=10))
        tick(town.engine)
    for who, word in (("expert1", "first"), ("expert2", "second")):
        mine = [str(m["Subject"]) for m in post_office.letters if m["To"] == f"{who}@town.example"]
        assert [f"О {word} {hour}" for hour in range(6)] == mine
    assert len(post_office.ids) == len(set(post_office.ids))


def test_attempts_grow_apart_up_to_a_cap(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """A dead server is asked less and less often, and at least every two and a half hours."""
    post_office.data = "421 closing"
    never_sleeps(town, "expert1")
    write(town, "expert1", "one")
    waits = []
    for attempt in range(1, 12):
        tick(town.engine)
        (row,) = outbox(town)
        assert attempt == row.attempts
        waits.append(row.not_before - clock.now())
        clock.move_to(row.not_before)
    assert waits[0] < timedelta(minutes=1)
    assert timedelta(hours=1, minutes=59) < waits[-1] <= timedelta(hours=2, minutes=30)


def test_a_letter_that_cannot_leave_becomes_one_incident(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """After the last attempt it is given up; the same trouble is told once."""
    post_office.data = "421 closing"
    never_sleeps(town, "expert1", "expert2")
    write(town, "expert1", "one")
    write(town, "expert2", "two")
    for _ in range(LETTERS.attempts):
        tick(town.engine)
        clock.advance(timedelta(hours=3))
    assert all(row.given_up_at for row in outbox(town))
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert "mail" == incident.kind
    assert "421 closing" in incident.sentence


def test_a_refused_address_is_given_up_at_once(town: Town, post_office: Server) -> None:
    """5xx is not tried again: the incident names the person, and the others get their letters."""
    post_office.rcpt["expert1@town.example"] = "550 no such user"
    write(town, "expert1", "one")
    write(town, "expert2", "two")
    tick(town.engine)
    assert ["expert2@town.example"] == post_office.to
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert "Некто expert1" in incident.sentence
    assert "550 no such user" in incident.sentence


def test_a_delayed_letter_holds_up_its_person_and_nobody_else(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Order is kept for each recipient, not for all together."""
    post_office.rcpt["expert1@town.example"] = "451 greylisted"
    write(town, "expert1", "one")
    tick(town.engine)
    del post_office.rcpt["expert1@town.example"]
    write(town, "expert1", "two")
    write(town, "expert2", "three")
    tick(town.engine)
    assert ["О three"] == post_office.subjects
    clock.advance(timedelta(minutes=1))
    tick(town.engine)
    assert ["О three", "О one", "О two"] == post_office.subjects


def test_a_crash_after_sending_repeats_the_same_message_id(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """The mail server took it and the worker died: after the lease it goes again, recognisable."""
    write(town, "expert1", "one")
    (parcel,) = town.do(LeaseLetters())
    with connected(town.engine.settings) as post:
        post.send(parcel.letter)
    tick(town.engine)
    assert 1 == len(post_office.letters)
    clock.advance(LEASE)
    tick(town.engine)
    assert 2 == len(post_office.letters)
    assert 1 == len(set(post_office.ids))
    assert post_office.letters[0].as_bytes() == post_office.letters[1].as_bytes()


def test_a_server_that_hangs_up_gets_the_letter_again(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Nobody knows whether it was taken, so it goes again with the same Message-ID."""
    post_office.hang_up = True
    write(town, "expert1", "one")
    tick(town.engine)
    post_office.hang_up = False
    clock.advance(timedelta(minutes=1))
    tick(town.engine)
    assert 2 == len(post_office.letters)
    assert 1 == len(set(post_office.ids))
    assert outbox(town)[0].sent_at is not None


def test_a_leased_letter_is_not_sent_by_another(town: Town, post_office: Server) -> None:
    """While one worker has it, another finds nothing, not even the next letter to the person."""
    write(town, "expert1", "one")
    (parcel,) = town.do(LeaseLetters())
    write(town, "expert1", "two")
    assert () == town.do(LeaseLetters())
    assert 0 == deliver_letters(town.engine)
    town.do(MarkSent(parcel.ids))
    assert 1 == deliver_letters(town.engine)
    assert ["О two"] == post_office.subjects


def test_letters_go_in_batches(town: Town, post_office: Server) -> None:
    """A pass takes so many and leaves the rest to the next one."""
    for number in (1, 2, 3):
        write(town, f"expert{number}", f"{number}")
    assert 2 == len(town.do(LeaseLetters(batch=2)))
    assert 1 == len(town.do(LeaseLetters(batch=2)))


@pytest.mark.parametrize("command", [LeaseLetters(), MarkSent((1,)), PutOffLetter((1,), "")])
def test_only_the_system_sends_letters(town: Town, command: Any) -> None:
    """A person has no button for it."""
    with pytest.raises(Forbidden):
        town.do(command, "coordinator.office")
