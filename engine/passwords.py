"""
Passwords: argon2id, a bounded number of hashings at a time, and what is too easy to guess.

One hashing with the default cost takes about 0.2 s and 64 MiB on purpose. So it never happens
inside a transaction, and only a few run at once: a crowd at the door cannot fill the memory.
"""

import base64
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from engine.errors import PasswordWeak, SignInBusy
from engine.settings import Settings

Hashed = NewType("Hashed", str)
"""A password after hashing: commands take nothing else."""

SHORTEST = 8
LONGEST = 256
_GUESSES = 1_000_000
"""NIST SP 800-63B and OWASP ASVS 6.2: no rules of composition, but nothing that is soon guessed."""
_ESTIMATED = 72
_LAYOUT = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`",
)


class Passwords:
    """
    Hashes and checks passwords.

    Args:
        time_cost: Passes over the memory.
        memory_cost: Memory of one hashing, in KiB.
        parallelism: Threads of one hashing.
        at_once: How many hashings may run at a time.
        patience: How long one waits for its turn, in seconds.
    """

    def __init__(
        self,
        *,
        time_cost: int = 3,
        memory_cost: int = 65_536,
        parallelism: int = 4,
        at_once: int = 2,
        patience: float = 5.0,
    ) -> None:
        self._hasher = PasswordHasher(time_cost, memory_cost, parallelism)
        self._turns = threading.BoundedSemaphore(at_once)
        self._patience = patience
        self._nobodys = _of_nobody(time_cost, memory_cost, parallelism)

    def hash(self, password: str) -> Hashed:
        """
        Return what is stored of a password.

        Raises:
            SignInBusy: Too many others are at it.
        """
        with self._turn():
            return Hashed(self._hasher.hash(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """
        Tell whether the password is the stored one; takes as long when there is none.

        Raises:
            SignInBusy: Too many others are at it.
        """
        with self._turn():
            try:
                self._hasher.verify(stored or self._nobodys, password[:LONGEST])
            except (VerifyMismatchError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a stored password was hashed with another cost than today's."""
        return self._hasher.check_needs_rehash(stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience):
            raise SignInBusy
        try:
            yield
        finally:
            self._turns.release()


@cache
def passwords_of(settings: Settings) -> Passwords:
    """Return the one hasher of an installation, so that all its threads share the turns."""
    return Passwords(
        time_cost=settings.password_time_cost, memory_cost=settings.password_memory_kib
    )


def _of_nobody(time_cost: int, memory_cost: int, parallelism: int) -> str:
    """Return a well-formed hash that no password has, without the time to hash one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32)
    )
    return f"$argon2id$v=19$m={memory_cost},t={time_cost},p={parallelism}${salt}${digest}"


def refuse_weak(password: str, *words: str) -> None:
    """
    Refuse a password that is soon guessed.

    Args:
        password: What somebody wants as password.
        words: What is known about the person: parts of the name, the address, the school.

    Raises:
        PasswordWeak: With the reason.
    """
    if len(password) < SHORTEST:
        raise PasswordWeak(why=f"он короче {SHORTEST} знаков")
    if len(password) > LONGEST:
        raise PasswordWeak(why=f"он длиннее {LONGEST} знаков")
    if guesses(password, *words) < _GUESSES:
        raise PasswordWeak(why="его легко подобрать")


def guesses(password: str, *words: str) -> int:
    """Return about how many attempts find the password, typed in either keyboard layout."""
    begin = password[:_ESTIMATED]
    known = [part for word in words for part in word.replace("@", " ").split()]
    layouts = {begin, begin.lower().translate(_LAYOUT)}
    return min(int(zxcvbn(text, user_inputs=known)["guesses"]) for text in layouts)
