"""Files of a form: sent when chosen or with it, refused in words, shown safely, taken away."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.commands.attachments import AttachFile
from engine.commands.tasks import CompleteTask
from engine.rules.attachments import LARGEST
from tests.web.pages.conftest import Settled, Site
from tests.web.pages.filling import PDF, Filling, Rich, filling, rich_town

PNG = b"\x89PNG\r\n\x1a\n"
MANY = 50 * 1024 * 1024


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


def listed(form: Filling) -> list[str]:
    """Return the files that the page of the task shows."""
    form.open()
    return form.page.texts(".files-list li a")


# sending ----------------------------------------------------------------------------------------


def test_a_file_is_attached_when_it_is_chosen(form: Filling) -> None:
    """The answer is its line: name as text, size, and a way to take it away."""
    answer = form.upload("files", "<b>протокол.pdf")
    assert 200 == answer.status_code
    assert "&lt;b&gt;протокол.pdf" in answer.text
    assert 'name="files" value="1"' in answer.text
    assert "?drop=1" in answer.text


def test_the_draft_keeps_what_was_attached(form: Filling) -> None:
    """The page lists it again, in its field, also in a row of a checklist."""
    form.upload("files", "а.pdf")
    form.upload("list.1.file", "б.pdf")
    form.send(
        "/draft",
        draft="0",
        files="1",
        list__0__item="rule",
        list__1__item="order",
        list__1__file="2",
    )
    assert ["б.pdf", "а.pdf"] == listed(form)
    assert ["б.pdf"] == form.page.texts("[id='field-list.1.file'] li a")


@pytest.mark.parametrize(
    "field", ["present", "gone", "list", "list.0.remark", "list.x.file", "..."]
)
def test_only_a_field_of_files_takes_files(form: Filling, field: str) -> None:
    """Anything else is not there."""
    assert 404 == form.upload(field, "а.pdf").status_code


def test_files_chosen_without_scripts_come_with_the_form(form: Filling) -> None:
    """Several at once; each is attached before the task is finished."""
    files = [(io.BytesIO(PDF), "а.pdf"), (io.BytesIO(PDF), "б.pdf")]
    more: dict[str, Any] = {"upload__files": files}
    assert 303 == form.send("", htmx=False, **_marks(), **more).status_code
    assert ["а.pdf", "б.pdf"] == [a for a in form.open().texts("dd a") if a.endswith(".pdf")]


def test_a_refused_file_costs_nothing_else(form: Filling) -> None:
    """422 at its field; the text and the other file are kept."""
    files = [(io.BytesIO(PDF), "а.pdf"), (io.BytesIO(b"MZ\x90\x00"), "б.pdf")]
    answer = form.send("", htmx=False, present="11", upload__files=files)
    assert 422 == answer.status_code
    assert "Файл «б.pdf» не приложен: по содержанию это не PDF" in answer.text
    assert (["а.pdf"], "11") == (listed(form), form.value("present"))


def test_fifty_megabytes_cost_nothing_else(form: Filling) -> None:
    """With scripts or without: told in words, and what was typed is kept."""
    answer = form.send(
        "", htmx=False, present="11", upload__files=(io.BytesIO(PDF + bytes(MANY)), "а.pdf")
    )
    assert 422 == answer.status_code
    assert "он больше 10" in answer.text
    form.open()
    assert "11" == form.value("present")
    assert "он больше 10" in form.upload("files", "а.pdf", PDF + bytes(MANY)).text


def test_more_than_anybody_means_is_told_in_words(form: Filling) -> None:
    """413, as a page, and as a sentence for the script."""
    path = f"/tasks/{form.task}/field/files/file"
    for headers in ({}, {"HX-Request": "true", "X-CSRF-Token": form.token}):
        answer = form.browser.client.post(
            path,
            data=b"--x",
            headers={**headers, "Content-Type": "multipart/form-data; boundary=x"},
            environ_overrides={"CONTENT_LENGTH": str(10**9)},
        )
        assert 413 == answer.status_code
        assert "слишком много данных" in answer.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("приказ.pdf", b"MZ\x90\x00", "не PDF, а EXE"),
        ("приказ.exe", b"MZ\x90\x00", "«.exe» не принимаются"),
        ("пусто.pdf", b"", "он пуст"),
        ("", b"", "он пуст"),
        ("большой.pdf", PDF + bytes(LARGEST), "он больше 10"),
        ("рисунок.svg", b"<svg/>", "«.svg» не принимаются"),
        ("я" * 10_000 + ".html", b"<script>", "не принимаются"),
    ],
)
def test_a_wrong_file_is_refused_in_words(
    form: Filling, name: str, content: bytes, sentence: str
) -> None:
    """422 with a sentence; nothing is kept."""
    answer = form.upload("files", name, content)
    assert (422, True) == (answer.status_code, sentence in answer.text)
    assert [] == listed(form)


# taking away ------------------------------------------------------------------------------------


def test_a_file_is_taken_away(form: Filling) -> None:
    """The field comes back without it, the rest is a draft."""
    form.upload("files", "а.pdf")
    form.upload("files", "б.pdf")
    answer = form.send("/field/files?drop=1", files=["2"], present="11")
    assert ("а.pdf" in answer.text, "б.pdf" in answer.text) == (False, True)
    assert (["б.pdf"], "11") == (listed(form), form.value("present"))


def test_a_file_is_taken_away_without_scripts(form: Filling) -> None:
    """A press, and the page is there again with all that was typed."""
    form.upload("files", "а.pdf")
    form.send("/draft", draft="0", files="1")
    form.open()
    form.browser.press("Убрать — а.pdf", present="11")
    assert ([], "11") == (form.page.texts(".files-list li"), form.value("present"))


# looking ----------------------------------------------------------------------------------------


def test_a_download_is_never_a_page_of_ours(form: Filling) -> None:
    """Its name is encoded; a browser neither guesses its kind nor runs anything in it."""
    name = '"; filename=evil.html\r\n.pdf'
    form.site.town.do(AttachFile(form.task, name, PDF), "deputy.school")
    answer = form.browser.client.get("/files/1")
    assert PDF == answer.data
    assert "application/octet-stream" == answer.mimetype
    named = answer.headers["Content-Disposition"]
    assert named.startswith("attachment; filename*=UTF-8''%22%3B%20filename%3Devil.html")
    assert ("nosniff", "default-src 'none'; sandbox") == (
        answer.headers["X-Content-Type-Options"],
        answer.headers["Content-Security-Policy"],
    )


@pytest.mark.parametrize(
    ("name", "content", "how", "kind"),
    [
        ("а.pdf", PDF, "inline", "application/pdf"),
        ("а.png", PNG, "inline", "image/png"),
        ("а.jpg", PNG, "inline", "image/png"),
        ("а.txt", b"<script>alert(1)</script>", "attachment", "application/octet-stream"),
    ],
)
def test_only_pictures_and_pdf_open_in_the_browser(
    form: Filling, name: str, content: bytes, how: str, kind: str
) -> None:
    """As what they are; a text that is a page in disguise is a download."""
    form.upload("files", name, content)
    answer = form.browser.client.get("/files/1/view")
    assert (how, kind) == (answer.headers["Content-Disposition"].split(";")[0], answer.mimetype)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_file_of_another_school_is_not_there(form: Filling, site: Site) -> None:
    """404, as if there were none: neither to read nor to take away."""
    form.upload("files", "протокол.pdf")
    for who in ("deputy.far_school", "teacher.school", "deputy.second"):
        stranger = Filling(site, form.task, site.enter(who))
        stranger.browser.open("/tasks")
        assert 404 == stranger.browser.client.get("/files/1").status_code
        assert 404 == stranger.browser.client.get("/files/1/view").status_code
        assert 404 == stranger.send("/field/files?drop=1").status_code
    assert 200 == form.browser.client.get("/files/1").status_code


def test_a_file_that_was_sent_in_stays(form: Filling, site: Site) -> None:
    """409 for who tries to take it away from a finished task."""
    form.upload("files", "а.pdf")
    site.town.do(CompleteTask(form.task, {"files": [1]}), "deputy.school")
    assert 409 == form.send("/field/files?drop=1").status_code
    assert 200 == form.browser.client.get("/files/1").status_code


def _marks() -> dict[str, Any]:
    """Return what the rich form asks for."""
    rows = {"marks__0": "rule", "marks__1": "order", "list__0": "rule", "list__1": "order"}
    asked = {"marks": "score", "list": "verdict"}
    return {f"{row}__item": item for row, item in rows.items()} | {
        f"{row}__{asked[row.partition('__')[0]]}": "1" if row.startswith("marks") else "yes"
        for row in rows
    }
