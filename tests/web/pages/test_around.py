"""What stands around the form of a task: why, what for, before and after; help and comments."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.bundles import shipped
from engine.commands.comments import AddComment
from engine.commands.definitions import DeployProcess
from engine.commands.delegations import DelegateTask
from engine.commands.extensions import RequestExtension
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.model.comments import Comment, Mention
from engine.model.tasks import ExtensionRequest, Task
from engine.rules.access import SYSTEM
from engine.rules.comments import LONGEST
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site
from web.prose import html_of

ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}
DEPUTY, DELEGATE, COORDINATOR = "deputy.school", "teacher.school", "coordinator.office"
HOSTILE = '<img src=x onerror=alert(1)> "кавычки" https://x.example/?a=1&b=<b>'


def opened(site: Site, who: str, element: str = "hold_council") -> Browser:
    """Return a browser of somebody on a task."""
    browser = site.enter(who)
    browser.open(f"/tasks/{site.task(element)}")
    return browser


def here(browser: Browser) -> Page:
    """Return the page that a browser shows."""
    assert browser.page is not None
    return browser.page


def said(browser: Browser) -> list[str]:
    """Return the comments of the page."""
    return here(browser).texts(".talk .document")


# what is known ----------------------------------------------------------------------------------


def test_a_title_stands_on_the_page_once(site: Site) -> None:
    """A form that is called as its task does not repeat it as a heading."""
    page = here(opened(site, DEPUTY))
    headings = page.texts("h1, #form h2")
    assert len(headings) == len(set(headings))


def test_the_ways_after_a_choice_are_told(site: Site) -> None:
    """Who gets what, and where the case ends, by the words of the diagram."""
    ways = here(opened(site, DEPUTY)).texts(".fold .read-row")
    assert [
        "Если «Что решили?» — «привлечь» Директор: «Подписать приказ»",
        "Если «Что решили?» — «отказ» Дело закончится: «Педсовет отказался»",
    ] == sorted(ways, reverse=True)


def test_what_was_decided_before_is_told_with_a_link(site: Site) -> None:
    """To the director: by whom and how the council has decided."""
    task = site.task()
    site.town.do(CompleteTask(task, ANSWERS), DEPUTY)
    page = here(opened(site, "director.school", "sign_order"))
    (row,) = page.texts(".fold .read-row")
    assert "Решение: Привлечь" in row
    assert "Некто deputy.school" in row
    assert [f"/tasks/{task}"] == [a.get("href") for a in page.find(".fold .read-row a")]
    assert "После отправки: Дело закончится: «Приказ подписан»" == page.texts(".fold-line")[0]


def test_every_task_of_the_shipped_cycle_says_what_for(site: Site) -> None:
    """The diagram carries the expected result of each piece of work."""
    deployed = site.town.engine.do(DeployProcess(shipped("opeko")), SYSTEM)
    version = site.town.engine.definitions.get(deployed)
    people = [node for node in version.definition.nodes.values() if node.work]
    assert len(people) > 40
    assert [] == [node.key for node in people if not node.purpose.endswith(".")]


# delegation -------------------------------------------------------------------------------------


def test_a_task_goes_to_a_colleague_and_comes_back(site: Site) -> None:
    """Each side sees whose move it is, and what the other has said."""
    browser = opened(site, DEPUTY)
    person = str(site.town.people[DELEGATE])
    browser.press("Поручить", person_id=person, note="цифры у вас")
    assert "Вы поручили её коллеге: Некто teacher.school." in here(browser).text
    assert [] == here(browser).find("#form")
    other = opened(site, DELEGATE)
    assert "Вам поручает её Некто deputy.school." in here(other).text
    assert "Пометка: «цифры у вас»" in here(other).text
    page = other.press("Вернуть задачу", note="нет данных")
    assert ("/tasks", True) == (page.path, "возвращена тому" in page.text)
    browser.open(f"/tasks/{site.task()}")
    assert "Некто teacher.school: «нет данных»" in here(browser).text
    assert 1 == len(here(browser).find("#form"))


def test_an_owner_takes_a_task_back(site: Site) -> None:
    """One press; the form is there again."""
    site.town.do(DelegateTask(site.task(), site.town.people[DELEGATE]), DEPUTY)
    page = opened(site, DEPUTY).press("Забрать назад")
    assert 1 == len(page.find("#form"))


def test_a_delegate_finishes_it(site: Site) -> None:
    """The page says for whom."""
    task = site.task()
    site.town.do(DelegateTask(task, site.town.people[DELEGATE]), DEPUTY)
    opened(site, DELEGATE).press("Отправить", met_on="2026-11-24", present="12", decision="invite")
    page = site.enter(DEPUTY).open(f"/tasks/{task}")
    assert "Некто teacher.school" in page.texts(".task-due")[0]
    assert "по поручению: Некто deputy.school" in page.texts(".task-due")[0]


def test_a_second_person_keeps_his_text(site: Site) -> None:
    """Who types while a colleague gets the task is told who has it, and his text stays."""
    browser = opened(site, DEPUTY)
    site.town.do(ClaimTask(site.task()), "deputy2.school")
    page = browser.press("Отправить", met_on="2026-11-24", present="77", decision="invite")
    assert 409 == page.status
    assert "Некто deputy2.school" in page.texts("[role=alert]")[0]
    assert "77" in page.texts("#filled ~ dl dd")


# more time --------------------------------------------------------------------------------------


def test_more_time_is_asked_for_and_granted(site: Site) -> None:
    """The coordinator answers on the page of the task; the deadline moves with the reason."""
    page = opened(site, DEPUTY).press(
        "Попросить координатора", wanted_on="2026-12-21", reason="карантин"
    )
    assert "Вы просите перенести срок на 21 декабря" in page.text
    page = opened(site, COORDINATOR).press("Согласиться")
    assert "Срок перенесён с 9 декабря на 21 декабря: карантин." in page.text
    assert [] == page.find("#extension")


def test_more_time_is_declined_with_a_word(site: Site) -> None:
    """Who asked reads the answer, and may ask again."""
    site.town.do(RequestExtension(site.task(), date(2026, 12, 21), "карантин"), DEPUTY)
    page = opened(site, COORDINATOR).press("Отказать")
    assert (422, True) == (page.status, bool(page.texts("[aria-labelledby=extension] .wrong")))
    opened(site, COORDINATOR).press("Отказать", answer="Совет уже назначен")
    browser = opened(site, DEPUTY)
    assert "не разрешили: Совет уже назначен." in here(browser).text
    browser.press("Попросить координатора", wanted_on="2026-12-11", reason="карантин")
    assert 2 == len(site.town.rows(select(ExtensionRequest.id)))


@pytest.mark.parametrize(
    ("who", "button", "typed", "sentence"),
    [
        (DEPUTY, "Попросить координатора", {"wanted_on": "2026-12-01"}, "не позже нынешнего"),
        (DEPUTY, "Попросить координатора", {"wanted_on": "завтра"}, "Дата не выбрана"),
        (DEPUTY, "Поручить", {"person_id": "", "note": "важно"}, "Выберите другого"),
        (DELEGATE, "Вернуть задачу", {"note": ""}, "Причина не указана"),
    ],
)
def test_what_is_refused_is_said_beside_it(
    site: Site, who: str, button: str, typed: dict[str, str], sentence: str
) -> None:
    """The page of the task stays, its form open, with the reason and what was typed."""
    if who == DELEGATE:
        site.town.do(DelegateTask(site.task(), site.town.people[DELEGATE]), DEPUTY)
    note = typed if "note" in typed else {"reason": "карантин", **typed}
    page = opened(site, who).press(button, note)
    assert 422 == page.status
    assert 1 == len(page.find(".panel-body details[open]"))
    assert sentence in page.texts(".panel-body details[open] .wrong")[0]
    values = [one.get("value") for one in page.find(".panel-body details[open] input.text")]
    assert set(note.values()) - {"", "завтра"} <= set(values)
    assert page.find(".panel[open]")


def test_a_request_is_taken_back(site: Site) -> None:
    """By who made it; only he sees the button."""
    site.town.do(ClaimTask(site.task()), DEPUTY)
    site.town.do(RequestExtension(site.task(), date(2026, 12, 21), "карантин"), DEPUTY)
    assert "Отозвать" not in here(opened(site, "director.school")).text
    opened(site, DEPUTY).press("Отозвать просьбу")
    assert [] == site.town.rows(select(ExtensionRequest.id))


# comments ---------------------------------------------------------------------------------------


def test_a_comment_appears_with_whom_it_calls(site: Site) -> None:
    """Called by the sign or chosen from the list; the one who is called sees it marked."""
    browser = opened(site, DEPUTY)
    director = str(site.town.people["director.school"])
    browser.press("Написать", text="@Некто coordinator.office, можно позже?", to=director)
    assert ["@Некто coordinator.office, можно позже?"] == said(browser)
    assert 2 == len(site.town.rows(select(Mention.person_id)))
    page = here(opened(site, COORDINATOR))
    assert ["@Некто coordinator.office"] == page.texts(".talk .call")
    assert 1 == len(page.find(".talk .to-me"))
    chosen = page.find("#comment-to option[selected]")
    assert [str(site.town.people[DEPUTY])] == [option.get("value") for option in chosen]


def test_a_question_goes_to_the_coordinators(site: Site) -> None:
    """Nobody has to know who they are."""
    opened(site, DEPUTY).press("Спросить", text="Нужен ли протокол?")
    called = [row.person_id for row in site.town.rows(select(Mention.person_id))]
    assert [site.town.people[COORDINATOR]] == called


def test_hostile_text_stays_text(site: Site) -> None:
    """No tag of it becomes one; what is a link leads nowhere but to http."""
    browser = opened(site, DEPUTY)
    browser.press("Написать", text=HOSTILE)
    assert [HOSTILE] == said(browser)
    assert [] == here(browser).find(".talk img")
    (link,) = here(browser).find(".talk .document a")
    assert "https://x.example/?a=1&b=" == link.get("href")
    assert {"nofollow", "noopener", "noreferrer"} == set((link.get("rel") or "").split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("javascript:alert(1) ftp://x data:text/html,x", None),
        ("см. (https://a.example/б?x=1).", '<a href="https://a.example/б?x=1" '),
        ('https://a.example/"onmouseover=alert(1)', '<a href="https://a.example/" '),
    ],
)
def test_only_web_addresses_become_links(text: str, html: str | None) -> None:
    """Their ends are where a reader sees them."""
    shown = html_of(text, {})
    assert (html in shown) if html else ("<a" not in shown)


def test_a_refused_comment_is_shown_again(site: Site) -> None:
    """No word of it is lost; sent again it reaches whom it was meant for."""
    browser = opened(site, DEPUTY)
    long = "ж" * (LONGEST + 1)
    director = str(site.town.people["director.school"])
    page = browser.press("Написать", text=long, to=director)
    assert (422, f"{LONGEST} знаков" in page.text) == (page.status, True)
    assert long == page.texts("textarea")[0]
    browser.press("Написать", text="короче")
    assert f"/tasks/{site.task()}" == here(browser).path.partition("#")[0]
    assert 1 == len(site.town.rows(select(Mention.person_id)))


def test_a_comment_cannot_be_put_where_one_may_not_read(site: Site) -> None:
    """404 for another school, 403 for nobody: the case itself is not there for strangers."""
    browser = opened(site, DEPUTY)
    token = here(browser).find("input[name=csrf]")[0].get("value")
    stranger = site.enter("deputy.second")
    other = stranger.open("/tasks").find("input[name=csrf]")[0].get("value")
    address = f"/cases/{site.case_id}/comments"
    data = {"csrf": other, "text": "Я тут", "task_id": str(site.task())}
    assert 404 == stranger.client.post(address, data=data).status_code
    assert 404 == stranger.client.post(address, data={**data, "task_id": "999"}).status_code
    mine = {"csrf": token, "text": "Я тут", "task_id": "не число"}
    assert 303 == browser.client.post(address, data=mine).status_code
    assert [None] == [row.task_id for row in site.town.rows(select(Comment.task_id))]


def test_comments_of_many_do_not_cost_more_statements(site: Site) -> None:
    """They come in one statement, with their calls in another; see the budget for the number."""
    for number in range(5):
        command = AddComment(site.case_id, site.task(), f"@Некто director.school {number}")
        site.town.do(command, DEPUTY)
    assert 5 == len(said(opened(site, "director.school")))


# what a coordinator does ------------------------------------------------------------------------


def test_a_coordinator_says_what_comes_first(site: Site) -> None:
    """With a reason; the head of the task shows it."""
    browser = opened(site, COORDINATOR)
    browser.open(f"/cases/{site.case_id}/moves/{site.task()}?from=task")
    page = browser.press("Изменить", priority="high", reason="проверка")
    assert ["Важно"] == page.texts(".task-due .tag.high")
    assert 1 == site.town.value(select(Task.priority))


def test_a_draft_stays_while_one_asks_for_help(site: Site) -> None:
    """Delegating and taking back loses nothing that was typed."""
    task = site.task()
    site.town.do(SaveDraft(task, {"present": "11"}), DEPUTY)
    person = str(site.town.people[DELEGATE])
    browser = opened(site, DEPUTY)
    browser.press("Поручить", person_id=person)
    browser.press("Забрать назад")
    assert "11" == here(browser).find("[name=present]")[0].get("value")
