"""
PDF by a typesetter that needs nothing from the machine: fonts with Cyrillic come with it.

The layout is a file of ours; the document reaches it as data only, so no text can become code.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

import msgspec
import typst

from engine.papers.printing import Printed
from engine.papers.wording import bound

SOURCE: Final = (Path(__file__).parent / "paper.typ").read_bytes()
_LONG: Final = re.compile(r"\S{40,}")
_BREAK: Final = "\u200b"
_PIECE: Final = 20
"""Letters of a word that is longer than a line, between places where it may be broken."""


def pdf(paper: Printed, at: datetime) -> bytes:
    """Return a document as PDF, the same bytes every time; ``at`` is when it was issued."""
    return cast("bytes", _typeset(paper, "pdf", timestamp=int(at.timestamp())))


def pictures(paper: Printed, ppi: float = 70) -> list[bytes]:
    """Return the pages of a document as PNG."""
    made = _typeset(paper, "png", ppi=ppi)
    return made if isinstance(made, list) else [cast("bytes", made)]


def _typeset(paper: Printed, form: Any, **how: Any) -> Any:
    said = _kept(msgspec.to_builtins(paper)) | {"name": paper.name}
    data = msgspec.json.encode(said).decode()
    # The fonts of the machine are left out: a document looks the same everywhere.
    return typst.compile(
        SOURCE, format=form, sys_inputs={"paper": data}, ignore_system_fonts=True, **how
    )


def _kept(value: Any) -> Any:
    """Return JSON values whose texts have their no-break spaces, and places to break."""
    if isinstance(value, dict):
        return {key: _kept(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(part) for part in value]
    return _broken(bound(value)) if isinstance(value, str) else value


def _broken(text: str) -> str:
    def pieces(found: re.Match[str]) -> str:
        word = found[0]
        return _BREAK.join(word[n : n + _PIECE] for n in range(0, len(word), _PIECE))

    return _LONG.sub(pieces, text)
