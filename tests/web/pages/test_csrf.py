"""Nothing is changed by a request that another site has set off."""

import pytest
from flask import Flask

from tests.web.pages.browser import Browser
from tests.web.pages.conftest import PASSWORD, Enrol

ANNA = "anna@school.example"


@pytest.fixture
def signed_in(enrol: Enrol, browser: Browser) -> Browser:
    """Return a browser where Anna has signed in and looks at a page."""
    enrol("Анна Смирнова", ANNA)
    browser.sign_in(ANNA, PASSWORD)
    browser.open("/notices")
    return browser


def _token(browser: Browser) -> str:
    assert browser.page is not None
    return str(browser.page.find("input[name=csrf]")[0].get("value"))


def _addresses(app: Flask) -> list[str]:
    """Return an address of every route that takes a method which changes something."""
    unsafe = {"POST", "PUT", "PATCH", "DELETE"}
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for rule in app.url_map.iter_rules()
        if unsafe & (rule.methods or set())
    ]


def test_every_route_that_changes_something_is_protected(app: Flask, signed_in: Browser) -> None:
    """Without the secret of the session each of them answers 403, and there are many."""
    addresses = _addresses(app)
    assert len(addresses) > 3
    answers = {path: signed_in.client.post(path, data={}).status_code for path in addresses}
    assert dict.fromkeys(addresses, 403) == answers


def test_signing_in_is_protected_too(browser: Browser, enrol: Enrol) -> None:
    """Another site cannot sign somebody in under its own account."""
    enrol("Анна Смирнова", ANNA)
    answer = browser.client.post("/sign-in", data={"email": ANNA, "password": PASSWORD})
    assert 403 == answer.status_code
    assert browser.client.get_cookie("tsikl") is None


def test_the_secret_of_another_session_is_worth_nothing(
    app: Flask, signed_in: Browser, enrol: Enrol
) -> None:
    """A token belongs to one session."""
    enrol("Борис Титов", "boris@school.example")
    other = Browser(app)
    other.sign_in("boris@school.example", PASSWORD)
    other.open("/notices")
    assert 403 == signed_in.client.post("/sign-out", data={"csrf": _token(other)}).status_code


@pytest.mark.parametrize("token", ["", "AAAA", "ы", "%%%", "A" * 117])
def test_a_broken_token_is_refused(signed_in: Browser, token: str) -> None:
    """Whatever is sent instead of the token answers 403."""
    assert 403 == signed_in.client.post("/sign-out", data={"csrf": token}).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_request_from_another_site_is_refused(
    signed_in: Browser, headers: dict[str, str]
) -> None:
    """Even with the right token, the browser's own word counts."""
    data = {"csrf": _token(signed_in)}
    assert 403 == signed_in.client.post("/sign-out", data=data, headers=headers).status_code


def test_the_token_is_new_on_every_page(signed_in: Browser) -> None:
    """The secret itself never stands on a page, so compression cannot give it away."""
    first = _token(signed_in)
    signed_in.open("/notices")
    assert first != _token(signed_in)
    answer = signed_in.client.post("/sign-out", data={"csrf": first})
    assert 303 == answer.status_code


def test_htmx_sends_the_token_as_a_header(signed_in: Browser) -> None:
    """The page tells htmx the header, and the header is enough."""
    assert signed_in.page is not None
    headers = signed_in.page.find("body")[0].get("hx-headers:inherited")
    assert headers is not None
    token = headers.split('"')[3]
    answer = signed_in.client.post("/sign-out", headers={"X-CSRF-Token": token})
    assert 303 == answer.status_code
