"""
Links by which a person sets a password, or confirms a new e-mail address.

A link to a password is signed together with what is stored of the present password. So it is dead as soon as
there is another, whoever changed it and how; no row has to remember that it was used, and what
leaks from a copy of the database opens no door.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

INVITED_FOR: Final = timedelta(days=7)
FORGOTTEN_FOR: Final = timedelta(hours=1)
ONE_LETTER_IN: Final = timedelta(minutes=10)
"""How often a letter can be asked for: a stranger must not fill somebody's mailbox."""

ADDRESS_FOR: Final = timedelta(hours=1)

_TOKEN: Final = re.compile(r"([1-9][0-9]{0,8})-([1-9][0-9]{0,10})-[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """Whose password a link sets, and until when, in whole seconds."""

    person_id: int
    until: datetime


def link_for(person_id: int, now: datetime, lasting: timedelta) -> PasswordLink:
    """Return the link that a person gets now."""
    return PasswordLink(person_id, (now + lasting).replace(microsecond=0))


def signed(link: PasswordLink, stored: str, key: str) -> str:
    """
    Return the token that stands in the address.

    Args:
        link: What is signed.
        stored: What is stored of the present password; empty without one.
        key: The secret of the installation.

    Raises:
        ValueError: There is no secret, so anybody could sign.
    """
    said = f"{link.person_id}-{int(link.until.timestamp())}"
    return f"{said}-{_signature(key, f'password {said} {stored}')}"


def link_in(token: str) -> PasswordLink | None:
    """Return what a token says, true or not; None when it says nothing."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    person_id, until = map(int, found.groups())
    return PasswordLink(person_id, datetime.fromtimestamp(until, UTC))


def is_genuine(token: str, link: PasswordLink, stored: str, key: str) -> bool:
    """Tell whether we have signed the token, and the password is still the one of then."""
    return hmac.compare_digest(token, signed(link, stored, key))


# e-mail addresses -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddressLink:
    """Who wants which address, and until when the link may be used, in whole seconds."""

    person_id: int
    until: datetime
    email: str


def signed_address(link: AddressLink, present: str, key: str) -> str:
    """
    Return the token of an address; it is dead as soon as the person has another one.

    Args:
        link: What is signed.
        present: The address that the person has now.
        key: The secret of the installation.

    Raises:
        ValueError: There is no secret, so anybody could sign.
    """
    coded = base64.urlsafe_b64encode(link.email.encode()).decode().rstrip("=")
    said = f"{link.person_id}-{int(link.until.timestamp())}-{coded}"
    return f"{said}.{_signature(key, f'address {said} {present}')}"


def address_in(token: str) -> AddressLink | None:
    """Return what a token says, true or not; None when it says nothing."""
    found = _ADDRESS.fullmatch(token)
    if found is None:
        return None
    person_id, until, coded = found.groups()
    try:
        email = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return None
    return AddressLink(int(person_id), datetime.fromtimestamp(int(until), UTC), email)


_ADDRESS: Final = re.compile(
    r"([1-9][0-9]{0,8})-([1-9][0-9]{0,10})-([A-Za-z0-9_-]{1,600})[.][0-9a-f]{64}"
)


def is_genuine_address(token: str, link: AddressLink, present: str, key: str) -> bool:
    """Tell whether we have signed the token, and the address is still the one of then."""
    return hmac.compare_digest(token, signed_address(link, present, key))


def _signature(key: str, text: str) -> str:
    """Return what only the installation can write under a text."""
    if not key:
        raise ValueError("a link is signed with the secret key of the installation")
    return hmac.digest(key.encode(), text.encode(), hashlib.sha256).hex()
