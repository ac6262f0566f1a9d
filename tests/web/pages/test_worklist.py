"""«Мои задачи»: the list of tasks, claiming and returning."""

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.commands.cases import StartCase, SuspendCase
from engine.commands.cycles import OpenCycle
from engine.commands.tasks import ClaimTask, CompleteTask
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


def _send(browser: Browser, path: str, **data: Any) -> TestResponse:
    """Send a form from the page at hand."""
    assert browser.page is not None
    attribute = browser.page.find("body")[0].get("hx-headers:inherited") or ""
    return browser.client.post(path, data=data, headers={"X-CSRF-Token": attribute.split('"')[3]})


def _post(browser: Browser, path: str, **data: Any) -> str:
    """Send what htmx would send from the page at hand."""
    assert browser.page is not None
    attribute = browser.page.find("body")[0].get("hx-headers:inherited") or ""
    headers = {"X-CSRF-Token": attribute.split('"')[3], **HTMX}
    return browser.client.post(path, data=data, headers=headers).text


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
    assert site.town.people["deputy.school"] == site.holder()


def test_claiming_with_htmx_swaps_the_row(deputy: Browser, site: Site) -> None:
    """The row with the way back, which takes the focus; beside it the undo and new numbers."""
    text = _post(deputy, f"/tasks/{site.task()}/claim")
    assert "<html" not in text
    assert "В работе у вас" in text
    assert re.search(r"<button[^>]*data-focus[^>]*>Вернуть", text)
    assert re.search(r'<div id="toasts"[^>]*>.*Взято.*/release"[^>]*>Отменить', text, re.DOTALL)
    assert re.search(r'<span id="count-mine"[^>]*>1</span>', text)
    assert re.search(r'<span id="count-free"[^>]*>0</span>', text)


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
    assert ["Все 1", "Мои 1", "Свободные 0", "Готово 0"] == page.texts(".segments a")
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
    assert ["Позже 61"] == first.texts(".group h2")
    assert [] == first.find("#school")
    assert 62 == len(browser.follow("Отбор").find("#cycle option"))
    browser.open("/tasks")
    second = browser.follow("Следующие задачи")
    seen = [row.get("id") for page in (first, second) for row in page.find(".row")]
    assert (61, 61) == (len(seen), len(set(seen)))
    assert [] == second.links("Следующие задачи")


# search and filters -----------------------------------------------------------------------------


def test_a_search_is_kept_in_the_address(deputy: Browser) -> None:
    """Cyrillic in any case; what is looked for stays in the field, and the number is told."""
    page = deputy.press("Найти", q="ЗАСЕДАНИЕ педсовета")
    assert ["Найдено 1 задача"] == page.texts("main [role=status]")
    assert "ЗАСЕДАНИЕ педсовета" == page.find("#q")[0].get("value")
    page = deputy.press("Найти", q="протокол")
    assert ["Ничего не найдено"] == page.texts("main [role=status]")
    assert "не подходит ни одна задача" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "я" * 10_000,
        "q=<script>alert(1)</script>",
        "school=1e9&cycle=-1&stage=%22%3E&priority=urgent&late=on",
        "school=99999999999999999999&after=1.1&select=yes",
        "show=done&q=%25&after=9999999999999999.1",
    ],
)
def test_a_doctored_address_breaks_nothing(deputy: Browser, query: str) -> None:
    """Whatever cannot be read narrows nothing, and is text where it is shown."""
    page = deputy.open(f"/tasks?{query}")
    assert 200 == page.answer.status_code
    assert "<script>alert" not in page.answer.text


def test_a_filter_gets_a_name(deputy: Browser, site: Site) -> None:
    """Saved, listed as a chip that leads to its list, and deleted again."""
    deputy.open("/tasks?q=заседание&late=yes")
    page = deputy.press("Сохранить", name="<b>Поздние</b>")
    assert "Отбор сохранён." in page.text
    assert ["<b>Поздние</b>"] == page.texts(".chip a")
    page = deputy.follow("<b>Поздние</b>")
    assert ("заседание", 1) == (
        page.find("#q")[0].get("value"),
        len(page.find(".chip [aria-current]")),
    )
    assert [] == page.find(".save")
    assert [] == deputy.press("×").texts(".chip a")


def test_a_filter_without_a_name_is_refused(deputy: Browser) -> None:
    """With the words of the refusal, as 422."""
    deputy.open("/tasks?late=yes")
    answer = _send(deputy, "/tasks/filters", name=" ", late="yes")
    assert (422, True) == (answer.status_code, "дайте ему название" in answer.text)
    assert 403 == _send(deputy, "/tasks/filters", name="А", late="yes", share="2").status_code


# putting aside ----------------------------------------------------------------------------------


def test_a_task_is_put_aside_and_taken_up(deputy: Browser, site: Site) -> None:
    """Without scripts: a page that offers days, then a list that counts it apart."""
    deputy.open(f"/tasks/{site.task()}/snooze")
    page = deputy.press("понедельник, 30 ноября")
    assert "вернётся в список сама" in page.text
    assert ["Отложено 1"] == page.texts(".group h2")
    assert ["вернётся: 30 ноября, 00:00"] == page.texts(".row .when")
    page = deputy.press("Вернуть в список")
    assert ["Позже 1"] == page.texts(".group h2")


def test_with_htmx_the_row_asks_and_tells(deputy: Browser, site: Site) -> None:
    """The question and its answer stand in the place of the row, with a way back."""
    address = f"/tasks/{site.task()}"
    asked = deputy.client.get(f"{address}/snooze", headers=HTMX).text
    assert ("<html" not in asked, "завтра" in asked) == (True, True)
    assert "Отложено до 28" in _post(deputy, f"{address}/snooze", until="2026-11-28")
    assert "Взять" in _post(deputy, f"{address}/unsnooze")


@pytest.mark.parametrize("day", ["", "завтра", "2026-11-25", "2027-01-01", "0000-00-00"])
def test_a_day_that_does_not_fit_is_asked_again(deputy: Browser, site: Site, day: str) -> None:
    """The question stays, with what is wrong."""
    answer = _send(deputy, f"/tasks/{site.task()}/snooze", until=day)
    assert (422, True) == (answer.status_code, 'class="wrong"' in answer.text)


# the next one -----------------------------------------------------------------------------------


def test_the_most_urgent_task_is_taken_and_opened(deputy: Browser, site: Site) -> None:
    """At one press; the second press opens it again."""
    for _ in range(2):
        deputy.open("/tasks")
        page = deputy.press("Дай следующую")
        assert (f"/tasks/{site.task()}", site.town.people["deputy.school"]) == (
            page.path,
            site.holder(),
        )


def test_when_there_is_nothing_it_says_so(deputy: Browser, site: Site) -> None:
    """Somebody was quicker, or the case stands still."""
    site.town.do(SuspendCase(site.case_id, "каникулы"), "coordinator.office")
    assert "нет задач, которые можно начать" in deputy.press("Дай следующую").text


# several ----------------------------------------------------------------------------------------


def _second(site: Site) -> int:
    """Start the case of a second cycle of the school; return its first task."""
    cycle = OpenCycle(site.town.organisations["office"], "council", 2027, "Цикл 2027")
    coordinator = site.town.actor("coordinator.office")
    opened = site.town.engine.do(cycle, coordinator)
    school = site.town.organisations["school"]
    return site.town.task(
        site.town.engine.do(StartCase(opened, school), coordinator), "hold_council"
    )


def test_several_are_taken_with_a_result_for_each(site: Site) -> None:
    """One is free, one is gone, one never was; the same one twice counts once."""
    deputy, second = site.enter("deputy.school"), _second(site)
    page = deputy.open("/tasks?select=yes")
    assert 2 == len(page.find("input[name=task][form=selected]"))
    site.town.do(ClaimTask(second), "deputy2.school")
    chosen = [site.task(), second, 999, site.task()]
    text = _send(deputy, "/tasks/selected/claim", task=chosen).text
    assert "Сделано: 1 из 3" in " ".join(text.replace("\xa0", " ").split())
    assert "Некто deputy2.school" in text
    assert site.town.people["deputy.school"] == site.holder()


def test_choosing_nothing_leads_back(deputy: Browser) -> None:
    """Also when what was sent is no number."""
    for sent in ([], ["x"]):
        assert 303 == _send(deputy, "/tasks/selected/claim", task=sent).status_code


def test_who_steers_gives_several_away(site: Site) -> None:
    """With a reason, to who has the role; a priority with or without one."""
    coordinator = site.enter("coordinator.office")
    coordinator.open("/tasks")
    given = {"task": [site.task()], "person_id": site.town.people["deputy2.school"]}
    assert "Причина не указана" in _send(coordinator, "/tasks/selected/assign", **given).text
    assert "Передана" in _send(coordinator, "/tasks/selected/assign", reason="Отпуск", **given).text
    assert site.town.people["deputy2.school"] == site.holder()
    done = _send(coordinator, "/tasks/selected/priority", task=[site.task()], priority="high")
    assert "Готово" in done.text
    assert ["Важно"] == site.enter("deputy2.school").open("/tasks").texts(".tag.high")
    wrong = _send(coordinator, "/tasks/selected/priority", task=[site.task()], priority="сверх")
    assert "Такой важности нет" in wrong.text


def test_who_does_not_steer_gives_nothing_away(deputy: Browser, site: Site) -> None:
    """A doctored request of a deputy is told for each that he may not."""
    given = {"task": [site.task()], "person_id": site.town.people["deputy2.school"]}
    text = _send(deputy, "/tasks/selected/assign", reason="Отпуск", **given).text
    assert "У вас нет права" in text
    assert site.holder() is None


# what comes next --------------------------------------------------------------------------------


def test_an_empty_list_says_what_comes_next(site: Site) -> None:
    """Whose move it is now, and which work will be the reader's."""
    page = site.enter("director.school").open("/tasks")
    assert "Сейчас от вас ничего не ждут." in page.text
    (line,) = page.texts(".ahead li")
    assert "Ваша следующая задача — «Подписать приказ»" in line
    assert "заместитель директора по УВР" in line
    assert "9 декабря" in line


@pytest.mark.parametrize("show", ["mine", "free", "done"])
def test_each_segment_has_its_empty_state(site: Site, show: str) -> None:
    """And says where to go instead."""
    browser = site.enter("deputy.school")
    browser.open("/tasks")
    if show == "free":
        browser.press("Взять")
    page = browser.open(f"/tasks?show={show}")
    wanted = {"mine": "Возьмите задачу из", "free": "Есть начатые", "done": "которые вы выполнили"}
    assert wanted[show] in page.text


def test_what_is_done_is_shown_with_its_time(deputy: Browser, site: Site) -> None:
    """Newest first, with nothing to press."""
    answers = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}
    site.town.do(CompleteTask(site.task(), answers), "deputy.school")
    site.clock.advance(timedelta(minutes=5))
    page = deputy.open("/tasks?show=done")
    assert ["Готово сегодня, 11:00"] == page.texts(".row .when")
    assert [] == page.find(".row button")
