"""People and their roles, for administrators."""

from dataclasses import replace

import pytest

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.passwords import SetPassword
from engine.commands.people import CreatePerson, GrantRole
from engine.commands.tasks import ClaimTask
from engine.passwords import Hashed
from engine.rules.access import SYSTEM, Role
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


def _open(browser: Browser, site: Site, who: str) -> Page:
    return browser.open(f"/people/{site.town.people[who]}")


def _links(page: Page) -> list[str]:
    return [str(field.get("value")) for field in page.find(".message input[readonly]")]


def _send(browser: Browser, path: str, **data: object) -> int:
    """Send a doctored form; return the status."""
    assert browser.page is not None
    token = browser.page.find("input[name=csrf]")[0].get("value")
    return browser.client.post(path, data={"csrf": token, **data}).status_code


# the list ---------------------------------------------------------------------------------------


def test_an_administrator_sees_the_people_of_his_own(administrator: Browser) -> None:
    """Nobody of another town; the number of those found is told."""
    assert administrator.page is not None
    names = administrator.page.texts(".row .name")
    assert "Некто director.school" in names
    assert not any("far" in name for name in names)
    assert [f"Найдено: {len(names)} человек"] == administrator.page.texts("[role=status]")


def test_people_are_found_by_name_role_and_place(administrator: Browser, site: Site) -> None:
    """The choices stand in the address, so a list can be kept as a bookmark."""
    second = site.town.organisations["second"]
    page = administrator.press("Найти", organisation=second, role="deputy")
    assert ["Некто deputy.second"] == page.texts(".row .name")
    assert f"organisation={second}" in page.path
    page = administrator.open("/people?words=HEKTO+director")
    assert ["Под этот отбор никто не подходит."] == page.texts(".empty p")
    page = administrator.open("/people?words=НЕКТО+director.school")
    assert ["Некто director.school"] == page.texts(".row .name")


@pytest.mark.parametrize(
    "query", ["page=99", "page=-1", "organisation=x", "role=king", "words=%25_%00", "state=odd"]
)
def test_any_address_of_the_list_is_answered(administrator: Browser, query: str) -> None:
    """What cannot be read narrows nothing, or finds nobody."""
    assert 200 == administrator.open(f"/people?{query}").status


def test_a_long_list_has_pages(administrator: Browser, site: Site) -> None:
    """Fifty on each; the filter goes along."""
    school = site.town.organisations["school"]
    with site.town.engine.unit(SYSTEM) as site.town.unit:
        for number in range(60):
            site.town.employ(f"pupil{number:02}", "school", Role.TEACHER)
    site.town.unit = None
    page = administrator.open(f"/people?organisation={school}&role=teacher")
    assert 50 == len(page.find(".row"))
    page = administrator.follow("Дальше")
    assert (11, True) == (len(page.find(".row")), "role=teacher" in page.path)
    assert "Страница 2 из 2" in page.text


@pytest.mark.parametrize("who", ["coordinator.office", "head.office", "director.school"])
@pytest.mark.parametrize("path", ["/people", "/people/1", "/people/new", "/people/organisations"])
def test_only_administrators_see_people(site: Site, who: str, path: str) -> None:
    """403."""
    assert 403 == site.enter(who).open(path).status


# somebody new -----------------------------------------------------------------------------------


def test_a_person_with_a_role_is_invited_at_once(administrator: Browser, site: Site) -> None:
    """One press: the link is shown once, and leads to a password and the work of that role."""
    school = str(site.town.organisations["school"])
    administrator.follow("Добавить человека")
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
    administrator.open("/people?words=zoya@")
    assert [] == _links(administrator.follow("Зоя Новикова"))


def test_a_person_without_a_role_waits_for_one(administrator: Browser, site: Site) -> None:
    """First the role, then the invitation: before that there is no button for it."""
    administrator.open("/people/new")
    page = administrator.press("Создать", name="Зоя Новикова", email="zoya@town.example")
    assert "Дайте роль, потом пригласите" in page.text
    assert "без роли" in page.text
    assert "Пригласить" not in page.texts("button")
    school = str(site.town.organisations["school"])
    administrator.press("Дать роль", role="teacher", organisation_id=school)
    page = administrator.press("Пригласить")
    assert 1 == len(_links(page))
    assert "Пригласить ещё раз" in page.texts("button")


def test_nobody_is_created_with_an_unknown_role(administrator: Browser) -> None:
    """A doctored form makes no person either."""
    sent = {"name": "Зоя", "email": "zoya@town.example", "role": "king"}
    assert 422 == _send(administrator, "/people", **sent)
    assert "zoya" not in administrator.open("/people").text


def test_a_taken_address_is_refused(administrator: Browser, site: Site) -> None:
    """422 with the way out, and what was typed."""
    second = str(site.town.organisations["second"])
    administrator.open("/people/new")
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


# invitations ------------------------------------------------------------------------------------


def test_who_has_a_password_is_not_invited(administrator: Browser, site: Site) -> None:
    """The button is gone, and an old page of it says what to do: 409."""
    _open(administrator, site, "deputy.school")
    site.town.do(SetPassword(site.town.people["deputy.school"], Hashed("any")))
    page = administrator.press("Пригласить")
    assert (409, True) == (page.status, "Забыли пароль?" in page.text)
    assert "Пригласить" not in page.texts("button")


def test_an_invitation_goes_by_mail_where_there_is_a_server(
    settings: Settings, site: Site, clock: FrozenClock
) -> None:
    """The page says where the letter goes, and shows the same link for other means."""
    engine = open_engine(replace(settings, smtp_host="127.0.0.1"), clock)
    mailing = Site(create_app(engine), site.town, site.cycle_id, site.case_id, clock)
    administrator = mailing.enter("administrator.office")
    _open(administrator, site, "deputy.school")
    page = administrator.press("Пригласить")
    again = administrator.open(page.path.removesuffix("/invitation"))
    engine.close()
    assert "Письмо на адрес deputy.school@town.example уже в пути" in page.text
    assert 1 == len(_links(page))
    assert "письмо ждёт отправки" in again.text


def test_who_works_in_two_towns_is_invited_by_letter(administrator: Browser, site: Site) -> None:
    """Without a mail server: 409, and the page says why; his door is not this one's to close."""
    far = site.town.organisations["far school"]
    site.town.do(GrantRole(site.town.people["deputy.school"], far, Role.TEACHER))
    page = _open(administrator, site, "deputy.school")
    assert "роли и в чужих организациях" in page.text
    assert "far" not in " ".join(page.texts(".columns"))
    assert "Закрыть вход" not in page.texts("button")
    page = administrator.press("Пригласить")
    assert (409, []) == (page.status, _links(page))


@pytest.mark.parametrize("who", ["coordinator.office", "director.school", "deputy.school"])
def test_only_administrators_invite(site: Site, who: str) -> None:
    """403 or 404 for everybody else, whatever form he sends; no link is given out."""
    browser = site.enter(who)
    token = browser.open("/profile").find("input[name=csrf]")[0].get("value")
    person = site.town.people["teacher.school"]
    answer = browser.client.post(f"/people/{person}/invitation", data={"csrf": token})
    assert answer.status_code in (403, 404)
    assert "/password/" not in answer.text


@pytest.mark.parametrize("action", ["", "/invitation", "/active", "/name", "/roles"])
def test_nobody_of_another_town_is_reached(administrator: Browser, site: Site, action: str) -> None:
    """404: there is no such person for him, whatever he sends."""
    path = f"/people/{site.town.people['deputy.far_school']}{action}"
    far = site.town.organisations["far school"]
    data = {"name": "x", "email": "x@y.example", "role": "teacher", "organisation_id": far}
    status = _send(administrator, path, **data) if action else administrator.open(path).status
    assert 404 == status


# roles and the door -----------------------------------------------------------------------------


def test_a_role_is_given_and_taken(administrator: Browser, site: Site) -> None:
    """What the person may do follows at once."""
    _open(administrator, site, "deputy.school")
    second = str(site.town.organisations["second"])
    page = administrator.press("Дать роль", role="coordinator", organisation_id=second)
    assert "Роль дана" in page.text
    page = administrator.press("Снять роль «координатор», second")
    assert "Роль снята" in page.text


def test_his_last_role_here_leads_back_to_the_list(administrator: Browser, site: Site) -> None:
    """Whoever works for others only is not shown any more; the success is told all the same."""
    deputy = site.town.people["deputy.school"]
    site.town.do(GrantRole(deputy, site.town.organisations["far school"], Role.TEACHER))
    _open(administrator, site, "deputy.school")
    page = administrator.press("Снять роль «заместитель директора по УВР», school")
    assert (200, "/people") == (page.status, page.path)
    assert "Роль снята" in page.text


def test_a_door_is_closed_and_opened(administrator: Browser, site: Site) -> None:
    """Whoever may not enter is signed out everywhere, and nobody invites him meanwhile."""
    deputy = site.enter("deputy.school")
    _open(administrator, site, "deputy.school")
    page = administrator.press("Закрыть вход")
    assert "Вход закрыт." in page.text
    assert "Пригласить" not in page.texts("button")
    assert deputy.open("/tasks").path.startswith("/sign-in")
    assert "Вход снова открыт" in administrator.press("Открыть вход").text


def test_whoever_leaves_hands_his_tasks_to_a_colleague(administrator: Browser, site: Site) -> None:
    """The page shows what he holds, and the choice stands beside the button."""
    task = site.task()
    site.town.do(ClaimTask(task), "deputy.school")
    page = _open(administrator, site, "deputy.school")
    assert 1 == len(page.find("[aria-labelledby=tasks] .choice-row"))
    heir = site.town.people["deputy2.school"]
    page = administrator.press("Закрыть вход", successor_id=heir)
    assert "Передано задач: 1" in page.text
    (row,) = site.town.open_tasks(site.case_id)
    assert heir == row.assignee_id


def test_nobody_closes_his_own_door(administrator: Browser, site: Site) -> None:
    """The press is not offered."""
    page = _open(administrator, site, "administrator.office")
    assert "Закрыть вход" not in page.texts("button")


def test_a_name_and_an_address_are_corrected(administrator: Browser, site: Site) -> None:
    """A taken address is refused with what was typed; a good one is kept."""
    _open(administrator, site, "teacher.school")
    page = administrator.press("Сохранить", name="Иная", email="deputy.school@town.example")
    assert (422, ["Иная"]) == (page.status, [f.get("value") for f in page.find("#name")])
    page = administrator.press("Сохранить", name="Иная Анна", email="other@town.example")
    assert (["Иная Анна"], True) == (page.texts("h1"), "other@town.example" in page.text)


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("roles", {"role": "king", "organisation_id": 1}),
        ("active", {"active": "no", "successor_id": 10**6}),
        ("name", {"name": " ", "email": "teacher.school@town.example"}),
        ("name", {"name": "x", "email": "x@y.example\nBcc: z@y.example"}),
    ],
)
def test_doctored_forms_are_refused(
    administrator: Browser, site: Site, action: str, data: dict[str, object]
) -> None:
    """422, and nothing has changed."""
    person = site.town.people["teacher.school"]
    assert 422 == _send(administrator, f"/people/{person}/{action}", **data)
    assert ["Некто teacher.school"] == _open(administrator, site, "teacher.school").texts("h1")


def test_no_role_is_given_in_another_town(administrator: Browser, site: Site) -> None:
    """404: there is no such place for him."""
    person, far = site.town.people["deputy.school"], site.town.organisations["far school"]
    sent = {"role": "director", "organisation_id": far}
    assert 404 == _send(administrator, f"/people/{person}/roles", **sent)


def test_namesakes_stay_apart(administrator: Browser, site: Site) -> None:
    """Two of one name are two rows, told apart by their addresses."""
    for number in (1, 2):
        site.town.do(CreatePerson("Двойник Анна", f"twin{number}@town.example"))
    page = administrator.open("/people?words=двойник")
    assert ["twin1@town.example", "twin2@town.example"] == page.texts(".row .where")


# organisations ----------------------------------------------------------------------------------


def test_the_tree_counts_people_and_cases(administrator: Browser) -> None:
    """Each organisation with those in charge; a case under way is counted where it runs."""
    page = administrator.open("/people/organisations")
    assert ["office", "school", "second"] == page.texts(".tree .name")
    school = page.texts(".tree .row")[1]
    assert "6 человек 1 дело идёт" in school
    assert "Директор: Некто director.school" in school
    assert "Некто deputy.school, Некто deputy2.school" in school


def test_a_school_is_added_and_shown_without_a_deputy(administrator: Browser, site: Site) -> None:
    """Below the office; what it lacks is told in words."""
    administrator.open("/people/organisations")
    office = str(site.town.organisations["office"])
    page = administrator.press(
        "Добавить", parent_id=office, kind="school", name="Лицей", zone="Asia/Omsk"
    )
    assert "Без заместителя директора: 1 школа" in page.text
    assert "Лицей нет заместителя" in page.texts(".tree .name")


def test_an_organisation_is_renamed(administrator: Browser) -> None:
    """With a short name for lists; the name of another beside it is refused."""
    administrator.open("/people/organisations")
    assert administrator.page is not None
    (form,) = [f for f in administrator.page.tree.forms if f.fields.get("name") == "second"]
    path = str(form.get("action"))
    assert 422 == _send(administrator, path, name="school")
    assert 303 == _send(administrator, path, name="Школа № 2 имени Попова", short_name="СОШ № 2")
    assert "СОШ № 2" in administrator.open("/people/organisations").texts(".tree .name")


def test_no_other_towns_school_is_renamed(administrator: Browser, site: Site) -> None:
    """404."""
    administrator.open("/people/organisations")
    far = site.town.organisations["far school"]
    assert 404 == _send(administrator, f"/people/organisations/{far}", name="Моя")


def test_an_unknown_zone_is_refused(administrator: Browser, site: Site) -> None:
    """422 with an example, and what was typed; the list offers only known ones."""
    administrator.open("/people/organisations")
    office = site.town.organisations["office"]
    data = {"parent_id": office, "kind": "school", "name": "Лицей", "zone": "Мск"}
    assert 422 == _send(administrator, "/people/organisations", **data)
