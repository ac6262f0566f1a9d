"""Names of people and organisations: how Russians order them, how e-mail is written."""

import re
import unicodedata

_QUOTES = str.maketrans("", "", "«»„“”\"'")
_NUMBER = re.compile(r"\d+")
_DIGITS = 6
_BEFORE_ALL = "\t"


def sort_key(name: str) -> str:
    """
    Return the text by which a name is ordered, letter by letter, on every database.

    Case is folded, ё stands with е, quotation marks do not count, and numbers go by value:
    «Лицей № 2» comes before «Лицей № 10». Names that differ in ё only keep a firm order.
    """
    plain = unicodedata.normalize("NFC", name).casefold().translate(_QUOTES)
    exact = " ".join(_NUMBER.sub(lambda number: number[0].zfill(_DIGITS), plain).split())
    folded = exact.replace("ё", "е")
    return folded if folded == exact else f"{folded}{_BEFORE_ALL}{exact}"


def tidy(name: str) -> str:
    """Return a name as it is kept: composed letters, single spaces, none at the ends."""
    return " ".join(_storable(name).split())


def email_of(text: str) -> str:
    """Return an e-mail address as it is kept: lower case, without spaces around it."""
    return _storable(text).strip().lower()


def _storable(text: str) -> str:
    """Return a text with composed letters; PostgreSQL refuses the sign of number zero."""
    return unicodedata.normalize("NFC", text).replace("\0", "")
