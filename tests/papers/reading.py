"""Reading back what was printed."""

import io
import re
import zlib
from collections.abc import Iterator

from docx import Document

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def words_of(content: bytes) -> str:
    """Return the text of a DOCX, tables included, paragraph by paragraph; spaces are plain."""
    opened = Document(io.BytesIO(content))
    body = opened.element.body.iter("{*}p")
    lines = ("".join(part.text or "" for part in one.iter("{*}t")) for one in body)
    return "\n".join(lines).replace("\u00a0", " ")


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    for stream in _STREAM.findall(content):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            continue


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF has."""
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in _unpacked(content))


def letters_of(content: bytes) -> set[str]:
    """Return the letters that the fonts embedded in a PDF say they show."""
    maps = b"".join(part for part in _unpacked(content) if b"beginbfchar" in part)
    codes = re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]{4})>", maps)
    return {chr(int(code, 16)) for code in codes}


def fonts_of(content: bytes) -> set[bytes]:
    """Return the names of the fonts embedded in a PDF."""
    names = (re.findall(rb"/BaseFont\s*/\w+\+([\w-]+)", part) for part in _unpacked(content))
    return {name for found in names for name in found}
