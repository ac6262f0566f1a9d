"""
Dates, durations and repetitions of ISO 8601, as timers use them.

Moments are milliseconds UTC. Months and years are added by the calendar, never as seconds.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final, Literal

from engine.errors import TimerRefused

Form = Literal["timeDate", "timeDuration", "timeCycle"]

FOR_EVER: Final = -1
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
DAY: Final = 86_400_000

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?"
    r"(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,11}(?:[.,]\d{1,6})?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(\d{0,9})/(?:([^/P][^/]*)/)?(P[^/]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Repetition:
    """``R3/<start>/P1M``: how often (`FOR_EVER` without end), from when (ms, or None), how far."""

    firings: int
    start: int | None
    interval: str


def moment(text: str) -> int:
    """
    Return the moment that an ISO date with an offset from UTC names.

    Raises:
        TimerRefused: It is no such date, or a naive one: its moment would depend on the server.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimerRefused(text=text, why="это не дата ISO 8601") from error
    if at.tzinfo is None:
        raise TimerRefused(text=text, why="укажите смещение от UTC, например +03:00")
    return (at - EPOCH) // MILLISECOND


def add(at: int, duration: str, times: int = 1) -> int:
    """
    Return the moment later by an ISO duration; a month after 31 January is the end of February.

    Args:
        at: Milliseconds UTC.
        duration: For example ``P1M``.
        times: How often it is added; twice a month after 31 January is 31 March.

    Raises:
        TimerRefused: It is no duration, has no length, or ends beyond the calendar.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise TimerRefused(text=duration, why="это не длительность ISO 8601")
    try:
        later = (_shifted(EPOCH + at * MILLISECOND, match, times) - EPOCH) // MILLISECOND
    except (OverflowError, ValueError) as error:
        raise TimerRefused(text=duration, why="слишком далеко") from error
    if later <= at:
        raise TimerRefused(text=duration, why="длительность должна быть больше нуля")
    return later


def _shifted(at: datetime, match: re.Match[str], times: int) -> datetime:
    """Return `at` moved by the parts of a matched duration, each of them `times` over."""
    years, months, weeks, days, hours, minutes = (
        int(part or 0) * times for part in match.groups()[:6]
    )
    if years or months:
        year, month = divmod(at.year * 12 + at.month - 1 + years * 12 + months, 12)
        last = monthrange(year, month + 1)[1] if year <= MAXYEAR else 0
        at = at.replace(year=year, month=month + 1, day=min(at.day, last))
    seconds = float((match[7] or "0").replace(",", ".")) * times
    return at + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def repetition(text: str) -> Repetition:
    """
    Return the parts of ``R[n]/[start/]duration``.

    Raises:
        TimerRefused: It is no such repetition, repeats nothing, or its parts are refused.
    """
    match = _CYCLE.fullmatch(text)
    if match is None:
        raise TimerRefused(text=text, why="повторение пишется как R/P1D, R3/P1D или R3/<дата>/P1D")
    firings = int(match[1]) if match[1] else FOR_EVER
    if firings == 0:
        raise TimerRefused(text=text, why="повторений должно быть больше нуля")
    add(0, match[3])
    return Repetition(firings, moment(match[2]) if match[2] else None, match[3])


def first(form: str, value: object, now: int) -> tuple[int, int]:
    """
    Return the due moment and the number of firings of a timer armed at `now`.

    Args:
        form: ``timeDate``, ``timeDuration`` or ``timeCycle``.
        value: Its text; what an expression gave may be anything.
        now: Milliseconds UTC.

    Raises:
        TimerRefused: The value is no timer of that form.
    """
    text = _text(value)
    if form == "timeDate":
        return moment(text), 1
    if form == "timeDuration":
        return add(now, text), 1
    cycle = repetition(text)
    return add(now, cycle.interval) if cycle.start is None else cycle.start, cycle.firings


def following(value: object, due: int, since: int | None = None) -> int:
    """
    Return the next due moment of a repetition, counted from its last one, not from the clock.

    Months and years are counted from where the repetition begins, so that one which begins on
    the 31st does not stay on the 28th after February.

    Args:
        value: Its text; what an expression gave may be anything.
        due: The last due moment, milliseconds UTC.
        since: Where a repetition that names no start of its own began; None when nobody knows.

    Raises:
        TimerRefused: The value is no repetition.
    """
    cycle = repetition(_text(value))
    start = since if cycle.start is None else cycle.start
    if start is None or not re.match(r"P\d+[YM]", cycle.interval):
        return add(due, cycle.interval)
    times = max((due - start) // _longest(cycle.interval), 0) + 1
    while (later := add(start, cycle.interval, times)) <= due:
        times += 1
    return later


def _longest(interval: str) -> int:
    """Return a length, in milliseconds, that an interval of months or years never exceeds."""
    return add(0, interval) + 4 * DAY


def _text(value: object) -> str:
    """Return the text of a timer; what an expression gave may be anything."""
    if not isinstance(value, str):
        raise TimerRefused(text=value, why="срок должен быть текстом ISO 8601")
    return value


def check(form: str, text: str) -> None:
    """Refuse at deploy what could not be armed; raises `TimerRefused`."""
    first(form, text, 0)
