"""Copies of a database in use, each whole or absent."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from engine.database import Database

_PRIVATE = 0o600
_PAGES_AT_ONCE = 1000


class BackupFailed(Exception):
    """No copy was made, and the sentence says why; for the administrator."""


def back_up(database: Database, target: Path) -> int:
    """
    Copy a database while others write to it; return the size of the copy in bytes.

    SQLite: its online backup, then its own integrity check. PostgreSQL: `pg_dump` in the custom
    format. The copy is written beside the target and takes its name only when it is complete;
    only its owner may read it.

    Raises:
        BackupFailed: The target exists, `pg_dump` is missing or failed, or the copy is damaged.
    """
    if target.exists():
        raise BackupFailed(f"{target} already exists")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
    try:
        (_copy_sqlite if database.is_sqlite else _dump_postgres)(database.url, part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _copy_sqlite(url: URL, part: Path) -> None:
    with closing(sqlite3.connect(str(url.database))) as source, closing(_opened(part)) as copy:
        source.backup(copy, pages=_PAGES_AT_ONCE)
        copy.execute("PRAGMA journal_mode=DELETE")
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise BackupFailed(f"the copy is damaged: {verdict}")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _dump_postgres(url: URL, part: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed("pg_dump is not installed; it comes with the PostgreSQL client")
    with _password_file(str(url.password or "")) as passfile:
        plain = url.set(drivername="postgresql", password=None)
        address = plain.update_query_dict({"passfile": passfile})
        command = [program, "--format=custom", "--no-owner", f"--file={part}"]
        command += ["--dbname", address.render_as_string(hide_password=False)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFailed(done.stderr.strip())


@contextmanager
def _password_file(password: str) -> Iterator[str]:
    """Yield a file for libpq: a password among the arguments would show in the process list."""
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    with tempfile.NamedTemporaryFile("w", prefix="tsikl-") as file:
        file.write(f"*:*:*:*:{escaped}\n")
        file.flush()
        yield file.name
