"""A real mail server on loopback that takes letters, or behaves as badly as it is told."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "tls" / "certificate.pem"
KEY = CERTIFICATE.with_name("key.pem")


@dataclass
class Server:
    """
    What a mail server does, and what it has taken.

    ``rcpt`` and ``data`` are its answers; ``hang_up`` breaks the connection after a letter was
    taken and before saying so; ``delay`` are seconds before it answers to a letter. ``tls`` is
    ``starttls`` or ``tls`` (from the first byte); with ``users`` it wants a password.
    """

    host: str = "127.0.0.1"
    port: int = 0
    rcpt: dict[str, str] = field(default_factory=dict)
    """Answer by recipient, instead of taking it."""
    data: str = "250 OK"
    hang_up: bool = False
    delay: float = 0.0
    tls: str = "none"
    users: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)

    def signs_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, data: object
    ) -> AuthResult:
        """Compare name and password."""
        given = cast("LoginPassword", data)
        known = self.users.get(given.login.decode()) == given.password.decode()
        return AuthResult(success=known, handled=not known)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a letter, and say so or not."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.data.startswith("2"):
            raw = cast("bytes", envelope.content)
            self.letters.append(message_from_bytes(raw, policy=policy.default))
        if self.hang_up:
            cast("asyncio.WriteTransport", server.transport).abort()
        return self.data

    @property
    def to(self) -> list[str]:
        """Return the recipients of the letters, in order."""
        return [str(letter["To"]) for letter in self.letters]

    @property
    def subjects(self) -> list[str]:
        """Return the subjects of the letters, in order."""
        return [str(letter["Subject"]) for letter in self.letters]

    @property
    def ids(self) -> list[str]:
        """Return the Message-IDs of the letters, in order."""
        return [str(letter["Message-ID"]) for letter in self.letters]


@contextmanager
def mail_server(server: Server | None = None) -> Iterator[Server]:
    """Run a server in a thread of its own and yield it, its port filled in."""
    server = server or Server()
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(_listen(server), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_close(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _listen(server: Server) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    options: dict[str, Any] = {}
    context = None
    if server.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, KEY)
    if server.tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if server.users:
        # aiosmtpd does not see that a connection was encrypted from its first byte.
        later = server.tls == "starttls"
        options |= {"authenticator": server.signs_in, "auth_require_tls": later}
        options |= {"auth_required": later}
    make = partial(SMTP, server, hostname="mail.example", loop=loop, **options)
    from_the_first_byte = context if server.tls == "tls" else None
    listening = await loop.create_server(make, server.host, server.port, ssl=from_the_first_byte)
    server.port = listening.sockets[0].getsockname()[1]
    return listening


async def _close(listening: asyncio.Server) -> None:
    """Stop listening, and end the conversations that are under way."""
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
