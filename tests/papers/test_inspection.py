"""Templates that people upload: what is taken, what is refused, and in which words."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from engine.errors import TemplateRefused
from engine.papers.docx import PARTS, WORDS, built_in, docx
from engine.papers.inspection import LARGEST, checked, problems
from engine.papers.looks import LAYOUTS
from engine.papers.sample import sample
from tests.papers.reading import words_of

TEXT = "{{ текст }}"
RELATION = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" {mode}/></Relationships>'
)
OUTSIDE = 'TargetMode="External"'


def written(*lines: str, **about: str) -> bytes:
    """Return a template with these paragraphs, as Word would save it."""
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    for name, value in about.items():
        setattr(made.core_properties, name, value)
    return saved(made)


def saved(made: Any) -> bytes:
    """Return a document as a file."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(content: bytes, name: str, before: str, after: str) -> bytes:
    """Return a file with a text in one of its parts replaced; an unknown part is added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(
                part, text.replace(before.encode(), after.encode()) if part == name else text
            )
        if name not in old.namelist():
            new.writestr(name, after)
    return file.getvalue()


def exchanged(content: bytes, name: str, part: bytes) -> bytes:
    """Return a file with another part in the place of one."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for kept in old.namelist():
            new.writestr(kept, part if kept == name else old.read(kept))
    return file.getvalue()


def said(content: bytes) -> str:
    """Return what is said about a template of orders."""
    return " ".join(problems(content, sample("order")))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_built_in_templates_may_be_uploaded(layout: str) -> None:
    """Whoever changes one of them begins with a file that is taken."""
    assert "" == said(built_in(layout))


def test_a_template_of_ones_own_prints_every_placeholder() -> None:
    """Words stand where they were put, parts in the place of their paragraph, in that order."""
    lines = [f"{{{{ {name} }}}}" for name in (*WORDS, *PARTS)]
    content = written("Наш бланк", *lines)
    assert content == checked("order", content).content
    words = words_of(docx(sample("order"), content))
    places = [words.index(part) for part in ("Наш бланк", "ПРИКАЗ", "Первый пункт.", "Директор")]
    assert sorted(places) == places
    assert "{{ текст }}" not in words
    assert "{{ фигурными }}" in words


def test_annexes_and_signatures_have_a_place_even_if_none_is_named() -> None:
    """They follow at the end: nobody loses a signature by a template."""
    words = words_of(docx(sample("order"), written(TEXT)))
    assert words.index("Первый пункт.") < words.index("Текст приложения.")
    assert words.index("Текст приложения.") < words.index("Лист подписей")


def test_text_may_stand_in_a_cell() -> None:
    """A frame around the text is a table with one cell, which must end with a paragraph."""
    made = Document()
    made.add_table(1, 1).cell(0, 0).paragraphs[0].text = TEXT
    assert "" == said(saved(made))
    assert "Первый пункт." in words_of(docx(sample("order"), saved(made)))


def test_a_placeholder_that_word_has_torn_apart_is_whole() -> None:
    """Word splits what was typed into runs as it likes."""
    made = Document()
    made.add_paragraph(TEXT)
    torn = made.add_paragraph()
    for part in ("{", "{ но", "мер }", "}"):
        torn.add_run(part)
    assert "" == said(saved(made))
    assert "\n12" in words_of(docx(sample("order"), saved(made)))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((TEXT, "{{ номре }}"), "Неизвестные подстановки: «номре». Можно: вышестоящая"),
        (("Без текста",), "поставьте отдельным абзацем {{ текст }}"),
        ((TEXT, "{{ номер }} {{ подписи }}"), "{{ подписи }} стоит одна в своём абзаце"),
        ((TEXT, "{{ ''.__class__.__mro__ }}"), "без формул: «{{ ''.__class__"),
        ((TEXT, "{{ номер|upper }}"), "без формул"),
        ((TEXT, "{{ номер() }}"), "без формул"),
        ((TEXT, "{% for x in range(10**9) %}x{% endfor %}"), "без формул"),
        ((TEXT, "{# тайна #}"), "без формул"),
        ((TEXT, "{%p if номер %}"), "без формул"),
        ((TEXT, "{{ номер"), "без формул"),
        ((TEXT, "{{ " * 300), "слишком много"),
        ((TEXT, "x" * 1_100_000), "слишком много"),
    ],
)
def test_a_strange_placeholder_is_named(lines: tuple[str, ...], words: str) -> None:
    """Nothing but plain known names; each refusal says what to write instead."""
    assert words in said(written(*lines))


def test_placeholders_are_looked_at_wherever_they_are_filled() -> None:
    """In headers, in footers, and in what Word calls the properties of the file."""
    made = Document()
    made.add_paragraph(TEXT)
    made.sections[0].header.paragraphs[0].text = "{{ 7*7 }}"
    assert "без формул" in said(saved(made))
    made.sections[0].header.paragraphs[0].text = TEXT
    assert "В колонтитулах" in said(saved(made))
    made.sections[0].header.paragraphs[0].text = "{{ учреждение }}"
    assert "" == said(saved(made))
    assert "в свойствах файла" in said(written(TEXT, title="{{ 7*7 }}"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пуст"),
        (b"x" * (LARGEST + 1), "больше 2 МБ"),
        (b"%PDF-1.7", "не документ Word"),
        (b"PK\x03\x04", "не документ Word"),
    ],
)
def test_what_is_no_document_is_refused(content: bytes, words: str) -> None:
    """By its content, whatever it is called."""
    assert words in said(content)


def test_a_file_without_sense_is_refused() -> None:
    """A part that is no XML makes no error page."""
    broken = changed(written(TEXT), "word/document.xml", "<w:body>", "<w:body")
    assert "не открывается" in said(broken)
    empty = changed(written(TEXT), "[Content_Types].xml", "wordprocessingml", "spreadsheetml")
    assert "не документ Word" in said(empty)


def test_programs_are_refused() -> None:
    """A macro, an embedded object, a foreign template: none gets to those who open documents."""
    macro = changed(
        written(TEXT),
        "[Content_Types].xml",
        "openxmlformats-officedocument.wordprocessingml.document.main",
        "ms-word.document.macroEnabled.main",
    )
    assert "макрос" in said(macro)
    for kind in ("oleObject", "attachedTemplate", "aFChunk"):
        link = RELATION.format(kind=kind, target="x.bin", mode="")
        name = "word/_rels/document.xml.rels"
        assert "макрос" in said(changed(written(TEXT), name, "</Relationships>", link))


def test_nothing_is_fetched_from_elsewhere() -> None:
    """A picture on a server would tell who reads what; a link that one clicks does not."""
    for kind, words in {"image": "вне себя", "hyperlink": ""}.items():
        link = RELATION.format(kind=kind, target="https://example.org/x", mode=OUTSIDE)
        name = "word/_rels/document.xml.rels"
        found = said(changed(written(TEXT), name, "</Relationships>", link))
        assert words in found
        assert bool(words) == bool(found)
    field = '<w:p><w:fldSimple w:instr="INCLUDEPICTURE x"/></w:p></w:body>'
    assert "берёт данные извне" in said(
        changed(written(TEXT), "word/document.xml", "</w:body>", field)
    )


def test_a_bomb_is_not_unpacked() -> None:
    """Sizes are looked at before anything is read."""
    file = io.BytesIO(written(TEXT))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/media/x.bin", bytes(30_000_000))
    assert len(file.getvalue()) < LARGEST
    assert "слишком велик" in said(file.getvalue())
    many = io.BytesIO(written(TEXT))
    with zipfile.ZipFile(many, "a") as bomb:
        for number in range(400):
            bomb.writestr(f"word/{number}", b"")
    assert "слишком велик" in said(many.getvalue())


def test_an_entity_is_not_followed() -> None:
    """Neither a file of the server nor a thousand times itself."""
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document'
    assert "не открывается" in said(
        changed(written(TEXT), "word/document.xml", "<w:document", evil)
    )


@pytest.mark.parametrize(("code", "name"), [("utf-16", "UTF-16"), ("utf-32-le", "UCS-4")])
def test_an_entity_hides_in_no_encoding(code: str, name: str) -> None:
    """A part in letters of two or four bytes is read as one of one byte is."""
    with zipfile.ZipFile(io.BytesIO(written(TEXT))) as file:
        styles = file.read("word/styles.xml").decode().partition("?>")[2]
    kind = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    evil = f'<?xml version="1.0" encoding="{name}"?>{kind}{styles}'.encode(code)
    assert "не открывается" in said(exchanged(written(TEXT), "word/styles.xml", evil))


def test_a_refusal_lists_all_that_is_wrong() -> None:
    """One upload, one list."""
    with pytest.raises(TemplateRefused) as refusal:
        checked("order", written("{{ раз }}", "{{ два() }}"))
    assert 3 == len(refusal.value.problems)
