"""Sessions: how long they live and what is kept of them."""

from datetime import UTC, datetime, timedelta

from engine.rules.sessions import (
    ABSOLUTE,
    IDLE,
    TOUCH_EVERY,
    fingerprint,
    is_alive,
    is_stale,
    new_secret,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SOON = timedelta(milliseconds=1)


def test_a_session_ends_when_idle() -> None:
    """The last moment before the idle limit is alive, the limit itself is not."""
    ends = NOW + ABSOLUTE
    assert is_alive(NOW, ends, NOW + IDLE - SOON)
    assert not is_alive(NOW, ends, NOW + IDLE)


def test_a_session_ends_however_busy() -> None:
    """Use does not carry a session over its absolute end."""
    ends = NOW + ABSOLUTE
    assert not is_alive(ends - SOON, ends, ends)


def test_use_is_written_down_now_and_then() -> None:
    """A page view soon after another needs no write."""
    assert not is_stale(NOW, NOW + TOUCH_EVERY - SOON)
    assert is_stale(NOW, NOW + TOUCH_EVERY)


def test_secrets_are_long_and_differ() -> None:
    """A secret has 256 bits, and no two are the same."""
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {43} == {len(secret) for secret in secrets}


def test_a_fingerprint_does_not_hold_the_secret() -> None:
    """What is stored is the same for the same secret and tells nothing of it."""
    secret = new_secret()
    assert fingerprint(secret) == fingerprint(secret)
    assert secret not in fingerprint(secret)
    assert len(fingerprint(secret)) == 64
