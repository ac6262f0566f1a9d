"""What an installation may set: the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

PREFIX = "TSIKL_"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingRefused(ValueError):
    """A variable of the environment cannot be read; for the administrator, before anything runs."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The settings of one installation, each read from ``TSIKL_`` and its name in capitals.

    ``secret_key`` signs forms; empty: the web makes one and keeps it in ``data_dir``.
    ``base_url`` is the address that letters link to. Without ``smtp_host`` no mail is sent,
    and notices stay in the application. ``smtp_tls`` is ``starttls``, ``tls`` or ``none``.
    ``secure_cookies`` must be on wherever the pages are served by https; ``trusted_proxy`` is the
    address of the server in front of ours, whose X-Forwarded headers are believed. The two password costs
    are argon2's; the defaults are its own.
    """

    database_url: str = "sqlite:///var/tsikl.db"
    data_dir: str = "var"
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    secure_cookies: bool = False
    trusted_proxy: str = ""
    password_time_cost: int = 3
    password_memory_kib: int = 65_536
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: str = "starttls"
    mail_from: str = "tsikl@localhost"
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """
        Return the settings that the environment names; the rest keep their defaults.

        ``HOST`` and ``PORT`` count too, since hosting services set them.

        Raises:
            SettingRefused: A number or a switch cannot be read.
        """
        given: dict[str, Any] = {}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            plain = field.name.upper() if field.name in ("host", "port") else name
            text = environ.get(name, environ.get(plain))
            if text is not None:
                given[field.name] = _value(name, text, type(field.default))
        return cls(**given)

    @property
    def data_path(self) -> Path:
        """Return the folder for what belongs to this installation."""
        return Path(self.data_dir)


def _value(name: str, text: str, kind: type) -> object:
    """Return the text as a value of the kind that the default has."""
    if kind is bool:
        if text.lower() not in _TRUE | _FALSE:
            raise SettingRefused(f"{name}: {text!r} is neither on nor off")
        return text.lower() in _TRUE
    if kind is int:
        if not text.isdecimal():
            raise SettingRefused(f"{name}: {text!r} is not a number")
        return int(text)
    return text
