"""What notices say: whose move it is, until when, and what comes next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.notices import (
    About,
    assigned,
    closed,
    full_title,
    handed_over,
    incident,
    late,
    moved,
    offered,
    sentence,
)
from engine.rules.reminders import Audience, Kind

TODAY = date(2026, 11, 25)
HELD = About("План", "Школа № 1", date(2026, 12, 9), "Иванова А. П.", "заместитель директора")
FREE = About("План", "Школа № 1", date(2026, 12, 9), "", "заместитель директора")
TO_DO, TO_STEER, TO_DECIDE = Audience.PERFORMERS, Audience.COORDINATOR, Audience.HEAD


@pytest.mark.parametrize(
    ("about", "today", "expected"),
    [
        (HELD, "2026-12-07", "осталось 2 рабочих дня: 9 декабря. Ход за вами."),
        (HELD, "2026-12-08", "остался 1 рабочий день: 9 декабря. Ход за вами."),
        (HELD, "2026-12-09", "Сегодня срок задачи «План» (Школа № 1). Ход за вами."),
        (FREE, "2026-12-09", "Её ещё никто не взял — возьмите, если можете."),
    ],
)
def test_a_reminder_says_how_long_there_is(about: About, today: str, expected: str) -> None:
    """Counted in working days, and whose move it is."""
    assert expected in sentence("reminder", TO_DO, about, date.fromisoformat(today))


def test_the_last_working_day_before_a_sunday_is_called_so() -> None:
    """Zero working days are left on Friday for a deadline on Sunday."""
    about = About("План", "", date(2026, 12, 6), "Иванова А. П.")
    words = sentence("reminder", TO_DO, about, date(2026, 12, 4))
    assert words.startswith("Сегодня последний рабочий день перед сроком задачи «План» — 6 декабря")


def test_delay_is_told_to_each_in_his_voice() -> None:
    """The performer is told the way out, the coordinator whose move it is, the head that it runs."""
    today = date(2026, 12, 14)
    assert "договоритесь с координатором" in sentence("overdue", TO_DO, HELD, today)
    assert "возьмите, если можете" in sentence("overdue", TO_DO, FREE, today)
    steer = sentence("overdue", TO_STEER, HELD, today)
    assert "3 рабочих дня после срока 9 декабря. Ход за: Иванова А. П." in steer
    assert "Ход за: заместитель директора." in sentence("overdue", TO_STEER, FREE, today)
    assert "Координатор знает" in sentence("overdue", TO_DECIDE, HELD, today)


def test_a_coordinator_is_told_that_nobody_took_a_task() -> None:
    """With the role whose move it is."""
    words = sentence("unclaimed", TO_STEER, FREE, TODAY)
    assert "никто не взял, срок — 9 декабря. Ход за: заместитель директора." in words


@given(
    st.sampled_from(["reminder", "unclaimed", "overdue"]),
    st.sampled_from(Audience),
    st.sampled_from([HELD, FREE]),
    st.integers(0, 400),
)
def test_every_sentence_names_the_task_and_the_day(
    kind: Kind, audience: Audience, about: About, days: int
) -> None:
    """Whatever is told to whomever, one knows which task is meant; no line is broken."""
    words = sentence(kind, audience, about, TODAY + timedelta(days=days))
    assert "«План» (Школа № 1)" in words
    assert words == " ".join(words.split())
    assert words.endswith(".")


def test_other_news_say_what_happened_and_why() -> None:
    """Reasons end with one full stop, however they were typed."""
    assert "Вам поручена задача «План» (Школа № 1). Срок — 9 декабря." == assigned(HELD, TODAY)
    assert handed_over(HELD, TODAY, "болезнь.").endswith("Срок — 9 декабря. Причина: болезнь.")
    assert handed_over(HELD, TODAY, "").endswith("Срок — 9 декабря.")
    assert moved(HELD, TODAY, "карантин").endswith("— 9 декабря. Причина: карантин.")
    assert "От вас ничего не требуется." in closed(HELD)
    assert "Сбой в деле (Школа № 1): нет пути." in incident("Школа № 1", "нет пути.")
    assert "«План» (Школа № 1): срок — 9 декабря." == offered(HELD, TODAY)
    assert "«План» (Школа № 1): срок прошёл 9 декабря." == late(HELD, TODAY)


def test_tasks_of_a_panel_are_told_apart_by_their_item() -> None:
    """The item follows the title, where there is one."""
    assert "Посещение: урок химии" == full_title("Посещение", "урок химии")
    assert "Посещение" == full_title("Посещение", "")
