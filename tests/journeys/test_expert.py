"""An expert's way in a real browser: declaration, evidence, scores, signature; then the lead's."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.bundles import shipped
from engine.commands.tasks import CompleteTask
from engine.rehearsal.sights import TaskSight
from tests.journeys.conftest import DESKTOP, PHONE, Served
from tests.journeys.year import SMALL, Year

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTIONS = (
    "Работаете в этой школе?",
    "Здесь работает ваш близкий родственник?",
    "Здесь учится ваш ребёнок или внук?",
    "Получали деньги от школы за последние три года?",
    "Подчинены директору школы или руководите им?",
)


def until(year: Year, element: str, **changed: Any) -> TaskSight:
    """Let everybody do his part through commands until a task at an element is next."""
    for task in year.turns():
        if task.element == element:
            return task
        who = year.who(task)
        fields = {**year.fields(task, who), **changed.get(task.element, {})}
        year.town.engine.do(CompleteTask(task.id, fields), year.town.actor(who))
    raise AssertionError(f"{element} was never reached")


def declare(page: Page) -> None:
    """Answer the five questions as somebody who is independent."""
    page.get_by_role("group", name="Согласны участвовать").get_by_label("Да", exact=True).check()
    for question in QUESTIONS:
        page.get_by_role("group", name=question).get_by_label("Нет", exact=True).check()
    page.get_by_label("Обязуюсь не разглашать").check()
    page.get_by_label("Согласен на обработку").check()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("status").first).to_contain_text("Готово")


def score(page: Page, answer: str) -> None:
    """Give every goal the same answer; its text appears with it."""
    items = page.locator("[data-item]")
    for number in range(items.count()):
        item = items.nth(number)
        expect(item.get_by_label("Что установлено")).to_be_hidden()
        item.get_by_label(answer).check()
        item.get_by_label("Что установлено").fill("Видел два урока и журналы.")
    expect(page.locator(".tally")).to_contain_text(f"Заполнено {items.count()} из {items.count()}")
    page.locator("[name='recommendations.0.text']").fill("Завести карту пробелов.")


def test_from_the_declaration_to_the_signature(served: Served) -> None:
    """
    On a phone between two lessons he declares, at a desk he concludes beside the evidence.

    A double press signs once; what he reads afterwards, and what is printed, is what he saw. His
    lead then sees where the experts differ.
    """
    town = served.town
    year = Year(town, served.clock, town.case(town.cycle(shipped("opeko"), **SMALL)))
    first = until(year, "s2_coi")
    phone = served.page(PHONE)
    served.visit(phone, year.who(first), f"/tasks/{first.id}")
    declare(phone)

    task = until(year, "s3_opinion")
    who = year.who(task)
    small = served.page(PHONE)
    served.visit(small, who, f"/tasks/{task.id}")
    expect(small.locator("#evidence")).to_be_hidden()
    small.get_by_role("button", name="Материалы").click()
    expect(small.get_by_text("Ваши наблюдения")).to_be_in_viewport()
    small.get_by_role("button", name="Закрыть").click()
    expect(small.locator("#evidence")).to_be_hidden()

    page = served.page(DESKTOP)
    served.visit(page, who, f"/tasks/{task.id}")
    expect(page.locator("#evidence")).to_be_visible()
    score(page, "4 — полностью")
    page.get_by_role("button", name="Просмотр и подпись").click()
    expect(page.get_by_role("heading", name="Так будет напечатано")).to_be_visible()
    before = page.locator(".printed-body").inner_html()
    page.get_by_role("button", name="Подписываю заключение").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("Подписано")
    assert before == page.locator(".printed-body").inner_html()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    expect(page.locator(".printed-body")).to_be_visible()

    lowest = {"goals": [{**row, "score": "1"} for row in year.fields(task, who)["goals"]]}
    reconcile = until(year, "s4_reconcile", s3_opinion=lowest)
    lead = served.page(PHONE)
    served.visit(lead, year.who(reconcile), f"/cases/{year.case_id}/scores?only=diverging")
    expect(lead.locator("tbody tr").first).to_contain_text("расходятся на 3")
    assert lead.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
