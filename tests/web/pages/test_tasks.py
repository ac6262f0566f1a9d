"""The page of a task: its form, sending it in, and what can go wrong."""

import re
from typing import Any

import pytest

from engine.commands.cases import CancelCase, SuspendCase
from engine.commands.tasks import ClaimTask, CompleteTask
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site

FILLED: dict[str, Any] = {"met_on": "2026-11-24", "present": "12", "decision": "invite"}
ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}


@pytest.fixture
def deputy(site: Site) -> Browser:
    """Return a browser of the deputy director, on the task."""
    browser = site.enter("deputy.school")
    browser.open(f"/tasks/{site.task()}")
    return browser


def _page(browser: Browser) -> Page:
    assert browser.page is not None
    return browser.page


def _value(browser: Browser, name: str) -> Any:
    return _page(browser).tree.forms[1].fields.get(name)


def _token(browser: Browser) -> str:
    return str(_page(browser).find("input[name=csrf]")[0].get("value"))


# what the page says -----------------------------------------------------------------------------


def test_the_head_says_where_until_when_and_why_you(deputy: Browser) -> None:
    """School, case with stage, deadline in words and by its day, why the reader has this task."""
    page = _page(deputy)
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert "school · Цикл council · этап «Заседание»" == page.texts(".task-head p")[0]
    assert "через 14 дней до 9 декабря" == page.texts(".task-due")[0]
    assert "заместитель директора по УВР" in facts["Почему вы"]


def test_every_control_has_a_label(deputy: Browser) -> None:
    """Whoever does not see the page knows what each control asks."""
    labelled = {label.get("for") for label in _page(deputy).find("label[for]")}
    inside = {c.get("name") for c in _page(deputy).find("label input")}
    controls = _page(deputy).find("#form input:not([type=hidden]), #form select, #form textarea")
    assert len(controls) >= 11
    assert [] == [
        c.get("name")
        for c in controls
        if c.get("id") not in labelled and c.get("name") not in inside
    ]


def test_a_choice_of_people_offers_those_of_the_school(deputy: Browser) -> None:
    """By name, with role and place; nobody of another school."""
    offered = _page(deputy).texts("select[name=chair] option")
    assert any("Некто director.school" in line for line in offered)
    assert not any("second" in line for line in offered)


def test_a_hint_says_when_a_field_applies(deputy: Browser) -> None:
    """Without scripts a conditional field is shown with its condition."""
    assert ["Заполните, если «Решение» — Отказаться."] == _page(deputy).texts("[data-only-if]")
    assert ["decision=decline"] == [e.get("data-when") for e in _page(deputy).find("[data-when]")]


# sending in -------------------------------------------------------------------------------------


def test_a_filled_form_finishes_the_task(deputy: Browser, site: Site) -> None:
    """One press from a free task: it becomes the sender's, is done, and the case goes on."""
    done = site.task()
    page = deputy.press("Отправить", **FILLED)
    assert "/tasks" == page.path
    assert page.texts("[role=status]")[0].startswith("Готово: «Заседание")
    assert [f"/tasks/{done}"] == [a.get("href") for a in page.find("[role=status] a")]
    assert site.task("sign_order")


def test_a_finished_task_lets_the_browser_forget_its_copy(deputy: Browser, site: Site) -> None:
    """What the browser kept in case the connection breaks is not needed any more."""
    key = f"{site.town.people['deputy.school']}.{site.task()}"
    assert [key] == [form.get("data-task") for form in _page(deputy).find("#form")]
    page = deputy.press("Отправить", **FILLED)
    assert [key] == [e.get("data-forget") for e in page.find("[data-forget]")]


def test_what_is_wrong_is_said_at_the_field_and_on_top(deputy: Browser) -> None:
    """422; the summary links to the field, the field is described by its mistake."""
    page = deputy.press("Отправить", **{**FILLED, "present": "много"})
    assert 422 == page.status
    assert ["Присутствовало: Введите целое число."] == page.texts("#errors li")
    assert ["#f-present"] == [a.get("href") for a in page.find("#errors a")]
    (field,) = page.find("#f-present")
    assert ("true", "f-present-wrong") == (
        field.get("aria-invalid"),
        field.get("aria-describedby"),
    )


def test_nothing_typed_is_lost_when_something_is_wrong(deputy: Browser) -> None:
    """Each kind of field shows again what was typed, right or wrong."""
    typed: dict[str, Any] = {
        "met_on": "2026-11-24",
        "present": "много",
        "decision": "decline",
        "why": "Да\nнет",
        "open": True,
        "invited": ["pupils"],
        "votes__0__who": "Иванова",
        "votes__0__vote": "for",
    }
    deputy.press("Отправить", **typed)
    fields = _page(deputy).tree.forms[1].fields
    assert ("2026-11-24", "много", "decline") == (
        fields["met_on"],
        fields["present"],
        fields["decision"],
    )
    assert "Да\nнет" == fields["why"].strip()
    assert ("on", {"pupils"}) == (fields["open"], set(fields["invited"]))
    assert ("Иванова", "for") == (fields["votes.0.who"], fields["votes.0.vote"])


def test_a_field_that_does_not_apply_may_stay_blank(deputy: Browser) -> None:
    """Its condition is checked on the server, scripts or not."""
    page = deputy.press("Отправить", **{**FILLED, "decision": "decline"})
    assert ["Почему отказались: Заполните поле."] == page.texts("#errors li")


def test_a_mistake_in_a_table_points_to_its_cell(deputy: Browser) -> None:
    """The link leads into the row, also when rows before it were left blank."""
    page = deputy.press("Отправить", **FILLED, votes__0__who="Иванова")
    assert ["#f-votes.0.vote"] == [a.get("href") for a in page.find("#errors a")]
    assert 1 == len(page.find("[id='f-votes.0.vote'][aria-invalid=true]"))


# races ------------------------------------------------------------------------------------------


def test_sending_twice_is_harmless(deputy: Browser, site: Site) -> None:
    """A double click finishes the task once, and leads to the same page."""
    data = {"csrf": _token(deputy), **FILLED}
    task = site.task()
    answers = [deputy.client.post(f"/tasks/{task}", data=data) for _ in range(2)]
    assert [303, 303] == [answer.status_code for answer in answers]
    assert 1 == len(site.town.open_tasks(site.case_id))


def test_who_comes_second_is_told_who_was_first_and_keeps_his_text(
    deputy: Browser, site: Site
) -> None:
    """409 with name and time; what he typed stands below, and is his draft."""
    task = site.task()
    site.town.do(CompleteTask(task, ANSWERS), "deputy2.school")
    data = {"csrf": _token(deputy), **FILLED, "present": "77"}
    answer = deputy.client.post(f"/tasks/{task}", data=data)
    page = Page(answer, "")
    assert 409 == answer.status_code
    assert "Некто deputy2.school" in page.texts("[role=alert]")[0]
    assert "77" in page.texts("#filled ~ dl dd")


def test_a_task_that_another_holds_is_not_editable(site: Site) -> None:
    """Its page says whose it is."""
    site.town.do(ClaimTask(site.task()), "deputy2.school")
    browser = site.enter("deputy.school")
    page = browser.open(f"/tasks/{site.task()}")
    assert "её делает Некто deputy2.school" in page.text
    assert [] == page.find("#form")


def test_a_task_of_a_suspended_case_keeps_drafts_only(deputy: Browser, site: Site) -> None:
    """Sending it in is refused in words, and nothing typed is lost."""
    site.town.do(SuspendCase(site.case_id, "каникулы"), "coordinator.office")
    page = deputy.press("Отправить", **FILLED)
    assert 409 == page.status
    assert "приостановлено" in page.text
    deputy.open(f"/tasks/{site.task()}")
    assert "Дело приостановлено" in _page(deputy).text


def test_a_task_that_was_taken_away_says_so(site: Site) -> None:
    """A link from an old letter leads to an explanation, not to an error."""
    task = site.task()
    site.town.do(CancelCase(site.case_id, "школа закрыта"), "director.school")
    page = site.enter("deputy.school").open(f"/tasks/{task}")
    assert (200, ["снята"]) == (page.status, page.texts(".task-due .tag"))
    assert [] == page.find("#form")


def test_a_done_task_is_shown_as_it_was_sent(deputy: Browser, site: Site) -> None:
    """Labels instead of keys, no controls."""
    task = site.task()
    deputy.press("Отправить", **FILLED, votes__0__who="Иванова", votes__0__vote="against")
    page = deputy.open(f"/tasks/{task}")
    assert ["выполнена"] == page.texts(".task-due .tag")
    assert {"24.11.2026", "12", "Привлечь", "Кто: Иванова Как: против"} <= set(
        page.texts("#filled ~ dl dd")
    )
    assert [] == page.find("#form")


# what a coordinator may do ----------------------------------------------------------------------


def _steer(browser: Browser, site: Site) -> None:
    """Go from the page of the task to what can be done about it."""
    page = browser.open(f"/tasks/{site.task()}")
    (link,) = page.find("section a.button")
    browser.open(str(link.get("href")))


def test_a_coordinator_gives_a_task_to_another(site: Site) -> None:
    """To somebody of its role, with a reason that stands in the history."""
    browser = site.enter("coordinator.office")
    _steer(browser, site)
    person = str(site.town.people["deputy2.school"])
    page = browser.press("Передать", person_id=person, reason="отпуск")
    assert f"/tasks/{site.task()}" == page.path
    assert "её делает Некто deputy2.school" in page.text
    assert "Причина: отпуск." in browser.open(f"/cases/{site.case_id}").text


def test_a_coordinator_moves_a_deadline(site: Site) -> None:
    """The first date stays visible on the task, with who moved it why."""
    browser = site.enter("coordinator.office")
    _steer(browser, site)
    browser.press("Перенести", due_on="2026-12-21", reason="карантин")
    page = browser.open(f"/tasks/{site.task()}")
    assert "Срок перенесён с 9 декабря на 21 декабря: карантин." in page.text


def test_a_missing_date_is_told(site: Site) -> None:
    """422 in words."""
    browser = site.enter("coordinator.office")
    _steer(browser, site)
    page = browser.press("Перенести", due_on="", reason="карантин")
    assert (422, True) == (page.status, "Дата не выбрана" in page.text)


def test_a_coordinator_reminds(site: Site) -> None:
    """Whoever may take the task gets a notice with his words, once a day."""
    browser = site.enter("coordinator.office")
    _steer(browser, site)
    page = browser.press("Напомнить", words="Ждём протокол до пятницы")
    assert "Напоминание отправлено 2 людям" in page.text
    (line,) = site.enter("deputy.school").open("/notices").texts(".row .name")
    assert "Ждём протокол до пятницы." in line
    _steer(browser, site)
    assert 409 == browser.press("Напомнить").status


def test_no_extension_is_offered_where_the_process_takes_none(deputy: Browser) -> None:
    """The council has no message for it."""
    assert "перенести срок" not in _page(deputy).text


def test_who_may_not_steer_is_not_offered_it(deputy: Browser) -> None:
    """No form for it stands on the page of a deputy."""
    assert "Распорядиться" not in _page(deputy).text


# strangers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["deputy.second", "deputy.far_school", "head.far_office", "teacher.school", "expert1"]
)
def test_to_strangers_a_task_is_not_there(site: Site, who: str) -> None:
    """Each way to it answers 404, with the same words as for a task that never was."""
    browser = site.enter(who)
    unknown = browser.open("/tasks/999").answer.text
    page = browser.open(f"/tasks/{site.task()}")
    assert 404 == page.status
    inside = re.compile("<main.*</main>", re.DOTALL)
    assert inside.findall(unknown) == inside.findall(page.answer.text) != []
    data = {"csrf": _token(browser), **FILLED}
    for path in ("", "/draft", "/claim", "/release", "/field/votes"):
        assert 404 == browser.client.post(f"/tasks/{site.task()}{path}", data=data).status_code


def test_a_stranger_leaves_no_draft(site: Site) -> None:
    """Refused means nothing changed."""
    browser = site.enter("deputy.second")
    browser.open("/tasks")
    data = {"csrf": _token(browser), "present": "1"}
    browser.client.post(f"/tasks/{site.task()}/draft", data=data)
    assert [] == site.drafts()
