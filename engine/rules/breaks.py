"""
School breaks («каникулы»): when nobody can be observed at work.

Breaks are a setting of the cycle, written as day and month: ``28.10–05.11, 29.12–11.01``.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.rules.calendar import DAY, RUSSIA, Calendar

_RANGE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\s*[–—-]\s*(\d{1,2})\.(\d{1,2})")
_LEAP_YEAR: Final = 2024
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Break:
    """From one day of the year to another, both included; it may span the new year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the break."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


def breaks(text: str) -> tuple[Break, ...]:
    """
    Return the breaks of a setting.

    Raises:
        ValueError: A part is no range of days, or they leave no day of school.
    """
    found = tuple(_break(part) for part in filter(None, map(str.strip, text.split(","))))
    year = (date(_LEAP_YEAR, 1, 1) + DAY * n for n in range(366))
    if all(any(one.holds(day) for one in found) for day in year):
        raise ValueError(text)
    return found


def _break(part: str) -> Break:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise ValueError(part)
    days = [date(_LEAP_YEAR, int(match[n + 1]), int(match[n])) for n in (1, 3)]
    first, last = ((day.month, day.day) for day in days)
    return Break(first, last)


def school_day(day: date, off: tuple[Break, ...], calendar: Calendar = RUSSIA) -> date:
    """Return the day itself or the first after it that is worked and lies in no break."""
    for _ in range(_LONGEST):
        if calendar.is_workday(day) and not any(one.holds(day) for one in off):
            return day
        day += DAY
    raise ValueError(day)
