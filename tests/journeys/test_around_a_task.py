"""A task that one cannot do alone: asked about, given to a colleague, given back, given time."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.web.pages.conftest import council

pytestmark = pytest.mark.browser


@pytest.fixture
def task(served: Served) -> int:
    """Return the first task of a case of the council."""
    case = served.town.case(served.town.cycle(council()))
    return served.town.task(case, "hold_council")


def opened(served: Served, who: str, task: int, size: tuple[int, int] = PHONE) -> Page:
    """Return the page of the task, open to somebody."""
    page = served.page(size)
    served.visit(page, who, f"/tasks/{task}")
    return page


def fits(page: Page) -> None:
    """See that nothing stands beyond the edge of the screen."""
    assert 0 >= page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def cannot(page: Page, way: str) -> None:
    """Open one of the ways out of a task."""
    page.get_by_text("Не могу выполнить").click()
    page.locator("#cannot").get_by_text(way).first.click()


def test_a_task_finds_help_and_comes_home(served: Served, task: int) -> None:
    """
    The deputy asks by name, lends the task to a teacher and gets it back, and wants more time.

    All on phones; the coordinator answers at his desk.
    """
    deputy = opened(served, "deputy.school", task)
    text = deputy.get_by_label("Новый комментарий")
    text.press_sequentially("Можно без протокола? @некто coordinator")
    expect(deputy.get_by_role("listbox")).to_have_text("Некто coordinator.office")
    text.press("Enter")
    expect(text).to_have_value("Можно без протокола? @Некто coordinator.office ")
    fits(deputy)
    deputy.get_by_role("button", name="Написать").click()
    expect(deputy.locator(".talk .call")).to_have_text("@Некто coordinator.office")
    expect(deputy.get_by_label("Новый комментарий")).to_have_value("")

    cannot(deputy, "Поручить коллеге")
    deputy.get_by_label("Кому", exact=True).select_option(label="Некто teacher.school — учитель")
    deputy.get_by_label("Что важно знать").fill("цифры у вас")
    deputy.get_by_role("button", name="Поручить").click()
    expect(deputy.get_by_text("Вы поручили её коллеге: Некто teacher.school.")).to_be_visible()

    teacher = opened(served, "teacher.school", task)
    expect(teacher.get_by_text("Пометка: «цифры у вас»")).to_be_visible()
    teacher.get_by_text("Не могу выполнить").click()
    fits(teacher)
    teacher.get_by_label("Что осталось сделать").fill("нет данных за май")
    teacher.get_by_role("button", name="Вернуть задачу").click()
    expect(teacher.get_by_role("status").first).to_contain_text("возвращена")

    deputy.reload()
    expect(deputy.get_by_text("«нет данных за май»")).to_be_visible()
    cannot(deputy, "Попросить больше времени")
    deputy.get_by_label("До какого дня").fill("2026-12-21")
    deputy.get_by_label("Причина").fill("карантин")
    deputy.get_by_role("button", name="Попросить координатора").click()
    expect(deputy.get_by_text("Вы просите перенести срок на 21 декабря")).to_be_visible()
    fits(deputy)

    desk = opened(served, "coordinator.office", task, DESKTOP)
    expect(desk.locator(".talk .to-me")).to_have_count(1)
    desk.get_by_role("button", name="Согласиться").click()
    expect(desk.get_by_text("Срок перенесён с 9 декабря на 21 декабря: карантин.")).to_be_visible()


def test_a_comment_outlives_a_lost_session(served: Served, task: int) -> None:
    """What was typed is there after signing in again; what was sent is not."""
    page = opened(served, "deputy.school", task)
    page.get_by_label("Новый комментарий").fill("Длинная мысль")
    page.context.clear_cookies()
    page.get_by_role("button", name="Написать").click()
    served.visit(page, "deputy.school", f"/tasks/{task}")
    expect(page.get_by_label("Новый комментарий")).to_have_value("Длинная мысль")
    page.get_by_role("button", name="Написать").click()
    expect(page.locator(".talk .document")).to_have_text("Длинная мысль")
    expect(page.get_by_label("Новый комментарий")).to_have_value("")
    served.forgive("401")
