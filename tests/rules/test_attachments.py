"""Which files may be attached: their content must keep what their name promises."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.attachments import KINDS, LARGEST, LONGEST_NAME, file_name, kind_of, refusal_of


def archive(*names: str, mimetype: str = "") -> bytes:
    """Return an archive with such names in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return packed.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
ODT = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
EXE = b"MZ\x90\x00" + b"\0" * 60


def in_short(value: object) -> str | None:
    """Name bytes by their length: an archive holds the moment at which it was made."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("А.PDF", b"%PDF-1.7", "application/pdf"),
        ("a.docx", DOCX, KINDS[".docx"].media_type),
        ("a.xlsx", archive("xl/workbook.xml"), KINDS[".xlsx"].media_type),
        ("a.pptx", archive("ppt/presentation.xml"), KINDS[".pptx"].media_type),
        ("a.odt", ODT, KINDS[".odt"].media_type),
        ("a.doc", OLD, "application/msword"),
        ("a.rtf", b"{\\rtf1", "application/rtf"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.png", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.heic", b"\0\0\0\x18ftypheic", "image/heic"),
        ("a.txt", "Протокол".encode(), "text/plain"),
        ("a.txt", "Протокол".encode("cp1251"), "text/plain"),
        ("a.zip", archive("a.pdf", "b/c.docx"), "application/zip"),
    ],
    ids=in_short,
)
def test_what_schools_send_is_taken(name: str, content: bytes, media_type: str) -> None:
    """Documents, tables, pictures and texts; what they are sent as comes of their content."""
    kind = kind_of(name, content)
    assert ("", media_type) == (refusal_of(name, content), kind and kind.media_type)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "он пуст"),
        ("a.pdf", b"%PDF" + b"x" * LARGEST, "больше 10"),
        ("a.exe", EXE, "«.exe» не принимаются"),
        ("приказ", b"%PDF", "«приказ» не принимаются"),
        ("a.pdf", EXE, "это не PDF, а EXE"),
        ("a.docx", EXE, "это не DOCX, а EXE"),
        ("a.docx", archive("readme.txt"), "это не DOCX"),
        ("a.docx", archive("word/document.xml", "word/vbaProject.bin"), "это не DOCX"),
        ("a.docx", DOCX[:40], "это не DOCX"),
        ("a.odt", archive("content.xml"), "это не ODT"),
        ("a.doc", b"\xd0\xcf\x11\xe0 Installer", "это не DOC"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'>", "это не PNG, а SVG"),
        ("a.svg", b"<svg/>", "не принимаются"),
        ("a.html", b"<script>", "не принимаются"),
        ("a.txt", EXE, "это не TXT"),
        ("a.zip", archive("a/setup.EXE"), "это не ZIP"),
        ("a.zip", b"PK\x03\x04", "это не ZIP"),
    ],
    ids=in_short,
)
def test_what_breaks_its_promise_is_refused_in_words(
    name: str, content: bytes, sentence: str
) -> None:
    """With what it is instead, where somebody knows."""
    assert sentence in refusal_of(name, content)


def test_only_pictures_and_pdf_are_shown_as_they_are() -> None:
    """Nothing that a browser would run or unpack."""
    assert {".pdf", ".jpg", ".jpeg", ".png"} == {end for end, kind in KINDS.items() if kind.inline}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Документы\\итог.docx", "итог.docx"),
        ("../../etc/passwd", "passwd"),
        ("отчёт\u202egnp.exe", "отчётgnp.exe"),
        ("а\u200bб\r\n.pdf", "аб.pdf"),
        ("  ...  ", "файл"),
        ("", "файл"),
        ("<script>.pdf", "<script>.pdf"),
    ],
)
def test_a_name_is_kept_as_one_can_read_it(given: str, kept: str) -> None:
    """Without its folder, and without signs that nobody sees."""
    assert kept == file_name(given)


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_fits(name: str) -> None:
    """Never empty, never too long, and the same when it is kept again."""
    kept = file_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert kept == file_name(kept)


def test_a_long_name_keeps_its_end() -> None:
    """It says what kind of file it is."""
    assert file_name("я" * 10_000 + ".pdf").endswith("я.pdf")
    assert len(file_name("x" * 10_000)) <= LONGEST_NAME


@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)))
def test_what_is_taken_has_a_kind(content: bytes, end: str) -> None:
    """Whatever bytes somebody sends: they are refused in words, or known."""
    name = f"файл{end}"
    assert bool(refusal_of(name, content)) != (kind_of(name, content) is not None and bool(content))
