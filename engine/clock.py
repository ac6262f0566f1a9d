"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Final, Protocol


class Clock(Protocol):
    """Anything that tells the moment."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC, to the millisecond that columns keep."""
        return _to_millisecond(datetime.now(UTC))


class SharedClock:
    """
    The clock of a database that several machines share, asked now and then.

    In between, time is counted on by a clock that nobody can set. So a machine whose own clock
    is wrong or jumps fires nothing early, and all machines write the same time.

    Args:
        ask: Returns what time it is there, aware.
    """

    def __init__(self, ask: Callable[[], datetime]) -> None:
        self._ask = ask
        self._asking = Lock()
        self._answer: tuple[datetime, float] | None = None
        """What the database said, and our own count when it had been said."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC; never one that the database has not reached."""
        answer = self._answer
        if answer is None or monotonic() - answer[1] > ASK_AGAIN_AFTER:
            answer = self._asked(answer)
        return _to_millisecond(answer[0] + timedelta(seconds=monotonic() - answer[1]))

    def _asked(self, answer: tuple[datetime, float] | None) -> tuple[datetime, float]:
        """Ask, unless another thread does so already and an older answer will do."""
        if self._asking.acquire(blocking=answer is None) or answer is None:
            try:
                # The answer may be a little old already when it arrives: late, never early.
                answer = self._answer = (self._ask(), monotonic())
            finally:
                self._asking.release()
        return answer


ASK_AGAIN_AFTER: Final = 10.0
"""Seconds."""


def _to_millisecond(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


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
