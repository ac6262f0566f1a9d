"""People, roles and organisations, for administrators."""

import pytest

from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site


@pytest.fixture
def administrator(site: Site) -> Browser:
    """Return a browser of the administrator of the office, on the list of people."""
    browser = site.enter("administrator.office")
    browser.open("/people")
    return browser


def _names(browser: Browser) -> list[str]:
    assert browser.page is not None
    return [" ".join(text.split()[:2]) for text in browser.page.texts("details.panel > summary")]


def test_an_administrator_sees_the_people_of_his_own(administrator: Browser) -> None:
    """Nobody of another town."""
    names = _names(administrator)
    assert "Некто director.school" in names
    assert not any("far" in name for name in names)


def test_a_person_is_created_with_a_first_password(administrator: Browser, site: Site) -> None:
    """It is shown once, and opens the door."""
    page = administrator.press("Создать", name="Зоя Новикова", email="zoya@town.example")
    (password,) = page.texts(".message code")
    assert "без роли" in page.text
    entered = Browser(site.app).sign_in("zoya@town.example", password)
    assert ["Зоя Новикова"] == entered.texts(".person-name")
    assert password not in administrator.open("/people").answer.text


def test_a_taken_address_is_refused(administrator: Browser) -> None:
    """422 with the way out, and what was typed."""
    page = administrator.press("Создать", name="Зоя", email="deputy.school@town.example")
    assert (422, True) == (page.status, "уже есть" in page.text)
    assert ["Зоя"] == [field.get("value") for field in page.find("#name")]


def test_a_role_is_given_and_taken(administrator: Browser, site: Site) -> None:
    """What the person may do follows at once."""
    second = str(site.town.organisations["second"])
    page = administrator.press("Дать роль", role="coordinator", organisation_id=second)
    assert "Роль дана" in page.text
    page = administrator.press("Снять роль «координатор», second")
    assert "Роль снята" in page.text


def test_a_door_is_closed_and_opened(administrator: Browser, site: Site) -> None:
    """Whoever may not enter is signed out everywhere."""
    deputy = site.enter("deputy.school")
    administrator.press("Закрыть вход — Некто deputy.school")
    assert deputy.open("/tasks").path.startswith("/sign-in")
    page = administrator.press("Открыть вход — Некто deputy.school")
    assert "Вход снова открыт" in page.text


def test_nobody_closes_his_own_door(administrator: Browser) -> None:
    """The press is not offered."""
    assert administrator.page is not None
    buttons = administrator.page.texts("button")
    assert not any(b == "Закрыть вход — Некто administrator.office" for b in buttons)


def test_a_school_is_added(administrator: Browser, site: Site) -> None:
    """Below the office; its name can be chosen from then on."""
    office = str(site.town.organisations["office"])
    page = administrator.press(
        "Добавить", parent_id=office, kind="school", name="Лицей", zone="Asia/Omsk"
    )
    assert "Лицей" in [text.strip() for text in page.texts("#parent_id option")]


def test_an_unknown_zone_is_refused(administrator: Browser) -> None:
    """422 with an example, and what was typed."""
    page = administrator.press("Добавить", name="Лицей", zone="Мск")
    assert (422, True) == (page.status, "Asia/Yekaterinburg" in page.text)
    assert ["Лицей"] == [field.get("value") for field in page.find("#organisation-name")]


def test_an_unknown_role_is_refused(administrator: Browser, site: Site) -> None:
    """A doctored form gives nothing."""
    assert administrator.page is not None
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    person = site.town.people["deputy.school"]
    data = {"csrf": token, "role": "king", "organisation_id": 1}
    assert 422 == administrator.client.post(f"/people/{person}/roles", data=data).status_code


@pytest.mark.parametrize("who", ["coordinator.office", "head.office", "director.school"])
def test_only_administrators_see_people(site: Site, who: str) -> None:
    """403."""
    assert 403 == site.enter(who).open("/people").status


def test_no_role_is_given_in_another_town(administrator: Browser, site: Site) -> None:
    """404: there is no such place for him."""
    assert administrator.page is not None
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    person, far = site.town.people["deputy.school"], site.town.organisations["far school"]
    data = {"csrf": token, "role": "director", "organisation_id": far}
    assert 404 == administrator.client.post(f"/people/{person}/roles", data=data).status_code
