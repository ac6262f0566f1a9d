"""People, roles and organisations, for administrators."""

from dataclasses import replace

import pytest

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.passwords import SetPassword
from engine.passwords import Hashed
from engine.settings import Settings
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site
from web.app import create_app


@pytest.fixture
def administrator(site: Site) -> Browser:
    """Return a browser of the administrator of the office, on the list of people."""
    browser = site.enter("administrator.office")
    browser.open("/people")
    return browser


def _names(browser: Browser) -> list[str]:
    assert browser.page is not None
    return [" ".join(text.split()[:2]) for text in browser.page.texts("details.panel > summary")]


def _links(page: Page) -> list[str]:
    return [str(field.get("value")) for field in page.find(".message input[readonly]")]


def test_an_administrator_sees_the_people_of_his_own(administrator: Browser) -> None:
    """Nobody of another town."""
    names = _names(administrator)
    assert "Некто director.school" in names
    assert not any("far" in name for name in names)


def test_a_person_with_a_role_is_invited_at_once(administrator: Browser, site: Site) -> None:
    """One press: the link is shown once, and leads to a password and the work of that role."""
    school = str(site.town.organisations["school"])
    page = administrator.press(
        "Создать",
        name="Зоя Новикова",
        email="zoya@town.example",
        role="deputy",
        organisation_id=school,
    )
    (link,) = _links(page)
    assert "Почта не настроена" in page.text
    zoya = Browser(site.app)
    zoya.open(link.removeprefix("http://127.0.0.1:8000"))
    entered = zoya.press("Задать пароль и войти", new="лампа берег тишина")
    assert ["Зоя Новикова"] == entered.texts(".person-name")
    assert ["заместитель директора по УВР"] == entered.texts(".person-menu li")
    assert [] == _links(administrator.open("/people"))


def test_a_person_without_a_role_waits_for_one(administrator: Browser, site: Site) -> None:
    """First the role, then the invitation: before that there is no button for it."""
    page = administrator.press("Создать", name="Зоя Новикова", email="zoya@town.example")
    assert "Запись создана" in page.text
    assert "без роли" in page.text
    assert "Пригласить — Зоя Новикова" not in page.texts("button")
    school = str(site.town.organisations["school"])
    (panel,) = [one for one in page.find("details") if "Зоя" in one.text_content()]
    (form,) = [one for one in panel.cssselect("form") if one.cssselect("select")]
    token = form.cssselect("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "role": "teacher", "organisation_id": school}
    administrator.client.post(form.get("action"), data=data)
    administrator.open("/people")
    assert 1 == len(_links(administrator.press("Пригласить — Зоя Новикова")))


def test_who_has_a_password_is_not_invited(administrator: Browser, site: Site) -> None:
    """The button is gone, and an old page of it says what to do: 409."""
    assert administrator.page is not None
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    person = site.town.people["deputy.school"]
    site.town.do(SetPassword(person, Hashed("any")))
    answer = administrator.client.post(f"/people/{person}/invitation", data={"csrf": token})
    assert (409, True) == (answer.status_code, "Забыли пароль?" in answer.text)
    assert "Пригласить — Некто deputy.school" not in administrator.open("/people").texts("button")


def test_who_may_not_enter_is_not_invited(administrator: Browser) -> None:
    """The door is opened first."""
    page = administrator.press("Закрыть вход — Некто deputy.school")
    assert "Пригласить — Некто deputy.school" not in page.texts("button")


def test_an_invitation_goes_by_mail_where_there_is_a_server(
    settings: Settings, site: Site, clock: FrozenClock
) -> None:
    """The page says where the letter goes, and shows the same link for other means."""
    engine = open_engine(replace(settings, smtp_host="127.0.0.1"), clock)
    mailing = Site(create_app(engine), site.town, site.cycle_id, site.case_id, clock)
    administrator = mailing.enter("administrator.office")
    administrator.open("/people")
    page = administrator.press("Пригласить — Некто deputy.school")
    engine.close()
    assert "Письмо на адрес deputy.school@town.example уже в пути" in page.text
    assert 1 == len(_links(page))


@pytest.mark.parametrize("who", ["coordinator.office", "director.school", "deputy.school"])
def test_only_administrators_invite(site: Site, who: str) -> None:
    """404 for everybody else, whatever form he sends; no link is given out."""
    browser = site.enter(who)
    token = browser.open("/notices").find("input[name=csrf]")[0].get("value")
    person = site.town.people["teacher.school"]
    answer = browser.client.post(f"/people/{person}/invitation", data={"csrf": token})
    assert answer.status_code in (403, 404)
    assert "/password/" not in answer.text


def test_nobody_of_another_town_is_invited(administrator: Browser, site: Site) -> None:
    """404: there is no such person for him."""
    assert administrator.page is not None
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    person = site.town.people["deputy.far_school"]
    answer = administrator.client.post(f"/people/{person}/invitation", data={"csrf": token})
    assert 404 == answer.status_code


def test_nobody_is_created_with_an_unknown_role(administrator: Browser) -> None:
    """A doctored form makes no person either."""
    assert administrator.page is not None
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "name": "Зоя", "email": "zoya@town.example", "role": "king"}
    assert 422 == administrator.client.post("/people", data=data).status_code
    assert "zoya" not in administrator.open("/people").text


def test_a_taken_address_is_refused(administrator: Browser, site: Site) -> None:
    """422 with the way out, and what was typed."""
    second = str(site.town.organisations["second"])
    page = administrator.press(
        "Создать",
        name="Зоя",
        email="deputy.school@town.example",
        role="teacher",
        organisation_id=second,
    )
    assert (422, True) == (page.status, "уже есть" in page.text)
    assert ["Зоя"] == [field.get("value") for field in page.find("#name")]
    chosen = page.find("#new-role option[selected], #new-place option[selected]")
    assert ["teacher", second] == [option.get("value") for option in chosen]


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
