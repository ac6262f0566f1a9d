"""A copy of a document that does not tell which expert said what."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from engine.papers.content import Content, Signer, restored, stored
from engine.papers.wording import STAYS, initials


def nameless(content: Content, experts: Sequence[str]) -> Content:
    """
    Return a content where «эксперт 1» stands for each expert, in full or with initials.

    Names in other cases («Орловой») stay: whoever publishes the copy reads it first.
    """
    words = {
        written: f"эксперт {number}"
        for number, name in enumerate(experts, start=1)
        for written in (name, initials(name).replace(STAYS, " "))
    }
    if not words:
        return content
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(_loose, longest_first))})(?!\w)")
    hidden = restored(_hidden(stored(content), pattern, words))
    lines = zip(content.signers, hidden.signers, strict=True)
    return replace(hidden, signers=tuple(_line(before, after) for before, after in lines))


def _loose(name: str) -> str:
    """Return a pattern of a name, whatever spaces its parts are kept together by."""
    return r"\s".join(map(re.escape, name.split()))


def _line(before: Signer, after: Signer) -> Signer:
    """Return a line to be signed: without a name where it was an expert's."""
    return after if before.name == after.name else Signer(after.position)


def _hidden(value: Any, pattern: re.Pattern[str], words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _hidden(part, pattern, words) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(part, pattern, words) for part in value]
    if isinstance(value, str):
        return pattern.sub(lambda found: words[" ".join(found[0].split())], value)
    return value
