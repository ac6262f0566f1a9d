"""The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the moment."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC, to the millisecond that columns keep."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class FrozenClock:
    """
    A clock that stands until it is moved: for tests and rehearsals.

    Args:
        moment: Where it stands; must be aware.
    """

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            msg = "a clock needs an aware moment"
            raise ValueError(msg)
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return where the clock stands."""
        return self._moment

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._moment += by

    def move_to(self, moment: datetime) -> None:
        """Set the clock, forward or back."""
        self._moment = moment.astimezone(UTC)
