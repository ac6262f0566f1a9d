"""A real server on loopback and a real browser in front of it."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, sync_playwright
from werkzeug.serving import make_server

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.people import MarkAsDemo
from engine.rules.access import SYSTEM
from engine.settings import Settings
from tests.journeys.year import inhabited
from tests.town import Town
from web.app import create_app

QUIET = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-sandbox",
)
DESKTOP, PHONE = (1366, 850), (390, 844)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Yield the driver of browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_path: Path | None) -> Iterator[Browser]:
    """Yield a Chromium that talks to nobody but our server."""
    browser = playwright.chromium.launch(executable_path=chromium_path, args=list(QUIET))
    yield browser
    browser.close()


@dataclass
class Served:
    """
    The demo of the invented town on a loopback address.

    ``complaints`` are what browsers have to say: broken policies, script errors, failed requests.
    """

    town: Town
    clock: FrozenClock
    address: str
    chromium: Browser
    complaints: list[str] = field(default_factory=list)

    def page(self, size: tuple[int, int] = DESKTOP) -> Page:
        """Return a page of a browser with no cookies, whose complaints are heard."""
        width, height = size
        context = self.chromium.new_context(
            base_url=self.address, locale="ru-RU", viewport={"width": width, "height": height}
        )
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._miss)
        page.on("request", lambda request: self._refuse_strangers(request.url))
        page.set_default_timeout(10_000)
        return page

    def visit(self, page: Page, who: str, path: str) -> None:
        """Open a page as somebody, signing in by the list of the demo when asked to."""
        page.goto(path)
        if "/sign-in" in page.url:
            button = page.locator("button", has_text=f"Войти как Некто {who},").first
            group = page.locator("details", has=button)
            if not group.evaluate("group => group.open"):
                group.locator("summary").click()
            button.click()
            # A click does not wait for what it leads to.
            page.wait_for_url(lambda url: "/sign-in" not in url)

    def forgive(self, *words: str) -> None:
        """Forget complaints about what a test has brought about itself."""
        kept = (c for c in self.complaints if not any(word in c for word in words))
        self.complaints = list(kept)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _miss(self, request: Request) -> None:
        # A page that is left before its icon has come gives the icon up: nobody misses it.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"lost: {request.url} ({request.failure})")

    def _refuse_strangers(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.complaints.append(f"stranger: {url}")


@pytest.fixture(scope="session")
def demo_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Town]:
    """Return an SQLite file with the town, marked as a demo, to be copied."""
    path = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("demo") / "demo.sqlite3")
    engine = open_engine(_settings(path), FrozenClock(datetime(2026, 11, 25, 6, 0, tzinfo=UTC)))
    engine.do(MarkAsDemo(), SYSTEM)
    town = inhabited(engine)
    engine.close()
    return path, town


def _settings(path: Path) -> Settings:
    return Settings(f"sqlite:///{path}", data_dir=str(path.parent), secret_key="of tests")


@pytest.fixture
def demo(clock: FrozenClock, demo_town: tuple[Path, Town], tmp_path: Path) -> Iterator[Town]:
    """Yield a copy of the town; which database it lies in, a browser cannot tell."""
    path = shutil.copyfile(demo_town[0], tmp_path / "demo.sqlite3")
    engine = open_engine(_settings(path), clock)
    yield Town(engine, demo_town[1].organisations, demo_town[1].people)
    engine.close()


@pytest.fixture
def served(demo: Town, clock: FrozenClock, chromium: Browser) -> Iterator[Served]:
    """Yield the served demo; afterwards no browser may have complained."""
    server = make_server("127.0.0.1", 0, create_app(demo.engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site = Served(demo, clock, f"http://127.0.0.1:{server.port}", chromium)
    yield site
    for context in chromium.contexts:
        context.close()
    server.shutdown()
    thread.join()
    assert [] == site.complaints
