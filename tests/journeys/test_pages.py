"""What pages do in a real browser beyond HTML: swapping, saving, asking, fitting a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.commands.tasks import CompleteTask
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.web.pages.conftest import council

pytestmark = pytest.mark.browser

ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}


@pytest.fixture
def case(served: Served) -> int:
    """Return a case of the council."""
    return served.town.case(served.town.cycle(council()))


@pytest.fixture
def task(served: Served, case: int) -> int:
    """Return its first task."""
    return served.town.task(case, "hold_council")


@pytest.fixture
def form(served: Served, task: int) -> Page:
    """Return the page of the task, open to the deputy director."""
    page = served.page()
    served.visit(page, "deputy.school", f"/tasks/{task}")
    return page


def test_claiming_swaps_the_row_and_keeps_the_focus(served: Served, task: int) -> None:
    """The list stays where it is; the way back stands under the finger."""
    page = served.page()
    served.visit(page, "deputy.school", "/tasks")
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Взять").press("Enter")
    back = page.get_by_role("button", name="Вернуть")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(page.get_by_role("button", name="Взять")).to_be_focused()
    assert page.evaluate("window.same")


def test_the_loser_of_a_race_is_told_without_losing_the_page(served: Served, task: int) -> None:
    """The message comes up above the list as it stands."""
    page = served.page()
    served.visit(page, "deputy.school", "/tasks")
    served.town.do(CompleteTask(task, ANSWERS), "deputy2.school")
    page.get_by_role("button", name="Взять").click()
    expect(page.get_by_role("alert")).to_contain_text("Некто deputy2.school")
    served.forgive("409")


def test_only_what_applies_is_asked(form: Page) -> None:
    """A field appears with the answer it depends on."""
    reason = form.get_by_label("Почему отказались")
    expect(reason).to_be_hidden()
    form.get_by_label("Отказаться").check()
    expect(reason).to_be_visible()
    form.get_by_label("Привлечь").check()
    expect(reason).to_be_hidden()


def test_mistakes_are_summed_up_with_the_focus(served: Served, form: Page) -> None:
    """The summary has the focus, and its links lead to the fields."""
    form.get_by_role("button", name="Отправить").click()
    expect(form.locator("#errors")).to_be_focused()
    form.get_by_role("link", name="Присутствовало: Заполните поле.").click()
    expect(form.get_by_label("Присутствовало")).to_be_focused()
    served.forgive("422")


def test_a_sent_form_leaves_nothing_on_the_device(form: Page) -> None:
    """Whoever sits down next finds no text of others."""
    form.get_by_label("Дата заседания").fill("2026-11-24")
    form.get_by_label("Присутствовало").fill("12")
    form.get_by_label("Привлечь").check()
    form.get_by_role("button", name="Отправить").click()
    expect(form.get_by_role("status").first).to_contain_text("Готово")
    assert 0 == form.evaluate("localStorage.length")


def test_a_form_is_filled_in_by_keyboard(form: Page) -> None:
    """From field to field to the button without a mouse."""
    form.get_by_label("Дата заседания").fill("2026-11-24")
    form.get_by_label("Присутствовало").focus()
    form.keyboard.type("12")
    form.keyboard.press("Tab")
    form.keyboard.press("Space")
    expect(form.get_by_label("Привлечь")).to_be_checked()
    form.get_by_role("button", name="Отправить").press("Enter")
    expect(form.get_by_role("status").first).to_contain_text("Готово")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("deputy.school", ("/tasks", "/tasks/{task}", "/notices")),
        ("coordinator.office", ("/cases", "/cases/{case}", "/cases/{case}?stage=all", "/cycles")),
        ("coordinator.office", ("/cycles/1", "/cycles/new", "/incidents", "/tasks/{task}")),
        ("administrator.office", ("/people", "/definitions", "/definitions/1", "/nowhere")),
    ],
)
def test_a_page_fits_its_screen(
    served: Served, case: int, task: int, who: str, paths: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Nothing sticks out at the side, and what one presses is large enough for a finger."""
    page = served.page(size)
    for path in paths:
        served.visit(page, who, path.format(case=case, task=task))
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        for button in page.locator(".button:visible").all():
            box = button.bounding_box()
            assert box, path
            assert box["height"] >= 44, (path, button.inner_text())
    served.forgive("404")


def test_a_diagram_begins_where_the_case_stands(served: Served, case: int) -> None:
    """On a phone the open task is in sight, and leads to its page."""
    page = served.page(PHONE)
    served.visit(page, "coordinator.office", f"/cases/{case}")
    page.locator("#picture").evaluate("heading => heading.scrollIntoView()")
    expect(page.locator(".diagram .active")).to_be_in_viewport()
    page.locator(".diagram a").click()
    expect(page).to_have_url(re.compile("/tasks/"))
