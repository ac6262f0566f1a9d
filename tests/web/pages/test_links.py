"""Links that set a password, through the pages and without scripts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.doors import ChangeActive
from engine.commands.people import CreatePerson, GrantRole
from engine.model import Base
from engine.rules.access import Role
from engine.rules.links import INVITED_FOR
from engine.settings import Settings
from tests.inviting import GOOD, NEW, OTHER, invite, letters, link_token
from tests.town import Town
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site
from web.app import create_app

EMAIL = f"{NEW}@town.example"
PRESS = "Задать пароль и войти"


def rows(town: Town) -> list[object]:
    """Return all that stands in the database."""
    return [town.rows(select(*table.columns)) for table in Base.metadata.sorted_tables]


def is_dead(page: Page) -> bool:
    """Tell whether a page says that its link is dead, and how to get another."""
    return page.status == 422 and "Ссылка больше не действует" in page.texts("[role=alert]")[0]


# the page of a link -----------------------------------------------------------------------------


def test_a_link_leads_in(browser: Browser, town: Town) -> None:
    """The page says whose password it is; one field, one press, and the person is there."""
    page = browser.open(f"/password/{invite(town)}")
    assert [EMAIL] == [field.get("value") for field in page.find("#email")]
    page = browser.press(PRESS, new=GOOD)
    assert ("/tasks", ["Некто teacher.school"]) == (page.path, page.texts(".person-name"))
    assert "Пароль задан" in page.text
    browser.press("Выйти")
    assert "/tasks" == browser.sign_in(EMAIL, GOOD).path


def test_opening_a_link_changes_nothing(browser: Browser, town: Town) -> None:
    """A mail server may open it as often as it likes, and follow nothing on it."""
    token = invite(town)
    before = rows(town)
    for method in (browser.client.get, browser.client.head, browser.client.options):
        assert 200 == method(f"/password/{token}").status_code
    assert before == rows(town)
    browser.open(f"/password/{token}")
    assert "/tasks" == browser.press(PRESS, new=GOOD).path


def test_a_used_link_is_dead(browser: Browser, app: Flask, town: Town) -> None:
    """Opened again, or sent from a page that stood open: 422, and the first password stands."""
    token, late = invite(town), Browser(app)
    late.open(f"/password/{token}")
    browser.open(f"/password/{token}")
    browser.press(PRESS, new=GOOD)
    assert is_dead(late.press(PRESS, new=OTHER))
    assert is_dead(late.open(f"/password/{token}"))
    assert "/tasks" == late.sign_in(EMAIL, GOOD).path


def test_a_late_link_is_dead(browser: Browser, town: Town, clock: FrozenClock) -> None:
    """Also when its page was opened in time."""
    browser.open(f"/password/{invite(town)}")
    clock.advance(INVITED_FOR)
    assert is_dead(browser.press(PRESS, new=GOOD))


def test_a_closed_door_stays_closed(browser: Browser, town: Town) -> None:
    """The link of somebody who may not enter any more is dead."""
    token = invite(town)
    town.do(ChangeActive(town.people[NEW], active=False))
    assert is_dead(browser.open(f"/password/{token}"))


@pytest.mark.parametrize(
    "token", ["1", "1-2-3", "%00", "%D1%8F", "<script>alert(1)", "9" * 5000, "..%5C.."]
)
def test_a_forged_link_is_dead(browser: Browser, town: Town, token: str) -> None:
    """Whatever stands in the address, it is no error, and does not come back on the page."""
    page = browser.open(f"/password/{token}")
    assert is_dead(page)
    assert "<script>alert" not in page.answer.text


def test_a_weak_password_is_refused(browser: Browser, town: Town) -> None:
    """422 with the reason; the same link takes a better one."""
    browser.open(f"/password/{invite(town)}")
    page = browser.press(PRESS, new="12345678")
    assert (422, True) == (page.status, "легко подобрать" in page.texts("[role=alert]")[0])
    assert [None] == [field.get("value") for field in page.find("#new")]
    assert "/tasks" == browser.press(PRESS, new=GOOD).path


def test_a_form_from_elsewhere_sets_nothing(browser: Browser, town: Town) -> None:
    """Without the secret of the page the request is refused, and the link lives."""
    token = invite(town)
    answer = browser.client.post(f"/password/{token}", data={"new": GOOD})
    assert 403 == answer.status_code
    browser.open(f"/password/{token}")
    assert "/tasks" == browser.press(PRESS, new=GOOD).path


def test_who_opens_the_link_of_another_becomes_the_other(site: Site) -> None:
    """On a shared computer: the page names its person, and who was in before is out."""
    administrator = site.enter("administrator.office")
    held = administrator.client.get_cookie("tsikl")
    assert held is not None
    page = administrator.open(f"/password/{invite(site.town)}")
    assert [EMAIL] == [field.get("value") for field in page.find("#email")]
    assert ["Некто teacher.school"] == administrator.press(PRESS, new=GOOD).texts(".person-name")
    stranger = Browser(site.app)
    stranger.client.set_cookie("tsikl", held.value)
    assert stranger.open("/people").path.startswith("/sign-in")


def test_a_hostile_name_is_text(browser: Browser, town: Town) -> None:
    """On the page of the link and in the head afterwards."""
    evil = '"><script>alert(1)</script>{{7*7}}'
    town.people["evil"] = town.do(CreatePerson(evil, "evil@town.example"))
    town.do(GrantRole(town.people["evil"], town.organisations["school"], Role.TEACHER))
    page = browser.open(f"/password/{invite(town, 'evil')}")
    assert evil in page.texts("form p")
    assert "<script>alert" not in page.answer.text
    assert [evil] == browser.press(PRESS, new=GOOD).texts(".person-name")


# asking for one ---------------------------------------------------------------------------------


@pytest.fixture
def asking(settings: Settings, town: Town, clock: FrozenClock) -> Iterator[Browser]:
    """Yield a browser on an installation that has a mail server (none is spoken to here)."""
    engine = open_engine(replace(settings, smtp_host="127.0.0.1"), clock)
    yield Browser(create_app(engine))
    engine.close()


def ask(browser: Browser, email: str) -> Page:
    """Go from the sign-in page to the form, and send it."""
    browser.open("/sign-in")
    browser.follow("Забыли пароль?")
    return browser.press("Прислать ссылку", email=email)


def test_who_has_forgotten_gets_a_link(asking: Browser, town: Town) -> None:
    """The letter waits in the outbox; its link leads in."""
    assert "письмо со ссылкой уже в пути" in ask(asking, EMAIL).text
    (letter,) = letters(town)
    assert town.people[NEW] == letter.person_id
    asking.open(f"/password/{link_token(town)}")
    assert "/tasks" == asking.press(PRESS, new=GOOD).path


def test_the_answer_is_the_same_for_everybody(asking: Browser, town: Town) -> None:
    """Known, unknown, closed, hostile: to the letter, except for the masked secret."""
    town.do(ChangeActive(town.people["deputy.school"], active=False))
    asked = (EMAIL, "nobody@town.example", "deputy.school@town.example", "<script>", "\0", "")
    said = [ask(asking, email) for email in asked]
    assert {200} == {page.status for page in said}
    assert 1 == len({page.text for page in said})
    assert 1 == len(letters(town))


def test_asking_too_often_is_told_to_wait(asking: Browser, town: Town) -> None:
    """429 with the seconds, for an address of nobody as well; what was typed is kept."""
    for email in (EMAIL, "nobody@town.example"):
        for _ in range(5):
            ask(asking, email)
        page = ask(asking, email)
        assert (429, True) == (page.status, "Повторите через" in page.text)
        assert [email] == [field.get("value") for field in page.find("#email")]


def test_asking_slows_signing_in_down(asking: Browser, town: Town, clock: FrozenClock) -> None:
    """There is no second door to guess at."""
    for _ in range(5):
        ask(asking, EMAIL)
    assert 429 == asking.sign_in(EMAIL, "наугад").status
    clock.advance(timedelta(seconds=1))
    assert 422 == asking.sign_in(EMAIL, "наугад").status


def test_without_mail_nobody_waits_for_a_letter(browser: Browser) -> None:
    """The page says who can help instead of offering what does not work."""
    browser.open("/sign-in")
    page = browser.follow("Забыли пароль?")
    assert "почта не настроена" in page.text
    assert [] == page.find("main form")


def test_a_dead_link_leads_to_a_new_one(asking: Browser, town: Town) -> None:
    """The form stands on the same page."""
    assert is_dead(asking.open("/password/1"))
    asking.press("Прислать ссылку", email=EMAIL)
    assert [town.people[NEW]] == [letter.person_id for letter in letters(town)]


def test_nobody_asks_with_a_form_from_elsewhere(asking: Browser, town: Town) -> None:
    """Another site cannot send letters in ours."""
    assert 403 == asking.client.post("/forgotten", data={"email": EMAIL}).status_code
    assert [] == letters(town)
