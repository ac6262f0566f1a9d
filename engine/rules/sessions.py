"""How long a signed-in browser stays so, and what is kept of its secret."""

import hashlib
import secrets
from datetime import datetime, timedelta

IDLE = timedelta(hours=8)
"""A browser that does nothing for a working day has to sign in again."""
ABSOLUTE = timedelta(days=7)
"""So has one that never rests."""
TOUCH_EVERY = timedelta(minutes=5)
"""How often the last use is written down; a page view in between costs no write."""


def new_secret() -> str:
    """Return 256 random bits for a cookie or a form."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Return what is stored of a secret; random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_alive(seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Tell whether a session may still be used."""
    return now < expires_at and now < seen_at + IDLE


def is_stale(seen_at: datetime, now: datetime) -> bool:
    """Tell whether the last use should be written down again."""
    return now >= seen_at + TOUCH_EVERY
