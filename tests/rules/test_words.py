"""Numbers and dates in Russian words."""

from datetime import date

import pytest

from engine.rules.words import counted, day, full_day, plural, workdays


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 рабочих дней"),
        (1, "1 рабочий день"),
        (2, "2 рабочих дня"),
        (5, "5 рабочих дней"),
        (11, "11 рабочих дней"),
        (14, "14 рабочих дней"),
        (21, "21 рабочий день"),
        (22, "22 рабочих дня"),
        (111, "111 рабочих дней"),
        (121, "121 рабочий день"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, expected: str) -> None:
    """Eleven to fourteen are many, whatever their last digit."""
    assert expected == workdays(number)


def test_any_noun_can_be_counted() -> None:
    """The three forms are given, and one is taken."""
    assert "3 задачи" == counted(3, "задача", "задачи", "задач")
    assert "задач" == plural(-5, "задача", "задачи", "задач")


def test_a_day_of_this_year_needs_no_year() -> None:
    """The month stands in the genitive; another year is said."""
    today = date(2026, 11, 25)
    assert "9 декабря" == day(date(2026, 12, 9), today)
    assert "9 января 2027 года" == day(date(2027, 1, 9), today)
    assert "среда, 9 декабря 2026 года" == full_day(date(2026, 12, 9))
