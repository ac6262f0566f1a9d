"""How near a deadline is, by the calendar of the organisation whose work it is."""

from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from engine.rules.calendar import day_of

Urgency = Literal["late", "today", "week", "later"]
"""Where a deadline stands on the worklist: its group, and the class of its colour."""

URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
"""From what presses most to what can wait."""


def urgency(due_at: datetime, now: datetime, zone: str) -> Urgency:
    """Return the urgency of a deadline in an IANA zone; a week ends with its Sunday."""
    if due_at < now:
        return "late"
    return urgency_of(day_of(due_at, zone), day_of(now, zone))


def urgency_of(due_on: date, today: date) -> Urgency:
    """Return the urgency of a day that is not past."""
    if due_on == today:
        return "today"
    sunday = today + timedelta(days=6 - today.weekday())
    return "week" if due_on <= sunday else "later"
