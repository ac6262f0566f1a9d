"""Whatever is sent to whatever address is answered in words, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.sessions import OpenSession
from engine.rules.access import SYSTEM
from engine.settings import Settings
from tests.conftest import BOTH
from tests.town import Town, build
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import council
from web.app import create_app

GARBAGE = (
    "1\0",
    "9" * 30,
    "9" * 4400,
    "²",
    "-1",
    "9999-12-31",
    "0001-01-01",
    "2026-02-31",
    "<script>alert(1)</script>",
    "я" * 700,
    "//evil.example",
    '[["people",1,{"name":"a\\u0000"}]]',
    "999999999999999999.9",
    "Asia/" + "x" * 300,
    "a@b.example\r\nBcc: c@d.example",
    "1",
)
ADDRESSES = """
    after before by cycle edition kind late names narrow newest_id only organisation original page
    priority q role row school select show stage state status words zoom
"""
FORMS = """
    active answer back by_id current day draft drop due_on email granted id invite language lines
    main name new new_lead_id newest_id note order_number organisation_id parent_id password
    person_id priority q quiet_from quiet_until reason recused role school_year seal share
    short_name successor_id tab task task_id text to until wanted_on words zone process target token
"""
ONCE = {"/sign-out", "/profile/devices/end-all", "/static/<path:name>"}
"""Who is signed out, or asks for a file, tries nothing else."""


@dataclass(frozen=True)
class Rough:
    """A town, a case of it, and the open task of that."""

    town: Town
    case_id: int
    task_id: int


@pytest.fixture(params=BOTH)
def rough(request: pytest.FixtureRequest, clock: FrozenClock) -> Iterator[Rough]:
    """Yield a town with a case under way, on each kind of database."""
    url = request.getfixturevalue(f"{request.param}_database_url")
    settings = Settings(
        database_url=url, secret_key="of tests", password_time_cost=1, password_memory_kib=64
    )
    engine = open_engine(settings, clock)
    town = build(engine)
    case_id = town.case(town.cycle(council()))
    yield Rough(town, case_id, town.task(case_id, "hold_council"))
    engine.close()


def filled(names: str, more: Iterator[str]) -> dict[str, Any]:
    """Return something for each name, two for some."""
    return {name: list(islice(more, 1 + (len(name) == 2))) for name in names.split()}


def address(app: Flask, rule: Rule, rough: Rough) -> str:
    """Return an address of a route: of what there is, as far as there is any."""
    known = {"case_id": rough.case_id, "task_id": rough.task_id, "form": "pdf"}
    values = {name: known.get(name, 1) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=method(rule))


def method(rule: Rule) -> str:
    """Return how a route is asked."""
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def entered(rough: Rough, app: Flask, who: str) -> Browser:
    """Return a browser where somebody has signed in."""
    browser = Browser(app)
    command = OpenSession(rough.town.people[who], "192.0.2.1", "test")
    browser.client.set_cookie("tsikl", rough.town.engine.do(command, SYSTEM))
    return browser


@pytest.mark.parametrize("who", ["deputy.school", "coordinator.office", "administrator.office"])
def test_garbage_is_answered_in_words(
    rough: Rough, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """Every route, by those who may and those who may not; no answer is a fault of ours."""
    app, more = create_app(rough.town.engine), cycle(GARBAGE)
    monkeypatch.setattr("web.csrf.check", lambda: None)
    browser = entered(rough, app, who)
    routes = [rule for rule in app.url_map.iter_rules() if rule.rule not in ONCE]
    assert len(routes) > 90
    for rule in routes:
        sent = filled(FORMS, more) if method(rule) == "POST" else None
        answer = browser.client.open(
            address(app, rule, rough),
            method=method(rule),
            query_string=filled(ADDRESSES, more),
            data=sent,
        )
        assert answer.status_code < 500, rule
