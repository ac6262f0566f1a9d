"""How many SQL statements a page takes: a bound that grows with no list."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from engine import Engine
from engine.commands.tasks import CompleteTask
from tests.web.pages.conftest import Site

ENTERING = 4
"""The session, the name, the roles and the places on panels of whoever asks."""
MENU = 1
"""The count of new notices."""


FRAME = ENTERING + MENU


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    """Collect what is sent to SQLite, prepared statements past SQLAlchemy included."""
    seen: list[str] = []

    def listen(connection: Any, _record: object, _proxy: object) -> None:
        connection.set_trace_callback(_note)

    def _note(text: str) -> None:
        if text.split(maxsplit=1)[0].upper() in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
            seen.append(text)

    def stop(connection: Any, _record: object) -> None:
        connection.set_trace_callback(None)

    pool = engine.database.readers
    event.listen(pool, "checkout", listen)
    event.listen(pool, "checkin", stop)
    yield seen
    event.remove(pool, "checkout", listen)
    event.remove(pool, "checkin", stop)


@pytest.mark.parametrize(
    ("who", "path", "own"),
    [
        ("deputy.school", "/tasks", 3),
        ("deputy.school", "/tasks/{task}", 5),
        ("coordinator.office", "/tasks/{task}", 7),
        ("coordinator.office", "/cases", 6),
        ("coordinator.office", "/cases/{case}", 10),
        ("coordinator.office", "/cycles", 2),
        ("coordinator.office", "/cycles/{cycle}", 3),
        ("coordinator.office", "/incidents", 1),
        ("coordinator.office", "/notices", 1),
        ("administrator.office", "/definitions", 1),
        ("administrator.office", "/people", 3),
        ("teacher.second", "/healthz", 1 - MENU),
    ],
)
def test_a_page_keeps_to_its_statements(site: Site, who: str, path: str, own: int) -> None:
    """Its own, and those of the frame; compiled versions are at hand after the first look."""
    browser = site.enter(who)
    address = path.format(task=site.task(), case=site.case_id, cycle=site.cycle_id)
    browser.client.get(address)
    with _statements(site.town.engine) as seen:
        assert 200 == browser.client.get(address).status_code
    assert FRAME + own == len(seen)


def test_a_longer_list_takes_no_more(site: Site) -> None:
    """The statements of the list of cases do not grow with the cases."""
    browser = site.enter("coordinator.office")
    browser.client.get("/cases")
    with _statements(site.town.engine) as few:
        browser.client.get("/cases")
    site.town.case(site.cycle_id, "second")
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    with _statements(site.town.engine) as more:
        assert 2 == len(browser.open("/cases").find("tbody tr"))
    assert len(few) == len(more)


def test_sending_a_task_in_stays_within_its_statements(site: Site) -> None:
    """The page is read, the command carried out in one transaction, the browser sent on."""
    browser = site.enter("deputy.school")
    page = browser.open(f"/tasks/{site.task()}")
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, **{key: str(value) for key, value in ANSWERS.items()}}
    with _statements(site.town.engine) as seen:
        assert 303 == browser.client.post(f"/tasks/{site.task()}", data=data).status_code
    assert 18 >= len(seen)


ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}
