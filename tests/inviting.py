"""Inviting people of the town, forgetting passwords, and using the links."""

from typing import Any

from sqlalchemy import select

from engine.commands.invitations import InvitePerson, SendLink
from engine.commands.links import link_owner
from engine.commands.passwords import choose_by_link
from engine.model.people import Person
from engine.model.records import Outgoing
from engine.rules.access import Actor
from engine.rules.links import FORGOTTEN_FOR, link_for, signed
from tests.town import Town

GOOD = "лампа берег тишина"
OTHER = "четыре разных слова"
HOME, STRANGE = "192.0.2.1", "198.51.100.9"
NEW = "teacher.school"
ADMIN = "administrator.office"


def token_of(link: str) -> str:
    """Return what stands at the end of a link."""
    return link.rpartition("/")[2]


def invite(town: Town, who: str = NEW, by: str | Actor = ADMIN) -> str:
    """Invite somebody; return the token of his link."""
    return token_of(town.do(InvitePerson(town.people[who]), by))


def choose(town: Town, token: str, new: str = GOOD) -> str:
    """Set a password by a link; return the secret of the session."""
    return choose_by_link(town.engine, token, new, address=HOME, device="Firefox")


def forget(town: Town, who: str = NEW, address: str = HOME) -> None:
    """Press «Забыли пароль?» for an address."""
    town.do(SendLink(f"{who}@town.example", address))


def owner(town: Town, token: str) -> int:
    """Look whose password a link sets."""
    with town.engine.read() as reader:
        return link_owner(reader, token).person_id


def stored(town: Town, who: str = NEW) -> str | None:
    """Return what is stored of a password."""
    password: str | None = town.value(
        select(Person.password_hash).where(Person.id == town.people[who])
    )
    return password


def link_token(town: Town, who: str = NEW) -> str:
    """Return the token that a letter to who has forgotten, written now, brings."""
    link = link_for(town.people[who], town.engine.now(), FORGOTTEN_FOR)
    return signed(link, stored(town, who) or "", town.engine.settings.secret_key)


def letters(town: Town) -> list[Any]:
    """Return the outbox."""
    return town.rows(select(*Outgoing.__table__.columns).order_by(Outgoing.id))
