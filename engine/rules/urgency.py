"""How near a deadline is, by the calendar of the organisation whose work it is."""

from bisect import bisect_right
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, get_args

from engine.rules.calendar import DAY, day_of, moment_of

Urgency = Literal["late", "today", "week", "later"]
"""Where a deadline stands on the worklist: its group, and the class of its colour."""

URGENCIES: Final[tuple[Urgency, ...]] = get_args(Urgency)
"""From what presses most to what can wait."""

_MIDNIGHT: Final = time(0, 0)


def urgency(due_at: datetime, now: datetime, zone: str) -> Urgency:
    """Return the urgency of a deadline in an IANA zone; a week ends with its Sunday."""
    return URGENCIES[bisect_right(bounds(now, zone), due_at)]


@lru_cache(maxsize=64)
def bounds(now: datetime, zone: str) -> tuple[datetime, datetime, datetime]:
    """Return where each urgency but the last ends: now, midnight, and that before Monday."""
    today = day_of(now, zone)
    monday = today + timedelta(days=7 - today.weekday())
    return now, moment_of(today + DAY, _MIDNIGHT, zone), moment_of(monday, _MIDNIGHT, zone)
