"""
Words that are looked for in titles and names, the same on every database.

SQLite folds the case of Latin letters only, and PostgreSQL that of its locale; so texts are
compared here.
"""

import unicodedata
from typing import Final

LONGEST: Final = 200
"""More letters than this are not looked for."""

_QUOTES: Final = str.maketrans("", "", "«»„“”\"'")


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of a query as they are compared."""
    return tuple(dict.fromkeys(_folded(query[:LONGEST]).split()))


def found_in(words: tuple[str, ...], *texts: str) -> bool:
    """Tell whether every word stands in one of the texts, whole or as a part."""
    text = _folded("\n".join(texts)) if words else ""
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Return a text with its case folded, ё as е, and without quotation marks."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return plain.translate(_QUOTES).replace("ё", "е")
