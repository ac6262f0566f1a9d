"""Notices: what concerns the reader."""

from datetime import timedelta

import pytest

from engine.commands.handovers import ReassignTask
from engine.model.records import Notice
from engine.rules.access import SYSTEM
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site


def _noticed(site: Site) -> Browser:
    """Return a browser of somebody who was given a task."""
    person = site.town.people["deputy2.school"]
    site.town.do(ReassignTask(site.task(), person, "отпуск"), "coordinator.office")
    browser = site.enter("deputy2.school")
    browser.open("/notices")
    return browser


def _write(site: Site, who: str, number: int, **more: object) -> None:
    """Write notices to somebody, one a day."""
    with site.town.engine.unit(SYSTEM) as unit:
        for each in range(number):
            row = {
                "person_id": site.town.people[who],
                "at": unit.now - timedelta(days=number - each - 1),
                "kind": "incident",
                "case_id": site.case_id,
                "sentence": f"Весть {each}.",
                "dedup_key": f"test:{who}:{each}",
            }
            unit.add(Notice, {**row, **more})


def test_a_notice_leads_to_its_task(site: Site) -> None:
    """It is new, counted at the bell, linked, and stands under its day and case."""
    browser = _noticed(site)
    assert browser.page is not None
    assert ["1"] == [text.rpartition(" ")[2] for text in browser.page.texts(".bell .count")]
    (link,) = browser.page.find(".row .name a")
    assert f"/tasks/{site.task()}" == link.get("href")
    assert ["Сегодня"] == browser.page.texts("h2")
    assert ["school · Цикл council"] == browser.page.texts("h3")


def test_whoever_opens_the_task_has_read_the_notice(site: Site) -> None:
    """By whatever way he came there; other notices stay new."""
    browser = _noticed(site)
    _write(site, "deputy2.school", 1)
    browser.open(f"/tasks/{site.task()}")
    page = browser.open("/notices")
    assert ["Новое: Весть 0."] == page.texts(".notice.new .name")
    browser.open(f"/cases/{site.case_id}")
    assert [] == browser.open("/notices").find(".notice.new")


def test_all_can_be_marked_as_read(site: Site) -> None:
    """They stay in the list; the count is gone."""
    browser = _noticed(site)
    page = browser.press("Прочитать все")
    assert ([], 1) == (page.find(".bell .count"), len(page.find(".row")))
    assert [] == page.find(".notice.new")
    page = browser.follow("Новые")
    assert "всё прочитано" in page.text


def test_the_bell_counts_what_waits_to_be_done(site: Site) -> None:
    """Not what only informs, and not what a colleague has finished meanwhile."""
    browser = _noticed(site)
    _write(site, "deputy2.school", 2, kind="closed")
    assert ["1"] == [t.rpartition(" ")[2] for t in browser.open("/tasks").texts(".bell .count")]
    assert 3 == len(browser.open("/notices?show=new").find(".row"))
    site.town.do(
        ReassignTask(site.task(), site.town.people["deputy.school"], "x"), "coordinator.office"
    )
    assert [] == browser.open("/tasks").find(".bell .count")


def test_many_notices_have_pages(site: Site) -> None:
    """The newest first; the way to the older ones goes on."""
    _write(site, "deputy.school", 45)
    browser = site.enter("deputy.school")
    page = browser.open("/notices")
    assert (40, "Весть 44.") == (len(page.find(".row")), page.texts(".row .name a")[0])
    assert ["Сегодня", "Вчера", "23 ноября"] == page.texts("h2")[:3]
    page = browser.follow("Показать более ранние")
    assert (5, "Весть 0.") == (len(page.find(".row")), page.texts(".row .name a")[-1])
    assert "Показать более ранние" not in page.text


def test_a_notice_of_many_tasks_shows_how_they_stand_now(site: Site) -> None:
    """Whoever got it sees them; whoever may not see the cases any more, none of them."""
    tasks = [site.task(), site.town.task(site.town.case(site.cycle_id, "second"), "hold_council")]
    for who in ("coordinator.office", "teacher.school"):
        _write(site, who, 1, kind="idle", tasks=tasks)
    browser = site.enter("coordinator.office")
    browser.open("/notices")
    page = browser.follow("Весть 0.")
    assert ["никто не взял", "никто не взял"] == page.texts(".act")
    assert [] == browser.open("/notices").find(".notice.new")
    teacher = site.enter("teacher.school")
    teacher.open("/notices")
    assert "больше не видны" in teacher.follow("Весть 0.").text


@pytest.mark.parametrize("path", ["/notices/1", "/notices/99"])
def test_nobody_opens_the_notice_of_another(site: Site, path: str) -> None:
    """404, as if there were none."""
    _noticed(site)
    assert 404 == site.enter("coordinator.office").open(path).status


def test_nobody_reads_the_notices_of_another(site: Site) -> None:
    """Neither are they shown to him nor marked by him."""
    browser = _noticed(site)
    other = site.enter("deputy.school")
    page = other.open("/notices")
    assert [] == page.find(".row")
    token = page.find("input[name=csrf]")[0].get("value")
    other.client.post("/notices/read", data={"csrf": token, "newest_id": 1000})
    assert 1 == len(browser.open("/notices").find(".notice.new"))


def test_without_notices_the_page_says_what_will_come(site: Site) -> None:
    """An empty page explains itself."""
    assert "Здесь появится" in site.enter("teacher.school").open("/notices").text
