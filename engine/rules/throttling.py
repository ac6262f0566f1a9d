"""
How long somebody waits before the next attempt to sign in: a growing delay, never a lock-out.

Failures are counted in three scopes. A *pair* is this account from this address; the *account*
and the *address* count alone. A pair that has signed in before answers for itself only, so a
stranger who hammers an account, or a school whose one address many share, keeps nobody out.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
"""Failures older than this are forgotten."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """``free`` failures cost nothing; each further one doubles the delay, from 1 s to ``cap``."""

    free: int
    cap: timedelta

    def delay(self, failures: int) -> timedelta:
        """Return how long after the last failure the next attempt is allowed."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(over, 16)), self.cap)


PAIR = Ladder(free=5, cap=timedelta(minutes=1))
ACCOUNT = Ladder(free=10, cap=timedelta(minutes=1))
ADDRESS = Ladder(free=30, cap=timedelta(seconds=30))


@dataclass(frozen=True, slots=True)
class Tally:
    """The failures of one scope inside the window, and the moment of the last."""

    failures: int = 0
    last_at: datetime | None = None

    def wait(self, ladder: Ladder, now: datetime) -> timedelta:
        """Return how long this scope makes the next attempt wait; zero: not at all."""
        if self.last_at is None:
            return timedelta(0)
        return max(self.last_at + ladder.delay(self.failures) - now, timedelta(0))


def wait(now: datetime, pair: Tally, account: Tally, address: Tally, *, known: bool) -> timedelta:
    """
    Return how long to wait before the next attempt.

    Args:
        now: The moment of the attempt.
        pair: Failures of this account from this address since they last signed in.
        account: Failures of this account from anywhere.
        address: Failures of any account from this address.
        known: The account has signed in from this address before.
    """
    own = pair.wait(PAIR, now)
    return own if known else max(own, account.wait(ACCOUNT, now), address.wait(ADDRESS, now))


def account_of(email: str, key: str) -> str:
    """Return what is kept of an address, with a key: people also type passwords into that field."""
    return hmac.digest(key.encode(), email.encode(), hashlib.sha256).hex()


def scope_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64 that a single customer is given."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
