"""Every page in every state can be seen, heard and touched, by day and in the dark."""

import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import make_server

from engine.commands.sessions import OpenSession
from engine.commands.tasks import CompleteTask
from engine.model.people import Installation
from engine.rules.access import SYSTEM
from tests.journeys.looking import faults
from tests.review import Review, Way, closed
from web.app import create_app

pytestmark = pytest.mark.browser


@dataclass
class Gallery:
    """One address that shows the review as it stands at any of its stations."""

    way: Way
    folder: Path
    browser: Browser
    address: str = ""
    complaints: list[str] = field(default_factory=list)
    _stations: dict[str, tuple[Review, Any]] = field(default_factory=dict)
    _page: Page | None = None
    _app: Any = None

    def __call__(self, environ: Any, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the application of the station that is on show."""
        answer: Iterable[bytes] = self._app(environ, start)
        return answer

    def stand(self, element: str) -> Review:
        """Show the review where a task at the element is open."""
        if element not in self._stations:
            folder = self.folder / f"{len(self._stations)}"
            folder.mkdir()
            review = self.way.at(element, folder)
            made = create_app(review.town.engine)
            made.secret_key = "of tests"
            self._stations[element] = review, made
        review, self._app = self._stations[element]
        return review

    def open(self, review: Review, who: str, path: str) -> Page:
        """Return the page at an address, opened by somebody; by nobody for an empty name."""
        page = self._page = self._page or self._new_page()
        page.context.clear_cookies()
        if who:
            command = OpenSession(review.town.people[who], "192.0.2.1", "test")
            secret = review.town.engine.do(command, SYSTEM)
            page.context.add_cookies([{"name": "tsikl", "value": secret, "url": self.address}])
        self.complaints.clear()
        page.goto(path)
        return page

    def close(self) -> None:
        """Let go of everything."""
        if self._page:
            self._page.context.close()
        for review, _app in self._stations.values():
            closed(review)

    def _new_page(self) -> Page:
        calm = self.browser.new_context(base_url=self.address, reduced_motion="reduce")
        page = calm.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.set_default_timeout(10_000)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        told = message.type in ("error", "warning")
        if told and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def gallery(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Gallery]:
    """Yield the gallery, served on loopback."""
    folder = tmp_path_factory.mktemp("gallery")
    shutil.copyfile(sqlite_template, folder / "template.db")
    shown = Gallery(Way(folder).play(), folder, chromium)
    server = make_server("127.0.0.1", 0, shown, threaded=True)
    shown.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shown
    server.shutdown()
    thread.join()
    shown.close()


FIRST = "s1_source"
"""Where tasks are on offer; the coordinator has much to see further on."""

PAGES = [
    ("", FIRST, "/sign-in"),
    ("", FIRST, "/forgotten"),
    ("", FIRST, "/password/of-nobody"),
    ("", FIRST, "/language/en?back=/sign-in"),
    ("deputy.school", FIRST, "/tasks"),
    ("deputy.school", FIRST, "/tasks?show=mine"),
    ("deputy.school", FIRST, "/notices"),
    ("deputy.school", FIRST, "/password"),
    ("deputy.school", FIRST, "/nowhere"),
    ("deputy.school", FIRST, "/people"),
    ("teacher.second", FIRST, "/tasks"),
    ("teacher.second", FIRST, "/notices"),
    ("coordinator.office", FIRST, "/cases"),
    ("coordinator.office", FIRST, "/cases/{case}"),
    ("coordinator.office", FIRST, "/cycles"),
    ("coordinator.office", FIRST, "/cycles/new"),
    ("coordinator.office", FIRST, "/cycles/1"),
    ("coordinator.office", FIRST, "/incidents"),
    ("coordinator.office", "s4_choice", "/cases/{case}?stage=all"),
    ("coordinator.office", "s4_choice", "/cases/{case}"),
    ("coordinator.office", "s4_choice", "/notices"),
    ("coordinator.office", "end", "/cases/{case}"),
    ("director.school", "end", "/cases/{case}"),
    ("coordinator.far_office", FIRST, "/cases"),
    ("coordinator.far_office", FIRST, "/cycles"),
    ("administrator.office", FIRST, "/people"),
    ("administrator.office", FIRST, "/definitions"),
    ("administrator.office", FIRST, "/definitions/1"),
    ("administrator.office", FIRST, "/profile"),
    ("administrator.office", FIRST, "/organisations"),
]


@pytest.mark.parametrize(("who", "element", "path"), PAGES)
def test_a_page_leaves_nobody_out(gallery: Gallery, who: str, element: str, path: str) -> None:
    """It passes axe, fits a phone, has targets for fingers, and breaks no policy."""
    review = gallery.stand(element)
    page = gallery.open(review, who, path.format(case=review.case_id))
    assert ([], []) == (faults(page), gallery.complaints)


FORMS = [
    ("s1_source", False),
    ("s1_tasks", True),
    ("s2_pedsovet", True),
    ("s2_pool", False),
    ("s2_order", False),
    ("s2_coi", True),
    ("s2_team", False),
    ("s2_program", False),
    ("s3_visit", True),
    ("s3_opinion", False),
    ("s5_conclusion", False),
    ("s5_acquaint", False),
    ("s6_plan", True),
    ("s7_control", False),
    ("s8_decision", False),
]


@pytest.mark.parametrize(("element", "sent"), FORMS)
def test_a_form_leaves_nobody_out(gallery: Gallery, element: str, sent: bool) -> None:  # noqa: FBT001
    """Neither as its holder finds it, nor with what he has left out."""
    review = gallery.stand(element)
    row = review.open(element)[0]
    page = gallery.open(review, review.town.holder(row), f"/tasks/{row.id}")
    if sent:
        _send(page)
        assert page.locator("[role=alert]").count()
    assert ([], []) == (faults(page), gallery.complaints)


def _send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Отправить|Готово)")).last.click()
    page.wait_for_load_state()


def test_a_list_of_demo_people_leaves_nobody_out(gallery: Gallery) -> None:
    """The sign-in page of a demo offers them."""
    review = gallery.stand("s2_agenda")
    with review.town.engine.unit(SYSTEM) as unit:
        unit.allow_system()
        unit.add(Installation, {"name": "demo", "value": "yes"})
    page = gallery.open(review, "", "/sign-in")
    assert page.get_by_role("button", name="Войти").count() > 1
    assert ([], []) == (faults(page), gallery.complaints)


def test_a_lost_race_leaves_nobody_out(gallery: Gallery) -> None:
    """Whoever comes second is told in a way that can be seen, heard and touched."""
    review = gallery.stand("s1_achieve")
    row = next(row for row in review.open() if row.role)
    first = review.town.holder(row)
    page = gallery.open(review, first, f"/tasks/{row.id}")
    command = CompleteTask(row.id, review.answers(row))
    review.town.engine.do(command, review.town.actor(first))
    _send(page)
    assert ([], []) == (faults(page), gallery.complaints)
