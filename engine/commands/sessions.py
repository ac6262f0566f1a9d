"""
Signing in and out.

A browser holds a secret, the database its fingerprint. A session ends when idle, at its absolute
end, at sign-out, when the person gets another password or loses a role.
"""

from dataclasses import dataclass

from sqlalchemy import delete, update

from engine.bus import Command, Engine, handles
from engine.commands.attempts import KEPT_FOR, password_checked
from engine.errors import NotADemo, WrongCredentials
from engine.model.people import IS_DEMO, LoginAttempt, Person, WebSession
from engine.passwords import Hashed, passwords_of
from engine.rules.access import SYSTEM
from engine.rules.sessions import ABSOLUTE, IDLE, fingerprint, new_secret
from engine.unit import Unit


def sign_in(
    engine: Engine, email: str, password: str, *, address: str, device: str, replaces: str = ""
) -> str:
    """
    Check a password and return the secret of a new session, for the browser's cookie.

    Args:
        engine: Whose people.
        email: As typed.
        password: As typed.
        address: Where the request comes from.
        device: What the browser calls itself.
        replaces: The secret that the browser held before; that session ends.

    Raises:
        WrongCredentials: No such person, or another password; one answer, in the same time.
        TooManyAttempts: Wait first.
        SignInBusy: Too many people sign in at this moment.
    """
    attempt = password_checked(engine, email, password, address)
    passwords = passwords_of(engine.settings)
    outdated = passwords.is_outdated(attempt.stored)
    rehashed = passwords.hash(password) if outdated else None
    opening = OpenSession(
        attempt.person_id, address, device, attempt.id, replaces, attempt.stored, rehashed
    )
    return engine.do(opening, SYSTEM)


@dataclass(frozen=True, slots=True)
class OpenSession(Command[str]):
    """
    Open a session for a person whose password was checked; returns its secret.

    ``attempt_id`` was his; ``rehashed`` replaces ``stored``, if that is still what is stored.
    """

    person_id: int
    address: str
    device: str
    attempt_id: int = 0
    replaces: str = ""
    stored: str = ""
    rehashed: Hashed | None = None


@handles(OpenSession)
def open_session(unit: Unit, command: OpenSession) -> str:
    """Open it, end the one it replaces, and let the attempt count as a success."""
    unit.allow_system()
    if not unit.get(Person, command.person_id).active:
        raise WrongCredentials
    succeeded = update(LoginAttempt).where(LoginAttempt.id == command.attempt_id)
    unit.execute(succeeded.values(ok=True))
    if command.rehashed:
        same = Person.id == command.person_id, Person.password_hash == command.stored
        unit.execute(update(Person).where(*same).values(password_hash=command.rehashed))
    _end(unit, command.replaces)
    return _opened(unit, command.person_id, command.address, command.device)


def _opened(unit: Unit, person_id: int, address: str, device: str) -> str:
    secret = new_secret()
    unit.add(
        WebSession,
        {
            "id_hash": fingerprint(secret),
            "person_id": person_id,
            "created_at": unit.now,
            "seen_at": unit.now,
            "expires_at": unit.now + ABSOLUTE,
            "csrf": new_secret(),
            "address": address[:64],
            "device": device[:200],
        },
    )
    return secret


def _end(unit: Unit, secret: str) -> None:
    unit.execute(delete(WebSession).where(WebSession.id_hash == fingerprint(secret)))


@dataclass(frozen=True, slots=True)
class SignInAsDemo(Command[str]):
    """Sign in as one of the invented people of a demo, without a password; returns the secret."""

    person_id: int
    address: str
    device: str
    replaces: str = ""


@handles(SignInAsDemo)
def sign_in_as_demo(unit: Unit, command: SignInAsDemo) -> str:
    """Refuse it in every database that was not created as a demo."""
    unit.allow_system()
    if unit.value(IS_DEMO) is None:
        raise NotADemo
    unit.get(Person, command.person_id)
    _end(unit, command.replaces)
    return _opened(unit, command.person_id, command.address, command.device)


@dataclass(frozen=True, slots=True)
class SignOut(Command[None]):
    """End the session of a browser; one that is unknown has ended already."""

    secret: str


@handles(SignOut)
def sign_out(unit: Unit, command: SignOut) -> None:
    """Whoever holds the secret may end it."""
    unit.allow_anyone()
    _end(unit, command.secret)


@dataclass(frozen=True, slots=True)
class TouchSession(Command[None]):
    """Write down that a session is in use."""

    secret: str


@handles(TouchSession)
def touch_session(unit: Unit, command: TouchSession) -> None:
    """Never bring one back that was idle too long."""
    unit.allow_anyone()
    alive = WebSession.seen_at > unit.now - IDLE, WebSession.expires_at > unit.now
    mine = WebSession.id_hash == fingerprint(command.secret)
    unit.execute(update(WebSession).where(mine, *alive).values(seen_at=unit.now))


@dataclass(frozen=True, slots=True)
class EndSession(Command[bool]):
    """End one of one's own sessions, by its fingerprint; returns whether it was there."""

    id_hash: str


@handles(EndSession)
def end_session(unit: Unit, command: EndSession) -> bool:
    """Of another person's there is none."""
    unit.allow_anyone()
    mine = WebSession.id_hash == command.id_hash, WebSession.person_id == unit.actor.person_id
    return bool(unit.execute(delete(WebSession).where(*mine)))


@dataclass(frozen=True, slots=True)
class EndSessions(Command[int]):
    """End all sessions of a person; returns how many there were."""

    person_id: int


@handles(EndSessions)
def end_sessions(unit: Unit, command: EndSessions) -> int:
    """Only one's own, or by the system."""
    unit.allow_if(unit.actor.person_id in (command.person_id, SYSTEM.person_id), ())
    return unit.execute(delete(WebSession).where(WebSession.person_id == command.person_id))


@dataclass(frozen=True, slots=True)
class SweepSessions(Command[int]):
    """Delete sessions that have ended and attempts long past; returns how many rows."""


@handles(SweepSessions)
def sweep_sessions(unit: Unit, command: SweepSessions) -> int:
    """Housekeeping of the scheduler."""
    del command
    unit.allow_system()
    ended = (WebSession.expires_at <= unit.now) | (WebSession.seen_at <= unit.now - IDLE)
    swept = unit.execute(delete(WebSession).where(ended))
    old = LoginAttempt.at < unit.now - KEPT_FOR
    return swept + unit.execute(delete(LoginAttempt).where(old))
