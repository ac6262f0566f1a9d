"""Notices: what concerns the reader."""

from engine.commands.handovers import ReassignTask
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site


def _noticed(site: Site) -> Browser:
    """Return a browser of somebody who was given a task."""
    person = site.town.people["deputy2.school"]
    site.town.do(ReassignTask(site.task(), person, "отпуск"), "coordinator.office")
    browser = site.enter("deputy2.school")
    browser.open("/notices")
    return browser


def test_a_notice_leads_to_its_task(site: Site) -> None:
    """It is new, counted in the menu, and linked."""
    browser = _noticed(site)
    assert browser.page is not None
    assert ["1"] == [text.rpartition(" ")[2] for text in browser.page.texts(".sections .count")]
    (link,) = browser.page.find(".row .name a")
    assert f"/tasks/{site.task()}" == link.get("href")


def test_all_can_be_marked_as_read(site: Site) -> None:
    """They stay in the list; the count is gone."""
    browser = _noticed(site)
    page = browser.press("Прочитать все")
    assert ([], 1) == (page.find(".sections .count"), len(page.find(".row")))
    assert [] == page.find(".notice.new")


def test_nobody_reads_the_notices_of_another(site: Site) -> None:
    """Neither are they shown to him nor marked by him."""
    browser = _noticed(site)
    other = site.enter("deputy.school")
    page = other.open("/notices")
    assert [] == page.find(".row")
    token = page.find("input[name=csrf]")[0].get("value")
    other.client.post("/notices/read", data={"csrf": token, "newest_id": 1000})
    assert 1 == len(browser.open("/notices").find(".notice.new"))


def test_without_notices_the_page_says_what_will_come(site: Site) -> None:
    """An empty page explains itself."""
    assert "Здесь появится" in site.enter("teacher.school").open("/notices").text
