"""The day of a coordinator: find the stuck school, see whose move it is, do something about it."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from engine.commands.tasks import ClaimTask
from tests.drawn import TWO
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.web.pages.conftest import council

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("page", [DESKTOP, PHONE], ids=("desktop", "phone"), indirect=True)
DESK = pytest.mark.parametrize("page", [DESKTOP], ids=("desktop",), indirect=True)
HAND = pytest.mark.parametrize("page", [PHONE], ids=("phone",), indirect=True)
WHO = "coordinator.office"


@pytest.fixture
def stuck(served: Served) -> int:
    """Return the case of a school whose deputy director is late with the council."""
    town = served.town
    cycle = town.cycle(council())
    case = town.case(cycle)
    town.do(ClaimTask(town.task(case, "hold_council")), "deputy.school")
    served.clock.advance(timedelta(days=10))
    town.case(cycle, "second")
    served.clock.advance(timedelta(days=9))
    return case


@pytest.fixture
def page(request: pytest.FixtureRequest, served: Served, stuck: int) -> Page:
    """Return a page where the coordinator has just signed in."""
    del stuck
    page = served.page(request.param)
    served.visit(page, WHO, "/")
    return page


def fits(page: Page) -> bool:
    """Tell whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@BOTH
def test_a_coordinator_finds_the_stuck_school_and_deals_with_it(
    served: Served, page: Page, stuck: int
) -> None:
    """What he sees first names school, person and delay; remind and move the deadline follow."""
    first = page.locator(".attention li").first
    expect(first).to_contain_text("school")
    expect(first).to_contain_text("Некто deputy.school")
    expect(first).to_contain_text("просрочено")
    expect(first).to_be_in_viewport()
    assert fits(page)

    first.get_by_role("link", name="school", exact=True).click()
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Распорядиться").first.click()
    page.locator("summary", has_text="Напомнить").click()
    page.get_by_role("button", name="Напомнить").click()
    expect(page.get_by_role("status").first).to_contain_text("Напоминание отправлено")

    page.get_by_role("link", name="Распорядиться").first.click()
    page.locator("summary", has_text="Перенести срок").click()
    page.get_by_label("Новый срок").fill("2027-01-15")
    page.locator(".act-one[open]").get_by_label("Причина").fill("Карантин в школе")
    page.get_by_role("button", name="Перенести").click()
    expect(page.locator(".now-list")).to_contain_text("15 января")
    expect(page.locator(".timeline")).to_contain_text("Карантин в школе")
    assert fits(page)
    (row,) = served.town.open_tasks(stuck, "hold_council")
    assert row.due_at > served.clock.now()


@DESK
def test_a_skip_is_refused_or_told_beforehand(served: Served, page: Page, stuck: int) -> None:
    """Where the case needs the answers he reads why; elsewhere he reads what comes, and it does."""
    page.goto(f"/cases/{stuck}")
    page.get_by_role("link", name="Распорядиться").first.click()
    page.locator("summary", has_text="Пропустить задачу").click()
    expect(page.locator(".act-one .message")).to_contain_text("Эту задачу пропустить нельзя")

    case = served.town.case(served.town.cycle(TWO), "second")
    page.goto(f"/cases/{case}")
    page.get_by_role("link", name="Распорядиться").first.click()
    page.locator("summary", has_text="Пропустить задачу").click()
    told = page.locator(".act-one[open]")
    expect(told).to_contain_text("Откроется задача «Задача second»")
    told.get_by_label("Причина").fill("Школа закрыта на ремонт")
    told.get_by_role("button", name="Пропустить").click()
    expect(page.locator(".now-list")).to_contain_text("Задача second")
    expect(page.locator(".timeline")).to_contain_text("Школа закрыта на ремонт")


@HAND
def test_who_is_late_is_reminded_and_taken_along(page: Page, tmp_path: Path) -> None:
    """One press for a person, one for the workbook, which can be read again."""
    page.get_by_role("link", name="Просрочки по людям").click()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Некто deputy.school")
    assert fits(page)
    row.get_by_role("button", name="Напомнить").click()
    expect(page.get_by_role("status").first).to_contain_text("Напоминание отправлено")

    page.get_by_role("link", name="Дела", exact=True).last.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать Excel").click()
    kept = tmp_path / "book.xlsx"
    download.value.save_as(kept)
    assert download.value.suggested_filename.startswith("Дела 2026-12-1")
    sheet = load_workbook(kept).worksheets[0]
    assert [("school", "Некто deputy.school"), ("second", None)][0] == (
        sheet["A2"].value,
        sheet["E2"].value,
    )


@HAND
def test_a_case_is_read_on_any_screen(page: Page, stuck: int) -> None:
    """The picture begins where the case stands and can be had larger; history opens in place."""
    page.goto(f"/cases/{stuck}")
    late = page.locator(".diagram .late").first
    late.scroll_into_view_if_needed()
    expect(late).to_be_in_viewport(ratio=0.5)
    width = page.locator("svg.diagram").get_attribute("width")
    page.get_by_role("link", name="Крупнее").click()
    expect(page.locator("svg.diagram")).not_to_have_attribute("width", width or "")
    page.get_by_role("link", name="Система").click()
    expect(page.locator(".timeline")).to_contain_text("Открыта задача")
    expect(page.locator(".timeline")).not_to_contain_text("взята в работу")
    assert fits(page)
