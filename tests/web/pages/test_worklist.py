"""«Мои задачи»: the list of tasks, claiming and returning."""

import re

import pytest

from engine.commands.cases import StartCase, SuspendCase
from engine.commands.cycles import OpenCycle
from engine.commands.tasks import ClaimTask
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site

HTMX = {"HX-Request": "true"}


@pytest.fixture
def deputy(site: Site) -> Browser:
    """Return a browser of the deputy director of the school, on the worklist."""
    browser = site.enter("deputy.school")
    browser.open("/tasks")
    return browser


def _titles(browser: Browser) -> list[str]:
    assert browser.page is not None
    return browser.page.texts(".row .name")


def _post(browser: Browser, path: str, **headers: str) -> str:
    """Send what htmx would send from the page at hand."""
    assert browser.page is not None
    attribute = browser.page.find("body")[0].get("hx-headers:inherited") or ""
    token = attribute.split('"')[3]
    answer = browser.client.post(path, headers={"X-CSRF-Token": token, **HTMX, **headers})
    return answer.text


def test_a_task_is_told_with_school_stage_and_deadline(deputy: Browser) -> None:
    """Under the heading of its urgency, with the one action that there is."""
    assert deputy.page is not None
    assert ["Позже 1"] == deputy.page.texts(".group h2")
    assert ["school · Заседание"] == deputy.page.texts(".row .where")
    assert ["через 14 дней 9 декабря"] == deputy.page.texts(".row .when")
    assert ["Взять задачу «Заседание <script>alert(1)</script> педсовета»"] == deputy.page.texts(
        ".row button"
    )


def test_claiming_leads_to_the_task(deputy: Browser, site: Site) -> None:
    """Without scripts, the press takes the task and opens it: two clicks from here to done."""
    page = deputy.press("Взять")
    assert f"/tasks/{site.task()}" == page.path
    assert "Вы взяли её в работу сегодня" in page.text


def test_claiming_with_htmx_swaps_the_row(deputy: Browser, site: Site) -> None:
    """The answer is the row alone, with the way back, which takes the focus."""
    text = _post(deputy, f"/tasks/{site.task()}/claim")
    assert "<html" not in text
    assert "В работе у вас" in text
    assert re.search(r"<button[^>]*data-focus[^>]*>Вернуть", text)


def test_returning_with_htmx_swaps_the_row_back(deputy: Browser, site: Site) -> None:
    """The list is as it was before the claim."""
    _post(deputy, f"/tasks/{site.task()}/claim")
    assert "Взять" in _post(deputy, f"/tasks/{site.task()}/release")


def test_a_claimed_task_is_gone_from_the_lists_of_others(deputy: Browser, site: Site) -> None:
    """Two deputies see the same free task until one has taken it."""
    other = site.enter("deputy2.school")
    other.open("/tasks")
    assert 1 == len(_titles(other))
    deputy.press("Взять")
    other.open("/tasks")
    assert [] == _titles(other)


def test_the_loser_of_a_race_is_told_who_was_first(deputy: Browser, site: Site) -> None:
    """409 with name and time, above the page as it stands."""
    site.town.do(ClaimTask(site.task()), "deputy2.school")
    text = _post(deputy, f"/tasks/{site.task()}/claim")
    assert "Некто deputy2.school" in text
    assert 'class="toast' in text


def test_the_list_can_be_narrowed(deputy: Browser, site: Site) -> None:
    """Tasks in work and free ones stand apart, with their numbers; the address keeps it."""
    deputy.press("Взять")
    page = deputy.open("/tasks?show=mine")
    assert ["Все", "В работе 1", "Свободные 0"] == page.texts(".segments a")
    assert 1 == len(_titles(deputy))
    deputy.open("/tasks?show=free")
    assert [] == _titles(deputy)


def test_an_unknown_narrowing_shows_all(deputy: Browser) -> None:
    """A doctored address breaks nothing."""
    deputy.open("/tasks?show=nothing&after=1e9.x")
    assert 1 == len(_titles(deputy))


@pytest.mark.parametrize(
    "who", ["director.school", "deputy.second", "deputy.far_school", "expert1", "head.office"]
)
def test_nobody_else_sees_the_task(site: Site, who: str) -> None:
    """Another role, another school, another town: an empty list that says what comes next."""
    browser = site.enter(who)
    browser.open("/tasks")
    assert [] == _titles(browser)
    assert browser.page is not None
    assert "задача появится здесь" in browser.page.text


def test_a_suspended_case_is_marked(deputy: Browser, site: Site) -> None:
    """Its tasks stay in the list, and say why they cannot be finished."""
    site.town.do(SuspendCase(site.case_id, "каникулы"), "coordinator.office")
    page = deputy.open("/tasks")
    assert "дело приостановлено" in page.texts(".row .where")[0]


def test_a_long_list_has_pages(site: Site) -> None:
    """Fifty tasks on a page; every task stands on exactly one."""
    for year in range(2027, 2087):
        cycle = OpenCycle(site.town.organisations["office"], "council", year, f"Цикл {year}")
        opened = site.town.engine.do(cycle, site.town.actor("coordinator.office"))
        start = StartCase(opened, site.town.organisations["school"])
        site.town.engine.do(start, site.town.actor("coordinator.office"))
    browser = site.enter("deputy.school")
    first = browser.open("/tasks")
    assert ["Позже 50+"] == first.texts(".group h2")
    second = browser.follow("Следующие задачи")
    seen = [row.get("id") for page in (first, second) for row in page.find(".row")]
    assert (61, 61) == (len(seen), len(set(seen)))
    assert [] == second.links("Следующие задачи")
