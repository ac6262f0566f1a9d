"""Dates, deadlines and counts in Russian words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.rules.urgency import Urgency
from web.words import counted, day, deadline, moment, school_year

ZONE = "Asia/Yekaterinburg"
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # a Wednesday, noon in Yekaterinburg


def _end_of(on: date) -> datetime:
    """Return the last second of a day in Yekaterinburg, five hours ahead of UTC."""
    return datetime(on.year, on.month, on.day, 18, 59, 59, tzinfo=UTC)


def test_a_number_stays_with_its_noun() -> None:
    """A line never breaks between them."""
    assert "3\N{NO-BREAK SPACE}школы" == counted(3, "школа", "школы", "школ")


@pytest.mark.parametrize(
    ("on", "urgency", "words"),
    [
        (date(2026, 11, 22), "late", "просрочено на 3 дня"),
        (date(2026, 11, 24), "late", "просрочено на 1 день"),
        (date(2026, 11, 25), "today", "сегодня"),
        (date(2026, 11, 26), "week", "завтра"),
        (date(2026, 11, 29), "week", "через 4 дня"),
        (date(2026, 11, 30), "later", "через 5 дней"),
        (date(2027, 1, 15), "later", "через 51 день"),
    ],
)
def test_a_deadline_says_how_near_it_is(on: date, urgency: Urgency, words: str) -> None:
    """The week ends on Sunday; what is past is late."""
    told = deadline(_end_of(on), NOW, ZONE)
    assert (urgency, words) == (told.urgency, told.words.replace("\N{NO-BREAK SPACE}", " "))


def test_a_deadline_is_told_in_the_zone_of_the_school() -> None:
    """Late in the evening of Moscow the day in Vladivostok has changed, and with it the words."""
    due = datetime(2026, 11, 25, 13, 59, 59, tzinfo=UTC)  # the end of the 25th in Vladivostok
    now = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)  # half past midnight there
    assert "late" == deadline(due, now, "Asia/Vladivostok").urgency
    assert "2026-11-25" == deadline(due, now, "Asia/Vladivostok").iso


def test_a_deadline_missed_by_minutes_has_expired_today() -> None:
    """Nobody reads that a task is late by zero days."""
    assert "срок истёк сегодня" == deadline(NOW - timedelta(minutes=5), NOW, ZONE).words


def test_a_day_of_another_year_names_it() -> None:
    """The year is said when it is not the current one."""
    texts = [day(on, date(2026, 11, 25)) for on in (date(2026, 3, 8), date(2027, 3, 8))]
    assert ["8 марта", "8 марта 2027 года"] == [t.replace("\N{NO-BREAK SPACE}", " ") for t in texts]


def test_a_moment_is_told_by_the_clock_of_the_zone() -> None:
    """Today and yesterday are said by name."""
    told = [moment(NOW - timedelta(hours=h), NOW, ZONE) for h in (0, 24, 48)]
    assert ["сегодня, 12:00", "вчера, 12:00", "23 ноября, 12:00"] == [
        t.replace("\N{NO-BREAK SPACE}", " ") for t in told
    ]


def test_a_school_year_has_two_numbers() -> None:
    """It is named by both calendar years, the second one short."""
    assert ("2026/27", "2099/00") == (school_year(2026), school_year(2099))
