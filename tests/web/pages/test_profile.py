"""One's own page."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.passwords import SetPassword
from engine.model.people import WebSession
from engine.model.preferences import Channel, Preference
from engine.model.records import Outgoing
from engine.passwords import passwords_of
from engine.settings import Settings
from tests.inviting import GOOD
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site
from web.app import create_app


@pytest.fixture
def browser(site: Site) -> Browser:
    """Return a browser of a deputy, on his page."""
    entered = site.enter("deputy.school")
    entered.open("/profile")
    return entered


def _send(browser: Browser, path: str, **data: object) -> int:
    """Send a doctored form; return the status."""
    assert browser.page is not None
    token = browser.page.find("input[name=csrf]")[0].get("value")
    return browser.client.post(path, data={"csrf": token, **data}).status_code


def test_the_page_says_who_one_is(browser: Browser) -> None:
    """Name, address and roles; what only others get is not there to choose."""
    assert browser.page is not None
    assert "Некто deputy.school" in browser.page.texts("h2")
    assert "Заместитель директора по УВР — school" in browser.page.text
    assert "deputy.school@town.example" in browser.page.text
    assert "Дело остановилось из-за сбоя" not in browser.page.text
    assert "Екатеринбург (МСК+2)" in browser.page.text


def test_whoever_steers_chooses_for_more_kinds(site: Site) -> None:
    """A coordinator gets notices that others never get."""
    page = site.enter("coordinator.office").open("/profile")
    assert "Дело остановилось из-за сбоя" in page.text


def test_ways_and_quiet_hours_are_kept(browser: Browser, site: Site) -> None:
    """The page shows them again as they were chosen."""
    page = browser.press(
        "Сохранить", {"way.prompt": "mail", "quiet_from": "21", "quiet_until": "7"}
    )
    assert "сохранены" in page.text
    chosen = [option.get("value") for option in page.find("#way-prompt option[selected]")]
    assert ["mail"] == chosen
    hours = page.find("#quiet_from option[selected], #quiet_until option[selected]")
    assert ["21", "7"] == [option.get("value") for option in hours]
    assert 1 == len(site.town.rows(select(Preference.person_id)))


@pytest.mark.parametrize(
    "data",
    [
        {"quiet_from": 8, "quiet_until": 8},
        {"quiet_from": "x", "quiet_until": 8},
        {"quiet_from": 20, "quiet_until": 8, "way.assigned": "<script>"},
        {"quiet_from": 20, "quiet_until": 8, "way.offered": "mail"},
        {},
    ],
)
def test_doctored_choices_are_refused(
    browser: Browser, site: Site, data: dict[str, object]
) -> None:
    """422 with a sentence; nothing is kept."""
    assert 422 == _send(browser, "/profile/channels", **data)
    assert [] == site.town.rows(select(Channel.person_id))


def test_a_language_is_kept_for_the_person(browser: Browser) -> None:
    """Every page speaks it from then on; an unknown one is refused."""
    page = browser.press("Сохранить язык", language="en")
    assert ["en"] == [html.get("lang") for html in page.find("html")]
    assert 422 == _send(browser, "/profile/language", language="xx")


# devices ----------------------------------------------------------------------------------------


def test_another_device_is_signed_out(browser: Browser, site: Site) -> None:
    """The one at hand stays."""
    other = site.enter("deputy.school")
    page = browser.open("/profile")
    assert 2 == len(page.find("[aria-labelledby=devices] li"))
    browser.press("Выйти там")
    assert other.open("/tasks").path.startswith("/sign-in")
    assert 200 == browser.open("/tasks").status
    assert "/tasks" == browser.open("/tasks").path


def test_one_signs_out_everywhere(browser: Browser, site: Site) -> None:
    """Here too."""
    other = site.enter("deputy.school")
    assert browser.press("Выйти везде").path.startswith("/sign-in")
    assert other.open("/tasks").path.startswith("/sign-in")


def test_nobody_signs_another_out(browser: Browser, site: Site) -> None:
    """The fingerprint of another's session is worth nothing; garbage neither."""
    site.enter("director.school")
    director = WebSession.person_id == site.town.people["director.school"]
    key = site.town.value(select(WebSession.id_hash).where(director))
    for wrong in (key, "", "x' OR 1=1 --"):
        assert 303 == _send(browser, "/profile/devices/end", id=wrong)
    assert 1 == len(site.town.rows(select(WebSession.id_hash).where(director)))


# address ----------------------------------------------------------------------------------------


def test_without_a_mail_server_the_address_is_the_administrators_affair(browser: Browser) -> None:
    """The page says so; a doctored form is refused."""
    assert browser.page is not None
    assert "меняет администратор" in browser.page.text
    assert 409 == _send(browser, "/profile/address", email="new@mail.example", password="x")


@pytest.fixture
def mailing(settings: Settings, site: Site, clock: FrozenClock) -> Site:
    """Return the site with a mail server in its settings, where the deputy has a password."""
    engine = open_engine(replace(settings, smtp_host="127.0.0.1"), clock)
    hashed = passwords_of(settings).hash(GOOD)
    site.town.do(SetPassword(site.town.people["deputy.school"], hashed))
    return Site(create_app(engine), site.town, site.cycle_id, site.case_id, clock)


def test_an_address_is_asked_for_with_the_password(mailing: Site) -> None:
    """A wrong one is refused with the address kept; the right one writes a letter."""
    browser = mailing.enter("deputy.school")
    browser.open("/profile")
    page = browser.press("Прислать ссылку", email="new@mail.example", password="другой пароль")
    assert (422, ["new@mail.example"]) == (
        page.status,
        [f.get("value") for f in page.find("#email")],
    )
    page = browser.press("Прислать ссылку", email="new@mail.example", password=GOOD)
    assert "Письмо на адрес new@mail.example отправлено" in page.text
    (row,) = mailing.town.rows(select(Outgoing.payload))
    assert "new@mail.example" == row.payload["to"]


def test_a_dead_link_says_what_to_do(site: Site) -> None:
    """Whoever comes with it, signed in or not; looking uses nothing up."""
    browser = Browser(site.app)
    browser.open("/profile/address/1-2-x.y")
    page = browser.press("Подтвердить адрес")
    assert (422, True) == (page.status, "Ссылка больше не действует" in page.text)


@pytest.mark.parametrize("path", ["/profile", "/notices", "/people", "/people/import"])
def test_strangers_are_sent_to_sign_in(site: Site, path: str) -> None:
    """And come back after it."""
    assert Browser(site.app).open(path).path == f"/sign-in?back={path}"
