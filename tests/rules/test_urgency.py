"""How near a deadline is."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.rules.urgency import URGENCIES, urgency

ZONE = "Asia/Yekaterinburg"
NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
"""A Wednesday, eleven o'clock in Yekaterinburg."""


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-11-25T05:59:59", "late"),
        ("2026-11-25T06:00:00", "today"),
        ("2026-11-25T18:59:59", "today"),
        ("2026-11-25T19:00:00", "week"),
        ("2026-11-29T18:59:59", "week"),
        ("2026-11-29T19:00:00", "later"),
        ("2027-06-15T00:00:00", "later"),
    ],
)
def test_groups_end_with_the_days_of_the_school(due: str, expected: str) -> None:
    """Today ends at midnight in its zone, the week with Sunday."""
    assert expected == urgency(datetime.fromisoformat(f"{due}+00:00"), NOW, ZONE)


def test_the_same_moment_in_another_zone() -> None:
    """What is today in Kaliningrad is tomorrow in Kamchatka."""
    due = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    assert "today" == urgency(due, NOW, "Europe/Kaliningrad")
    assert "week" == urgency(due, NOW, "Asia/Kamchatka")


def test_on_sunday_nothing_is_left_of_the_week() -> None:
    """After today comes what can wait."""
    sunday = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
    assert "later" == urgency(sunday + timedelta(days=1), sunday, ZONE)
    assert ("late", "today", "week", "later") == URGENCIES
