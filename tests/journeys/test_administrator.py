"""An administrator's day in a real browser: people by a list, a role, a door; and what is told."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from engine.commands.handovers import ReassignTask
from engine.commands.tasks import ClaimTask
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.journeys.looking import faults
from tests.timely import one_task

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADMIN, DEPUTY = "administrator.office", "deputy.school"


def listed(folder: Path) -> Path:
    """Return a workbook of a new school with its director, and of a line that is wrong."""
    book = Workbook()
    people, schools = book.worksheets[0], book.create_sheet("Школы")
    people.append(["ФИО", "Почта", "Роль", "Организация"])
    people.append(["Новикова Зоя", "zoya@x.example", "директор", "СОШ № 5"])
    people.append(["Без адреса", "нет", "завуч", "СОШ № 5"])
    schools.append(["Название", "Входит в"])
    schools.append(["СОШ № 5", "office"])
    file = io.BytesIO()
    book.save(file)
    path = folder / "list.xlsx"
    path.write_bytes(file.getvalue())
    return path


def sound(page: Page) -> None:
    """Look once at a page as it stands, at both widths: at a desk it is the same page."""
    size = page.viewport_size
    if size and size["width"] == PHONE[0]:
        # A colour that is still changing is measured halfway.
        page.emulate_media(reduced_motion="reduce")
        assert [] == faults(page)
        page.set_viewport_size(size)


def bring_in(page: Page, path: Path) -> None:
    """Send the list in, read the report, mend nothing, confirm."""
    page.get_by_role("link", name="Списком").click()
    page.get_by_label("Файл со списком").set_input_files(path)
    page.get_by_role("button", name="Проверить").click()
    expect(page.locator("p[role=status]")).to_contain_text("Будет принято: 2 строки; с ошибками: 1")
    expect(page.get_by_text("Исправьте адрес почты.")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Принять").click()
    expect(page.get_by_role("status").first).to_contain_text("Принято: школ — 1, людей — 1")


def invite(page: Page) -> str:
    """Find the new director and invite her; return her link."""
    page.get_by_label("Имя или почта").fill("зоя")
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Новикова Зоя").click()
    page.get_by_role("button", name="Пригласить").click()
    link = page.get_by_label("Ссылка, по которой задают пароль").input_value()
    sound(page)
    return link


def let_go(page: Page) -> None:
    """Close the door of a deputy who holds a task; her colleague gets it."""
    page.goto("/people?words=deputy.school")
    page.get_by_role("link", name="Некто deputy.school", exact=True).click()
    expect(page.get_by_role("heading", name="Держит задачи 1")).to_be_visible()
    page.locator("summary", has_text="Закрыть вход").click()
    page.get_by_label("Кому перейдут его задачи").select_option(label="Некто deputy2.school")
    page.get_by_role("button", name="Закрыть вход").click()
    expect(page.get_by_role("status")).to_contain_text("Передано задач: 1")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_administrator_brings_people_in_and_lets_them_go(
    served: Served, size: tuple[int, int], tmp_path: Path
) -> None:
    """By a list with an error in it; the link leads in; a colleague gets the tasks."""
    town = served.town
    town.do(ClaimTask(town.task(town.case(town.cycle(one_task())), "a")), DEPUTY)
    page = served.page(size)
    served.visit(page, ADMIN, "/people")
    page.goto("/people")
    bring_in(page, listed(tmp_path))
    link = invite(page)
    let_go(page)
    page.goto("/people/organisations")
    expect(page.get_by_text("Без заместителя директора: 1 школа")).to_be_visible()
    sound(page)
    zoya = served.page(size)
    zoya.goto(link[link.index("/password/") :])
    zoya.get_by_label("Новый пароль").fill("лампа берег тишина")
    zoya.get_by_role("button", name="Задать пароль и войти").click()
    expect(zoya.get_by_role("status")).to_contain_text("вы вошли")


def test_a_notice_is_read_and_its_kind_is_chosen(served: Served) -> None:
    """From the bell to the task; then the page where one says what is to be told how."""
    town = served.town
    task = town.task(town.case(town.cycle(one_task())), "a")
    town.do(ReassignTask(task, town.people[DEPUTY], "болезнь"), "coordinator.office")
    page = served.page(PHONE)
    served.visit(page, DEPUTY, "/notices")
    page.goto("/notices")
    sound(page)
    page.get_by_role("link", name=re.compile("Вам передана задача")).click()
    expect(page).to_have_url(re.compile(f"/tasks/{task}$"))
    page.goto("/notices")
    expect(page.locator(".notice.new")).to_have_count(0)
    page.get_by_role("link", name="Настроить уведомления").click()
    page.get_by_label("Координатор напоминает о задаче").select_option(label="сразу письмом")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("сохранены")
    sound(page)
