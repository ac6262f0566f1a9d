"""Who is late: the page, the letter, the workbook."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.commands.people import CreateOrganisation
from engine.commands.tasks import ClaimTask
from engine.rules.access import SYSTEM
from tests.drawn import TWO
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site


@pytest.fixture
def coordinator(site: Site) -> Browser:
    """Return a browser of the coordinator, after the deadline of the one task."""
    site.town.do(ClaimTask(site.task()), "deputy.school")
    site.move_to(2026, 12, 14)
    return site.enter("coordinator.office")


def sheet(browser: Browser, path: str) -> Any:
    """Return the sheet of a workbook that is sent."""
    answer = browser.client.get(path)
    assert 200 == answer.status_code
    assert "spreadsheetml" in answer.content_type
    return load_workbook(io.BytesIO(answer.data)).worksheets[0]


def test_who_is_late_how_many_and_how_long(coordinator: Browser, site: Site) -> None:
    """With the worst task, and the school."""
    page = coordinator.open("/cases/overdue")
    (row,) = page.texts("tbody tr")
    for said in ("Некто deputy.school", "1 задача", "просрочено на 5 дней", "school"):
        assert said in row
    assert f"/tasks/{site.task()}" in [a.get("href") for a in page.find("tbody a")]


@pytest.mark.parametrize(
    ("by", "who"),
    [("role", "заместитель директора по УВР"), ("organisation", "school"), ("x", "Некто")],
)
def test_it_is_gathered_as_the_address_says(coordinator: Browser, by: str, who: str) -> None:
    """What cannot be read gathers by person; only a person can be written to."""
    page = coordinator.open(f"/cases/overdue?by={by}")
    assert who in page.texts("tbody td")[0]
    assert (by == "x") == bool(page.find("tbody button"))


def test_one_press_writes_one_letter(coordinator: Browser) -> None:
    """The second says that it was done today."""
    coordinator.open("/cases/overdue")
    assert "Напоминание отправлено 1 человеку." in coordinator.press("Напомнить").text
    page = coordinator.press("Напомнить")
    assert (409, True) == (page.status, "сегодня уже напомнили" in page.text)


def test_all_of_the_list_are_written_to_at_once(coordinator: Browser, site: Site) -> None:
    """Each once a day: the second press finds nobody; for one person the button is missing."""
    assert "Отправить напоминания" not in coordinator.open("/cases/overdue").texts("button")
    site.town.case(site.town.cycle(TWO), "second")
    site.move_to(2027, 1, 14)
    coordinator = site.enter("coordinator.office")
    coordinator.open("/cases/overdue")
    page = coordinator.press("Отправить напоминания")
    assert "Напоминание отправлено 2 людям." in page.text
    assert "сегодня всем уже напомнили" in coordinator.press("Отправить напоминания").text


def test_without_delays_the_page_says_so(site: Site) -> None:
    """Nothing to do is good news."""
    page = site.enter("coordinator.office").open("/cases/overdue")
    assert "Все задачи идущих дел в срок." in page.text


@pytest.mark.parametrize("who", ["deputy.school", "director.school", "teacher.school", "expert1"])
def test_only_who_steers_sees_it(site: Site, who: str) -> None:
    """Neither page, nor workbook, nor letter."""
    browser = site.enter(who)
    page = browser.open("/cases/overdue")
    assert 403 == page.status
    assert 403 == browser.client.get("/cases/overdue/export").status_code
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "person_id": 1}
    for action in ("remind", "remind-all"):
        assert 403 == browser.client.post(f"/cases/overdue/{action}", data=data).status_code


# workbooks --------------------------------------------------------------------------------------


def test_the_list_is_sent_as_a_workbook(coordinator: Browser) -> None:
    """With real dates, a head that stays, filters, and a Russian name."""
    answer = coordinator.client.get("/cases/export")
    assert "%D0%94%D0%B5%D0%BB%D0%B0%202026-12-14.xlsx" in answer.headers["Content-Disposition"]
    assert "private, no-store" == answer.headers["Cache-Control"]
    page = sheet(coordinator, "/cases/export")
    assert ("Дела", "A2", "A1:L2") == (page.title, page.freeze_panes, page.auto_filter.ref)
    head, row = ([cell.value for cell in line] for line in page.iter_rows())
    found = dict(zip(head, row, strict=True))
    assert ("school", "Некто deputy.school", 5, 1) == (
        found["Школа"],
        found["Чей ход"],
        found["Опоздание, дней"],
        found["Опаздывает задач"],
    )
    assert date(2026, 12, 9) == found["Срок"].date()
    assert page.column_dimensions["A"].width > 20


def test_the_workbook_is_narrowed_like_the_list(coordinator: Browser) -> None:
    """By the same address."""
    assert 1 == sheet(coordinator, "/cases/export?status=completed").max_row
    assert 2 == sheet(coordinator, "/cases/export?late=yes&q=school").max_row


def test_who_is_late_is_sent_as_a_workbook(coordinator: Browser) -> None:
    """A line for each."""
    page = sheet(coordinator, "/cases/overdue/export?by=person")
    assert "Просрочки" == page.title
    assert ["Некто deputy.school", 1] == [page["A2"].value, page["E2"].value]


HOSTILE = ("=1+1", "+7 000", "-2", "@SUM(A1)", "\tx", "<script>alert(1)</script>", "й" * 200)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_text(coordinator: Browser, site: Site, name: str) -> None:
    """Never a formula: of the cell as of the page."""
    office = site.town.organisations["office"]
    command = CreateOrganisation("school", name, "Asia/Yekaterinburg", office)
    site.town.organisations["hostile"] = site.town.engine.do(command, SYSTEM)
    site.town.case(site.cycle_id, "hostile")
    page = sheet(coordinator, "/cases/export")
    cells = [cell for cell in page["A"] if cell.value not in ("Школа", "school")]
    assert ["s"] == [cell.data_type for cell in cells]
    assert name.strip() == cells[0].value
    shown = coordinator.open("/cases")
    assert [] == shown.find("main script")


def test_everybody_gets_the_workbook_of_his_own_cases(site: Site) -> None:
    """As on the page."""
    assert 2 == sheet(site.enter("director.school"), "/cases/export").max_row
    assert 1 == sheet(site.enter("director.second"), "/cases/export").max_row
    assert 1 == sheet(site.enter("coordinator.far_office"), "/cases/export").max_row
