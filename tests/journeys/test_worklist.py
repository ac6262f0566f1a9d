"""The worklist in a real browser, on desk and phone: claim, undo, put aside, next, keys."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine.commands.snoozes import SnoozeTask
from engine.commands.tasks import ClaimTask
from tests.drawn import flows, parallel, person_task, process
from tests.journeys.conftest import DESKTOP, PHONE, Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEPUTY = "deputy.school"
TERMS = {"urgent": 0, "soon": 2, "second": 30, "third": 31}
MANY = process(
    "many",
    parallel("split"),
    *(person_task(name, due=f"in_days({days})", stage="1") for name, days in TERMS.items()),
    *(flows("split", name, "end") for name in TERMS),
    flows("start", "split"),
    extensions='<tsikl:stage id="1" name="Подготовка"/>',
)


class Seat:
    """A deputy at his list, with four tasks in three groups."""

    def __init__(self, served: Served, size: tuple[int, int]) -> None:
        self.served = served
        self.case = served.town.case(served.town.cycle(MANY))
        self.page = served.page(size)
        served.visit(self.page, DEPUTY, "/tasks")
        self.page.goto("/tasks")

    def task(self, name: str) -> int:
        """Return the number of a task."""
        return self.served.town.task(self.case, name)

    def holder(self, name: str) -> int | None:
        """Return who holds a task."""
        (row,) = self.served.town.open_tasks(self.case, name)
        found: int | None = row.assignee_id
        return found

    def sound(self) -> None:
        """Look for faults of accessibility, and for a page wider than the screen."""
        found = Axe().run(self.page)
        assert [] == [one["id"] for one in found.response["violations"]], found.generate_report()
        width = self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert 0 >= width


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def seat(request: pytest.FixtureRequest, served: Served) -> Seat:
    """Return a deputy at his desk, or with his phone."""
    return Seat(served, request.param)


def press(page: Page, key: str, code: str) -> None:
    """Press a key as it arrives from a keyboard with another layout."""
    page.evaluate(
        "([key, code]) => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [key, code],
    )


def test_a_day_at_the_list(seat: Seat) -> None:
    """Claim, think again, lose a race, put aside, search, and take what presses most."""
    page, me = seat.page, seat.served.town.people[DEPUTY]
    heads = page.locator(".group-head")
    expect(heads).to_have_text(["Сегодня 1", "Эта неделя 1", "Позже 2"])
    folded = page.viewport_size is not None and page.viewport_size["width"] < 768
    assert (not folded) == page.locator("details.group").evaluate("group => group.open")
    seat.sound()

    row = page.locator(f"#task-{seat.task('urgent')}")
    row.get_by_role("button", name="Взять").click()
    expect(row.get_by_role("button", name="Вернуть")).to_be_focused()
    expect(page.locator("#count-mine")).to_have_text("1")
    assert me == seat.holder("urgent")
    seat.sound()
    page.locator("#toasts").get_by_role("button", name="Отменить").click()
    expect(row.get_by_role("button", name="Взять")).to_be_visible()
    expect(page.locator("#count-mine")).to_have_text("0")
    assert seat.holder("urgent") is None

    seat.served.town.do(ClaimTask(seat.task("soon")), "deputy2.school")
    page.locator(f"#task-{seat.task('soon')}").get_by_role("button", name="Взять").click()
    expect(page.locator("#toasts")).to_contain_text("Некто deputy2.school")
    seat.served.forgive("409")

    if folded:
        page.locator("details.group > summary").click()
    later = page.locator(f"#task-{seat.task('second')}")
    later.get_by_role("link", name="Отложить").click()
    expect(later.get_by_role("button", name="завтра")).to_be_focused()
    seat.sound()
    later.get_by_role("button", name="понедельник").click()
    expect(later).to_contain_text("Отложено до 30")
    page.get_by_role("searchbox").fill("ЗАДАЧА third")
    page.get_by_role("button", name="Найти").click()
    expect(page.locator("main [role=status]")).to_have_text("Найдено 1\u00a0задача")
    seat.sound()
    page.goto("/tasks")
    expect(heads).to_have_text(["Сегодня 1", "Позже 1", "Отложено 1"])
    page.get_by_role("button", name="Дай следующую").click()
    expect(page).to_have_url(re.compile(rf"/tasks/{seat.task('urgent')}$"))
    assert me == seat.holder("urgent")


def test_keys(served: Served) -> None:
    """In any layout, never while one types, and off when one wants them off."""
    seat = Seat(served, DESKTOP)
    page = seat.page
    page.keyboard.press("j")
    press(page, "о", "KeyJ")
    expect(page.locator(f"#task-{seat.task('soon')} .name a")).to_be_focused()
    page.keyboard.press("k")
    press(page, "с", "KeyC")
    row = page.locator(f"#task-{seat.task('urgent')}")
    expect(row.get_by_role("button", name="Вернуть")).to_be_focused()
    assert served.town.people[DEPUTY] == seat.holder("urgent")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    seat.sound()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_hidden()

    press(page, ".", "Slash")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("cjn?")
    expect(page.locator("#q")).to_have_value("cjn?")
    expect(row.get_by_role("button", name="Вернуть")).to_be_visible()

    page.get_by_role("button", name="Клавиши").click()
    page.get_by_label("Пользоваться клавишами").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/tasks$"))
    page.get_by_role("button", name="Клавиши").click()
    page.get_by_label("Пользоваться клавишами").check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    press(page, "т", "KeyN")
    expect(page).to_have_url(re.compile(rf"/tasks/{seat.task('urgent')}$"))


def test_nothing_to_do(served: Served) -> None:
    """What waits aside and what comes next is told to who has an empty list."""
    seat = Seat(served, PHONE)
    for name in ("second", "third"):
        until = served.clock.now().date().replace(day=28)
        served.town.do(SnoozeTask(seat.task(name), until), DEPUTY)
    for name in ("urgent", "soon"):
        served.town.do(ClaimTask(seat.task(name)), "deputy2.school")
    seat.page.goto("/tasks")
    expect(seat.page.locator("main")).to_contain_text("Сейчас от вас ничего не ждут")
    expect(seat.page.locator(".group-head")).to_have_text(["Отложено 2"])
    seat.sound()
