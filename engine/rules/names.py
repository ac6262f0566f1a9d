"""Names of people and organisations: how Russians order them, how e-mail is written."""

import re
import unicodedata

_QUOTES = str.maketrans("", "", "«»„“”\"'")
_NUMBER = re.compile(r"\d+")
_EMAIL = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[^@\s<>(),;:\"\\.]+(\.[^@\s<>(),;:\"\\.]+)*")
_LONGEST_EMAIL = 254
_LONGEST_REMARK = 300
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


def likeness(name: str) -> str:
    """Return what two names share that differ in case, ё, quotation marks or spaces only."""
    return sort_key(name).partition(_BEFORE_ALL)[0]


def tidy(name: str) -> str:
    """Return a name as it is kept: composed letters, single spaces, none at the ends."""
    return " ".join(_storable(name).split())


def remark(text: str) -> str:
    """Return a reason or a remark as it is kept: one line, not too long, without a full stop."""
    return tidy(text)[:_LONGEST_REMARK].strip().rstrip(".")


def email_of(text: str) -> str:
    """Return an e-mail address as it is kept: lower case, without spaces around it."""
    return _storable(text).strip().lower()


def is_address(email: str) -> bool:
    """Tell whether a text, as `email_of` returns it, can be an e-mail address."""
    return len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def _storable(text: str) -> str:
    """Return a text with composed letters; PostgreSQL refuses the sign of number zero."""
    return unicodedata.normalize("NFC", text).replace("\0", "")


def task_name(title: str, item: str) -> str:
    """Return what a page calls a task: its title, with what tells it apart from others of a panel."""
    return f"{title} — {item}" if item else title
