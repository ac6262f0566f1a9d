"""Signing in and out through the pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole, MarkAsDemo
from engine.rules.access import SYSTEM, Role
from engine.rules.sessions import IDLE, TOUCH_EVERY
from engine.settings import Settings
from tests.town import Town
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import PASSWORD, Enrol, Site
from web.app import create_app
from web.auth import own_address

ANNA = "anna@school.example"


@pytest.fixture
def anna(enrol: Enrol, town: Town) -> int:
    """Return a deputy director of the first school."""
    return enrol("Анна Смирнова", ANNA, Role.DEPUTY, town.organisations["school"])


def test_a_page_asks_to_sign_in_first(browser: Browser) -> None:
    """Whoever is unknown sees the form instead of the page."""
    page = browser.open("/notices")
    assert (200, "/sign-in?back=/notices") == (page.status, page.path)


def test_signing_in_leads_to_the_page_that_was_wanted(browser: Browser, anna: int) -> None:
    """A link from a letter survives the form."""
    browser.open("/notices")
    assert "/notices" == browser.press("Войти", email=ANNA, password=PASSWORD).path


def test_every_page_says_who_is_there(browser: Browser, anna: int) -> None:
    """The name and the roles stand in the head."""
    page = browser.sign_in(ANNA, PASSWORD)
    assert ["Анна Смирнова"] == page.texts(".person-name")
    assert ["заместитель директора по УВР"] == page.texts(".person-menu li")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("deputy.school", "/tasks"),
        ("expert1", "/tasks"),
        ("coordinator.office", "/cases"),
        ("administrator.office", "/people"),
    ],
)
def test_everybody_begins_where_his_work_is(site: Site, who: str, path: str) -> None:
    """The front door leads to one's own first page."""
    assert path == site.enter(who).open("/").path


def test_a_wrong_password_is_said_and_the_address_kept(browser: Browser, anna: int) -> None:
    """The form comes back with its sentence, 422, and what need not be typed again."""
    page = browser.sign_in(ANNA, "не тот")
    assert 422 == page.status
    assert "Адрес или пароль не подходят" in page.texts("#problem")[0]
    assert [ANNA] == [field.get("value") for field in page.find("#email")]
    assert [None] == [field.get("value") for field in page.find("#password")]


def test_too_many_attempts_are_told_to_wait(browser: Browser, anna: int) -> None:
    """The answer is 429 with the seconds to wait."""
    for _ in range(6):
        browser.sign_in(ANNA, "не тот")
    page = browser.sign_in(ANNA, PASSWORD)
    assert 429 == page.status
    assert "Повторите через" in page.text


def test_signing_out_ends_the_session(browser: Browser, anna: int) -> None:
    """The secret that the browser held is worth nothing afterwards."""
    browser.sign_in(ANNA, PASSWORD)
    cookie = browser.client.get_cookie("tsikl")
    assert cookie is not None
    page = browser.press("Выйти")
    assert "/sign-in" == page.path
    browser.client.set_cookie("tsikl", cookie.value)
    assert "/sign-in?back=/notices" == browser.open("/notices").path


def test_signing_out_cleans_the_browser(browser: Browser, anna: int) -> None:
    """On a computer that many share, Back shows nothing and no draft is left."""
    browser.sign_in(ANNA, PASSWORD)
    token = browser.open("/notices").find("input[name=csrf]")[0].get("value")
    answer = browser.client.post("/sign-out", data={"csrf": token})
    assert '"cache", "storage"' == answer.headers["Clear-Site-Data"]


def test_an_idle_session_ends(browser: Browser, anna: int, clock: FrozenClock) -> None:
    """After a working day without a click one signs in again."""
    browser.sign_in(ANNA, PASSWORD)
    clock.advance(IDLE)
    assert "/sign-in?back=/notices" == browser.open("/notices").path


def test_using_the_pages_keeps_a_session_alive(
    browser: Browser, anna: int, clock: FrozenClock
) -> None:
    """Each look at a page counts as use."""
    browser.sign_in(ANNA, PASSWORD)
    for _ in range(3):
        clock.advance(IDLE - TOUCH_EVERY)
        assert "/notices" == browser.open("/notices").path


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser, anna: int) -> None:
    """HttpOnly, SameSite=Lax, and no longer than a session lasts."""
    browser.sign_in(ANNA, PASSWORD)
    cookie = browser.client.get_cookie("tsikl")
    assert cookie is not None
    assert (True, "Lax", timedelta(days=7).total_seconds()) == (
        cookie.http_only,
        cookie.same_site,
        cookie.max_age,
    )


def test_over_https_the_cookie_belongs_to_this_host_only(engine: Engine) -> None:
    """The name begins with __Host-, so a browser takes it only when secure and for one host."""
    secure = open_engine(replace(engine.settings, secure_cookies=True), engine.clock)
    hashed_free = engine.do(CreatePerson("Анна", ANNA), SYSTEM)
    client = create_app(secure).test_client()
    answer = client.get("/sign-in", base_url="https://tsikl.example")
    secure.close()
    assert hashed_free
    assert "__Host-tsikl-page=" in answer.headers["Set-Cookie"]
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "max-age=31536000" == answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "tasks", "", "/a\nb"],
)
def test_nobody_is_led_to_another_site(address: str) -> None:
    """A doctored link to the form leads to the front page."""
    assert "/" == own_address(address)


def test_an_address_of_ours_is_kept() -> None:
    """With its query."""
    assert "/tasks?show=mine" == own_address("/tasks?show=mine")


# one's own password -----------------------------------------------------------------------------


def test_a_password_is_changed(browser: Browser, app: Flask, anna: int) -> None:
    """The browser stays signed in, every other one is not; only the new one opens the door."""
    other = Browser(app)
    other.sign_in(ANNA, PASSWORD)
    browser.sign_in(ANNA, PASSWORD)
    browser.open("/password")
    page = browser.press("Сменить пароль", current=PASSWORD, new="лампа берег тишина")
    assert "Пароль изменён" in page.text
    assert other.open("/tasks").path.startswith("/sign-in")
    assert 422 == other.sign_in(ANNA, PASSWORD).status
    assert "/tasks" == other.sign_in(ANNA, "лампа берег тишина").path


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [("не тот", "лампа берег тишина", "не подходят"), (PASSWORD, "12345678", "Пароль не подходит")],
)
def test_a_bad_password_is_refused(
    browser: Browser, anna: int, current: str, new: str, words: str
) -> None:
    """422 with the way out; nothing has changed."""
    browser.sign_in(ANNA, PASSWORD)
    browser.open("/password")
    page = browser.press("Сменить пароль", current=current, new=new)
    assert (422, True) == (page.status, words in page.texts("[role=alert]")[0])
    assert [None, None] == [field.get("value") for field in page.find("[type=password]")]


# the demo ---------------------------------------------------------------------------------------


@pytest.fixture
def demo(settings: Settings, sqlite_database_url: str) -> Iterator[Browser]:
    """Yield a browser on a demo with one invented coordinator."""
    engine = open_engine(replace(settings, database_url=sqlite_database_url))
    engine.do(MarkAsDemo(), SYSTEM)
    town = engine.do(CreateOrganisation("municipality", "Округ", "Europe/Moscow"), SYSTEM)
    person = engine.do(CreatePerson("Пётр Котов", "kotov@town.example"), SYSTEM)
    engine.do(GrantRole(person, town, Role.COORDINATOR), SYSTEM)
    yield Browser(create_app(engine))
    engine.close()


def test_a_demo_lets_in_by_one_press(demo: Browser) -> None:
    """The invented people stand on the sign-in page by role."""
    browser = demo
    browser.open("/sign-in?back=/notices")
    page = browser.press("Войти как Пётр Котов")
    assert ("/notices", ["Пётр Котов"]) == (page.path, page.texts(".person-name"))


def test_no_other_database_offers_its_people(app: Flask, anna: int) -> None:
    """The page names nobody, and the address behind the list is closed."""
    browser = Browser(app)
    page = browser.open("/sign-in")
    assert "Анна" not in page.text
    token = page.find("input[name=csrf]")[0].get("value")
    answer = browser.client.post("/sign-in/demo", data={"csrf": token, "person_id": anna})
    assert 403 == answer.status_code
    assert browser.client.get_cookie("tsikl") is None
