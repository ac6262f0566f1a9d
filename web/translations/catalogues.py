"""
Keep the catalogue of a language: what is new is added, what is gone leaves, nothing is guessed.

A catalogue holds no dates and no numbers of lines, so it changes only with what it says.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from web.translations.sources import ROOT, script_texts, texts

OTHERS: Final = ("en",)
"""The languages besides Russian, whose texts are the identifiers."""
_NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)


def po_path(language: str) -> Path:
    """Return where the translations are written down."""
    return ROOT / "web/translations" / language / "LC_MESSAGES/messages.po"


def mo_path(language: str) -> Path:
    """Return where the program reads them."""
    return po_path(language).with_suffix(".mo")


def script_path(language: str) -> Path:
    """Return where the scripts read theirs."""
    return ROOT / f"web/static/words.{language}.js"


def kept(language: str) -> Catalog:
    """Return the catalogue as it is written down; an empty one if there is none."""
    path = po_path(language)
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)


def renewed(language: str) -> Catalog:
    """Return the catalogue of everything the interface says now, with what is translated."""
    old = kept(language)
    new = Catalog(
        locale=language,
        project="tsikl",
        creation_date=_NEVER,
        revision_date=_NEVER,
        last_translator="",
        language_team="",
        header_comment=f"# «Цикл»: {language}",
        fuzzy=False,
    )
    for text in sorted(texts()):
        before = old.get(text.one)
        name = (text.one, text.many) if text.many else text.one
        found = _fitting(before, plural=bool(text.many)) if before else ""
        new.add(name, found, locations=[(text.path, 0)])
    return new


def _fitting(before: Message, *, plural: bool) -> str | tuple[str, str]:
    """Return a translation in the form that its text has now."""
    strings = (before.string or "",) if isinstance(before.string, str | None) else before.string
    return (strings[0], strings[-1]) if plural else strings[0]


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as text."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, sort_output=True)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def script(catalogue: Catalog) -> str:
    """Return the script that gives the other scripts their words."""
    said = {text: str(_string(catalogue, text)) for text in sorted(set(script_texts()))}
    return f"globalThis.WORDS = {json.dumps(said, ensure_ascii=False, indent=2)};\n"


def _string(catalogue: Catalog, text: str) -> object:
    found = catalogue.get(text)
    return (found and found.string) or text


def missing(catalogue: Catalog) -> Iterator[str]:
    """Yield the texts without a translation."""
    for message in catalogue:
        strings = message.string if isinstance(message.string, list | tuple) else [message.string]
        if message.id and not all(strings):
            yield message.id if isinstance(message.id, str) else message.id[0]


def renew(language: str) -> list[str]:
    """Write the files of a language anew; return what is left to translate."""
    catalogue = renewed(language)
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    po_path(language).write_bytes(written(catalogue))
    mo_path(language).write_bytes(compiled(catalogue))
    script_path(language).write_text(script(catalogue))
    return list(missing(catalogue))
