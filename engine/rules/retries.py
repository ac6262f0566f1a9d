"""How long to wait before the next attempt: longer each time, and not all at once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How often something is tried, and how far apart.

    Args:
        attempts: So many times in all; then somebody is told.
        first: The wait after the first failure; each further one is three times as long.
        longest: No wait is longer, apart from the spread.
    """

    attempts: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int, key: object) -> timedelta:
        """
        Return how long to wait after so many failures.

        The key spreads rows that failed together over a quarter of the wait; the same key
        after the same number of failures always waits the same.
        """
        longer: int = 3 ** min(failures - 1, _STEPS)
        plain = min(self.first * longer, self.longest)
        spread = crc32(f"{key}:{failures}".encode()) / 2**32
        return plain * (1 + spread / 4) // MILLISECOND * MILLISECOND

    def ends(self, failures: int) -> bool:
        """Tell whether it has been tried often enough."""
        return failures >= self.attempts


_STEPS: Final = 20

MILLISECOND: Final = timedelta(milliseconds=1)
"""What columns keep."""

STEPS: Final = Patience(5, timedelta(seconds=10), timedelta(hours=1))
"""Timers and services: about seven minutes, then an incident."""

MESSAGES: Final = Patience(12, timedelta(seconds=10), timedelta(hours=2))
"""A message that nobody waits for yet: about nine hours, then an incident."""

LETTERS: Final = Patience(48, timedelta(seconds=30), timedelta(hours=2))
"""A mail server that is away: a long weekend and a day, then an incident."""
