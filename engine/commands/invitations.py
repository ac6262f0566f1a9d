"""Inviting people, and writing to those who have forgotten their password."""

from dataclasses import dataclass

from engine.bus import Command, handles
from engine.commands.attempts import BeginAttempt, begin_attempt
from engine.commands.links import write_link
from engine.commands.people import reach_over
from engine.errors import DoorClosed, HasPassword, LinkByPostOnly
from engine.events import PersonInvited
from engine.model.people import Person
from engine.rules.links import ONE_LETTER_IN
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class InvitePerson(Command[str]):
    """
    Write to a person who is to choose a password; returns the link, which is kept nowhere.

    Whoever holds the link can set the password. So an administrator gets one only for who has
    none yet, and sees it (else it is empty) only if the account opens nothing that he does not
    administer; the command line gets one for anybody.
    """

    person_id: int


@handles(InvitePerson)
def invite_person(unit: Unit, command: InvitePerson) -> str:
    """
    Invite him for whoever administers an organisation where he holds a role.

    Raises:
        DoorClosed: He may not sign in.
        HasPassword: He has one already.
        LinkByPostOnly: Only a letter could bring the link, and there is no mail server.
    """
    person = unit.get(Person, command.person_id)
    reach = reach_over(unit, person.id)
    unit.allow_if(any(reach), ())
    if not person.active:
        raise DoorClosed
    if person.password_hash and not unit.actor.is_system:
        raise HasPassword
    if not all(reach) and not unit.settings.smtp_host:
        raise LinkByPostOnly
    unit.record(PersonInvited(person_id=person.id))
    when = unit.now.isoformat()
    link = write_link(unit, person.id, person.password_hash or "", "invitation", when)
    return link if all(reach) else ""


@dataclass(frozen=True, slots=True)
class SendLink(Command[None]):
    """
    Write to whoever has an e-mail address, if anybody has; who asks is not told.

    It counts as an attempt to sign in that failed, and waits like one.

    Raises:
        TooManyAttempts: Wait first.
    """

    email: str
    address: str


@handles(SendLink)
def send_link(unit: Unit, command: SendLink) -> None:
    """Write at most one letter in ten minutes, however many ask from wherever."""
    unit.allow_system()
    attempt = begin_attempt(unit, BeginAttempt(command.email, command.address))
    if attempt.person_id:
        when = int(unit.now.timestamp() // ONE_LETTER_IN.total_seconds())
        write_link(unit, attempt.person_id, attempt.stored, "forgotten", str(when))
