"""Completing tasks, starting cases, and what a finished case takes on the disk."""

import json
from dataclasses import dataclass
from functools import partial

from bench import yardstick
from bench.databases import Commit, stored_bytes, vacuum
from bench.ground import Ground, prepared
from bench.samples import Samples
from engine import Engine
from engine.commands.cases import StartCase
from engine.commands.tasks import CompleteTask
from engine.rules.access import SYSTEM, Actor

AGES = {18: 4, 60: 20, 150: 20, 1000: 100}
"""Completions of a case so far, and how many before that are measured: rounds of rework all."""

WARM = 40
FINISHED = 100
VACUUMED = 10
ROUNDS = (18 - yardstick.FEWEST) // yardstick.ROUND


def complete_task(engine: Engine, commit: Commit, database: str, samples: int) -> None:
    """Measure claim + complete + next tasks at four ages of a case, one of each in turn."""
    ground = prepared(engine, len(AGES) + 1)
    ground.lead(ground.start(ground.schools[-1]), WARM)
    ages = [
        _Age(ground, school, size, window)
        for school, (size, window) in zip(ground.schools, AGES.items(), strict=False)
    ]
    found = {age.size: Samples(commit) for age in ages}
    for _ in range(samples):
        for age in ages:
            found[age.size].take(partial(engine.do, *age.next_step()))
    for size, measured in found.items():
        measured.line("complete_task", database, size)


@dataclass
class _Age:
    """Cases of one school, each measured over its last completions before a size."""

    ground: Ground
    school: int
    size: int
    window: int
    case_id: int = 0
    left: int = 0

    def next_step(self) -> tuple[CompleteTask, Actor]:
        """Return the next completion to measure, of a new case when this one has its size."""
        if not self.left:
            self._renew()
        self.left -= 1
        step = self.ground.next_step(self.case_id)
        if step is None:
            raise RuntimeError(f"case {self.case_id} has ended")
        return step

    def _renew(self) -> None:
        if self.case_id:
            self.ground.cancel(self.case_id)
        self.case_id = self.ground.start(self.school)
        self.ground.lead(self.case_id, self.size - self.window)
        self.left = self.window


def start_case(engine: Engine, commit: Commit, database: str, samples: int) -> None:
    """Measure the start of a case; each is cancelled, unmeasured, for the next."""
    ground = prepared(engine, 1)
    command = StartCase(ground.cycle, ground.schools[0], {"experts": ground.experts})
    found = Samples(commit)
    for number in range(samples + WARM):
        if number < WARM:
            ground.cancel(engine.do(command, SYSTEM))
        else:
            ground.cancel(found.take(partial(engine.do, command, SYSTEM)))
    found.line("start_case", database, 1)


def case_bytes(engine: Engine, _commit: Commit, database: str, _samples: int) -> None:
    """Measure how the database grows by a hundred finished cases of 18 completions."""
    ground = prepared(engine, 1)
    _finish(engine, ground)
    before = stored_bytes(engine)
    _finish(engine, ground)
    each = (stored_bytes(engine) - before) // FINISHED
    line = {"name": "case_bytes", "database": database, "size": 18, "bytes": each}
    print(json.dumps(line), flush=True)


def _finish(engine: Engine, ground: Ground) -> None:
    """Finish cases, making old versions of rows free again now and then as autovacuum does."""
    for number in range(FINISHED):
        if number % VACUUMED == 0:
            vacuum(engine)
        ground.finish(ground.schools[0], ROUNDS)
