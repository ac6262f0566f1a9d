"""Real servers that are killed without warning, and people who go on at another one."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from lxml import html

from tests.serving import free_port, launched

GONE: Final = (OSError, HTTPException)
"""What a client hears of a server that dies while it answers, or is not there."""

_PATIENCE: Final = 90.0


@dataclass
class Server:
    """One process of `tsikl serve`, its scheduler included; it keeps its port when it restarts."""

    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; it answers a moment later."""
        self.process = launched("serve", "--port", str(self.port), settings=self.settings)

    @property
    def answers(self) -> bool:
        """Tell whether it is there."""
        try:
            return ask(self, "GET", "/healthz").status == 200
        except GONE:
            assert self.process is None or self.process.poll() is None, "it ended by itself"
            return False

    def wait(self) -> None:
        """Wait until it answers."""
        give_up = time.monotonic() + _PATIENCE
        while not self.answers:
            assert time.monotonic() < give_up, "it does not come up"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would; harmless when it is not there."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)

    def end(self) -> None:
        """End it in order."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert 0 == self.process.wait(20)


@dataclass(frozen=True)
class Answer:
    """What a server has said."""

    status: int
    text: str
    leads_to: str
    cookies: Mapping[str, str]

    @property
    def proof(self) -> str:
        """Return what a form of the page carries to prove where it comes from."""
        return str(html.document_fromstring(self.text).cssselect("[name=csrf]")[0].get("value"))


def ask(
    server: Server,
    method: str,
    path: str,
    fields: Sequence[tuple[str, str]] = (),
    cookies: Mapping[str, str] = MappingProxyType({}),
) -> Answer:
    """Send one request on a connection of its own and read the whole answer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        text, given = answer.read().decode(), SimpleCookie()
    finally:
        connection.close()
    for line in answer.headers.get_all("Set-Cookie") or ():
        given.load(line)
    cookies = {name: cookie.value for name, cookie in given.items()}
    return Answer(answer.status, text, answer.headers.get("Location", ""), cookies)


@dataclass
class Visitor:
    """A person with a browser: signed in once, at home at every server."""

    email: str
    password: str
    cookies: Mapping[str, str] = field(default_factory=dict)

    def open(self, server: Server, path: str) -> Answer:
        """Open a page, signing in first where that is asked for."""
        answer = self._ask(server, "GET", path)
        if answer.leads_to.startswith("/sign-in"):
            self._sign_in(server)
            answer = self._ask(server, "GET", path)
        assert answer.status == 200, answer.text
        return answer

    def send(self, server: Server, path: str, fields: Mapping[str, Any]) -> Answer:
        """Send a form in; a box that is not ticked is not sent, several choices are."""
        pairs = [(key, one) for key, value in fields.items() for one in _sent(value)]
        return self._ask(server, "POST", path, pairs)

    def _sign_in(self, server: Server) -> None:
        proof = self._ask(server, "GET", "/sign-in").proof
        fields = {"csrf": proof, "email": self.email, "password": self.password}
        assert 303 == self.send(server, "/sign-in", fields).status

    def _ask(
        self, server: Server, method: str, path: str, fields: Sequence[tuple[str, str]] = ()
    ) -> Answer:
        answer = ask(server, method, path, fields, self.cookies)
        self.cookies = {**self.cookies, **answer.cookies}
        return answer


def _sent(value: Any) -> list[str]:
    many = value if isinstance(value, list) else [] if value in (None, False) else [value]
    return ["on" if one is True else str(one) for one in many]
