"""
Links that set a password: whose they are, and the letters that bring them.

The outbox holds no link: it is signed anew when its letter leaves, so nobody who reads the
table or a copy of it can use one. The row knows only the fingerprint, by which a letter that
has become pointless is recognised.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from engine.commands.letters import letter_row
from engine.commands.once import insert_once
from engine.errors import LinkExpired
from engine.model.people import Person
from engine.model.records import Outgoing
from engine.rules import letters
from engine.rules.letters import Text, password_link
from engine.rules.links import (
    FORGOTTEN_FOR,
    INVITED_FOR,
    PasswordLink,
    is_genuine,
    link_for,
    link_in,
    signed,
)
from engine.rules.sessions import fingerprint
from engine.settings import Settings
from engine.unit import Reader, Unit


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """The person whose password a link sets."""

    person_id: int
    name: str
    email: str


def link_owner(reader: Reader, token: str, *, lock: bool = False) -> LinkOwner:
    """
    Return whose password a link sets; nothing is changed by looking.

    Args:
        reader: Of the page, or the unit of the command that is about to set it.
        token: As it stands in the address.
        lock: Lock the person, so that of two at once only one may go on.

    Raises:
        LinkExpired: Too late, used, forged, or its person may not sign in: one answer for all.
    """
    link = link_in(token)
    if link is None or link.until <= reader.now:
        raise LinkExpired
    found = select(Person.id, Person.name, Person.email, Person.password_hash)
    found = found.where(Person.id == link.person_id, Person.active)
    row = reader.first(found.with_for_update() if lock else found)
    key = reader.settings.secret_key
    if row is None or not is_genuine(token, link, row.password_hash or "", key):
        raise LinkExpired
    return LinkOwner(row.id, row.name, row.email)


# letters ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkKind:
    """How long a link of a kind lasts, and the letter around it."""

    lasting: timedelta
    compose: Callable[[str, str], Text]


LINK_KINDS: Final[Mapping[str, LinkKind]] = {
    "invitation": LinkKind(INVITED_FOR, letters.invitation),
    "forgotten": LinkKind(FORGOTTEN_FOR, letters.forgotten),
}


def write_link(unit: Unit, person_id: int, stored: str, kind: str, when: str) -> str:
    """Put the letter with a link into the outbox and return the link; see `link_row`."""
    row, address = link_row(unit, person_id, stored, kind, when)
    insert_once(unit, Outgoing, [row])
    return address


def link_row(
    unit: Unit, person_id: int, stored: str, kind: str, when: str
) -> tuple[dict[str, Any], str]:
    """
    Return the outbox row of a letter with a link, and the link.

    Args:
        unit: The transaction.
        person_id: To whom.
        stored: What is stored of the present password; empty without one.
        kind: A key of `LINK_KINDS`.
        when: Tells letters apart; a second one with the same word is not written.
    """
    link = link_for(person_id, unit.now, LINK_KINDS[kind].lasting)
    token = signed(link, stored, unit.settings.secret_key)
    address = password_link(unit.settings.base_url, token)
    about = {
        "letter": kind,
        "until": int(link.until.timestamp()),
        "fingerprint": fingerprint(token),
    }
    text = Text(LINK_KINDS[kind].compose(address, unit.settings.base_url).subject, "")
    key = f"{kind}:{person_id}:{when}"
    return letter_row(unit.now, person_id, key, text, about), address


def text_with_link(row: Any, stored: str, now: datetime, settings: Settings) -> Text | None:
    """Return the text of a letter that leaves; None when its link would be dead on arrival."""
    about = row.payload
    link = PasswordLink(row.person_id, datetime.fromtimestamp(about["until"], UTC))
    token = signed(link, stored, settings.secret_key)
    if link.until <= now or fingerprint(token) != about["fingerprint"]:
        return None
    address = password_link(settings.base_url, token)
    return LINK_KINDS[about["letter"]].compose(address, settings.base_url)
