"""Pages in another language, and who chooses it."""

import pytest

from engine.model.preferences import Preference
from engine.rules.access import SYSTEM
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site
from web.languages import COOKIE, chosen
from web.words import counted, deadline, moment


def choose(site: Site, who: str, language: str) -> None:
    """Let somebody prefer a language."""
    person = site.town.people[who]
    with site.town.engine.unit(SYSTEM) as unit:
        unit.insert(
            Preference,
            {"person_id": person, "language": language, "quiet_from": 20, "quiet_until": 8},
        )


def lang(page: Page) -> str | None:
    """Return the language that the page says it is in."""
    return page.find("html")[0].get("lang")


def test_pages_are_russian_whatever_the_browser_prefers(browser: Browser) -> None:
    """Computers of schools are often set up in English."""
    answer = browser.client.get("/sign-in", headers={"Accept-Language": "en-GB,en"})
    assert '<html lang="ru">' in answer.text


def test_before_signing_in_a_link_changes_the_language(browser: Browser) -> None:
    """It leads back to the page, and the browser remembers."""
    link = browser.open("/sign-in?back=/notices").find(".languages a")[0]
    page = browser.open(str(link.get("href")))
    assert ("en", "/sign-in?back=/notices") == (lang(page), page.path)
    assert ["Sign in"] == page.texts("h1")
    assert "/notices" == page.find("input[name=back]")[0].get("value")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil"])
def test_the_link_leads_to_no_other_site(browser: Browser, address: str) -> None:
    """Whatever stands in it."""
    answer = browser.client.get("/language/en", query_string={"back": address})
    assert (303, "/") == (answer.status_code, answer.location)


def test_a_language_that_is_not_there_is_not_found(browser: Browser) -> None:
    """Nothing is remembered then."""
    answer = browser.client.get("/language/<script>")
    assert 404 == answer.status_code
    assert browser.client.get_cookie(COOKIE) is None


def test_a_person_has_chosen_for_every_browser(site: Site) -> None:
    """His choice goes before that of the browser; the link is not offered any more."""
    choose(site, "deputy.school", "en")
    browser = site.enter("deputy.school")
    browser.client.set_cookie(COOKIE, "ru")
    page = browser.open("/tasks")
    assert ("en", ["My tasks"], []) == (lang(page), page.texts("h1"), page.find(".languages a"))


def test_garbage_in_the_cookie_means_russian(site: Site) -> None:
    """A browser may send anything."""
    browser = site.enter("deputy.school")
    browser.client.set_cookie(COOKIE, "../../etc")
    assert "ru" == lang(browser.open("/tasks"))


def test_a_refusal_speaks_the_language(site: Site) -> None:
    """Its sentence and what it names."""
    choose(site, "deputy.school", "en")
    browser = site.enter("deputy.school")
    said = browser.open("/nowhere").texts("[role=alert] p")
    assert ["There is no such page, or you may not see it. Go back to the list."] == said


def test_numbers_and_days_speak_the_language(site: Site) -> None:
    """Nouns after a number, days and times of the day."""
    now = site.clock.now()
    with site.app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        assert "en" == chosen()
        words = [counted(n, "дело", "дела", "дел").split()[1] for n in (1, 2, 5, 21)]
        assert ["case", "cases", "cases", "cases"] == words
        told = deadline(now, now, "Asia/Yekaterinburg")
        assert ("today", "25\N{NO-BREAK SPACE}November") == (told.words, told.day)
        assert moment(now, now, "Asia/Yekaterinburg").startswith("today")
