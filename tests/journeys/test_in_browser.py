"""A whole cycle led in a real browser by the four groups of people, on desk and phone."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.bundles import shipped
from engine.commands.definitions import DeployProcess
from engine.rules.access import SYSTEM
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.journeys.year import SMALL, Year, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fill(page: Page, answers: Mapping[str, Any]) -> None:
    """Fill in the form of a task as a person does: control by control, adding rows."""
    for table, rows in rows_of(answers).items():
        for number in range(rows):
            if not page.locator(f'#form [name^="{table}.{number}."]').count():
                grown = page.locator(f"[id='field-{table}']")
                grown.get_by_role("button", name="Ещё строка").click()
                page.wait_for_selector(f'#form [name^="{table}.{number}."]', state="attached")
    for name, value in answers.items():
        _enter(page, name, value)


def _enter(page: Page, name: str, value: Any) -> None:
    control = page.locator(f'#form [name="{name}"]')
    kind = control.first.evaluate("one => one.type")
    if kind == "hidden":
        return
    if kind in ("radio", "checkbox"):
        _tick(page, name, value)
    elif kind == "select-one":
        control.select_option(str(value))
    else:
        control.fill(str(value))


def _tick(page: Page, name: str, value: Any) -> None:
    if isinstance(value, bool):
        page.locator(f'#form [name="{name}"]').set_checked(value)
        return
    for one in value if isinstance(value, list) else [value]:
        page.locator(f'#form [name="{name}"][value="{one}"]').check()


def send(page: Page) -> None:
    """Press the button of the form, look at what is signed, and see that it was taken."""
    page.get_by_role("button", name=re.compile("^(Отправить|Готово|Просмотр и подпись)$")).click()
    page.wait_for_load_state()
    if page.url.endswith("/preview"):
        page.get_by_role("button", name=re.compile("^Подписываю")).click()
        expect(page.get_by_role("status").first).to_contain_text("Подписано")
    else:
        expect(page).to_have_url(re.compile("/tasks$"))
        expect(page.get_by_role("status").first).to_contain_text("Готово")


def open_cycle(site: Served) -> int:
    """Let the coordinator open a cycle with its settings and start the case; return its id."""
    page = site.page()
    site.visit(page, "coordinator.office", "/cycles/new")
    page.get_by_label("Название").fill("Экспертиза 2026/27")
    page.get_by_label("Для кого").select_option(label="\u2003office")
    page.get_by_text("Настройки: сроки").click()
    for name, value in SMALL.items():
        page.locator(f"[name='setting.{name}']").fill(str(value))
    page.get_by_role("button", name="Открыть цикл").click()
    page.get_by_role("button", name="Начать дело — school").click()
    expect(page.get_by_role("status")).to_contain_text("Дело начато")
    return int(page.url.rpartition("/")[2])


def test_four_groups_lead_a_cycle_to_its_decision(served: Served) -> None:
    """
    Nobody needs anything but his own pages.

    The deputy claims and fills in, experts conclude on their phones, the director decides, the
    coordinator watches; the scheduler does the rest.
    """
    served.town.engine.do(DeployProcess(shipped("opeko")), SYSTEM)
    year = Year(served.town, served.clock, open_cycle(served))
    pages: dict[str, Page] = {}
    for task in year.turns():
        who = year.who(task)
        if who not in pages:
            pages[who] = served.page(PHONE if who.startswith("expert") else DESKTOP)
        page = pages[who]
        served.visit(page, who, f"/tasks/{task.id}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(task.title)
        fill(page, year.answers(task, who))
        send(page)
    watcher = served.page()
    served.visit(watcher, "coordinator.office", f"/cases/{year.case_id}")
    expect(watcher.locator("[aria-labelledby=now]")).to_contain_text("Дело завершено")
    expect(watcher.locator(".stages .past")).to_have_count(8)
