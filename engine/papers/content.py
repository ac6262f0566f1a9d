"""
What stands in a printed document, whatever it is printed with.

Everything is plain text. Nothing in it is ever read as code: not by Word, not by the typesetter.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import msgspec

from engine.papers.wording import NOTHING

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\uf8ff\ufffe\uffff]"
)
"""Control characters, those that turn the direction of writing, and letters that no font has."""


def clean(text: str) -> str:
    """Return a text as it can be printed: composed letters, no control characters."""
    return _UNPRINTABLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))


class _Part(msgspec.Struct, frozen=True):
    """The base of the parts of a content."""


class Text(_Part, frozen=True, tag="text"):
    """One paragraph. ``look`` is ``plain``, ``bold``, ``left`` (no indent) or ``right``."""

    text: str
    look: str = "plain"


class Heading(_Part, frozen=True, tag="heading"):
    """The title of a part of the text."""

    text: str


class Points(_Part, frozen=True, tag="points"):
    """Numbered points."""

    items: tuple[str, ...]


class Facts(_Part, frozen=True, tag="facts"):
    """Names of facts with their values, one below the other."""

    rows: tuple[tuple[str, str], ...]


class Table(_Part, frozen=True, tag="table"):
    """A table; ``shares`` say how wide its columns are in proportion."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


Block = Text | Heading | Points | Facts | Table


class Annex(_Part, frozen=True):
    """What begins on a page of its own behind the text."""

    title: str
    blocks: tuple[Block, ...]


class Signer(_Part, frozen=True):
    """A line to be signed; without a name the name is written by hand too."""

    position: str
    name: str = ""


class Content(_Part, frozen=True):
    """
    A document. ``dated_on`` is an ISO date; ``kind`` a key of `DOCUMENT_KINDS`.

    ``approval`` («УТВЕРЖДЁН…») and ``supplements`` (dissenting opinions) are put to it after it
    has been signed, so the digest of what is signed does not cover them.
    """

    kind: str
    number: str
    dated_on: str
    title: str
    organisation: str
    above: str
    place: str
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    signers: tuple[Signer, ...] = ()
    annexes: tuple[Annex, ...] = ()
    approval: tuple[str, ...] = ()
    supplements: tuple[Annex, ...] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what is signed, hexadecimal."""
        signed = msgspec.structs.replace(self, approval=(), supplements=())
        return hashlib.sha256(msgspec.json.encode(signed)).hexdigest()


def stored(content: Content) -> dict[str, Any]:
    """Return a content as JSON values."""
    values: dict[str, Any] = msgspec.to_builtins(content)
    return values


def restored(values: object) -> Content:
    """Return the content of JSON values."""
    return msgspec.convert(values, Content)


def paragraphs(text: str) -> tuple[Text, ...]:
    """Return the paragraphs of a text that somebody has typed."""
    return tuple(Text(line.strip()) for line in clean(text).split("\n") if line.strip())


def table(columns: str, shares: Iterable[int], rows: Iterable[Iterable[str]]) -> Table:
    """
    Return a table; the names of its columns are separated by bars.

    A column where nobody has written anything is left out.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    names = list(zip(columns.split("|"), shares, strict=True))
    used = [n for n in range(len(names)) if any(row[n] not in ("", NOTHING) for row in cells)]
    return Table(
        tuple(names[n][0] for n in used),
        tuple(tuple(row[n] or NOTHING for n in used) for row in cells),
        tuple(names[n][1] for n in used),
    )


def numbered(columns: str, shares: Iterable[int], rows: Iterable[Iterable[str]]) -> Table:
    """Return a table whose first column counts its rows."""
    counted = ((str(n), *row) for n, row in enumerate(rows, start=1))
    return table(f"№|{columns}", (1, *shares), counted)
