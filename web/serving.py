"""Running the pages: the secret of the installation, the server, and the scheduler beside it."""

import os
import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import waitress

from engine import Engine
from engine.settings import Settings
from web.app import create_app

THREADS = 8
"""Requests worked at a time; each holds one connection of the database's pool."""

_FORWARDED = {"x-forwarded-for", "x-forwarded-proto"}


def with_secret(settings: Settings) -> Settings:
    """
    Return the settings with a secret key: the given one, or the one kept in the data folder.

    The first start makes it, readable by its owner only, so that sessions and throttling
    survive a restart and every process of the installation has the same.
    """
    if settings.secret_key:
        return settings
    path = settings.data_path / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _keep(path, secrets.token_hex(32))
    return replace(settings, secret_key=path.read_text().strip())


def _keep(path: Path, secret: str) -> None:
    """Write a secret that only the owner reads; of two processes at once the first one wins."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as file:
        file.write(secret)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)


def serve(engine: Engine, host: str, port: int) -> None:
    """Answer requests until the process is told to end."""
    proxy = engine.settings.trusted_proxy
    believed: dict[str, Any] = (
        {"trusted_proxy": proxy, "trusted_proxy_headers": _FORWARDED} if proxy else {}
    )
    waitress.serve(
        create_app(engine),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **believed,
    )
