"""
Letters and the way to the mail server: the only module that speaks SMTP.

A letter is a value; the same letter is the same bytes each time it is sent, so that a repeat
after a crash can be recognised by its Message-ID.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from engine.settings import Settings

TIMEOUT: Final = 20.0
"""Seconds for each answer of the server."""

_PERMANENT: Final = 500
_LEAVING: Final = 421
_PLAIN: Final = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")


class LetterRefused(Exception):
    """One letter will never be accepted: a bad address, or the server said 5xx to it."""


class LetterDelayed(Exception):
    """The server does not take this letter now; others may pass."""


class ServerAway(Exception):
    """The server cannot be reached, or takes nothing at all: wait with every letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text letter; ``key`` names it for ever (the dedup key of its outbox row)."""

    recipient: str
    subject: str
    body: str
    key: str
    written_at: datetime


def compose(letter: Letter, sender: str, site: str) -> EmailMessage:
    """
    Return the letter as it goes over the wire.

    Args:
        letter: What to say to whom.
        sender: The address of the installation.
        site: Its base URL; tells two installations with one sender apart in the Message-ID.

    Raises:
        LetterRefused: An address is none, or a header holds a line break.
    """
    message = EmailMessage()
    try:
        recipient = _address(letter.recipient)
        message["From"] = Address("Цикл", addr_spec=str(_address(sender)))
        message["To"] = recipient
        message["Subject"] = letter.subject
    except (ValueError, MessageError) as error:
        raise LetterRefused(str(error)) from error
    name = sha256(f"{site}\n{letter.key}".encode()).hexdigest()[:40]
    message["Message-ID"] = f"<{name}@{_address(sender).domain}>"
    message["Date"] = format_datetime(letter.written_at)
    message["Content-Language"] = "ru"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.body, cte="base64")
    return message


def _address(text: str) -> Address:
    """
    Return the address with its domain in ASCII, so that школа.рф needs no special server.

    Raises:
        ValueError: It is no single plain address.
    """
    if _PLAIN.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no e-mail address")
    name, _, domain = text.rpartition("@")
    return Address(username=name, domain=domain.encode("idna").decode())


class Post:
    """An open connection to the mail server; see `connected`."""

    def __init__(self, server: smtplib.SMTP, settings: Settings) -> None:
        self._server = server
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """
        Hand one letter to the server.

        Raises:
            LetterRefused: It will not be taken, now or later.
            LetterDelayed: It may be taken later.
            ServerAway: Nothing is taken.
        """
        message = compose(letter, self._settings.mail_from, self._settings.base_url)
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _verdict(code, answer) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise LetterRefused(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(str(error)) from error


def _verdict(code: int, answer: bytes | str) -> Exception:
    """Return what an answer means: 5xx no, 4xx not now, 421 the server is leaving."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    kind = LetterRefused if code >= _PERMANENT else LetterDelayed
    return (ServerAway if code == _LEAVING else kind)(f"{code} {text}")


@contextmanager
def connected(settings: Settings) -> Iterator[Post]:
    """
    Yield a connection to the mail server of the settings, signed in.

    Raises:
        ServerAway: It cannot be reached or does not let us in, or our own address is none.
    """
    try:
        server = _connect(settings)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise ServerAway(str(error)) from error
    try:
        yield Post(server, settings)
    finally:
        _leave(server)


def _connect(settings: Settings) -> smtplib.SMTP:
    here = _address(settings.mail_from).domain
    place = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, here, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(*place, here, timeout=TIMEOUT)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; a server that has hung up already is left all the same."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
