"""An engine whose letters leave, for tests of what arrives."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.settings import Settings
from tests.smtp import Server, mail_server


@pytest.fixture
def post_office() -> Iterator[Server]:
    """Yield a mail server that takes everything."""
    with mail_server() as running:
        yield running


@pytest.fixture
def posting(settings: Settings, clock: FrozenClock, post_office: Server) -> Iterator[Engine]:
    """Yield an engine that knows the mail server."""
    opened = open_engine(
        replace(
            settings,
            smtp_host=post_office.host,
            smtp_port=post_office.port,
            smtp_tls="none",
            mail_from="tsikl@office.example",
        ),
        clock,
    )
    yield opened
    opened.close()
