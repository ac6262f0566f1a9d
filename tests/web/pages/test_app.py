"""What every answer has in common."""

import gzip

import pytest
from flask import Flask, abort

from engine.errors import Conflict, EngineError, NotFound, TooManyAttempts, Unavailable
from tests.web.pages.browser import Browser
from web.auth import public
from web.errors import status_of
from web.headers import POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/healthz", "/static/none", "/tasks"])
def test_every_answer_forbids_what_a_page_does_not_need(browser: Browser, path: str) -> None:
    """Pages, errors, files and redirects carry the policy and its companions."""
    headers = browser.client.get(path).headers
    assert POLICY == headers["Content-Security-Policy"]
    assert "nosniff" == headers["X-Content-Type-Options"]
    assert "same-origin" == headers["Referrer-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_the_policy_allows_nothing_unsafe() -> None:
    """Neither inline code nor evaluation nor other hosts."""
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_no_page_carries_code_or_style_of_its_own(browser: Browser) -> None:
    """The policy would block it, so none is written."""
    page = browser.open("/sign-in")
    assert [] == page.find("style, script:not([src]), [style], [onclick]")


def test_a_page_is_kept_by_nobody_else(browser: Browser) -> None:
    """A fragment is not kept at all, since its address is that of a page."""
    page = browser.client.get("/sign-in")
    assert "private, no-cache" == page.headers["Cache-Control"]
    assert {"cookie", "hx-request"} <= {name.lower() for name in page.vary}
    part = browser.client.get("/nowhere", headers={"HX-Request": "true"})
    assert "no-store" == part.headers["Cache-Control"]


def test_a_page_travels_compressed(browser: Browser) -> None:
    """For those who take it; the page is the same."""
    packed = browser.client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "gzip" == packed.headers["Content-Encoding"]
    assert "<h1>Вход</h1>" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < 0.6 * len(browser.client.get("/sign-in").data)


def test_the_application_says_that_it_is_well(browser: Browser) -> None:
    """Monitoring needs no account and learns nothing but how late the scheduler is."""
    answer = browser.client.get("/healthz")
    assert {"status": "ok", "timers_late": 0, "mail_late": 0} == answer.json


def test_an_unknown_address_is_told_in_russian(browser: Browser) -> None:
    """404, with a way back."""
    page = browser.open("/nowhere")
    assert 404 == page.status
    assert ["Не найдено"] == page.texts("h1")
    assert ["/"] == page.links("На главную")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotFound(), 404),
        (Conflict(), 409),
        (TooManyAttempts(seconds=30), 429),
        (Unavailable(), 503),
        (EngineError(), 400),
    ],
)
def test_a_refusal_has_the_status_of_its_kind(refusal: EngineError, status: int) -> None:
    """Subclasses answer like the class above them."""
    assert status == status_of(refusal)


def _failing(app: Flask) -> Browser:
    """Return a browser of an application where things go wrong."""

    @public
    def fail(how: str) -> str:
        if how == "refused":
            raise TooManyAttempts(seconds=30)
        if how == "large":
            abort(413)
        raise ZeroDivisionError

    app.add_url_rule("/fail/<how>", "fail", fail)
    app.testing = False
    return Browser(app)


def test_a_refusal_is_a_page(app: Flask) -> None:
    """With its own sentence and, where there is one, the time to wait."""
    page = _failing(app).open("/fail/refused")
    assert (429, "30") == (page.status, page.answer.headers["Retry-After"])
    assert "Повторите через 30 с" in page.text


def test_a_refusal_of_a_fragment_is_a_message_above_the_page(app: Flask) -> None:
    """Htmx puts it where messages stand, not where the fragment would have gone."""
    answer = _failing(app).client.get("/fail/refused", headers={"HX-Request": "true"})
    assert ("#toasts", 429) == (answer.headers["HX-Retarget"], answer.status_code)
    assert "<html" not in answer.text


def test_a_mistake_of_ours_shows_nothing_of_the_inside(app: Flask) -> None:
    """500 with a calm sentence."""
    page = _failing(app).open("/fail/broken")
    assert 500 == page.status
    assert "Ничего не изменено" in page.text
    assert "ZeroDivision" not in page.answer.text


def test_too_much_data_is_told(app: Flask) -> None:
    """The person learns what to do about it."""
    assert "Сократите" in _failing(app).open("/fail/large").text
