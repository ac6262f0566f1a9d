"""
The functions that `due` expressions of diagrams are written with, and the moment of a due date.

Each returns a local date in ISO form: ``in_workdays(5)`` gives ``"2026-12-02"``. A term counted
in days that ends on a day off ends on the next working day (Civil Code art. 193, Labour Code
art. 14); a date counted back from another rolls back; a printed date stays as it is printed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from engine.errors import TimerRefused
from engine.rules.calendar import RUSSIA, Calendar, day_of, end_of, moment_of, school_year

DEFAULT_WORKDAYS: Final = 10
"""The term of a task whose diagram names none."""
MORNING: Final = time(9, 0)
_MOST_DAYS: Final = 1000
_MOST_MONTHS: Final = 36
_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What the functions of one command count from; each refuses nonsense with `TimerRefused`.

    Args:
        today: The local date of the command.
        started: The local date on which the case began.
        zone: The IANA zone of the organisation.
        calendar: Its working days.
    """

    today: date
    started: date
    zone: str
    calendar: Calendar = RUSSIA

    def in_workdays(self, n: object) -> str:
        """Return the n-th working day after today; 0 is today, or the next working day."""
        return self.calendar.workday(self.today, _count(n)).isoformat()

    def in_days(self, n: object) -> str:
        """Return the day n days after today, rolled on to a working day."""
        return self._rolled_on(self.today + timedelta(days=_count(n)))

    def in_months(self, n: object) -> str:
        """Return the same day n months later (31 January: end of February), rolled on."""
        years, month = divmod(self.today.month - 1 + _count(n, _MOST_MONTHS), 12)
        last = _last_day(self.today.year + years, month + 1)
        return self._rolled_on(last.replace(day=min(self.today.day, last.day)))

    def on(self, iso: object) -> str:
        """Return a printed date as it is."""
        return _date(iso).isoformat()

    def by_day(self, month: object, day: object) -> str:
        """
        Return the first such day of the year on or after the start of the case.

        Raises:
            TimerRefused: No such day, or 29 February, which three years of four do not have.
        """
        return self._first(_day_of_year(month, day)).isoformat()

    def last_workday(self, month: object) -> str:
        """Return the last working day of the first such month that ends after the start."""
        number = _month(month)
        year = self.started.year + (number < self.started.month)
        return self.calendar.at_or_before(_last_day(year, number)).isoformat()

    def before(self, iso: object, days: object) -> str:
        """Return the day so many days before a date, rolled back to a working day."""
        day = _date(iso) - timedelta(days=_count(days))
        return self.calendar.at_or_before(day).isoformat()

    def after(self, iso: object, workdays: object) -> str:
        """Return the n-th working day after a date."""
        return self.calendar.workday(_date(iso), _count(workdays)).isoformat()

    def end_of_year(self) -> str:
        """Return the last day of the school year in which the case began, 31 August."""
        return date(school_year(self.started) + 1, 8, 31).isoformat()

    def morning(self, iso: object) -> str:
        """Return 09:00 local on a date with its offset from UTC: what a timer needs."""
        return moment_of(_date(iso), MORNING, self.zone).isoformat()

    def functions(self) -> Mapping[str, Callable[..., str]]:
        """Return the functions by the names that diagrams call them."""
        return {name: getattr(self, name) for name in FUNCTIONS}

    def _rolled_on(self, day: date) -> str:
        return self.calendar.at_or_after(day).isoformat()

    def _first(self, day: date) -> date:
        this_year = day.replace(year=self.started.year)
        return this_year if this_year >= self.started else day.replace(year=self.started.year + 1)


FUNCTIONS: Final = (
    "in_workdays",
    "in_days",
    "in_months",
    "on",
    "by_day",
    "last_workday",
    "before",
    "after",
    "end_of_year",
    "morning",
)
"""What a `due` or timer expression may call."""


def due_moment(
    iso: object, opened_at: datetime, zone: str, calendar: Calendar = RUSSIA
) -> datetime:
    """
    Return the moment of a due date: 23:59:59 local.

    A date that has passed when the task opens (a loop came back to it, a branch was late)
    becomes the first working day after the opening: whoever gets a task gets a day for it.

    Raises:
        TimerRefused: The value is no ISO date.
    """
    opened_on = day_of(opened_at, zone)
    due_on = _date(iso)
    return end_of(due_on if due_on >= opened_on else calendar.workday(opened_on, 1), zone)


def default_due(opened_at: datetime, zone: str, calendar: Calendar = RUSSIA) -> datetime:
    """Return the due moment of a task whose diagram names none."""
    return end_of(calendar.workday(day_of(opened_at, zone), DEFAULT_WORKDAYS), zone)


def _count(value: object, most: int = _MOST_DAYS) -> int:
    """Return a number of days; expressions are not typed, so anything may come."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(whole, bool) or not isinstance(whole, int) or not 0 <= whole <= most:
        raise TimerRefused(text=value, why=f"здесь нужно целое число от 0 до {most}")
    return whole


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise TimerRefused(text=value, why="дата пишется как 2026-12-31") from error


def _month(value: object) -> int:
    number = _count(value, 12)
    if number == 0:
        raise TimerRefused(text=value, why="месяцы считаются от 1 до 12")
    return number


def _day_of_year(month: object, day: object) -> date:
    """Return the day in a leap year, of which the year does not count."""
    try:
        found = date(_LEAP_YEAR, _month(month), _count(day, 31))
    except ValueError as error:
        raise TimerRefused(text=f"{day}.{month}", why="такого дня нет") from error
    if (found.month, found.day) == (2, 29):
        raise TimerRefused(text=f"{day}.{month}", why="29 февраля бывает не каждый год")
    return found


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
