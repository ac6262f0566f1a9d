"""Cases: the coordinator's list, and the page that says what happens now, who and until when."""

import pytest
from lxml.html import HtmlElement

from engine.commands.cases import SuspendCase
from engine.commands.tasks import ClaimTask, CompleteTask, ReleaseTask
from engine.model.base import to_ms
from engine.queries.cases import NEVER
from tests.drawn import flows, panel, person_task, process
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site

ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}


@pytest.fixture
def coordinator(site: Site) -> Browser:
    """Return a browser of the coordinator, on the list of cases."""
    browser = site.enter("coordinator.office")
    browser.open("/cases")
    return browser


# the list ---------------------------------------------------------------------------------------


def test_the_list_says_whose_move_it_is(coordinator: Browser, site: Site) -> None:
    """School, stage, who has the move, until when, and the state in words."""
    assert coordinator.page is not None
    (row,) = coordinator.page.texts("tbody tr")
    for words in (
        "school",
        "Заседание",
        "заместитель директора по УВР",
        "через 14 дней",
        "9 декабря",
    ):
        assert words in row


def test_a_late_case_is_marked(site: Site) -> None:
    """A missed deadline is told in words and counted."""
    site.move_to(2026, 12, 14)
    page = site.enter("coordinator.office").open("/cases?late=yes")
    assert ["просрочено на 5 дней"] == page.texts("table .tag.late")
    assert ["Найдено 1 дело, с опозданием — 1 · Сбросить"] == page.texts("[role=status]")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=running", 1),
        ("status=completed", 0),
        ("cycle=1", 1),
        ("cycle=2", 0),
        ("late=yes", 0),
        ("cycle=x&organisation=-1&status=&late=no", 1),
    ],
)
def test_the_address_narrows_the_list(coordinator: Browser, query: str, found: int) -> None:
    """What cannot be read narrows nothing."""
    assert found == len(coordinator.open(f"/cases?{query}").find("tbody tr"))


def test_the_filters_show_what_the_address_says(coordinator: Browser) -> None:
    """A link can be kept and sent; the form agrees with it."""
    page = coordinator.open("/cases?status=cancelled&late=yes")
    assert ["отменено"] == page.texts("#status option[selected]")
    assert 1 == len(page.find("input[name=late][checked]"))
    assert "не подходит ни одно дело" in page.text


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("coordinator.office", 1),
        ("head.office", 1),
        ("deputy.school", 1),
        ("director.school", 1),
        ("secretary.school", 1),
        ("teacher.school", 0),
        ("expert1", 0),
        ("administrator.office", 0),
        ("director.second", 0),
        ("head.far_office", 0),
    ],
)
def test_everybody_sees_the_cases_of_his_own_only(site: Site, who: str, found: int) -> None:
    """The rest of the table is not there for him."""
    assert found == len(site.enter(who).open("/cases").find("tbody tr"))


def test_a_coordinator_begins_where_the_stuck_school_stands(site: Site) -> None:
    """The first thing he reads is which school, for how long, and whose move it is."""
    site.move_to(2026, 12, 14)
    page = site.enter("coordinator.office").open("/")
    assert "/cases" == page.path.rstrip("?")
    (first,) = page.texts(".attention li")
    for said in ("school", "просрочено на 5 дней", "заместитель директора по УВР", "Заседание"):
        assert said in first


def test_the_block_gives_way_to_what_is_looked_for(site: Site) -> None:
    """A narrowed list begins at once."""
    site.move_to(2026, 12, 14)
    browser = site.enter("coordinator.office")
    assert [] == browser.open("/cases?late=yes").find(".attention")
    assert [] == site.enter("director.school").open("/cases").find(".attention")


def test_the_stages_say_where_schools_stand(site: Site) -> None:
    """How many in each and how many of them late; a press narrows the list to one."""
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    site.town.case(site.cycle_id, "second")
    site.move_to(2026, 12, 14)
    coordinator = site.enter("coordinator.office")
    page = coordinator.open("/cases")
    assert ["Заседание 1 опаздывает 1", "Приказ 1 опаздывает 1"] == page.texts(".stands li")
    page = coordinator.open(page.find(".stands a")[1].get("href", ""))
    assert ["school"] == page.texts("tbody strong")
    assert ["Заседание 1 опаздывает 1", "Приказ 1 опаздывает 1"] == page.texts(".stands li")


@pytest.mark.parametrize(
    ("words", "found"),
    [("school", {"school"}), ("SECOND", {"second"}), ("нет такой", set()), ("100%_", set())],
)
def test_a_school_is_found_by_its_name(
    coordinator: Browser, site: Site, words: str, found: set[str]
) -> None:
    """Whatever the case of its letters; signs of the database mean nothing."""
    site.town.case(site.cycle_id, "second")
    page = coordinator.open("/cases")
    page = coordinator.press("Найти", q=words)
    assert found == set(page.texts("tbody strong"))


def test_a_narrowed_list_is_kept_under_a_name(coordinator: Browser) -> None:
    """It stands above the list from then on, until it is deleted."""
    coordinator.open("/cases?late=yes&q=school")
    page = coordinator.press("Сохранить", name="Мои опоздания")
    assert ["/cases?late=yes&q=school"] == [
        a.get("href") for a in page.find(".chip a") if a.text == "Мои опоздания"
    ]
    page = coordinator.open("/cases")
    assert ["Мои опоздания"] == page.texts(".chip a")
    assert [] == coordinator.press("×").find(".chip")


def test_a_long_list_goes_on_behind_a_case(coordinator: Browser, site: Site) -> None:
    """The way back is there; what cannot be read begins at the front."""
    assert 1 == len(coordinator.open("/cases?after=x.1").find("tbody tr"))
    behind = f"/cases?status=running&after={to_ms(NEVER)}.{site.case_id}"
    assert [] == coordinator.open(behind).find("tbody tr")
    assert 1 == len(coordinator.open("/cases?status=running&after=0.999").find("tbody tr"))
    assert 1 == len(coordinator.follow("В начало").find("tbody tr"))


# one case ---------------------------------------------------------------------------------------


def test_the_page_says_what_happens_now(coordinator: Browser, site: Site) -> None:
    """In a sentence: the task, whose move it is, until which day."""
    page = coordinator.open(f"/cases/{site.case_id}")
    (now,) = page.texts(".now-list li")
    assert (
        "Ход за ролью «заместитель директора по УВР», никто ещё не взял, открыта 25 ноября." in now
    )
    assert "До 9 декабря через 14 дней" in now


def test_a_holder_is_named(coordinator: Browser, site: Site) -> None:
    """Once somebody has taken the task, the move is his."""
    site.town.do(ClaimTask(site.task()), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}")
    assert "Ход за человеком: Некто deputy.school, с 25 ноября." in page.texts(".now-list li")[0]


def test_the_stages_are_a_line(coordinator: Browser, site: Site) -> None:
    """Those passed, the present one, those ahead: in words for who sees no colour."""
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}")
    assert ["Заседание — пройден1 из 1", "Приказ0 из 1, идёт сейчас"] == page.texts(".stages li")
    assert ["Приказ0 из 1, идёт сейчас"] == page.texts(".stages [aria-current=step]")


def test_the_diagram_shows_where_the_case_stands(coordinator: Browser, site: Site) -> None:
    """The open task is marked in words, links to its page, and its band alone is drawn."""
    page = coordinator.open(f"/cases/{site.case_id}")
    (node,) = page.find(".diagram a .active")
    assert "hold_council" == node.get("data-key")
    assert "идёт сейчас" in page.texts(".diagram a title")[0]
    assert [f"/tasks/{site.task()}"] == [a.get("href") for a in page.find(".diagram a")]
    assert "sign_order" not in {n.get("data-key") for n in page.find(".diagram .node")}


def test_the_whole_diagram_shows_what_is_done(coordinator: Browser, site: Site) -> None:
    """Finished work is marked, in words too."""
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}?stage=all")
    looks = {n.get("data-key"): n.get("class", "").split()[-1] for n in page.find(".diagram .node")}
    assert ("done", "active") == (looks["hold_council"], looks["sign_order"])
    assert any(title.endswith("педсовета: пройдено") for title in page.texts(".diagram title"))


def test_a_late_task_is_late_in_the_diagram(site: Site) -> None:
    """By more than its colour: an exclamation mark, and words."""
    site.move_to(2026, 12, 14)
    page = site.enter("coordinator.office").open(f"/cases/{site.case_id}")
    assert ["!"] == page.texts(".diagram .late .count")
    assert "срок прошёл" in page.texts(".diagram a title")[0]


def test_the_history_is_told_in_sentences(coordinator: Browser, site: Site) -> None:
    """The newest first, each with its doer and moment."""
    site.town.do(ClaimTask(site.task()), "deputy.school")
    lines = coordinator.open(f"/cases/{site.case_id}").texts(".timeline li")
    assert lines[0].startswith("сегодня, 11:00 · Некто deputy.school")
    assert "взята в работу" in lines[0]
    assert "Дело начато" in lines[-1]


def test_a_finished_case_says_how_it_ended(coordinator: Browser, site: Site) -> None:
    """With the name of the end that it reached."""
    declined = {**ANSWERS, "decision": "decline", "why": "Справимся сами"}
    site.town.do(CompleteTask(site.task(), declined), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}")
    assert "Дело завершено: Педсовет отказался." in page.text
    assert "Распорядиться" not in page.text


def test_the_history_says_what_was_sent_in(coordinator: Browser, site: Site) -> None:
    """Field by field, for who may read it."""
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}?kind=people")
    (sent,) = page.texts(".timeline details")
    for said in ("24.11.2026", "12"):
        assert said in sent


def test_the_history_is_read_by_kind(coordinator: Browser, site: Site) -> None:
    """People, decisions, what happened by itself."""
    site.town.do(ClaimTask(site.task()), "deputy.school")
    site.town.do(SuspendCase(site.case_id, "Карантин"), "coordinator.office")
    found = {
        kind: coordinator.open(f"/cases/{site.case_id}?kind={kind}").find(".timeline li")
        for kind in ("", "people", "decisions", "automatic", "x")
    }
    kinds = {kind: {line.get("class") for line in lines} for kind, lines in found.items()}
    assert {"people"} == kinds["people"]
    assert {"decisions"} == kinds["decisions"]
    assert {"automatic"} == kinds["automatic"]
    assert len(found[""]) == sum(len(found[kind]) for kind in list(found)[1:4])
    assert len(found[""]) == len(found["x"])


def test_a_long_history_goes_on_from_page_to_page(coordinator: Browser, site: Site) -> None:
    """To the line with which the case began."""
    task = site.task()
    for _ in range(20):
        site.town.engine.do(ClaimTask(task), site.town.actor("deputy.school"))
        site.town.engine.do(ReleaseTask(task), site.town.actor("deputy.school"))
    page = coordinator.open(f"/cases/{site.case_id}")
    told = len(page.find(".timeline li"))
    while page.links("Раньше"):
        page = coordinator.follow("Раньше")
        told += len(page.find(".timeline li"))
    assert 43 == told
    assert "Дело начато" in page.texts(".timeline li")[-1]


def test_the_people_of_a_case_can_be_written_to(coordinator: Browser, site: Site) -> None:
    """Who works at it and who answers for it, with role and address; how much they have to do."""
    site.town.do(ClaimTask(site.task()), "deputy.school")
    page = coordinator.open(f"/cases/{site.case_id}")
    people = dict(zip(page.texts("#people strong"), page.texts("#people li"), strict=True))
    assert {
        "Некто deputy.school",
        "Некто deputy2.school",
        "Некто director.school",
        "Некто coordinator.office",
        "Некто head.office",
    } == set(people)
    deputy = people["Некто deputy.school"]
    assert "заместитель директора по УВР, school" in deputy
    assert "здесь 1 задача" in deputy
    assert "всего открыто: 1" in deputy
    assert "mailto:deputy.school@town.example" in [a.get("href") for a in page.find("#people a")]
    school = site.enter("director.school").open(f"/cases/{site.case_id}")
    assert "всего открыто" not in school.texts("#people")[0]


@pytest.mark.parametrize("zoom", ["50", "200", "0", "7", "x", "-1", "9" * 40])
def test_the_picture_is_as_large_as_asked(coordinator: Browser, site: Site, zoom: str) -> None:
    """A size that is not offered is the plain one; none at all fits the page."""
    plain = float(_picture(coordinator, site, "100").get("width", ""))
    width = _picture(coordinator, site, zoom).get("width")
    assert {"50": plain / 2, "200": plain * 2, "0": None}.get(zoom, plain) == (
        width and float(width)
    )


def _picture(browser: Browser, site: Site, zoom: str) -> HtmlElement:
    return browser.open(f"/cases/{site.case_id}/picture?zoom={zoom}").find("svg.diagram")[0]


# a long case ------------------------------------------------------------------------------------


LONG = process(
    "long",
    person_task("work", inner=panel("parts", "part"), stage="1"),
    flows("start", "work", "end"),
    extensions='<tsikl:stage id="1" name="Работа"/>',
)


def test_a_case_of_150_tasks_is_one_light_page(site: Site) -> None:
    """What is alike stands folded under its title; its weight is that of any page."""
    town = site.town
    names = [f"Часть {number}" for number in range(150)]
    case = town.case(town.cycle(LONG), "second", parts=names)
    for row in town.open_tasks(case)[:75]:
        town.engine.do(CompleteTask(row.id, {"note": "Готово"}), town.actor("deputy.second"))
    browser = site.enter("coordinator.office")
    page = browser.open(f"/cases/{case}")
    assert "Работа75 из 150" in page.texts(".stages li")[0]
    assert 1 == len(page.find(".card > .now-list > li"))
    assert 75 == len(page.find(".now-list details li"))
    assert "Ход за: заместитель директора по УВР. До" in page.text
    answer = browser.client.get(f"/cases/{case}", headers={"Accept-Encoding": "gzip"})
    assert "gzip" == answer.headers["Content-Encoding"]
    assert len(answer.data) < 20_000
