"""
DOCX from a template: its placeholders are filled, the text is set in their place.

Words go in by `docxtpl`, escaped; what is longer than a word (the text itself, the lines to be
signed) replaces the paragraph of its placeholder, element by element. A template that names no
place for annexes or signatures gets them at its end.
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from engine.papers import word
from engine.papers.printing import Printed

FOLDER: Final = Path(__file__).parent / "templates"

WORDS: Final[Mapping[str, str]] = {
    "вышестоящая": "вышестоящая организация",
    "учреждение": "название организации",
    "вид": "вид документа прописными буквами: ПРИКАЗ",
    "номер": "номер",
    "дата": "дата словами: 1 сентября 2026 г.",
    "место": "место издания",
    "заголовок": "о чём документ",
}
PARTS: Final[Mapping[str, str]] = {
    "адресат": "кому документ направлен или кем утверждён",
    "текст": "сам текст: абзацы, пункты, таблицы",
    "подписи": "строки для подписей",
    "приложения": "приложения, каждое с новой страницы",
    "лист_подписей": "лист подписей, с новой страницы",
}
"""Placeholders that stand in a paragraph of their own."""

_MARK: Final = "\ue000"
"""A letter that no document contains: `engine.papers.content.clean` takes it out."""
_AT_THE_END: Final = ("приложения", "лист_подписей")


def built_in(layout: str) -> bytes:
    """Return a template of ours."""
    return (FOLDER / f"{layout}.docx").read_bytes()


def docx(paper: Printed, template: bytes | None = None) -> bytes:
    """
    Return a document as DOCX.

    Args:
        paper: What is to be printed.
        template: That holds for its kind; None for the built-in one.
    """
    made = DocxTemplate(io.BytesIO(template or built_in(paper.layout)))
    made.render(_context(paper), autoescape=True)
    body = made.docx.element.body
    _set(body, {name: list(parts) for name, parts in _parts(paper).items()})
    _stretch(body)
    _name(made.docx, paper)
    saved = io.BytesIO()
    made.docx.save(saved)
    return saved.getvalue()


def _context(paper: Printed) -> dict[str, str]:
    """Return words by placeholder; a part is a mark, to be replaced afterwards."""
    words = {
        "вышестоящая": paper.above,
        "учреждение": paper.organisation,
        "вид": paper.heading,
        "номер": paper.number,
        "дата": paper.date,
        "место": paper.place,
        "заголовок": paper.title,
    }
    return words | {name: f"{_MARK}{name}{_MARK}" for name in PARTS}


def _parts(paper: Printed) -> dict[str, Iterator[word.Element]]:
    sheet = [paper.sheet] if paper.sheet else []
    return {
        "адресат": (word.paragraph(word.run(line)) for line in paper.corner),
        "текст": word.blocks(paper.content.blocks),
        "подписи": word.signers(paper.signers),
        "приложения": (made for one in paper.annexes for made in word.annex(one)),
        "лист_подписей": (made for one in sheet for made in word.annex(one)),
    }


def _set(body: Any, parts: dict[str, list[word.Element]]) -> None:
    """Set the parts in the place of their marks; what has no place stands at the end."""
    for paragraph in list(body.iter(qn("w:p"))):
        said = "".join(paragraph.itertext(qn("w:t")))
        if _MARK in said:
            _replace(paragraph, parts.pop(said.split(_MARK)[1], []))
    end = body.find(qn("w:sectPr"))
    for name in _AT_THE_END:
        for made in parts.get(name, []):
            body.append(made) if end is None else end.addprevious(made)


def _replace(paragraph: Any, parts: list[word.Element]) -> None:
    parent, place = paragraph.getparent(), paragraph.getparent().index(paragraph)
    last = parent.tag == qn("w:tc") and place == len(parent) - 1
    if last and not (parts and parts[-1].tag == paragraph.tag):
        # A cell ends with a paragraph, or Word calls the file damaged.
        parts = [*parts, word.paragraph()]
    parent.remove(paragraph)
    for number, part in enumerate(parts):
        parent.insert(place + number, part)


def _stretch(body: Any) -> None:
    """Give the columns of our tables the room that the page of the template has."""
    size, margins = (next(body.iter(qn(f"w:{tag}")), None) for tag in ("pgSz", "pgMar"))
    if size is None or margins is None:
        return
    edges = sum(int(margins.get(qn(f"w:{edge}"), 0)) for edge in ("left", "right"))
    room = int(size.get(qn("w:w"), 0)) - edges
    for table in body.iter(qn("w:tbl")):
        if table.find(f"{qn('w:tblPr')}/{qn('w:tblLayout')}") is not None:
            for column in table.find(qn("w:tblGrid")):
                width = int(column.get(qn("w:w"))) * max(room, 1) // word.COLUMN
                column.set(qn("w:w"), str(width))


def _name(document: Any, paper: Printed) -> None:
    """Write title and author, which templates bring along from whoever made them."""
    about = document.core_properties
    about.title, about.author, about.last_modified_by = paper.name, paper.organisation[:250], ""
    about.comments = about.subject = about.keywords = about.category = ""


def opened(content: bytes) -> Any:
    """Return a DOCX as `python-docx` opens it."""
    return Document(io.BytesIO(content))
