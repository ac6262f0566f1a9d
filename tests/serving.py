"""The real command, started as people start it, and asked over the network."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
_COMMAND = "from web.cli import main; main()"
_PATIENCE = 90.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def started(*words: str, settings: Mapping[str, str]) -> Iterator[Callable[[str], str]]:
    """
    Start `tsikl` with words and yield what asks it for a page by its path.

    It must end without an error when it is told to.
    """
    port = free_port()
    server = launched(*words, "--port", str(port), settings=settings)
    try:
        yield lambda path: _page(server, port, path)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(20)
    assert 0 == code


def launched(*words: str, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start `tsikl` with words; whoever starts it ends it."""
    command = [sys.executable, "-c", _COMMAND, *words]
    environment = {"PATH": os.defpath, "PYTHONUTF8": "1", **settings}
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def _page(server: "subprocess.Popen[bytes]", port: int, path: str) -> str:
    """Return a page, waiting for the server to come up."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return str(answer.read().decode())
        except OSError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
