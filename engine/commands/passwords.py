"""Changing a password."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from engine.bus import Command, Engine, handles
from engine.commands.attempts import password_checked
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
