"""A case that is driven over HTTP while the servers it is driven at are killed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from statistics import median
from threading import Timer as Alarm
from typing import Any, Final

from sqlalchemy import func, select, update

from engine import Engine
from engine.commands.due import due
from engine.model.records import Job
from engine.model.tasks import DONE, Task
from engine.queries.consistency import differences
from engine.rehearsal.sights import TaskSight
from engine.rules.access import SYSTEM
from engine.unit import Reader
from tests.faults.servers import GONE, Server, Visitor
from tests.invariants import broken
from tests.journeys.year import Year

KILLS: Final = 6
ROUNDS: Final = range(4, 40)
"""The sends among which the kills are spread; a straight way has more."""

_MOVING: Final = frozenset({"timers", "jobs", "messages", "signals"})
_PATIENCE: Final = 60.0
_LEASE: Final = 10.0
"""Seconds after which a service that has been begun is not at work but dead with its server."""


class Watched(Year):
    """The year of a case that other processes drive: here it is only looked at."""

    def rest(self) -> None:
        """Wait until somebody has something to do, or nothing comes before some later date."""
        if not self._soon(_LEASE):
            self._end_leases()
            assert self._soon(_PATIENCE), "the schedulers do not go on"
        self.clock.move_to(self.town.engine.now())

    def pairs(self) -> Iterator[list[TaskSight]]:
        """Yield open tasks, two at once where two people do the same."""
        for first in self.turns():
            yield [task for task in self._open() if task.element == first.element][:2]

    def _soon(self, seconds: float) -> bool:
        """Tell whether a task is open, or nothing moves any more, before so many seconds are over."""
        give_up = time.monotonic() + seconds
        while not self._open() and self._is_moving():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def _is_moving(self) -> bool:
        with self.town.engine.read() as reader:
            jobs = reader.value(select(func.count()).select_from(Job))
            return bool(jobs or due(reader) & _MOVING)

    def _end_leases(self) -> None:
        """Let what a dead server had begun be due now, as it is after five minutes."""
        with self.town.engine.unit(SYSTEM) as unit:
            unit.allow_system()
            unit.execute(update(Job).values(due_at=unit.now))


@dataclass(frozen=True)
class Errand:
    """A form filled in on its page, ready to be sent."""

    task_id: int
    visitor: Visitor
    fields: Mapping[str, Any]

    def send(self, server: Server) -> float:
        """Send it in and have it acknowledged; return the seconds that took."""
        begun = time.monotonic()
        answer = self.visitor.send(server, f"/tasks/{self.task_id}", self.fields)
        assert (303, "/tasks") == (answer.status, answer.leads_to.partition("?")[0]), answer.text
        return time.monotonic() - begun


@dataclass
class Drive:
    """
    What is sent to which server, what was acknowledged, and when who is killed.

    Attributes:
        seed: Of the moments at which servers are killed.
        acknowledged: Tasks whose end was acknowledged to who did them.
        unanswered: Requests that died with their server.
        done_unanswered: Those of them that had taken effect all the same.
    """

    year: Watched
    servers: Sequence[Server]
    password: str
    seed: int
    acknowledged: list[int] = field(default_factory=list)
    unanswered: int = 0
    done_unanswered: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)
        self._fatal = set(self._chance.sample(ROUNDS, KILLS))
        self._visitors: dict[str, Visitor] = {}
        self._spans = [0.05]
        self._round = 0

    @property
    def engine(self) -> Engine:
        """Return the engine by which the test looks at the database."""
        return self.year.town.engine

    def lead(self) -> None:
        """Let everybody do his tasks until nobody has one."""
        for tasks in self.year.pairs():
            self._round += 1
            if self._round in self._fatal:
                self._send_and_kill(tasks)
            else:
                self._send(tasks)
        self._look_over()

    def kill_all(self) -> None:
        """Kill every server, whatever it does."""
        for server in self.servers:
            server.kill()
        self._look_over()

    # sending ------------------------------------------------------------------------------------

    def _send(self, tasks: Sequence[TaskSight]) -> None:
        """Send forms in at once, each at another server where there are two."""
        errands = self._filled_in(tasks, self._turned())
        with ThreadPoolExecutor(len(errands)) as pool:
            sent = [pool.submit(errand.send, server) for errand, server in errands]
        self._spans += [future.result() for future in sent]
        self.acknowledged += [errand.task_id for errand, _ in errands]

    def _send_and_kill(self, tasks: Sequence[TaskSight]) -> None:
        """Send forms in, and kill the server of the first one at some moment meanwhile."""
        for server in self.servers:
            server.wait()
        errands = self._filled_in(tasks, self._turned())
        victim = errands[0][1]
        with ThreadPoolExecutor(len(errands)) as pool, self._killing(victim):
            sent = [pool.submit(errand.send, server) for errand, server in errands]
        lost: list[Errand] = []
        for (errand, server), future in zip(errands, sent, strict=True):
            if isinstance(future.exception(), GONE) and server is victim:
                lost.append(errand)
            else:
                future.result()
                self.acknowledged.append(errand.task_id)
        self._go_on(victim, [errand for errand, _ in errands], lost)

    @contextmanager
    def _killing(self, victim: Server) -> Iterator[None]:
        """Kill a server while, or right after, it works for the block."""
        alarm = Alarm(self._chance.uniform(0, 1.5 * median(self._spans)), victim.kill)
        alarm.start()
        yield
        alarm.join()
        self.kills += 1

    def _go_on(self, victim: Server, errands: Sequence[Errand], lost: Sequence[Errand]) -> None:
        """Look what the dead has left behind, start it again, and send everything a second time."""
        self._look_over()
        self.unanswered += len(lost)
        self.done_unanswered += self._count_done([errand.task_id for errand in lost])
        victim.start()
        others = [server for server in self.servers if server is not victim] or [victim]
        others[0].wait()
        for errand in errands:
            errand.send(others[0])
        self.acknowledged += [errand.task_id for errand in lost]

    def _turned(self) -> Sequence[Server]:
        """Return the servers that are there, another one first each time."""
        turn = self._round % len(self.servers)
        found = [
            server for server in (*self.servers[turn:], *self.servers[:turn]) if server.answers
        ]
        assert found, "no server is there"
        return found

    def _filled_in(
        self, tasks: Sequence[TaskSight], servers: Sequence[Server]
    ) -> list[tuple[Errand, Server]]:
        """Return the forms with the proof that their own pages carry."""
        pairs = list(zip(tasks, cycle(servers), strict=False))
        return [(self._errand(task, server), server) for task, server in pairs]

    def _errand(self, task: TaskSight, server: Server) -> Errand:
        who = self.year.who(task)
        new = Visitor(f"{who}@town.example", self.password)
        visitor = self._visitors.setdefault(who, new)
        proof = visitor.open(server, f"/tasks/{task.id}").proof
        return Errand(task.id, visitor, {"csrf": proof, **self.year.answers(task, who)})

    # looking ------------------------------------------------------------------------------------

    def _look_over(self) -> None:
        """See at one moment that no step is half done and that nothing acknowledged is lost."""
        with snapshot(self.engine) as reader:
            found = differences(reader) + broken(reader)
        assert not found, found
        missing = len(self.acknowledged) - self._count_done(self.acknowledged)
        assert not missing, f"{missing} acknowledged tasks are not done"

    def _count_done(self, tasks: Sequence[int]) -> int:
        done = select(func.count()).where(Task.id.in_(tasks), Task.state == DONE)
        return int(self.year.town.value(done))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Reader]:
    """Open a transaction that sees the database as it is at one moment, whoever writes on."""
    database = engine.database
    level = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with database.readers.execution_options(**level).connect() as connection:
        yield Reader(connection, engine.now(), engine.settings, engine.definitions)
