"""Cycles: opening one, its settings, and starting cases."""

import pytest

from tests.drawn import TWO
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site


@pytest.fixture
def coordinator(site: Site) -> Browser:
    """Return a browser of the coordinator."""
    return site.enter("coordinator.office")


def test_the_list_counts_cases(coordinator: Browser) -> None:
    """Name, school year in two numbers, and how many cases go on."""
    (row,) = coordinator.open("/cycles").texts("tbody tr")
    assert row.startswith("Цикл council")
    assert "2026/27" in row


def test_a_cycle_is_opened_with_its_settings(coordinator: Browser, site: Site) -> None:
    """Only what differs from the diagram is the cycle's own."""
    coordinator.open("/cycles/new")
    office = str(site.town.organisations["office"])
    page = coordinator.press(
        "Открыть цикл",
        name="Педсоветы будущего года",
        organisation_id=office,
        school_year="2027",
        setting__term="5",
    )
    assert ["Педсоветы будущего года"] == page.texts("h1")
    assert "Цикл открыт" in page.text
    assert ["В схеме: 10"] == page.texts("[id='s-term-hint']")


def test_a_second_cycle_of_the_same_year_is_refused(coordinator: Browser, site: Site) -> None:
    """409, and what was typed stands in the form."""
    coordinator.open("/cycles/new")
    office = str(site.town.organisations["office"])
    page = coordinator.press("Открыть цикл", name="Ещё один", organisation_id=office)
    assert 409 == page.status
    assert ["Ещё один"] == [field.get("value") for field in page.find("#name")]
    assert 1 == len(page.find("[role=alert]"))


def test_a_setting_of_the_wrong_kind_is_refused(coordinator: Browser) -> None:
    """The sentence names the setting by its label; what was typed is shown again."""
    coordinator.open("/cycles/new")
    page = coordinator.press("Открыть цикл", school_year="2028", setting__term="скоро")
    assert 422 == page.status
    assert "Срок: заседание, рабочих дней" in page.texts("[role=alert]")[0]
    assert ["скоро"] == [field.get("value") for field in page.find("[id='s-term']")]


def test_settings_are_changed_under_way(coordinator: Browser, site: Site) -> None:
    """A tick taken away counts, and numbers may have a comma where the diagram allows."""
    coordinator.open(f"/cycles/{site.cycle_id}")
    page = coordinator.press("Сохранить настройки", setting__term="7", setting__open_vote=None)
    assert "Настройки сохранены" in page.text
    assert ["7"] == [field.get("value") for field in page.find("[id='s-term']")]
    assert [None] == [field.get("checked") for field in page.find("[id='s-open_vote']")]


def test_a_deputy_reads_the_settings(site: Site) -> None:
    """Who may not steer sees them as facts."""
    page = site.enter("deputy.school").open(f"/cycles/{site.cycle_id}")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert {"Срок: заседание, рабочих дней": "10", "Голосование открытое": "да"}.items() <= (
        facts.items()
    )
    assert [] == page.find("[id='s-term']")


def test_a_case_is_started(coordinator: Browser, site: Site) -> None:
    """For each school without one; the press leads to its page."""
    coordinator.open(f"/cycles/{site.cycle_id}")
    page = coordinator.press("Начать дело — second")
    assert ["second"] == page.texts("h1")
    assert "Дело начато" in page.text


def test_all_that_have_none_are_started_at_once(coordinator: Browser, site: Site) -> None:
    """With hundreds of schools nobody presses once for each; a second press starts nothing."""
    address = f"/cycles/{site.town.cycle(TWO)}"
    coordinator.open(address)
    page = coordinator.press("Начать 2 дела")
    assert "Начато: 2 дела." in page.text
    assert ["идёт", "идёт"] == page.texts(".row .tag")
    for who, status in (("coordinator.office", 303), ("coordinator.far_office", 404)):
        browser = site.enter(who)
        token = browser.open("/cycles").find("input[name=csrf]")[0].get("value")
        answer = browser.client.post(f"{address}/cases/all", data={"csrf": token})
        assert status == answer.status_code
    assert [] == coordinator.open(address).texts("section details")


def test_a_school_with_a_case_is_not_offered_another(coordinator: Browser, site: Site) -> None:
    """The list links to the case that goes on."""
    page = coordinator.open(f"/cycles/{site.cycle_id}")
    assert ["Начать дело — second"] == page.texts(".row button")
    assert [f"/cases/{site.case_id}"] == page.links("school")


def test_two_people_start_the_same_case(coordinator: Browser, site: Site) -> None:
    """The second one is told, and there is one case."""
    coordinator.open(f"/cycles/{site.cycle_id}")
    site.town.case(site.cycle_id, "second")
    page = coordinator.press("Начать дело — second")
    assert 409 == page.status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("deputy.school", 200),
        ("director.second", 200),
        ("head.office", 200),
        ("deputy.far_school", 404),
        ("coordinator.far_office", 404),
    ],
)
def test_a_cycle_concerns_those_in_its_reach(site: Site, who: str, status: int) -> None:
    """Another town does not know of it."""
    assert status == site.enter(who).open(f"/cycles/{site.cycle_id}").status


def test_a_deputy_starts_cases_of_his_own_school_only(site: Site) -> None:
    """Other schools are neither shown nor reached."""
    browser = site.enter("deputy.second")
    page = browser.open(f"/cycles/{site.cycle_id}")
    assert ["second"] == page.texts(".row .name")
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "organisation_id": site.town.organisations["school"]}
    assert 404 == browser.client.post(f"/cycles/{site.cycle_id}/cases", data=data).status_code


@pytest.mark.parametrize("who", ["teacher.school", "expert1", "administrator.office"])
def test_who_starts_nothing_opens_no_cycle(site: Site, who: str) -> None:
    """The form answers 403."""
    assert 403 == site.enter(who).open("/cycles/new").status
