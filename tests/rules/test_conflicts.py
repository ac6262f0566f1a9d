"""Who works or worked in a school, or stands above it, does not judge it."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.rules.access import Role
from engine.rules.conflicts import PAST, Post, known_conflicts

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
SCHOOL = (1, 4, 17)
LONG = NOW - PAST - timedelta(days=1)
RECENT = NOW - timedelta(days=300)


@pytest.mark.parametrize(
    ("role", "path", "until", "ground"),
    [
        (Role.TEACHER, "1/4/17/", None, "employed_here"),
        (Role.DIRECTOR, "1/4/17/", None, "employed_here"),
        (Role.TEACHER, "1/4/17/", RECENT, "paid_services_3y"),
        (Role.TEACHER, "1/4/17/", LONG, ""),
        (Role.TEACHER, "1/4/18/", None, ""),
        (Role.TEACHER, "1/4/17/20/", None, ""),
        (Role.HEAD, "1/4/", None, "subordinate"),
        (Role.HEAD, "1/4/", RECENT, ""),
        (Role.HEAD, "1/5/", None, ""),
        (Role.COORDINATOR, "1/4/", None, ""),
        (Role.EXPERT, "1/", None, ""),
        (Role.EXPERT, "1/4/17/", None, ""),
    ],
)
def test_a_post_is_a_ground_or_none(
    role: Role, path: str, until: datetime | None, ground: str
) -> None:
    """Work in the school, within three years too, and the head of the office above it."""
    found = known_conflicts([Post(role, "Школа № 1", path, until)], SCHOOL, NOW)
    assert ([ground] if ground else []) == list(found)


def test_a_post_is_told_in_words() -> None:
    """As whoever declares has to recognise it."""
    assert "учитель, Школа № 1" == Post(Role.TEACHER, "Школа № 1", "1/", None).words
    assert "учитель, Школа № 1, до 29.01.2026" == Post("teacher", "Школа № 1", "1/", RECENT).words
