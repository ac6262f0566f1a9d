"""What time it is, and who decides."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from engine.clock import ASK_AGAIN_AFTER, FrozenClock, SharedClock, SystemClock
from engine.database import Database

THEN = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the count that nobody can set, in a list; the test moves it on."""
    count = [100.0]
    monkeypatch.setattr("engine.clock.monotonic", lambda: count[0])
    return count


def test_the_system_clock_is_aware_and_whole() -> None:
    """Moments are UTC and have no part that a column would lose."""
    now = SystemClock().now()
    assert UTC is now.tzinfo
    assert 0 == now.microsecond % 1000


def test_a_frozen_clock_moves_only_when_told() -> None:
    """It stands, goes on and goes back."""
    clock = FrozenClock(THEN)
    assert THEN == clock.now()
    clock.advance(timedelta(days=1))
    assert THEN + timedelta(days=1) == clock.now()
    clock.move_to(THEN)
    assert THEN == clock.now()


def test_a_naive_moment_is_refused() -> None:
    """A clock cannot stand at a moment without a zone."""
    with pytest.raises(ValueError, match="aware"):
        FrozenClock(THEN.replace(tzinfo=None))


def test_the_shared_clock_counts_on_by_itself(passing: list[float]) -> None:
    """Between two questions, time goes on without the database and without the machine's clock."""
    questions = iter([THEN, THEN])
    clock = SharedClock(lambda: next(questions))
    assert THEN == clock.now()
    passing[0] += ASK_AGAIN_AFTER
    assert THEN + timedelta(seconds=ASK_AGAIN_AFTER) == clock.now()
    passing[0] += 0.001
    assert THEN == clock.now()


def test_a_slow_answer_makes_the_shared_clock_late_not_early(passing: list[float]) -> None:
    """The time that the question took is not added: nothing fires before its moment."""

    def slow() -> datetime:
        passing[0] += 5
        return THEN

    assert THEN == SharedClock(slow).now()


def test_one_thread_asks_for_all(passing: list[float]) -> None:
    """While one thread waits for the answer, others count on from the last one."""
    waiting, go_on = Event(), Event()
    answers = iter([THEN, THEN + timedelta(days=1)])

    def ask() -> datetime:
        answer = next(answers)
        if answer != THEN:
            waiting.set()
            go_on.wait(10)
        return answer

    clock = SharedClock(ask)
    clock.now()
    passing[0] += ASK_AGAIN_AFTER + 1
    other = Thread(target=clock.now)
    other.start()
    waiting.wait(10)
    assert THEN + timedelta(seconds=ASK_AGAIN_AFTER + 1) == clock.now()
    go_on.set()
    other.join(10)
    assert THEN + timedelta(days=1) == clock.now()


def test_an_answer_that_fails_is_asked_for_again(passing: list[float]) -> None:
    """A database that is away makes the clock fail, not stop for ever."""
    answers = iter([None, THEN])

    def ask() -> datetime:
        answer = next(answers)
        if answer is None:
            raise ConnectionError
        return answer

    clock = SharedClock(ask)
    with pytest.raises(ConnectionError):
        clock.now()
    assert THEN == clock.now()


def test_machines_that_share_a_database_share_its_clock(database_url: str) -> None:
    """On PostgreSQL the server tells the time; an SQLite file has one machine, and its clock."""
    database = Database(database_url)
    clock = database.clock()
    assert isinstance(clock, SystemClock if database.is_sqlite else SharedClock)
    apart = abs(clock.now() - SystemClock().now())
    database.close()
    assert apart < timedelta(seconds=5)
