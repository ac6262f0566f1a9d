"""How an office writes dates, names and numbers; what stays on one line."""

import re
from datetime import date

from babel.dates import format_date

from engine.rules.access import ROLE_NAMES, Role
from engine.rules.numbers import written

STAYS = "\u00a0"
"""The space at which no line ends."""

NOTHING = "—"
"""Stands where nothing was written."""

_BOUND = (
    (re.compile(r"№ ?(?=\S)"), f"№{STAYS}"),
    (re.compile(r"(?<=\d) (?=(?:г|кл|чел|руб|коп|мин|ч|ст|п)\.|%|°)"), STAYS),
    (re.compile(r"(?<=\b[А-ЯЁ]\.) ?(?=[А-ЯЁ]\.)"), STAYS),
    (re.compile(r"(?<=\b[А-ЯЁ]\.) (?=[А-ЯЁ][а-яё])"), STAYS),
    (re.compile(r" (?=[—–] )"), STAYS),
    (re.compile(r"(?<=\b[вксоуияа]) (?=\S)", re.IGNORECASE), STAYS),
)


def bound(text: str) -> str:
    """Return a text in which a number stays with its sign, initials with their name."""
    for pattern, kept in _BOUND:
        text = pattern.sub(kept, text)
    return text


def long_date(iso: str) -> str:
    """Return «9 декабря 2026 г.»."""
    return bound(format_date(date.fromisoformat(iso), "d MMMM y 'г.'", locale="ru"))


def short_date(iso: str) -> str:
    """Return «09.12.2026»."""
    return f"{date.fromisoformat(iso):%d.%m.%Y}"


def initials(name: str) -> str:
    """Return how a name stands under a document: «А. Б. Орешкин»; one word stays as it is."""
    family, *given = name.split()
    short = [f"{word[0].upper()}." for word in given[:2] if word[0].isalpha()]
    return STAYS.join([*short, family]) if short else name


def position(role: str) -> str:
    """Return what somebody signs as."""
    return ROLE_NAMES[Role(role)] if role in set(Role) else "исполнитель"


def capital(text: str) -> str:
    """Return a text with a capital letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def number(value: object) -> str:
    """Return a number as Russians write it; none is a dash."""
    if value is None or value == "":
        return NOTHING
    return written(value) if isinstance(value, int | float) else str(value)
