"""Lists of people and schools: from the file to the rows, and what hostile files come to."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from engine.errors import SheetRefused
from engine.model.people import Organisation, Person
from engine.rules.rosters import MOST
from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import Site
from web.sheets import LARGEST, tables_in

HEAD = ("ФИО", "Почта", "Роль", "Организация")
ANNA = ("Новая Анна", "anna@x.example", "завуч", "school")
EVIL = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def administrator(site: Site) -> Browser:
    """Return a browser of the administrator, where a list is sent in."""
    browser = site.enter("administrator.office")
    browser.open("/people/import")
    return browser


def book(*rows: Sequence[Any], schools: Sequence[Sequence[Any]] = ()) -> bytes:
    """Return a workbook with a list of people, and one of schools."""
    made = Workbook()
    people = made.worksheets[0]
    for row in (HEAD, *rows):
        people.append(list(row))
    if schools:
        sheet = made.create_sheet("Школы")
        for row in (("Название", "Входит в"), *schools):
            sheet.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def send(browser: Browser, content: bytes, name: str = "list.xlsx") -> Page:
    """Send a file in."""
    assert browser.page is not None
    token = browser.page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "file": (io.BytesIO(content), name)}
    answer = browser.client.post("/people/import", data=data)
    browser.page = Page(answer, "/people/import")
    return browser.page


def people(site: Site) -> int:
    """Count the people."""
    return int(site.town.value(select(func.count()).select_from(Person)))


def test_a_list_is_reported_then_taken_in(administrator: Browser, site: Site) -> None:
    """Nothing is written before the confirmation; the school of the list is there after it."""
    before = people(site)
    content = book(ANNA, (*ANNA[:3], "СОШ № 5"), schools=[("СОШ № 5", "office")])
    page = send(administrator, content)
    assert ["Будет принято: 3 строки. Пока ничего не записано."] == page.texts("p[role=status]")
    assert before == people(site)
    page = administrator.press("Принять")
    assert "Принято: школ — 1, людей — 1, ролей — 2." in page.text
    assert before + 1 == people(site)
    page = administrator.open("/people?words=anna@")
    assert ["Новая Анна"] == page.texts(".row .name")


def test_the_same_file_again_changes_nothing(administrator: Browser, site: Site) -> None:
    """Each line says that it is there already, and there is nothing to press."""
    send(administrator, book(ANNA))
    administrator.press("Принять")
    administrator.open("/people/import")
    page = send(administrator, book(ANNA))
    assert "всё из этого списка уже есть" in page.text
    assert "Принять" not in page.texts("button")


def test_a_wrong_line_is_told_and_can_be_downloaded(administrator: Browser) -> None:
    """Line, what was found, expected and how to mend it; the file of rejects says it too."""
    page = send(administrator, book(ANNA, ("Без почты", "нет", "король", "Марс")))
    assert "с ошибками: 1" in page.text
    assert 3 == len(page.find("[aria-labelledby=wrong] tbody tr"))
    assert "Люди, строка 3" in page.texts("[aria-labelledby=wrong] td")
    page = administrator.press("Скачать эти строки")
    sheet = load_workbook(io.BytesIO(page.answer.data)).worksheets[0]
    rows = [[str(cell) for cell in row] for row in sheet.values]
    assert ["Без почты", "нет", "король", "Марс"] == rows[1][:4]
    assert "Почта: нет. Исправьте адрес почты." in rows[1][4]


def test_the_example_can_be_filled_in_and_sent_back(administrator: Browser) -> None:
    """As it is it has no error: its headings are ours, and its school stands in it."""
    example = administrator.client.get("/people/import/example")
    assert example.headers["Content-Disposition"].startswith("attachment")
    page = send(administrator, example.data)
    assert "с ошибками" not in page.text
    assert 4 == len(page.find("details tbody tr"))


@pytest.mark.parametrize(
    "content",
    [
        "ФИО;Почта;Роль;Организация\nНовая Анна;anna@x.example;завуч;school\n".encode("cp1251"),
        "\ufeffПочта,ФИО\nanna@x.example,Новая Анна\n".encode(),
        'ФИО\tПочта\r\n"Новая\nАнна"\tanna@x.example\r\n'.encode(),
    ],
)
def test_a_text_of_excel_is_read_too(administrator: Browser, content: bytes) -> None:
    """In the old encoding or the new one, with whatever stands between the cells."""
    page = send(administrator, content, "list.csv")
    assert ["Будет принято: 1 строка. Пока ничего не записано."] == page.texts("p[role=status]")


def test_formulas_and_hostile_texts_are_texts(administrator: Browser, site: Site) -> None:
    """On the page, in the rows, and in the file of rejects."""
    rows = [(EVIL, "evil@x.example", "завуч", "school"), ("=1+1", "=2+2", "завуч", EVIL)]
    page = send(administrator, book(*rows))
    assert [] == page.find("main script")
    assert EVIL in page.text
    rejected = administrator.client.post(
        "/people/import/rejects",
        data={
            "csrf": page.find("input[name=csrf]")[0].get("value"),
            "lines": page.find("input[name=lines]")[0].get("value"),
        },
    )
    sheet = load_workbook(io.BytesIO(rejected.data)).worksheets[0]
    assert ("=1+1", "s") == (sheet["A2"].value, sheet["A2"].data_type)
    administrator.press("Принять")
    assert [EVIL] == administrator.open("/people?words=evil@").texts(".row .name")


# files that are none ----------------------------------------------------------------------------


def bomb(name: str = "xl/worksheets/sheet1.xml", size: int = 50_000_000) -> bytes:
    """Return a small archive that unpacks to a large one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return file.getvalue()


def crowded() -> bytes:
    """Return an archive of many parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.xml", b"")
    return file.getvalue()


def entities() -> bytes:
    """Return a workbook whose sheet wants to read a file of ours, and to grow."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(ANNA))) as good, zipfile.ZipFile(file, "w") as archive:
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                kind = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                content = kind + content.replace("Новая Анна".encode(), b"&e;")
            archive.writestr(part.filename, content)
    return file.getvalue()


def broken() -> bytes:
    """Return a workbook whose sheet is no XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(ANNA))) as good, zipfile.ZipFile(file, "w") as archive:
        for part in good.infolist():
            is_sheet = part.filename.endswith("sheet1.xml")
            archive.writestr(part.filename, b"<row" if is_sheet else good.read(part))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "он пуст"),
        (b"PK\x03\x04 nothing", "повреждён"),
        (b"\x00\x01\x02" * 100, "не таблица"),
        (b"%PDF-1.7 and so on", "заголовками"),
        (bomb(), "слишком много данных"),
        (bomb("xl/styles.xml", 2_000_000), "слишком много данных"),
        (crowded(), "слишком много данных"),
        (entities(), "описание типа"),
        (broken(), "повреждён"),
        (book(), "ни одной строки"),
    ],
    ids=[
        "none",
        "cut",
        "binary",
        "pdf",
        "bomb",
        "styles",
        "many",
        "entities",
        "broken",
        "headings",
    ],
)
def test_what_is_no_list_is_refused_in_words(
    administrator: Browser, content: bytes, words: str
) -> None:
    """422 with what to do; nothing of our machine is shown."""
    page = send(administrator, content)
    assert 422 == page.status
    assert words in page.texts("[role=alert]")[0]
    assert "root:" not in page.answer.text


def test_a_large_file_is_not_even_opened() -> None:
    """More than two megabytes are no list of two thousand lines."""
    with pytest.raises(SheetRefused, match="больше 2 МБ"):
        tables_in(b"x" * (LARGEST + 1))


def test_a_list_that_is_too_long_is_refused(administrator: Browser) -> None:
    """It is to be sent in parts."""
    text = "Почта;ФИО\n" + "a@x.example;А\n" * (MOST + 1)
    page = send(administrator, text.encode(), "list.csv")
    assert (422, True) == (page.status, f"больше {MOST} строк" in page.text)


@pytest.mark.parametrize(
    "lines",
    ["", "x", "[]", "{}", '[["people", 1]]', '[["king", 1, {}]]', '[["people", -1, {}]]', "[[[]]]"],
)
def test_what_a_page_kept_can_be_changed_but_not_broken(
    administrator: Browser, site: Site, lines: str
) -> None:
    """422: it is read and judged anew."""
    assert administrator.page is not None
    before = people(site)
    token = administrator.page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "lines": lines}
    for path in ("/people/import/confirm", "/people/import/rejects"):
        assert 422 == administrator.client.post(path, data=data).status_code
    assert before == people(site)


@pytest.mark.parametrize("who", ["coordinator.office", "director.school", "expert1"])
def test_only_administrators_send_lists_in(site: Site, who: str) -> None:
    """Neither the page, nor the example, nor a doctored confirmation."""
    browser = site.enter(who)
    assert 403 == browser.open("/people/import").status
    assert 403 == browser.open("/people/import/example").status
    browser.open("/profile")
    assert browser.page is not None
    token = browser.page.find("input[name=csrf]")[0].get("value")
    line = '[["people", 2, {"name": "А", "email": "a@x.example"}]]'
    sent = {"csrf": token, "lines": line}
    assert 404 == browser.client.post("/people/import/confirm", data=sent).status_code
    assert 403 == browser.client.post("/people/import/rejects", data=sent).status_code


def test_a_double_confirmation_takes_in_once(administrator: Browser, site: Site) -> None:
    """The second press finds everything there."""
    page = send(administrator, book(ANNA, schools=[("СОШ № 5", "office")]))
    data = {name: page.find(f"input[name={name}]")[0].get("value") for name in ("csrf", "lines")}
    for _ in range(2):
        answer = administrator.client.post("/people/import/confirm", data=data)
        assert 303 == answer.status_code
    named = select(Organisation.id).where(Organisation.name == "СОШ № 5")
    assert 1 == len(site.town.rows(named))
