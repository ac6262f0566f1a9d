"""Dates, deadlines and counts in words of the chosen language, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from engine.rules.urgency import Urgency, urgency
from engine.rules.words import plural as russian_plural
from web.languages import NATIVE, chosen, spoken_day

NBSP = "\N{NO-BREAK SPACE}"

URGENCIES: dict[Urgency, str] = {
    "late": lazy_gettext("Просрочено"),
    "today": lazy_gettext("Сегодня"),
    "week": lazy_gettext("Эта неделя"),
    "later": lazy_gettext("Позже"),
}


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the form that a noun takes after a number; catalogues know it by ``one``."""
    if chosen() == NATIVE:
        return russian_plural(number, one, few, many)
    found: str = ngettext(one, many, number)
    return found


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


def initials(name: str) -> str:
    """Return the first letters of the first two words of a name: «Орешкин Глеб» is «ОГ»."""
    return "".join(part[0] for part in name.split()[:2]).upper()


def local(at: datetime, zone: str) -> datetime:
    """Return a moment as the clocks of an IANA zone show it."""
    return at.astimezone(ZoneInfo(zone))


def moment(at: datetime, now: datetime, zone: str) -> str:
    """Return «сегодня, 14:05» or «27 ноября, 14:05» in the zone."""
    here, today = local(at, zone), local(now, zone).date()
    near = {today: _("сегодня"), today - timedelta(days=1): _("вчера")}
    return f"{near.get(here.date()) or day(here.date(), today)}, {here:%H:%M}"


def dated(at: datetime, zone: str) -> str:
    """Return «27 ноября 2026, 14:05» in the zone: on paper no day is today for long."""
    here = local(at, zone)
    return f"{day(here.date(), date.min)}, {here:%H:%M}"


def time_of(at: datetime, now: datetime, zone: str) -> str:
    """Return «в 14:05» for a moment of today in the zone, with its day for any other."""
    here = local(at, zone)
    if here.date() != local(now, zone).date():
        return moment(at, now, zone)
    said: str = _("в %(time)s", time=f"{here:%H:%M}")
    return said


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
    return _deadline(on, today, urgency(due_at, now, zone), chosen())


@lru_cache(maxsize=1024)
def _deadline(on: date, today: date, presses: Urgency, _language: str) -> Deadline:
    """Tell it once for all tasks of a day: long lists are of few days."""
    left = (on - today).days
    if presses == "late":
        words = (
            _("просрочено на\N{NO-BREAK SPACE}%(days)s", days=days(-left))
            if left
            else _("срок истёк сегодня")
        )
    else:
        near = {0: _("сегодня"), 1: _("завтра")}
        words = near.get(left) or _("через\N{NO-BREAK SPACE}%(days)s", days=days(left))
    return Deadline(presses, words, day(on, today), on.isoformat())


def school_year(begins: int) -> str:
    """Return «2026/27» for the school year that begins in 2026."""
    return f"{begins}/{(begins + 1) % 100:02d}"
