"""Dates, deadlines and counts in Russian words, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from engine.rules.words import day as spoken_day
from engine.rules.words import plural

NBSP = "\N{NO-BREAK SPACE}"

Urgency = Literal["late", "today", "week", "later"]
"""Where a deadline stands on the worklist: its group, and the class of its colour."""

URGENCIES: dict[Urgency, str] = {
    "late": "Просрочено",
    "today": "Сегодня",
    "week": "Эта неделя",
    "later": "Позже",
}


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with its noun, kept on one line."""
    return f"{number}{NBSP}{plural(number, one, few, many)}"


def days(number: int) -> str:
    """Return a number of days: «3 дня»."""
    return counted(number, "день", "дня", "дней")


def day(on: date, today: date) -> str:
    """Return «27 ноября», with the year when it is not that of today, kept on one line."""
    return spoken_day(on, today).replace(" ", NBSP)


def capital(text: str) -> str:
    """Return a text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]


def local(at: datetime, zone: str) -> datetime:
    """Return a moment as the clocks of an IANA zone show it."""
    return at.astimezone(ZoneInfo(zone))


def moment(at: datetime, now: datetime, zone: str) -> str:
    """Return «сегодня, 14:05» or «27 ноября, 14:05» in the zone."""
    here, today = local(at, zone), local(now, zone).date()
    near = {today: "сегодня", today - timedelta(days=1): "вчера"}
    return f"{near.get(here.date()) or day(here.date(), today)}, {here:%H:%M}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    A deadline as a page tells it.

    ``words`` say how near it is, ``day`` which day it is, ``iso`` the same for machines.
    """

    urgency: Urgency
    words: str
    day: str
    iso: str


def deadline(due_at: datetime, now: datetime, zone: str) -> Deadline:
    """Tell a deadline in the zone of the organisation whose work it is."""
    on, today = local(due_at, zone).date(), local(now, zone).date()
    left = (on - today).days
    if due_at < now:
        words = f"просрочено на{NBSP}{days(-left)}" if left else "срок истёк сегодня"
        urgency: Urgency = "late"
    else:
        words = {0: "сегодня", 1: "завтра"}.get(left) or f"через{NBSP}{days(left)}"
        urgency = _urgency(on, today)
    return Deadline(urgency, words, day(on, today), on.isoformat())


def _urgency(on: date, today: date) -> Urgency:
    if on == today:
        return "today"
    sunday = today + timedelta(days=6 - today.weekday())
    return "week" if on <= sunday else "later"


def school_year(begins: int) -> str:
    """Return «2026/27» for the school year that begins in 2026."""
    return f"{begins}/{(begins + 1) % 100:02d}"
