"""Numbers with their nouns, and dates, as letters and notices say them in Russian."""

from datetime import date

from babel.dates import format_date


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the form that a noun takes after a number: 1 день, 2 дня, 5 дней."""
    tens, units = abs(number) % 100, abs(number) % 10
    if 11 <= tens <= 14 or units == 0 or units >= 5:
        return many
    return one if units == 1 else few


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number} {plural(number, one, few, many)}"


def workdays(number: int) -> str:
    """Return «3 рабочих дня»."""
    return counted(number, "рабочий день", "рабочих дня", "рабочих дней")


def day(on: date, today: date) -> str:
    """Return «9 декабря», with the year when it is not that of today."""
    return format_date(on, "d MMMM" if on.year == today.year else "d MMMM y 'года'", locale="ru")


def full_day(on: date) -> str:
    """Return «среда, 9 декабря 2026 года»."""
    return format_date(on, "EEEE, d MMMM y 'года'", locale="ru")
