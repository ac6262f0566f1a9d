"""
Days and hours of work in Russia: holidays, moved days off, working Saturdays, local time.

Source: the production calendar as the `holidays` library tabulates it (Labour Code art. 112;
days moved by decree are known through 2027, later years follow the plain rule). A day is a
local date of an organisation; a moment is aware, in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from holidays import country_holidays

DAY = timedelta(days=1)
SEPTEMBER = 9
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    Which days are worked.

    Args:
        days_off: Days that are off beyond the country's (quarantine, decrees).
        working_days: Days that are worked though the country rests (a moved Saturday).
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether the day is worked."""
        if day in self.days_off or day in self.working_days:
            return day in self.working_days
        return day not in _days_off(day.year)

    def at_or_after(self, day: date) -> date:
        """Return the day itself or the next one that is worked."""
        return next(d for d in _walk(day, DAY) if self.is_workday(d))

    def at_or_before(self, day: date) -> date:
        """Return the day itself or the last one before it that is worked."""
        return next(d for d in _walk(day, -DAY) if self.is_workday(d))

    def workday(self, day: date, n: int) -> date:
        """
        Return the n-th working day after a day, the day itself not counted (Civil Code art. 191).

        A negative n counts back; n = 0 is the day itself, or the next one that is worked.
        """
        if n == 0:
            return self.at_or_after(day)
        worked = filter(self.is_workday, _walk(day, DAY if n > 0 else -DAY))
        passed = abs(n) - (not self.is_workday(day))
        return next(islice(worked, passed, None))

    def workdays_between(self, first: date, last: date) -> int:
        """Return how many days after the first, up to and with the last, are worked."""
        days = (first + DAY * n for n in range(1, (last - first).days + 1))
        return sum(self.is_workday(day) for day in days)


RUSSIA = Calendar()
"""The calendar of the country, without exceptions of an organisation."""


@cache
def _days_off(year: int) -> frozenset[date]:
    """Return the days of a year that nobody works, weekends included."""
    country = country_holidays("RU", years=year)
    days = (date(year, 1, 1) + DAY * n for n in range(366))
    return frozenset(d for d in days if d.year == year and not country.is_working_day(d))


def _walk(day: date, step: timedelta) -> Iterator[date]:
    """Yield the day and those that follow it, one step apart."""
    while True:
        yield day
        day += step


def day_of(moment: datetime, zone: str) -> date:
    """Return the local date at a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def moment_of(day: date, at: time, zone: str) -> datetime:
    """Return the moment, in UTC, when the clocks of a zone show a time on a day."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """Return the last second of a day: a deadline is inclusive, 23:59:59 local."""
    return moment_of(day, LAST_SECOND, zone)


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began: 2026 for 2026/27."""
    return day.year - (day.month < SEPTEMBER)
