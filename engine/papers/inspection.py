"""
Looking a template over before it is kept: whoever uploads it may mean well or not.

A template is a DOCX without programs, without anything fetched from elsewhere, and with plain
placeholders only. Jinja runs it, so each of its signs must open a plain name that is known: no
expression, no loop, no attribute.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from engine.errors import TemplateRefused
from engine.papers.docx import PARTS, WORDS, docx, opened
from engine.papers.printing import Printed
from engine.papers.sample import sample

LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a template."""
UNPACKED: Final = 20 * 1024 * 1024
LARGEST_TEXT: Final = 1024 * 1024
"""Bytes of its body, or of one header, unpacked."""
MOST_PARTS: Final = 300
MOST_BRACES: Final = 200
"""In a text: `docxtpl` looks for the end of each, through all that follows."""

ALLOWED: Final = (*WORDS, *PARTS)
_UNREADABLE: Final = "Файл не открывается как документ Word. Сохраните его в Word как .docx."
_NO_WORD: Final = "Это не документ Word (.docx). Сохраните шаблон в Word как .docx."
_CONTENTS: Final = "[Content_Types].xml"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_NOTES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_SIGN: Final = re.compile(r"\{\{|\{%|\{#")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}")
_PROGRAM: Final = re.compile(
    rb"macroEnabled|vbaProject|oleObject|activeX|ms-office\.vba|attachedTemplate|aFChunk|"
    rb"/package\"|subDocument|frame\"",
    re.IGNORECASE,
)
_FETCHING: Final = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.IGNORECASE
)
_PROPERTIES: Final = (
    "author",
    "category",
    "comments",
    "content_status",
    "identifier",
    "keywords",
    "language",
    "last_modified_by",
    "subject",
    "title",
    "version",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A template that has been looked over; made by `checked` only."""

    kind: str
    content: bytes


def checked(kind: str, content: bytes) -> Checked:
    """
    Look a template of a kind over, outside of any transaction: it may take a second.

    Raises:
        TemplateRefused: With every reason.
    """
    if found := problems(content, sample(kind)):
        raise TemplateRefused(found)
    return Checked(kind, content)


def problems(content: bytes, trial: Printed) -> list[str]:
    """
    Return every reason against a template, in Russian; none: it can be used.

    Args:
        content: The file as it was sent.
        trial: A document of its kind, to be printed with it.
    """
    if not 0 < len(content) <= LARGEST:
        return ["Файл пуст или больше 2 МБ. Уберите из него большие картинки."]
    try:
        found = _of_package(content) or _of_words(content)
        if not found:
            opened(docx(trial, content))
    except Exception:  # noqa: BLE001
        # Whatever a hostile file makes a library say, it is no template.
        return [_UNREADABLE]
    return found


def _of_package(content: bytes) -> list[str]:
    """Return what speaks against the file as a package, before `docxtpl` reads it."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return [_NO_WORD]
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        return ["Файл слишком велик после распаковки. Соберите шаблон заново, без вложений."]
    if any(_has_doctype(package.read(part)) for part in parts if _is_xml(part.filename)):
        return [_UNREADABLE]
    if _CONTENTS not in package.namelist():
        return [_NO_WORD]
    listing = _tree(package.read(_CONTENTS))
    relations = [_tree(package.read(part)) for part in parts if part.filename.endswith(".rels")]
    return list(_of_parts(listing, relations))


def _of_parts(listing: Any, relations: list[Any]) -> Iterator[str]:
    """Yield what speaks against the parts of a package by what it says they are."""
    if any(_PROGRAM.search(etree.tostring(tree)) for tree in (listing, *relations)):
        yield "В файле есть макрос или вложенный объект. Уберите их и сохраните как .docx."
    elif _MAIN.encode() not in etree.tostring(listing):
        yield _NO_WORD
    if any(_is_fetched(tree) for tree in relations):
        yield "Файл ссылается на картинку или шаблон вне себя. Вставьте их в сам файл."


def _has_doctype(raw: bytes) -> bool:
    """Tell whether a part declares a document type, in whatever encoding it was written."""
    return bool(_tree(raw).getroottree().docinfo.doctype)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _tree(raw: bytes) -> Any:
    """Return a part as a tree, in whatever encoding it was written."""
    return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))


def _is_fetched(relations: Any) -> bool:
    """Tell whether something but a link that a reader clicks lies outside of the file."""
    outside = (one for one in relations if one.get("TargetMode") == "External")
    return any(not one.get("Type", "").endswith("/hyperlink") for one in outside)


def _of_words(content: bytes) -> list[str]:
    """Return what is wrong with the placeholders of a template."""
    template = DocxTemplate(io.BytesIO(content))
    template.init_docx()
    raw = [template.get_xml(), *_aside(template)]
    if any(len(text) > LARGEST_TEXT or text.count("{") > MOST_BRACES for text in raw):
        return ["В шаблоне слишком много текста или фигурных скобок. Оставьте одну страницу."]
    body, *aside = [template.patch_xml(text) for text in raw]
    found: list[str] = []
    names = [name for text in (body, *aside) for name in _names(text, found)]
    about = template.docx.core_properties
    if any(_SIGN.search(str(getattr(about, name) or "")) for name in _PROPERTIES):
        found.append("Подстановка стоит в свойствах файла. Уберите её: Файл → Сведения.")
    if any(_FETCHING.search(code) for text in (body, *aside) for code in _codes(text)):
        found.append("В файле есть поле Word, которое берёт данные извне. Удалите его.")
    strange = sorted(set(names) - set(ALLOWED))
    if strange:
        listed = ", ".join(f"«{name}»" for name in strange)
        found.append(f"Неизвестные подстановки: {listed}. Можно: {', '.join(ALLOWED)}.")
    if any(name in PARTS for text in aside for name in _names(text, [])):
        listed = ", ".join(PARTS)
        found.append(f"В колонтитулах и сносках не ставят подстановки: {listed}.")
    if "текст" not in names:
        found.append("Нет места для текста документа: поставьте отдельным абзацем {{ текст }}.")
    found += _crowded(template.docx.element.body)
    return list(dict.fromkeys(found))


def _aside(template: Any) -> Iterator[str]:
    """Yield headers, footers and notes, as `docxtpl` reads them before it fills them."""
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)
    for part in template.docx.part.package.iter_parts():
        if part.content_type == _NOTES:
            yield part.blob.decode()


def _names(text: str, found: list[str]) -> list[str]:
    """Return the placeholders of a part; any other sign of Jinja is added to what is wrong."""
    names = []
    for sign in _SIGN.finditer(text):
        plain = _PLACEHOLDER.match(text, sign.start())
        if plain:
            names.append(plain[1])
        else:
            shown = re.sub(r"<[^>]*>?", "", text[sign.start() : sign.start() + 200])[:40]
            found.append(f"Подстановка пишется как {{{{ номер }}}}, без формул: «{shown}».")
    return names


def _codes(text: str) -> Iterator[str]:
    yield " ".join(re.findall(r"<w:instrText[^>]*>([^<]*)<", text))
    yield " ".join(re.findall(r'w:instr="([^"]*)"', text))


def _crowded(body: Any) -> Iterator[str]:
    """Yield what is wrong when a part shares its paragraph with words."""
    for paragraph in body.iter(qn("w:p")):
        said = "".join(paragraph.itertext(qn("w:t"))).strip()
        for name in _PLACEHOLDER.findall(said):
            if name in PARTS and not _PLACEHOLDER.fullmatch(said):
                yield f"Подстановка {{{{ {name} }}}} стоит одна в своём абзаце."
