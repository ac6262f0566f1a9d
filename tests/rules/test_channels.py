"""Where notices go by default and by choice, and when somebody is left alone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.rules.channels import (
    GATHERED,
    INFORMS,
    KINDS,
    NIGHT,
    REPORTS,
    Quiet,
    Way,
    quiet_until,
    way_of,
)

SOURCES = Path(__file__).parents[2] / "engine"

ZONE = "Asia/Yekaterinburg"


def local(hour: int, day: int = 25, minute: int = 0) -> datetime:
    """Return a time of a day of November in Yekaterinburg, five hours before UTC."""
    hours = hour - 5
    return datetime(2026, 11, day + hours // 24, hours % 24, minute, tzinfo=UTC)


def test_a_choice_goes_before_the_default() -> None:
    """Without one the kind decides; what nobody knows goes into the digest."""
    assert Way.MAIL is way_of("assigned", None)
    assert Way.SITE is way_of("assigned", "site")
    assert Way.DIGEST is way_of("something new", None)


def test_new_work_of_a_role_is_never_written_at_once() -> None:
    """A choice that the kind does not offer counts as none."""
    assert Way.MAIL not in KINDS["offered"].ways
    assert Way.DIGEST is way_of("offered", "mail")


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (local(19, minute=59), local(19, minute=59)),
        (local(20), local(8, day=26)),
        (local(23), local(8, day=26)),
        (local(3, day=26), local(8, day=26)),
        (local(8, day=26), local(8, day=26)),
    ],
)
def test_a_night_ends_in_the_morning(moment: datetime, until: datetime) -> None:
    """From 20 to 8 in the zone of the person; the borders are outside and inside."""
    assert until == quiet_until(moment, ZONE, NIGHT)


@pytest.mark.parametrize(
    ("moment", "until"), [(local(8), local(8)), (local(9), local(13)), (local(13), local(13))]
)
def test_quiet_hours_may_lie_within_a_day(moment: datetime, until: datetime) -> None:
    """Who teaches in the morning reads his letters afterwards."""
    assert until == quiet_until(moment, ZONE, Quiet(9, 13))


def test_every_kind_that_is_told_has_a_way_to_choose() -> None:
    """A kind that a reaction or a command writes stands on the profile page."""
    written = {"offered", *REPORTS, *INFORMS, *GATHERED}
    for path in (*SOURCES.glob("reactions/*.py"), SOURCES / "commands" / "prompts.py"):
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r"tell_of\([^()]*, f?\"([a-z]+)", text))
        written |= set(re.findall(r'"kind": "([a-z]+)"', text))
    assert {"prompt", "incident", "moved"} <= written
    assert set() == written - KINDS.keys()
