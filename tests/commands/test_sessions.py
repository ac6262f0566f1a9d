"""Signing in and out, and what an attacker gets when he tries."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.attempts import BeginAttempt
from engine.commands.doors import ChangeActive
from engine.commands.passwords import SetPassword, choose_password
from engine.commands.people import CreatePerson, MarkAsDemo
from engine.commands.sessions import (
    EndSessions,
    OpenSession,
    SignInAsDemo,
    SignOut,
    SweepSessions,
    TouchSession,
    sign_in,
)
from engine.errors import (
    Forbidden,
    NotADemo,
    NotFound,
    PasswordWeak,
    TooManyAttempts,
    WrongCredentials,
)
from engine.model.people import LoginAttempt, Person, WebSession
from engine.passwords import passwords_of
from engine.queries.people import SessionRow, demo_people, session_of
from engine.rules.access import SYSTEM, Actor
from engine.rules.sessions import ABSOLUTE, IDLE
from engine.settings import Settings

ANNA = "anna@school.example"
GOOD = "дождь над рекой"
OTHER = "четыре разных слова"
HOME, STRANGE = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def anna(engine: Engine) -> int:
    """Return a person with a password."""
    hashed = passwords_of(engine.settings).hash(GOOD)
    return engine.do(CreatePerson("Анна Смирнова", ANNA, hashed), SYSTEM)


def enter(
    engine: Engine, password: str = GOOD, address: str = HOME, email: str = ANNA, old: str = ""
) -> str:
    """Sign in as Anna, unless told otherwise."""
    return sign_in(engine, email, password, address=address, device="Firefox", replaces=old)


def session(engine: Engine, secret: str) -> SessionRow | None:
    """Return the session of a secret."""
    with engine.read() as reader:
        return session_of(reader, secret)


def fail(engine: Engine, times: int, address: str = HOME, email: str = ANNA) -> None:
    """Guess wrongly, without waiting."""
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            enter(engine, "wrong", address, email)


# signing in and out -----------------------------------------------------------------------------


def test_the_right_password_opens_a_session(engine: Engine, anna: int) -> None:
    """The secret of the answer leads to the person, and to a secret against foreign forms."""
    found = session(engine, enter(engine, email=" ANNA@school.example "))
    assert found is not None
    assert (anna, "Анна Смирнова", False) == (found.person_id, found.name, found.stale)
    assert len(found.csrf) == 43


def test_only_a_fingerprint_is_stored(engine: Engine, anna: int) -> None:
    """Who reads the database cannot use a session of it."""
    secret = enter(engine)
    with engine.read() as reader:
        stored = reader.value(select(WebSession.id_hash))
    assert secret != stored
    assert session(engine, stored) is None


@pytest.mark.parametrize("email", [ANNA, "nobody@school.example", "no address", ""])
def test_a_wrong_password_and_a_wrong_name_are_told_alike(
    engine: Engine, anna: int, email: str
) -> None:
    """One answer for all: it does not tell whose account exists."""
    with pytest.raises(WrongCredentials) as refusal:
        enter(engine, "wrong", email=email)
    assert WrongCredentials().sentence == refusal.value.sentence


def test_the_invited_and_the_kept_out_do_not_sign_in(engine: Engine, anna: int) -> None:
    """Without a password there is no way in, nor for an inactive person with the right one."""
    engine.do(CreatePerson("Пётр", "petr@school.example"), SYSTEM)
    fail(engine, 1, email="petr@school.example")
    engine.do(ChangeActive(anna, active=False), SYSTEM)
    with pytest.raises(WrongCredentials):
        enter(engine)


def test_signing_in_replaces_what_the_browser_held(engine: Engine, anna: int) -> None:
    """A secret that somebody planted in the browser before is worth nothing afterwards."""
    planted = enter(engine)
    fresh = enter(engine, old=planted)
    assert session(engine, planted) is None
    assert session(engine, fresh) is not None


def test_signing_out_ends_the_session(engine: Engine, anna: int) -> None:
    """The secret is worth nothing any more; signing out twice is harmless."""
    secret, elsewhere = enter(engine), enter(engine)
    for _ in range(2):
        engine.do(SignOut(secret), SYSTEM)
    assert session(engine, secret) is None
    assert session(engine, elsewhere) is not None


def test_a_session_ends_when_idle(engine: Engine, clock: FrozenClock, anna: int) -> None:
    """After a working day without use it is over, and cannot be touched back to life."""
    secret = enter(engine)
    clock.advance(IDLE)
    engine.do(TouchSession(secret), SYSTEM)
    assert session(engine, secret) is None


def test_use_keeps_a_session_but_not_for_ever(
    engine: Engine, clock: FrozenClock, anna: int
) -> None:
    """Touched in time it lives on, up to its absolute end."""
    secret = enter(engine)
    step = IDLE - timedelta(minutes=1)
    for _ in range(ABSOLUTE // step):
        clock.advance(step)
        found = session(engine, secret)
        assert found is not None
        assert found.stale
        engine.do(TouchSession(secret), SYSTEM)
    clock.advance(step)
    assert session(engine, secret) is None


def test_another_cannot_end_my_sessions(engine: Engine, anna: int) -> None:
    """I end all of mine; somebody else is told that they do not exist."""
    secret = enter(engine)
    with pytest.raises(NotFound):
        engine.do(EndSessions(anna), Actor(anna + 1))
    assert 1 == engine.do(EndSessions(anna), Actor(anna))
    assert session(engine, secret) is None


def test_nobody_opens_a_session_without_a_password(engine: Engine, anna: int) -> None:
    """The commands behind `sign_in` are the system's; a person may not give them."""
    with pytest.raises(Forbidden):
        engine.do(OpenSession(anna, HOME, ""), Actor(anna))
    with pytest.raises(Forbidden):
        engine.do(BeginAttempt(ANNA, HOME), Actor(anna))
    with pytest.raises(Forbidden):
        engine.do(SignInAsDemo(anna, HOME, ""), Actor(anna))


def test_sweeping_leaves_what_is_alive(engine: Engine, clock: FrozenClock, anna: int) -> None:
    """Ended sessions and attempts of long ago go, today's stay."""
    enter(engine)
    clock.advance(timedelta(days=91))
    secret = enter(engine)
    assert 2 == engine.do(SweepSessions(), SYSTEM)
    assert session(engine, secret) is not None
    assert 0 == engine.do(SweepSessions(), SYSTEM)


# passwords --------------------------------------------------------------------------------------


def test_a_new_password_ends_all_sessions(engine: Engine, anna: int) -> None:
    """Whoever was in with the old one is out; the browser that changed it gets a new secret."""
    old = enter(engine)
    fresh = choose_password(engine, Actor(anna), GOOD, OTHER, address=HOME, device="Firefox")
    assert session(engine, old) is None
    assert session(engine, fresh) is not None
    fail(engine, 1)
    assert enter(engine, OTHER)


def test_a_stolen_session_does_not_change_the_password(engine: Engine, anna: int) -> None:
    """The current password is asked for, and guessing it is slowed down as at the door."""
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            choose_password(engine, Actor(anna), "guess", OTHER, address=STRANGE, device="")
    with pytest.raises(TooManyAttempts):
        choose_password(engine, Actor(anna), "guess", OTHER, address=STRANGE, device="")


def test_a_weak_new_password_changes_nothing(engine: Engine, anna: int) -> None:
    """One's own name is no password; the old one and the session stay."""
    secret = enter(engine)
    with pytest.raises(PasswordWeak):
        choose_password(engine, Actor(anna), GOOD, "Смирнова1", address=HOME, device="")
    assert session(engine, secret) is not None


def test_nobody_sets_the_password_of_another(engine: Engine, anna: int) -> None:
    """Not even an administrator: he invites anew."""
    with pytest.raises(NotFound):
        engine.do(SetPassword(anna, passwords_of(engine.settings).hash(OTHER)), Actor(anna + 1))


def test_a_higher_cost_is_paid_at_the_next_sign_in(
    engine: Engine, settings: Settings, clock: FrozenClock, anna: int
) -> None:
    """An old hash is replaced when its password is at hand, once."""
    dearer = open_engine(replace(settings, password_time_cost=2), clock)

    def stored() -> str:
        with engine.read() as reader:
            return str(reader.value(select(Person.password_hash).where(Person.id == anna)))

    before = stored()
    enter(dearer)
    after = stored()
    assert ",t=1," in before
    assert ",t=2," in after
    enter(dearer)
    assert after == stored()
    dearer.close()


# attacks ----------------------------------------------------------------------------------------


def test_guessing_gets_slower_and_slower(engine: Engine, clock: FrozenClock, anna: int) -> None:
    """Five guesses are free, then one waits; within an hour of trying all the time under 70 pass."""
    fail(engine, 5)
    with pytest.raises(TooManyAttempts, match="через 1 с"):
        enter(engine, "wrong")
    passed, end = 5, clock.now() + timedelta(hours=1)
    while clock.now() < end:
        try:
            enter(engine, "wrong")
        except WrongCredentials:
            passed += 1
        except TooManyAttempts as refusal:
            clock.advance(timedelta(seconds=int(str(refusal.details["seconds"]))))
    assert 60 < passed < 70


def test_the_right_password_waits_as_well(engine: Engine, clock: FrozenClock, anna: int) -> None:
    """Otherwise the guess that is right would be the one that is not slowed; a second is enough."""
    fail(engine, 5)
    with pytest.raises(TooManyAttempts):
        enter(engine)
    clock.advance(timedelta(seconds=1))
    assert enter(engine)


def test_waiting_does_not_add_to_the_wait(engine: Engine, clock: FrozenClock, anna: int) -> None:
    """Attempts that come too early are not counted: impatience locks nobody out."""
    fail(engine, 5)
    for _ in range(50):
        with pytest.raises(TooManyAttempts):
            enter(engine)
    clock.advance(timedelta(seconds=1))
    assert enter(engine)


def test_a_stranger_does_not_lock_the_owner_out(engine: Engine, anna: int) -> None:
    """However many fail from elsewhere, the owner gets in from where she was before, at once."""
    enter(engine)
    for machine in range(5):
        fail(engine, 2, f"203.0.113.{machine}")
    with pytest.raises(TooManyAttempts):
        enter(engine, "wrong", STRANGE)
    assert enter(engine)


def test_many_addresses_do_not_help(engine: Engine, anna: int) -> None:
    """An account is slowed down as a whole: a guess from each of a thousand machines does not pass."""
    passed = 0
    for machine in range(40):
        try:
            enter(engine, "wrong", f"203.0.113.{machine}")
        except WrongCredentials:
            passed += 1
        except TooManyAttempts:
            continue
    assert 10 == passed


def test_many_accounts_do_not_help(engine: Engine, anna: int) -> None:
    """One common password against every account is slowed down by address."""
    passed = 0
    for account in range(60):
        try:
            enter(engine, "wrong", STRANGE, f"teacher{account}@school.example")
        except WrongCredentials:
            passed += 1
        except TooManyAttempts:
            continue
    assert 30 == passed


def test_a_school_behind_one_address_still_gets_in(engine: Engine, anna: int) -> None:
    """Pupils who fail all day from the school's address do not keep out who signed in there."""
    enter(engine)
    for account in range(30):
        fail(engine, 1, HOME, f"pupil{account}@school.example")
    with pytest.raises(TooManyAttempts):
        enter(engine, "wrong", HOME, "pupil@school.example")
    assert enter(engine)


def test_guesses_at_the_same_moment_count_each_other(engine: Engine, anna: int) -> None:
    """Twenty at once get no more guesses than twenty in a row."""

    def guess(_: int) -> str:
        try:
            enter(engine, "wrong")
        except (WrongCredentials, TooManyAttempts) as refusal:
            return type(refusal).__name__
        return "in"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(20)))
    assert {"WrongCredentials": 5, "TooManyAttempts": 15} == {
        answer: answers.count(answer) for answer in set(answers)
    }


def test_what_was_typed_is_not_kept(engine: Engine, anna: int) -> None:
    """A password typed into the field of the address is not found in the table afterwards."""
    fail(engine, 1, email=OTHER)
    with engine.read() as reader:
        kept = reader.value(select(LoginAttempt.account_hash))
    assert re.fullmatch(r"[0-9a-f]{64}", kept)


# the demo ---------------------------------------------------------------------------------------


def test_a_normal_database_lets_nobody_in_without_a_password(engine: Engine, anna: int) -> None:
    """The door of the demo is shut, and its list of people empty."""
    with pytest.raises(NotADemo):
        engine.do(SignInAsDemo(anna, HOME, "Firefox"), SYSTEM)
    with engine.read() as reader:
        assert [] == demo_people(reader)


def test_the_demo_lets_its_people_in(engine: Engine) -> None:
    """In a database marked as a demo one click is enough, and replaces who was in before."""
    engine.do(MarkAsDemo(), SYSTEM)
    anna = engine.do(CreatePerson("Анна", ANNA), SYSTEM)
    first = engine.do(SignInAsDemo(anna, HOME, "Firefox"), SYSTEM)
    second = engine.do(SignInAsDemo(anna, HOME, "Firefox", replaces=first), SYSTEM)
    found = session(engine, second)
    assert found is not None
    assert anna == found.person_id
    assert session(engine, first) is None
