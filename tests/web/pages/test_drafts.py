"""What is typed before it is sent in: drafts, two tabs, two people, rows, what is computed."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from engine.commands.tasks import ClaimTask, CompleteTask
from tests.web.pages.conftest import Settled, Site
from tests.web.pages.filling import Filling, Rich, filling, rich_town


@pytest.fixture(scope="module")
def rich(settled: Settled, tmp_path_factory: pytest.TempPathFactory) -> Rich:
    """Return a town with a task that has a rich form."""
    return rich_town(settled, tmp_path_factory.mktemp("rich"))


@pytest.fixture
def database_url(rich: Rich, tmp_path: Path) -> str:
    """Return the URL of a copy."""
    return f"sqlite:///{shutil.copyfile(rich.path, tmp_path / 'rich.sqlite3')}"


@pytest.fixture
def form(site: Site, rich: Rich) -> Filling:
    """Return a deputy director at a rich form."""
    return filling(site, rich)


# saving -----------------------------------------------------------------------------------------


def test_a_draft_is_saved_while_typing_and_shown_again(form: Filling) -> None:
    """Nothing is checked; the time is said beside the button; it is there on return."""
    said = form.send("/draft", present="много", draft="0").text
    assert "Черновик сохранён в 11:00" in said
    assert "Черновик сохранён в 11:00" in form.open().text
    assert "много" == form.value("present")


def test_without_scripts_a_draft_is_saved_by_a_button(form: Filling) -> None:
    """The browser returns to the page, which shows it."""
    page = form.browser.press("Сохранить черновик", present="11")
    assert f"/tasks/{form.task}" == page.path
    assert "11" == form.value("present")


def test_the_enter_key_saves_and_sends_nothing(form: Filling) -> None:
    """The first button of the form is what a browser without scripts presses then."""
    assert form.page.find("#form button")[0].get("formaction") == f"/tasks/{form.task}/draft"


def test_a_draft_is_seen_by_nobody_else(form: Filling, site: Site) -> None:
    """Two deputies at one free task have a draft each."""
    form.send("/draft", present="11")
    other = Filling(site, form.task, site.enter("deputy2.school"))
    other.open()
    assert "" == other.value("present")


def test_mistakes_lose_nothing_when_the_page_is_closed(form: Filling) -> None:
    """What could not be sent in is a draft."""
    assert 422 == form.browser.press("Отправить", present="много").status
    form.open()
    assert "много" == form.value("present")


# two tabs ---------------------------------------------------------------------------------------


def test_the_version_travels_with_the_form(form: Filling) -> None:
    """Each answer brings the next one."""
    first = form.send("/draft", present="1", draft="0", tab="a").text
    assert 'id="draft-version" name="draft" value="1"' in first
    assert 'value="2"' in form.send("/draft", present="2", draft="1", tab="a").text


def test_a_second_tab_is_told_and_writes_nothing_over(form: Filling) -> None:
    """409: since when another text stands, and a choice of two."""
    form.send("/draft", present="1", draft="0", tab="a")
    answer = form.send("/draft", present="2", draft="0", tab="b")
    assert 409 == answer.status_code
    assert "25.11.2026 в 11:00 в другой вкладке" in answer.text
    assert ("Взять сохранённый" in answer.text, "Оставить мой" in answer.text) == (True, True)
    form.open()
    assert "1" == form.value("present")


def test_a_saving_that_was_overtaken_writes_nothing_over(form: Filling) -> None:
    """What a tab has sent before its last strokes may arrive after them: the last ones count."""
    form.send("/draft", present="12", draft="0", tab="a.2")
    assert 200 == form.send("/draft", present="1", draft="0", tab="a.1").status_code
    form.open()
    assert "12" == form.value("present")
    assert 200 == form.send("/draft", present="123", draft="0", tab="a.3").status_code
    form.open()
    assert "123" == form.value("present")


def test_one_may_keep_ones_own(form: Filling) -> None:
    """That press writes over whatever is there."""
    form.send("/draft", present="1", draft="0", tab="a")
    assert 200 == form.send("/draft?mine=1", present="2", draft="0", tab="b").status_code
    form.open()
    assert "2" == form.value("present")


def test_without_scripts_both_texts_are_there(form: Filling) -> None:
    """The page shows the one that was typed; saving again keeps it."""
    tab = Filling(form.site, form.task, form.site.enter("deputy.school"))
    tab.open()
    form.browser.press("Сохранить черновик", present="1")
    page = tab.browser.press("Сохранить черновик", present="2")
    assert (409, "2") == (page.status, tab.value("present"))
    assert "в другой вкладке" in page.texts("#errors li")[0]
    assert 200 == tab.browser.press("Сохранить черновик").status
    form.open()
    assert "2" == form.value("present")


def test_an_old_tab_does_not_send_over_a_newer_text(form: Filling) -> None:
    """The first press tells it; the second is meant."""
    tab = Filling(form.site, form.task, form.site.enter("deputy.school"))
    tab.open()
    form.send("/draft", present="1", draft="0", tab="a")
    page = tab.browser.press("Отправить", present="2")
    assert 422 == page.status
    assert "В другой вкладке сохранён другой текст" in page.texts("#errors li")[0]
    assert "В другой вкладке" not in tab.browser.press("Отправить").text


# two people -------------------------------------------------------------------------------------


def test_who_types_into_a_taken_task_is_told_by_whom(form: Filling, site: Site) -> None:
    """His text is saved all the same."""
    site.town.do(ClaimTask(form.task), "deputy2.school")
    said = form.send("/draft", present="1", draft="0").text
    assert "Задачу уже взял(а) Некто deputy2.school" in said


def test_who_comes_too_late_is_told_while_typing(form: Filling, site: Site) -> None:
    """Who has done it and when; what he typed is kept, and shown on the page of the task."""
    site.town.do(CompleteTask(form.task, {}), "deputy2.school")
    answer = form.send("/draft", present="77", draft="0")
    assert 409 == answer.status_code
    assert "Некто deputy2.school" in answer.text
    assert [{"present": "77"}] == [
        {k: v for k, v in draft.fields.items() if k == "present"} for draft in site.drafts()
    ]


# rows -------------------------------------------------------------------------------------------

ROWS: dict[str, Any] = {"staff__0__name": "Анна", "staff__1__name": "Борис", "staff__2__name": ""}


def names(text: str) -> list[str]:
    """Return what stands in the rows of a table."""
    cells = html.document_fromstring(text).cssselect('[name^="staff."][name$=".name"]')
    return [str(cell.get("value")) for cell in cells]


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("add", ["Анна", "Борис", "", ""]),
        ("remove.0", ["Борис", ""]),
        ("remove.2", ["Анна", "Борис", ""]),
        ("down.0", ["Борис", "Анна", ""]),
        ("up.1", ["Борис", "Анна", ""]),
        ("up.0", ["Анна", "Борис", ""]),
        ("down.9", ["Анна", "Борис", ""]),
        ("nonsense", ["Анна", "Борис", ""]),
    ],
)
def test_rows_are_added_removed_and_moved(form: Filling, deed: str, expected: list[str]) -> None:
    """The table alone is drawn anew, with what was typed, and the draft is saved."""
    answer = form.send(f"/field/staff?row={deed}", **ROWS)
    assert answer.text.strip().startswith('<fieldset class="field" id="field-staff"')
    assert expected == names(answer.text)
    form.open()
    assert expected[0] == form.value("staff.0.name")


@pytest.mark.parametrize(
    ("deed", "focus"),
    [("add", "staff.3.name"), ("down.0", "staff.1.name"), ("remove.0", "row=add")],
)
def test_the_focus_goes_on_where_one_works(form: Filling, deed: str, focus: str) -> None:
    """Into the new row, with the moved one, or to the button when the row is gone."""
    text = form.send(f"/field/staff?row={deed}", **ROWS).text
    (marked,) = html.document_fromstring(text).cssselect("[data-focus]")
    assert focus in str(marked.get("name") or marked.get("formaction"))


def test_rows_are_worked_on_without_scripts(form: Filling) -> None:
    """Each press brings the whole page back, with all that was typed."""
    browser = form.browser
    browser.press("Ещё строка", present="11", staff__0__name="Анна")
    browser.press("↓", staff__1__name="Борис")
    assert ("11", "Борис", "Анна") == (
        form.value("present"),
        form.value("staff.0.name"),
        form.value("staff.1.name"),
    )
    browser.press("✕")
    assert "Анна" == form.value("staff.0.name")


def test_given_rows_are_neither_added_nor_removed(form: Filling) -> None:
    """Criteria and items are those of the form."""
    assert [] == form.page.find("#field-marks .deeds, #field-list .deeds")


# what is computed -------------------------------------------------------------------------------


def test_saving_brings_what_is_computed(form: Filling) -> None:
    """Shares, sums over rows, how much of the criteria is filled in and what they come to."""
    typed: dict[str, Any] = {
        "members": "24",
        "present": "20",
        "staff__0__name": "Анна",
        "staff__0__hours": "2",
        "staff__1__name": "Борис",
        "staff__1__hours": "3",
        "marks__0__item": "rule",
        "marks__0__score": "2",
        "marks__1__item": "order",
    }
    said = " ".join(form.send("/draft", draft="0", **typed).text.split())
    assert 'id="f-share" hx-swap-oob="true">83,3<' in said
    assert 'id="f-hours" hx-swap-oob="true">5<' in said
    assert "Заполнено 1 из 2 · баллов: 2 из 2" in said


def test_what_a_page_claims_to_have_computed_is_not_believed(form: Filling) -> None:
    """Nor can it be typed: there is no control for it."""
    assert [] == form.page.find("[name=share]")
    form.send("/draft", draft="0", members="10", present="5", share="99")
    assert "50" in form.open().texts("#f-share")[0]


def test_a_checklist_leads_to_what_is_missing(form: Filling) -> None:
    """The summary links into the row; text that a verdict asks for is asked for there."""
    page = form.browser.press(
        "Отправить",
        list__0__verdict="no",
        list__1__link="javascript:alert(1)",
        list__1__verdict="yes",
        marks__0__score="1",
    )
    links = {a.get("href") for a in page.find("#errors a")}
    assert {"#f-list.0.remark", "#f-list.1.link", "#f-list.1.seen_on", "#f-marks.1.score"} == links
    for link in links:
        assert 1 == len(page.find(f"[id='{str(link)[1:]}']")), link
