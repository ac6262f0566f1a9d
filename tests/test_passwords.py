"""Passwords: what is stored, how much runs at once, what is too easy."""

import statistics
import threading
import time
from collections.abc import Callable

import pytest

from engine.errors import PasswordWeak, SignInBusy
from engine.passwords import Passwords, guesses, refuse_weak

CHEAP = Passwords(time_cost=1, memory_cost=64, parallelism=1)
GOOD = "дождь над рекой"


def test_a_password_matches_its_own_hash_only() -> None:
    """The right password matches, one letter more does not, and the text is not stored."""
    stored = CHEAP.hash(GOOD)
    assert CHEAP.matches(stored, GOOD)
    assert not CHEAP.matches(stored, f"{GOOD}!")
    assert GOOD not in stored


def test_the_same_password_is_stored_differently() -> None:
    """Salt: two people with one password cannot be seen to have it."""
    assert CHEAP.hash(GOOD) != CHEAP.hash(GOOD)


@pytest.mark.parametrize("stored", [None, "", "md5$abc"])
def test_nothing_stored_matches_nothing(stored: str | None) -> None:
    """An account without a password, or with a damaged one, cannot be entered."""
    assert not CHEAP.matches(stored, GOOD)


def test_the_default_is_argon2id_at_the_recommended_cost() -> None:
    """Memory 64 MiB, three passes (RFC 9106, second recommended option)."""
    assert Passwords().hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_of_another_cost_is_outdated() -> None:
    """When the cost is raised, old hashes are known for what they are."""
    stored = CHEAP.hash(GOOD)
    assert not CHEAP.is_outdated(stored)
    assert Passwords(time_cost=2, memory_cost=64, parallelism=1).is_outdated(stored)


def _median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def test_nobody_takes_as_long_as_a_wrong_password() -> None:
    """Time does not tell whether an account exists; without the hashing it would be 1000 to 1."""
    dear = Passwords(time_cost=2, memory_cost=8192, parallelism=1)
    stored = dear.hash(GOOD)
    wrong = _median(lambda: dear.matches(stored, "wrong"))
    nobody = _median(lambda: dear.matches(None, "wrong"))
    assert 0.3 < nobody / wrong < 3


def test_a_crowd_waits_and_then_is_sent_away() -> None:
    """While every turn is taken, the next one waits as long as it is patient, then is refused."""
    passwords = Passwords(time_cost=1, memory_cost=64, parallelism=1, at_once=1, patience=0.05)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with passwords._turn():
            inside.set()
            leave.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(5)
    with pytest.raises(SignInBusy):
        passwords.hash(GOOD)
    leave.set()
    holder.join()
    assert passwords.matches(passwords.hash(GOOD), GOOD)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1!xyz", "короче"),
        ("я" * 257, "длиннее"),
        ("password123", "подобрать"),
        ("пароль123", "подобрать"),
        ("йцукен123", "подобрать"),
        ("aaaaaaaaaaaaaaaa", "подобрать"),
        ("smirnova2026", "подобрать"),
    ],
)
def test_an_easy_password_is_refused(password: str, why: str) -> None:
    """Short, endless, common, typed in the wrong layout, or made of the person's own name."""
    with pytest.raises(PasswordWeak, match=why):
        refuse_weak(password, "smirnova@example.ru")


@pytest.mark.parametrize("password", [GOOD, "correct horse battery staple", "9f#kQz2!pLw"])
def test_a_long_or_random_password_is_taken(password: str) -> None:
    """No rule of composition stands in the way of a good password."""
    refuse_weak(password, "smirnova@example.ru")


def test_a_long_password_is_weighed_quickly() -> None:
    """The estimate looks at the beginning only: a long text cannot make it work for minutes."""
    start = time.perf_counter()
    guesses("qwerty1!" * 32)
    assert time.perf_counter() - start < 1
