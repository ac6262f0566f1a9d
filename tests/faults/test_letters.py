"""Workers that die while letters leave, and a mail server that comes and goes."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from engine import Engine, open_engine
from engine.commands.letters import letter_row
from engine.model.preferences import Preference
from engine.model.records import Incident, Outgoing
from engine.rules.access import SYSTEM
from engine.rules.letters import Text
from engine.settings import Settings
from tests.faults.processes import Worker
from tests.smtp import Server, mail_server
from tests.town import Town, build

pytestmark = [pytest.mark.faults, pytest.mark.slow]

EACH = 60
"""Letters for each of four people."""

KILLS = 6


@pytest.fixture
def post_office() -> Iterator[Server]:
    """Yield a mail server that takes everything."""
    with mail_server() as running:
        yield running


@pytest.fixture
def posting(settings: Settings, post_office: Server) -> Settings:
    """Return settings that name the mail server."""
    return replace(
        settings, smtp_host=post_office.host, smtp_port=post_office.port, smtp_tls="none"
    )


@pytest.fixture
def town(posting: Settings) -> Iterator[Town]:
    """Yield a town with 240 letters in its outbox."""
    engine = open_engine(posting)
    made = build(engine)
    with engine.unit(SYSTEM) as unit:
        # Workers go by the real clock: nobody's quiet hours may be now.
        hour = unit.now.astimezone(ZoneInfo("Asia/Yekaterinburg")).hour
        later = {"quiet_from": (hour + 11) % 24, "quiet_until": (hour + 12) % 24}
        for who in range(1, 5):
            unit.add(Preference, {"person_id": made.people[f"expert{who}"], **later})
        for number in range(EACH):
            for who in range(1, 5):
                person = made.people[f"expert{who}"]
                text = Text(f"{number}", "Текст\n")
                unit.add(Outgoing, letter_row(unit.now, person, f"{who}:{number}", text))
    yield made
    engine.close()


def unsent(town: Town) -> int:
    """Return how many letters have not left."""
    return int(town.value(select(func.count()).where(Outgoing.sent_at.is_(None))))


def forget_leases(engine: Engine) -> None:
    """Let what dead workers had be due now, as it is after a quarter of an hour."""
    with engine.unit(SYSTEM) as unit:
        unit.execute(update(Outgoing).values(lease_until=None, not_before=unit.now))


def test_killed_workers_lose_no_letter_and_repeat_few(
    town: Town, posting: Settings, post_office: Server
) -> None:
    """At most one letter is repeated for each kill, with its Message-ID; order is kept."""
    chance, kills = random.Random(7), 0
    workers = [Worker.start(posting, "mail", held=True) for _ in range(KILLS + 1)]
    for worker in workers[:-1]:
        worker.ready().go()
        time.sleep(chance.uniform(0.02, 0.2))
        worker.kill()
        kills += unsent(town) > 0
        forget_leases(town.engine)
    assert kills >= KILLS // 2
    worker = workers[-1].ready()
    worker.go()
    give_up = time.monotonic() + 60
    while unsent(town) and time.monotonic() < give_up:
        time.sleep(0.05)
    worker.kill()
    copies = Counter(post_office.ids)
    assert 4 * EACH == len(copies)
    assert sum(copies.values()) - len(copies) <= KILLS
    for who in range(1, 5):
        mine = [
            int(str(letter["Subject"]))
            for letter in post_office.letters
            if letter["To"] == f"expert{who}@town.example"
        ]
        assert list(range(EACH)) == list(dict.fromkeys(mine))
        assert mine == sorted(mine)
    assert [] == town.rows(select(Incident.id))


def test_two_workers_send_each_letter_once(
    town: Town, posting: Settings, post_office: Server
) -> None:
    """They share the work; nobody gets a letter twice, and each person's order is kept."""
    workers = [Worker.start(posting, "mail").ready() for _ in range(2)]
    give_up = time.monotonic() + 60
    while unsent(town) and time.monotonic() < give_up:
        time.sleep(0.05)
    for worker in workers:
        worker.kill()
    assert 4 * EACH == len(post_office.letters)
    assert {1} == set(Counter(post_office.ids).values())
