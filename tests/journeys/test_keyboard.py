"""The way through the pages without a mouse."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from engine.commands.people import GrantRole
from engine.rules.access import Role
from tests.journeys.conftest import PHONE, Served
from tests.web.pages.conftest import council

pytestmark = pytest.mark.browser

SHOWN: Final = """() => {
  const one = document.activeElement;
  const ringed = (node) => {
    const {outlineStyle, outlineWidth} = getComputedStyle(node);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const around = [one, one.closest("li, tr, label")].filter(Boolean);
  const box = one.getBoundingClientRect();
  const inSight = box.bottom > 0 && box.top < innerHeight;
  return around.some(ringed) && inSight ? "" : one.outerHTML.slice(0, 120);
}"""
"""Says which element has the focus without showing it; the row around it may show it instead."""
ELEVENTH: Final = "11112026"
"""The eleventh of November: whichever part of a date the browser asks for first."""
LABEL: Final = """() => {
  const one = document.activeElement;
  return (one.labels?.[0] ?? one).textContent.trim();
}"""


@pytest.fixture
def task(served: Served) -> int:
    """Return the first task of a case of the council."""
    return served.town.task(served.town.case(served.town.cycle(council())), "hold_council")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus; at each stop the focus must be seen."""
    stops = [""]
    while not stops[-1].startswith(name):
        page.keyboard.press("Tab")
        unseen = page.evaluate(SHOWN)
        assert not unseen, (unseen, stops)
        stops.append(page.evaluate(LABEL))


def enter(page: Page, served: Served, who: str, path: str) -> None:
    """Open a page as somebody; keys pressed before it has come would go astray."""
    served.visit(page, who, path)
    expect(page.locator(".person")).to_be_visible()
    page.wait_for_load_state()


def test_a_task_is_found_filled_in_and_sent(served: Served, task: int) -> None:
    """From the list to the word of thanks, with the focus in sight all the way."""
    page = served.page()
    enter(page, served, "deputy.school", "/tasks")
    tab_to(page, "Заседание <script>alert(1)</script> педсовета")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/tasks/{task}$"))
    tab_to(page, "Дата заседания")
    page.keyboard.type(ELEVENTH)
    tab_to(page, "Присутствовало")
    page.keyboard.type("12")
    tab_to(page, "Привлечь")
    page.keyboard.press("Space")
    tab_to(page, "Отправить")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Готово")


def test_the_skip_link_leads_past_the_menu(served: Served, task: int) -> None:
    """The next stop after it lies in the content."""
    page = served.page()
    enter(page, served, "deputy.school", "/tasks")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_escape_closes_a_menu_and_keeps_the_place(served: Served) -> None:
    """The focus is where the menu was opened; going on with Tab closes it as well."""
    page = served.page(PHONE)
    enter(page, served, "coordinator.office", "/cases")
    person = page.locator(".person")
    person.locator("summary").press("Enter")
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Выйти")).to_be_hidden()
    expect(person.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("main").click(position={"x": 5, "y": 5})
    expect(page.get_by_role("button", name="Выйти")).to_be_hidden()


def test_what_a_phone_has_no_room_for_opens_under_more(served: Served) -> None:
    """Every section is one or two presses away, and the page says where one is."""
    page = served.page(PHONE)
    enter(page, served, "coordinator.office", "/tasks")
    expect(page.locator(".cramped")).to_have_count(0)
    office, person = served.town.organisations["office"], served.town.people["coordinator.office"]
    served.town.do(GrantRole(person, office, Role.ADMINISTRATOR))
    page.reload()
    more = page.locator(".cramped summary")
    expect(page.get_by_role("link", name="Сбои")).to_be_hidden()
    more.press("Enter")
    page.locator(".cramped").get_by_role("link", name="Сбои").click()
    expect(page).to_have_url(re.compile("/incidents"))
    expect(page.locator(".cramped .menu.current")).to_have_count(1)
