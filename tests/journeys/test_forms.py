"""A form in a real browser: saved while typing, two tabs, lost sessions and connections, files."""

import re

import orjson
import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from engine.commands.tasks import CompleteTask
from tests.drawn import TWO, with_form
from tests.journeys.conftest import PHONE, Served
from tests.web.pages.filling import RICH

pytestmark = pytest.mark.browser

WHO = "deputy.school"
PDF = FilePayload(name="приказ.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
EXE = FilePayload(name="приказ.pdf", mimeType="application/pdf", buffer=b"MZ\x90\x00" * 20)
HERE = "текст сохранён на этом устройстве"


@pytest.fixture
def task(served: Served) -> int:
    """Return a task with a rich form."""
    bundle = with_form(TWO, "answer", orjson.dumps(RICH))
    return served.town.task(served.town.case(served.town.cycle(bundle)), "first")


@pytest.fixture
def form(served: Served, task: int) -> Page:
    """Return its page, open to the deputy director."""
    page = served.page()
    served.visit(page, WHO, f"/tasks/{task}")
    return page


def saved(page: Page) -> None:
    """Wait until the page says that the draft is saved."""
    expect(page.get_by_text(re.compile("^Черновик сохранён в"))).to_be_visible()


def members(page: Page, text: str) -> None:
    """Type into the first field."""
    page.get_by_label("Членов", exact=True).fill(text)


def holds(page: Page, text: str) -> None:
    """Wait until the first field holds a text."""
    expect(page.get_by_label("Членов", exact=True)).to_have_value(text)


# drafts -----------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_and_what_follows_is_computed(form: Page) -> None:
    """The time stands beside the button, the share in its field, all is there on return."""
    members(form, "24")
    form.get_by_label("Присутствовало").fill("18")
    saved(form)
    expect(form.locator("#f-share")).to_have_text("75")
    form.get_by_role("group", name="Критерии").get_by_label("2 — да").first.check()
    expect(form.locator("#progress-marks")).to_contain_text("Заполнено 1 из 2 · баллов: 2 из 2")
    form.reload()
    holds(form, "24")
    assert 0 == form.evaluate("localStorage.length")


def test_without_a_connection_the_text_stays_on_the_device(served: Served, form: Page) -> None:
    """It is said so, is saved by itself when the connection is back, and is there on return."""
    form.context.set_offline(True)
    members(form, "18")
    expect(form.get_by_text(HERE)).to_be_visible()
    form.context.set_offline(False)
    saved(form)
    form.context.set_offline(True)
    members(form, "19")
    expect(form.get_by_text(HERE)).to_be_visible()
    form.context.set_offline(False)
    form.reload()
    holds(form, "19")
    served.forgive("lost:", "ERR_", "Failed to fetch")


def test_an_expired_session_loses_neither_text_nor_rows(
    served: Served, form: Page, task: int
) -> None:
    """The save leads to the sign-in page; from there one comes back to all that was typed."""
    form.get_by_role("button", name="Ещё строка").click()
    expect(form.get_by_label("Имя, строка 2")).to_be_visible()
    form.get_by_label("Имя, строка 1").fill("Анна")
    saved(form)
    form.context.clear_cookies()
    form.get_by_label("Имя, строка 2").fill("Борис")
    expect(form).to_have_url(re.compile("/sign-in"))
    expect(form.get_by_text("это сохранено")).to_be_visible()
    served.visit(form, WHO, f"/tasks/{task}")
    expect(form.get_by_label("Имя, строка 2")).to_have_value("Борис")
    saved(form)
    served.forgive("401")


def test_the_way_back_shows_the_draft(form: Page) -> None:
    """Not the page as the browser kept it from before."""
    members(form, "24")
    saved(form)
    form.locator("a.back").click()
    form.go_back()
    holds(form, "24")


def test_rows_that_only_the_device_knows_come_back(served: Served, form: Page, task: int) -> None:
    """The page that is opened next has fewer rows: the server draws them from the copy."""
    form.get_by_role("button", name="Ещё строка").click()
    form.get_by_label("Имя, строка 2").fill("Борис")
    saved(form)
    copy = form.evaluate(
        "name => JSON.stringify({pairs: [['staff.2.name', name]], version: '2', tab: 'x'})", "Вера"
    )
    key = form.evaluate("document.querySelector('form[data-task]').dataset.task")
    form.evaluate("([key, copy]) => localStorage.setItem('tsikl:' + key, copy)", [key, copy])
    form.goto("/tasks")
    form.goto(f"/tasks/{task}")
    expect(form.get_by_label("Имя, строка 1")).to_have_value("Вера")
    assert 0 == form.evaluate("localStorage.length")


def test_a_second_tab_is_told_and_may_choose(served: Served, form: Page, task: int) -> None:
    """It keeps its own text, or takes the saved one; nothing is written over unasked."""
    other = form.context.new_page()
    other.goto(f"/tasks/{task}")
    members(form, "1")
    saved(form)
    members(other, "2")
    keep = other.get_by_role("button", name="Оставить мой")
    expect(keep).to_be_visible()
    keep.click()
    saved(other)
    members(form, "3")
    take = form.get_by_role("link", name="Взять сохранённый")
    take.click()
    holds(form, "2")
    served.forgive("409")


def test_who_comes_too_late_is_told_and_keeps_his_text(
    served: Served, form: Page, task: int
) -> None:
    """Who has done it, while one types; the text stays on the page."""
    served.town.do(CompleteTask(task, {}), "deputy2.school")
    members(form, "7")
    expect(form.locator("[data-autosave]")).to_contain_text("Некто deputy2.school")
    holds(form, "7")
    served.forgive("409")


def test_enter_sends_nothing(form: Page, task: int) -> None:
    """Half a form is not sent by a slip of a finger."""
    members(form, "7")
    form.get_by_label("Членов", exact=True).press("Enter")
    saved(form)
    expect(form).to_have_url(re.compile(f"/tasks/{task}$"))


# rows and conditions ----------------------------------------------------------------------------


def test_rows_are_added_moved_and_taken_away_in_place(form: Page) -> None:
    """What was typed stays, and the focus goes on where one works."""
    form.get_by_label("Имя, строка 1").fill("Анна")
    form.get_by_role("button", name="Ещё строка").press("Enter")
    expect(form.get_by_label("Имя, строка 2")).to_be_focused()
    form.keyboard.type("Борис")
    form.get_by_role("button", name="Выше: Кто, строка 2").click()
    expect(form.get_by_label("Имя, строка 1")).to_have_value("Борис")
    expect(form.get_by_label("Имя, строка 1")).to_be_focused()
    form.get_by_role("button", name="Убрать строку: Кто, строка 1").click()
    expect(form.get_by_label("Имя, строка 1")).to_have_value("Анна")


def test_a_table_that_is_drawn_anew_takes_no_text(form: Page) -> None:
    """What one typed into it meanwhile would be lost: it waits for the server, with all in it."""

    def late(route: Route) -> None:
        form.wait_for_timeout(400)
        route.continue_()

    form.route("**/field/staff**", late)
    form.get_by_label("Имя, строка 1").fill("Анна")
    form.get_by_role("button", name="Ещё строка").click()
    expect(form.locator("#field-staff")).to_have_attribute("inert", "")
    expect(form.get_by_label("Имя, строка 2")).to_be_focused()
    expect(form.get_by_label("Имя, строка 1")).to_have_value("Анна")


def test_a_verdict_asks_for_what_it_needs(form: Page) -> None:
    """A remark for a lack, a day for a link; nothing for what is there."""
    item = form.get_by_role("group", name="Положение").last
    remark, day = item.get_by_label("Замечание"), item.get_by_label("Когда видели страницу")
    expect(remark).to_be_hidden()
    item.get_by_label("частично").check()
    expect(remark).to_be_visible()
    expect(day).to_be_hidden()
    item.get_by_label("Ссылка").fill("https://school.example")
    expect(day).to_be_visible()
    item.get_by_label("есть", exact=True).check()
    expect(remark).to_be_hidden()


def test_a_long_list_is_searched(form: Page) -> None:
    """What does not fit goes; what is ticked stays in sight."""
    form.get_by_label("1А", exact=True).check()
    form.get_by_role("searchbox", name="Найти в списке").fill("11")
    expect(form.get_by_label("11А")).to_be_visible()
    expect(form.get_by_label("1А", exact=True)).to_be_visible()
    expect(form.get_by_label("2А", exact=True)).to_be_hidden()


# files ------------------------------------------------------------------------------------------


def test_files_are_sent_when_chosen_and_refused_in_words(served: Served, form: Page) -> None:
    """Several at once; each tells how it went, and can be taken away again."""
    files = form.get_by_label("Файлы", exact=True)
    second = FilePayload(name="<b>.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
    files.set_input_files([PDF, EXE, second])
    expect(form.get_by_role("link", name="приказ.pdf")).to_have_count(1)
    expect(form.get_by_role("link", name="<b>.pdf")).to_be_visible()
    expect(form.get_by_text("по содержанию это не PDF, а EXE")).to_be_visible()
    expect(form.get_by_role("button", name="Повторить")).to_be_hidden()
    saved(form)
    form.reload()
    form.get_by_role("button", name="Убрать — приказ.pdf").click()
    expect(form.get_by_role("link", name="приказ.pdf")).to_have_count(0)
    expect(form.get_by_role("link", name="<b>.pdf")).to_be_visible()
    served.forgive("422")


def test_a_connection_that_breaks_in_the_middle_costs_one_file(served: Served, form: Page) -> None:
    """It is told; the text stays, and one press tries again."""
    members(form, "5")
    form.route("**/file", lambda route: route.abort("connectionreset"))
    form.get_by_label("Файлы", exact=True).set_input_files([PDF])
    expect(form.get_by_text("связь прервалась")).to_be_visible()
    form.unroute("**/file")
    form.get_by_role("button", name="Повторить").click()
    expect(form.get_by_role("link", name="приказ.pdf")).to_be_visible()
    holds(form, "5")
    served.forgive("lost:", "ERR_")


def test_a_huge_file_is_not_even_sent(form: Page) -> None:
    """Nobody waits for fifty megabytes to be refused."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    form.on("request", note)
    form.get_by_label("Файлы", exact=True).evaluate(
        """input => {
          const chosen = new DataTransfer();
          chosen.items.add(new File([new Uint8Array(50 * 1024 * 1024)], "огромный.pdf"));
          input.files = chosen.files;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(form.get_by_text("огромный.pdf: больше 10 МБ")).to_be_visible()
    assert [] == sent


def test_a_rich_form_fits_a_telephone(served: Served, task: int) -> None:
    """Nothing sticks out at the side; buttons are large enough for a finger."""
    page = served.page(PHONE)
    served.visit(page, WHO, f"/tasks/{task}")
    page.get_by_label("Файлы", exact=True).set_input_files([PDF])
    expect(page.get_by_role("link", name="приказ.pdf")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    for button in page.locator("#form .button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44, button.inner_text()
