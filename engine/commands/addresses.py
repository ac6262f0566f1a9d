"""
Changing an e-mail address: by oneself with a link to the new one, or by an administrator.

The old address is told of it, so that nobody is quietly robbed of his account.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select

from engine.bus import Command, Engine, handles
from engine.commands.attempts import password_checked
from engine.commands.letters import letter_row
from engine.commands.once import insert_once
from engine.commands.people import allow_over, refuse_address
from engine.errors import LinkExpired, NoPost
from engine.events import AddressChanged
from engine.model.people import Person
from engine.model.records import Outgoing
from engine.rules import letters
from engine.rules.access import Actor
from engine.rules.letters import Text, address_link
from engine.rules.links import (
    ADDRESS_FOR,
    AddressLink,
    address_in,
    is_genuine_address,
    signed_address,
)
from engine.rules.names import email_of
from engine.settings import Settings
from engine.unit import Unit

NEW_ADDRESS: Final = "new-address"
OLD_ADDRESS: Final = "old-address"
ADDRESS_KINDS: Final = (NEW_ADDRESS, OLD_ADDRESS)
"""The letter that asks to confirm, and the one that tells; each goes where its row says."""


def ask_address(engine: Engine, actor: Actor, password: str, email: str, address: str) -> None:
    """
    Write to the address that somebody wants to have from now on.

    Raises:
        NoPost: There is no mail server, so nothing can be confirmed.
        WrongCredentials: The password is another.
        TooManyAttempts: Wait first.
        EmailRefused: That is no address.
        EmailTaken: Somebody has it.
    """
    if not engine.settings.smtp_host:
        raise NoPost
    with engine.read() as reader:
        present = reader.value(select(Person.email).where(Person.id == actor.person_id))
    password_checked(engine, present, password, address)
    engine.do(AskAddress(email), actor)


@dataclass(frozen=True, slots=True)
class AskAddress(Command[None]):
    """Write a letter with a link to the address that one wants; see `ask_address`."""

    email: str


@handles(AskAddress)
def write_to_new_address(unit: Unit, command: AskAddress) -> None:
    """Put the letter into the outbox; the link in it is signed when it leaves."""
    unit.allow_anyone()
    email = email_of(command.email)
    refuse_address(unit, email)
    until = (unit.now + ADDRESS_FOR).replace(microsecond=0)
    about = {"letter": NEW_ADDRESS, "to": email, "until": int(until.timestamp())}
    text = Text(letters.new_address("", unit.settings.base_url).subject, "")
    key = f"{NEW_ADDRESS}:{unit.actor.person_id}:{unit.now.isoformat()}"
    row = letter_row(unit.now, unit.actor.person_id, key, text, about)
    insert_once(unit, Outgoing, [row])


@dataclass(frozen=True, slots=True)
class ConfirmAddress(Command[str]):
    """
    Take the address of a link as that of its person; returns it.

    Raises:
        LinkExpired: Too late, used, or forged.
        EmailTaken: Somebody else has got it meanwhile.
    """

    token: str


@handles(ConfirmAddress)
def confirm_address(unit: Unit, command: ConfirmAddress) -> str:
    """Whoever reads the mail of the address may, once."""
    unit.allow_anyone()
    link = address_in(command.token)
    if link is None or link.until <= unit.now:
        raise LinkExpired
    person = unit.session.get(Person, link.person_id, with_for_update=True)
    key = unit.settings.secret_key
    if person is None or not person.active:
        raise LinkExpired
    if not is_genuine_address(command.token, link, person.email, key):
        raise LinkExpired
    _change(unit, person, link.email)
    return link.email


@dataclass(frozen=True, slots=True)
class ChangeAddress(Command[None]):
    """Give a person another e-mail address."""

    person_id: int
    email: str


@handles(ChangeAddress)
def change_address(unit: Unit, command: ChangeAddress) -> None:
    """
    Change it for whoever administers every organisation where the person holds a role.

    Raises:
        EmailRefused: That is no address.
        EmailTaken: Somebody has it.
    """
    person = unit.get(Person, command.person_id, lock=True)
    allow_over(unit, person.id)
    email = email_of(command.email)
    if email != person.email:
        _change(unit, person, email)


def _change(unit: Unit, person: Person, email: str) -> None:
    refuse_address(unit, email)
    about = {"letter": OLD_ADDRESS, "to": person.email}
    text = letters.address_changed(unit.settings.base_url)
    key = f"{OLD_ADDRESS}:{person.id}:{unit.now.isoformat()}"
    person.email = email
    insert_once(unit, Outgoing, [letter_row(unit.now, person.id, key, text, about)])
    unit.record(AddressChanged(person_id=person.id))


# letters that leave -----------------------------------------------------------------------------


def recipient(row: Any) -> str:
    """Return where a letter of `ADDRESS_KINDS` goes: not to the address that its person has."""
    return str(row.payload["to"])


def text_of_address(row: Any, now: datetime, settings: Settings) -> Text | None:
    """Return the text of a letter that leaves; None when its link would be dead on arrival."""
    about = row.payload
    if about["letter"] == OLD_ADDRESS:
        return Text(row.subject, row.body)
    until = datetime.fromtimestamp(about["until"], UTC)
    if until <= now:
        return None
    link = AddressLink(row.person_id, until, about["to"])
    token = signed_address(link, row.email, settings.secret_key)
    return letters.new_address(address_link(settings.base_url, token), settings.base_url)
