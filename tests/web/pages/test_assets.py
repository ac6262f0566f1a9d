"""Files of the pages."""

import gzip
import re

import pytest
from flask import Flask

from tests.web.pages.browser import Browser
from web.assets import FOLDER


@pytest.fixture
def style(browser: Browser) -> str:
    """Return the address of the style sheet, as a page names it."""
    found = browser.open("/sign-in").find("link[rel=stylesheet]")[0].get("href")
    assert found is not None
    return found


def test_the_name_of_a_file_holds_the_hash_of_its_content(style: str) -> None:
    """A new release has new names, so nobody sees an old style on a new page."""
    assert re.fullmatch(r"/static/app\.[0-9a-f]{12}\.css", style)


def test_a_file_is_kept_for_good(browser: Browser, style: str) -> None:
    """A browser asks for it once."""
    answer = browser.client.get(style)
    assert "public, max-age=31536000, immutable" == answer.headers["Cache-Control"]
    assert "text/css; charset=utf-8" == answer.headers["Content-Type"]


def test_a_file_is_sent_compressed_to_those_who_take_it(browser: Browser, style: str) -> None:
    """The content is the same either way."""
    packed = browser.client.get(style, headers={"Accept-Encoding": "gzip"})
    assert "gzip" == packed.headers["Content-Encoding"]
    assert gzip.decompress(packed.data) == (FOLDER / "app.css").read_bytes()
    plain = browser.client.get(style)
    assert "Content-Encoding" not in plain.headers
    assert plain.data == (FOLDER / "app.css").read_bytes()


@pytest.mark.parametrize("path", ["/static/app.css", "/static/../app.py", "/static/none"])
def test_only_named_files_are_served(browser: Browser, path: str) -> None:
    """No path leads out of the folder, nor to a name without its hash."""
    assert 404 == browser.client.get(path).status_code


def test_all_that_a_page_loads_is_there(app: Flask, browser: Browser) -> None:
    """Each script, style and icon answers, and none comes from another host."""
    page = browser.open("/sign-in")
    files = [e.get("src") or e.get("href") or "" for e in page.find("script, head link")]
    assert len(files) == 4
    assert dict.fromkeys(files, 200) == {f: browser.client.get(f).status_code for f in files}


def test_the_pages_weigh_little() -> None:
    """Style and script of every page stay below 25 kB compressed, together with htmx."""
    texts = ("app.css", "app.js", "vendor/htmx.min.js")
    assert sum(len(gzip.compress((FOLDER / name).read_bytes())) for name in texts) < 25_000
