"""Documents and their templates on pages."""

import io
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from engine.commands.editions import write_edition
from engine.model.documents import Document, DocumentTemplate
from engine.papers.docx import built_in
from engine.papers.sample import sample
from tests.papers.test_inspection import written
from tests.web.pages.conftest import Site

EVIL = '<script>alert(1)</script>"\r\nX-Evil: 1'
ADMIN = "administrator.office"


@pytest.fixture
def order(site: Site) -> int:
    """Return an order with a hostile number and title."""
    town = site.town
    content = replace(sample("order").content, number=EVIL, title=EVIL)
    with town.engine.unit(town.actor("director.school")) as unit:
        unit.allow_anyone()
        row = {
            "case_id": site.case_id,
            "kind": "order",
            "number": EVIL,
            "dated_on": unit.now.date(),
            "title": EVIL,
            "text": EVIL,
            "signatory_id": unit.actor.person_id,
            "at": unit.now,
        }
        document = unit.insert(Document, row)
        write_edition(unit, document, content, site.task())
    return document


def test_a_document_is_sent_with_safe_headers(site: Site, order: int) -> None:
    """Its name is Russian and one line; nothing of it runs; nobody else keeps it."""
    client = site.enter("deputy.school").client
    for form, how in (("docx", "attachment"), ("pdf", "inline")):
        answer = client.get(f"/documents/{order}.{form}")
        assert 200 == answer.status_code
        head = answer.headers
        assert head["Content-Disposition"].startswith(f"{how}; filename*=UTF-8''%D0%9F%D1%80")
        assert "X-Evil" not in head
        assert "default-src 'none'" in head["Content-Security-Policy"]
        assert ("nosniff", "private, no-store") == (
            head["X-Content-Type-Options"],
            head["Cache-Control"],
        )


@pytest.mark.parametrize("who", ["director.second", "deputy.far_school", "expert1"])
def test_a_strangers_document_is_not_found(site: Site, order: int, who: str) -> None:
    """Like one that there is not."""
    client = site.enter(who).client
    paths = (f"/documents/{order}.pdf", "/documents/999.pdf", f"/documents/{order}.exe")
    assert [404, 404, 404] == [client.get(path).status_code for path in paths]
    assert 404 == client.get(f"/documents/{order}.pdf?edition=7").status_code


def test_a_case_lists_its_documents_with_both_files(site: Site, order: int) -> None:
    """The hostile title is text."""
    browser = site.enter("coordinator.office")
    page = browser.open(f"/cases/{site.case_id}")
    (row,) = page.find(f"#document-{order}")
    assert [f"/documents/{order}.pdf", f"/documents/{order}.docx"] == [
        link.get("href") for link in row.cssselect("a")
    ]
    assert "<script>alert(1)" not in browser.client.get(f"/cases/{site.case_id}").text
    assert "<script>alert(1)" in row.text_content()


# templates --------------------------------------------------------------------------------------


def sent(site: Site, kind: str, content: bytes, name: str = "бланк.docx") -> Any:
    """Send a template for the office as its administrator."""
    browser = site.enter(ADMIN)
    token = browser.open("/templates").find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "template": (io.BytesIO(content), name)}
    office = site.town.organisations["office"]
    return browser.client.post(f"/templates/{office}/{kind}", data=data)


def test_a_template_is_taken_shown_and_put_back(site: Site) -> None:
    """With its version, its name, who put it and when; then the built-in one holds again."""
    assert 303 == sent(site, "order", written("{{ текст }}"), f"{EVIL}.docx").status_code
    browser = site.enter(ADMIN)
    page = browser.open("/templates")
    (row,) = page.find("#kind-order")
    assert "Свой, версия 1" in row.text_content()
    assert "Некто administrator.office" in row.text_content()
    assert "<script>alert" not in browser.client.get("/templates").text
    office = site.town.organisations["office"]
    answer = browser.client.get(f"/templates/{office}/order.docx")
    assert written("{{ текст }}")[:2] == answer.data[:2]
    original = browser.client.get(f"/templates/{office}/order.docx?original=yes").data
    assert built_in("order") == original
    page = browser.press("Вернуть встроенный")
    assert "Встроенный" in page.find("#kind-order")[0].text_content()
    assert 2 == len(site.town.rows(select(DocumentTemplate)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Файл пуст"),
        (b"MZ" * 100, "не документ Word"),
        (written("{{ текст }}", "{{ ''.__class__ }}"), "без формул"),
        (written("{{ текст }}", "{{ <script> }}"), "без формул"),
    ],
)
def test_a_bad_template_is_refused_in_words(site: Site, content: bytes, words: str) -> None:
    """All reasons stand on the page; nothing is kept, and what it says is text."""
    answer = sent(site, "order", content)
    assert 422 == answer.status_code
    assert words in answer.text
    assert "<script>" not in answer.text.replace("<script defer", "")
    assert [] == site.town.rows(select(DocumentTemplate))


def test_a_kind_or_place_that_there_is_not_is_not_found(site: Site) -> None:
    """Nor another municipality's."""
    assert 404 == sent(site, "novel", written("{{ текст }}")).status_code
    client = site.enter(ADMIN).client
    far = site.town.organisations["far office"]
    for path in (f"/templates?organisation={far}", f"/templates/{far}/order.docx"):
        assert 404 == client.get(path).status_code


@pytest.mark.parametrize("who", ["director.school", "head.office", "expert1"])
def test_templates_are_for_administrators(site: Site, who: str) -> None:
    """Nobody else sees the page."""
    assert 403 == site.enter(who).client.get("/templates").status_code
