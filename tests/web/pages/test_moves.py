"""What a coordinator does about one task, and how a page tells beforehand what it leads to."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.commands.cases import SuspendCase
from engine.commands.tasks import CompleteTask
from engine.model.records import Notice
from engine.model.tasks import CLOSED, Task
from tests.drawn import TWO
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site

ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}


@pytest.fixture
def coordinator(site: Site) -> Browser:
    """Return a browser of the coordinator."""
    return site.enter("coordinator.office")


def address(site: Site, task_id: int | None = None, case_id: int | None = None) -> str:
    """Return where the actions of the open task stand."""
    return f"/cases/{case_id or site.case_id}/moves/{task_id or site.task()}"


def test_the_case_leads_there(coordinator: Browser, site: Site) -> None:
    """Beside the task that it is about."""
    page = coordinator.open(f"/cases/{site.case_id}")
    (link,) = page.find(".now-list a.button")
    assert address(site) == link.get("href") == link.get("hx-get")


def test_with_scripts_only_the_forms_come(coordinator: Browser, site: Site) -> None:
    """They open under the task, without the frame of a page."""
    answer = coordinator.client.get(address(site), headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "act-one" in answer.text


def test_whoever_has_the_move_is_reminded(coordinator: Browser, site: Site) -> None:
    """And the page says how many that were."""
    coordinator.open(address(site))
    page = coordinator.press("Напомнить", words="Ждём к пятнице")
    assert "Напоминание отправлено 2 людям." in page.text
    sentences = [row.sentence for row in site.town.rows(select(Notice.sentence))]
    assert 2 == sum(sentence.endswith("Ждём к пятнице.") for sentence in sentences)


def test_a_task_is_given_to_another(coordinator: Browser, site: Site) -> None:
    """To whom, with how much he has to do already; the history says why."""
    page = coordinator.open(address(site))
    assert any("открытых задач: 0" in text for text in page.texts("select option"))
    person = site.town.people["deputy2.school"]
    page = coordinator.press("Передать", person_id=person, reason="Отпуск")
    assert "Задача передана." in page.text
    assert "Ход за человеком: Некто deputy2.school" in page.texts(".now-list li")[0]


def test_a_deadline_is_moved(coordinator: Browser, site: Site) -> None:
    """The history has the day before and the day after."""
    coordinator.open(address(site))
    page = coordinator.press("Перенести", due_on=date(2026, 12, 20), reason="Каникулы")
    assert "Срок перенесён." in page.text
    assert "До 20 декабря" in page.texts(".now-list li")[0]
    assert "Было: 09.12.2026 → стало: 20.12.2026" in page.texts(".timeline li")[0]


def test_a_task_is_made_important(coordinator: Browser, site: Site) -> None:
    """With a reason; what is no priority is refused."""
    coordinator.open(address(site))
    page = coordinator.press("Изменить", priority="high", reason="Ждёт район")
    assert "Важность изменена." in page.text
    assert "Причина: Ждёт район." in page.texts(".timeline li")[0]
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "reason": "так", "priority": "сверх"}
    assert 422 == coordinator.client.post(f"{address(site)}/priority", data=data).status_code


@pytest.mark.parametrize(("day", "status"), [("", 422), ("2026-13-45", 422), ("2020-01-01", 422)])
def test_a_day_that_is_none_is_refused(
    coordinator: Browser, site: Site, day: str, status: int
) -> None:
    """In words beside the form; nothing has moved, and the reason need not be typed again."""
    coordinator.open(address(site))
    page = coordinator.press("Перенести", due_on=day, reason="Каникулы")
    assert status == page.status
    assert 1 == len(page.texts(".act-one[open] .wrong"))
    (reason,) = page.find(".act-one[open] [name=reason]")
    assert "Каникулы" == reason.get("value")


def test_what_cannot_be_skipped_says_why(coordinator: Browser, site: Site) -> None:
    """Instead of a button that would be refused."""
    page = coordinator.open(address(site))
    (told,) = page.texts(".act-one .message")
    assert "Эту задачу пропустить нельзя" in told
    assert "Напомните о ней" in told
    token = page.find("input[name=csrf]")[0].get("value")
    answer = coordinator.client.post(f"{address(site)}/skip", data={"csrf": token, "reason": "так"})
    assert 409 == answer.status_code


def test_what_a_skip_leads_to_is_told_before(coordinator: Browser, site: Site) -> None:
    """And happens when the button is pressed."""
    case_id = site.town.case(site.town.cycle(TWO), "second")
    task_id = site.town.task(case_id, "first")
    page = coordinator.open(address(site, task_id, case_id))
    told = page.texts(".act-one li")
    assert [
        "Начнётся этап «Решение».",
        "Откроется задача «Задача second», срок — 02.12.2026.",
    ] == told
    assert [task_id] == [row.id for row in site.town.open_tasks(case_id)]
    page = coordinator.press("Пропустить", reason="Школа закрыта")
    assert "Задача пропущена, дело идёт дальше." in page.text
    assert "Причина: Школа закрыта." in page.texts(".timeline")[0]
    state = site.town.value(select(Task.state).where(Task.id == task_id))
    assert CLOSED == state


def test_of_a_suspended_case_nothing_is_offered(coordinator: Browser, site: Site) -> None:
    """It is resumed first."""
    site.town.do(SuspendCase(site.case_id, "Карантин"), "coordinator.office")
    assert [] == coordinator.open(f"/cases/{site.case_id}").find(".now-list a.button")


def test_an_ended_task_is_told_to_be_so(coordinator: Browser, site: Site) -> None:
    """To whoever has kept the address."""
    kept = address(site)
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    page = coordinator.open(kept)
    assert (409, True) == (page.status, "уже завершена" in page.text)


def test_the_task_of_another_case_is_not_there(coordinator: Browser, site: Site) -> None:
    """The two numbers of an address have to agree."""
    other = site.town.case(site.town.cycle(TWO), "second")
    assert 404 == coordinator.open(address(site, case_id=other)).status
    assert 404 == coordinator.open(address(site, case_id=999)).status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("head.office", 200),
        ("deputy.school", 403),
        ("director.school", 403),
        ("secretary.school", 403),
        ("teacher.school", 404),
        ("director.second", 404),
        ("coordinator.far_office", 404),
        ("head.far_office", 404),
        ("expert1", 404),
        ("administrator.office", 404),
    ],
)
def test_only_who_steers_gets_there(site: Site, who: str, status: int) -> None:
    """Neither by the page nor past it."""
    browser = site.enter(who)
    page = browser.open(address(site))
    assert status == page.status
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "reason": "так", "person_id": 1, "due_on": "2026-12-20"}
    if status != 200:
        for action in ("remind", "reassign", "extend", "priority", "skip"):
            answer = browser.client.post(f"{address(site)}/{action}", data=data)
            assert status == answer.status_code, action
