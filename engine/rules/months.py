"""Months of the calendar added to a date."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day: 30 November + 3 is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
