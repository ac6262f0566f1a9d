"""Changing a password: with the present one, or by a link."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from engine.bus import Command, Engine, handles
from engine.commands.attempts import password_checked
from engine.commands.links import link_owner
from engine.commands.sessions import OpenSession
from engine.events import PasswordChanged
from engine.model.people import Person, WebSession
from engine.passwords import Hashed, passwords_of, refuse_weak
from engine.rules.access import SYSTEM, Actor
from engine.unit import Unit


def choose_password(
    engine: Engine, actor: Actor, current: str, new: str, *, address: str, device: str
) -> str:
    """
    Change one's own password; all sessions end, and the secret of a new one is returned.

    Raises:
        WrongCredentials: The current password is another.
        PasswordWeak: The new one is soon guessed.
        TooManyAttempts: Wait first.
    """
    with engine.read() as reader:
        row = reader.one(select(Person.name, Person.email).where(Person.id == actor.person_id))
    refuse_weak(new, row.name, row.email)
    attempt = password_checked(engine, row.email, current, address)
    engine.do(SetPassword(actor.person_id, passwords_of(engine.settings).hash(new)), actor)
    return engine.do(OpenSession(actor.person_id, address, device, attempt.id), SYSTEM)


@dataclass(frozen=True, slots=True)
class SetPassword(Command[None]):
    """Store a new password, hashed before; see `choose_password`."""

    person_id: int
    password: Hashed


@handles(SetPassword)
def set_password(unit: Unit, command: SetPassword) -> None:
    """Only one's own, or by the system: no administrator sets another's. All sessions end."""
    unit.allow_if(unit.actor.person_id in (command.person_id, SYSTEM.person_id), ())
    unit.get(Person, command.person_id).password_hash = command.password
    unit.execute(delete(WebSession).where(WebSession.person_id == command.person_id))
    unit.record(PasswordChanged(person_id=command.person_id))


def choose_by_link(
    engine: Engine, token: str, new: str, *, address: str, device: str, replaces: str = ""
) -> str:
    """
    Set the password of the person of a link; returns the secret of a new session.

    All other sessions end, and every link that was given out is dead.

    Raises:
        LinkExpired: Too late, used, forged, or its person may not sign in.
        PasswordWeak: The new one is soon guessed.
        SignInBusy: Too many people sign in at this moment.
    """
    with engine.read() as reader:
        owner = link_owner(reader, token)
    refuse_weak(new, owner.name, owner.email)
    hashed = passwords_of(engine.settings).hash(new)
    engine.do(SetPasswordByLink(token, hashed), Actor(owner.person_id, owner.name))
    opening = OpenSession(owner.person_id, address, device, replaces=replaces)
    return engine.do(opening, SYSTEM)


@dataclass(frozen=True, slots=True)
class SetPasswordByLink(Command[None]):
    """Store a new password for the person of a link; see `choose_by_link`."""

    token: str
    password: Hashed


@handles(SetPasswordByLink)
def set_password_by_link(unit: Unit, command: SetPasswordByLink) -> None:
    """Whoever holds the link may, once: of two at the same moment the second finds it dead."""
    owner = link_owner(unit, command.token, lock=True)
    set_password(unit, SetPassword(owner.person_id, command.password))
