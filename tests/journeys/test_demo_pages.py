"""The pages of the demo, as the four groups of people see them; `make pictures` keeps them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Select, select
from werkzeug.serving import make_server

from engine.bus import Engine
from engine.clock import FrozenClock
from engine.commands.sessions import OpenSession
from engine.demo import make
from engine.model import Base
from engine.model.cases import Case
from engine.model.people import Membership, Organisation
from engine.model.tasks import OPEN, Task
from engine.rehearsal.stage import hasty
from engine.rules.access import SYSTEM, Role
from engine.settings import Settings
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.journeys.looking import faults
from tests.town import Town
from web.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sight:
    """Where somebody of an organisation looks; ``path`` may name his case and his task."""

    name: str
    school: str
    role: Role
    path: str
    element: str = ""


KIROVGRAD = "УО, Кировградский ГО"
SIGHTS = [
    Sight("worklist", "ООШ № 15, Кировград", Role.DEPUTY, "/tasks"),
    Sight("task", "ООШ № 15, Кировград", Role.DEPUTY, "/tasks/{task}", "s1_source"),
    Sight("order", "Таёжнинская школа № 20", Role.DIRECTOR, "/tasks/{task}", "s2_order"),
    Sight("opinion", "ООШ № 4, Кировград", Role.EXPERT, "/tasks/{task}", "s3_opinion"),
    Sight("scores", "СОШ № 1, Кировград", Role.EXPERT, "/cases/{case}/scores", "s4_reconcile"),
    Sight("cases", KIROVGRAD, Role.COORDINATOR, "/cases"),
    Sight("overdue", KIROVGRAD, Role.COORDINATOR, "/cases/overdue"),
    Sight("case", KIROVGRAD, Role.COORDINATOR, "/cases/{case}", "s3_opinion"),
    Sight("notices", KIROVGRAD, Role.COORDINATOR, "/notices"),
    Sight("profile", KIROVGRAD, Role.COORDINATOR, "/profile"),
    Sight("people", "Кировградский ГО", Role.ADMINISTRATOR, "/people"),
    Sight("organisations", "Кировградский ГО", Role.ADMINISTRATOR, "/people/organisations"),
    Sight("definitions", "Кировградский ГО", Role.ADMINISTRATOR, "/definitions"),
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """Yield the demo of a day, served."""
    folder = tmp_path_factory.mktemp("shown")
    database = hasty(folder / "demo.db")
    Base.metadata.create_all(database.writers)
    settings = Settings(str(database.url), data_dir=str(folder), secret_key="of pictures")
    make(database, settings, NOW)
    engine = Engine(database, settings, FrozenClock(NOW))
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    town = Town(engine, {}, {})
    yield Served(town, FrozenClock(NOW), f"http://127.0.0.1:{server.port}", chromium)
    server.shutdown()
    thread.join()
    engine.close()


def found(site: Served, statement: Select[*tuple[Any, ...]]) -> Any:
    """Return the only value of the first row."""
    with site.town.engine.read() as reader:
        return reader.value(statement.limit(1))


def opened(site: Served, sight: Sight, size: tuple[int, int]) -> Page:
    """Return the page, opened by somebody of the role; by the holder where a task is named."""
    school = select(Organisation.id).where(Organisation.short_name == sight.school)
    task = select(Task.id).where(Task.element == sight.element, Task.state == OPEN)
    if sight.school != KIROVGRAD:
        task = task.join(Case).where(Case.organisation_id == found(site, school))
    known = found(site, task.order_by(Task.id)) if sight.element else 0
    who = found(site, select(Task.assignee_id).where(Task.id == known))
    if who is None or sight.role is Role.COORDINATOR:
        inside = Membership.organisation_id == found(site, school), Membership.role == sight.role
        who = found(site, select(Membership.person_id).where(*inside))
    page = site.page(size)
    page.emulate_media(reduced_motion="reduce")
    secret = site.town.engine.do(OpenSession(who, "192.0.2.1", "test"), SYSTEM)
    page.context.add_cookies([{"name": "tsikl", "value": secret, "url": site.address}])
    page.goto(sight.path.format(task=known, case=known // 1_000_000))
    return page


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_of_the_demo_is_worth_showing(
    shown: Served, sight: Sight, request: pytest.FixtureRequest
) -> None:
    """By day on a desk and in the dark on a phone nothing is wrong with it, and nothing is lost."""
    keeps = request.config.getoption("--pictures")
    for size, end in ((DESKTOP, ""), (PHONE, "-phone")):
        page = opened(shown, sight, size)
        assert "main" in page.content()
        if keeps:
            page.screenshot(path=PICTURES / f"{sight.name}{end}.png")
        if size == PHONE:
            assert [] == faults(page)
        page.context.close()
    assert [] == shown.complaints
