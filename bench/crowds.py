"""Full tables: a page of the worklist among very many tasks, a tick among very many timers."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Table, insert

from bench.databases import Commit
from bench.ground import Ground, prepared
from bench.samples import Samples
from engine import Engine
from engine.model.base import Base, key_of
from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Timer
from engine.model.tasks import Task, TaskCandidate
from engine.process.state import State, dump
from engine.queries.overview import overview
from engine.queries.worklist import worklist
from engine.rules.access import Actor, Grant, Role
from engine.scheduler import tick

SEED = 20261125
AT_ONCE = 5_000
TASKS_OF_A_CASE = 20
GROUPS = 400
MY_GROUPS = 5
HELD = 0.3
"""The share of open tasks that somebody holds."""
PEOPLE = 200
AHEAD = timedelta(days=120)
WARM = 20


def worklist_page(engine: Engine, commit: Commit, database: str, size: int, samples: int) -> None:
    """Measure pages of fifty rows for people with five groups: first, second, first with counts."""
    ground = prepared(engine, 1)
    chance = random.Random(SEED)  # noqa: S311 - printed numbers, no secrets
    fill_with_tasks(engine, ground, size, chance)
    first, deep, whole = Samples(commit), Samples(commit), Samples(commit)
    for number in range(samples + WARM):
        actor = _somebody(chance)
        if number < WARM:
            _page(engine, actor)
            continue
        page = first.take(partial(_page, engine, actor))
        deep.take(partial(_page, engine, actor, page.next))
        whole.take(partial(_overview, engine, actor))
    first.line("worklist_page", database, size)
    deep.line("worklist_page_deep", database, size)
    whole.line("worklist_overview", database, size)


def _page(engine: Engine, actor: Actor, after: Any = None) -> Any:
    with engine.read() as reader:
        return worklist(reader, actor, after=after)


def _overview(engine: Engine, actor: Actor) -> Any:
    with engine.read() as reader:
        return overview(reader, actor)


def _somebody(chance: random.Random) -> Actor:
    groups = chance.sample(range(GROUPS), MY_GROUPS)
    grants = tuple(Grant(_role(group), _place(group)) for group in groups)
    return Actor(chance.randint(1, 4), "Некто", grants)


def _role(group: int) -> Role:
    return list(Role)[group % len(Role)]


def _place(group: int) -> int:
    return _FIRST_PLACE + group // len(Role)


_FIRST_PLACE = 1_000_001
_FIRST_CASE = 1_000_001


def fill_with_tasks(engine: Engine, ground: Ground, size: int, chance: random.Random) -> None:
    """Write so many open tasks of cases, most of them on offer to one of the groups."""
    now = engine.clock.now()
    places = GROUPS // len(Role)
    _write(engine, Organisation, (_organisation(n) for n in range(places)))
    cases = -(-size // TASKS_OF_A_CASE)
    _write(engine, Case, (_case(ground, n, places, now) for n in range(cases)))
    offers: list[dict[str, Any]] = []
    _write(engine, Task, (_task(n, now, chance, offers) for n in range(size)))
    offers.sort(key=lambda row: (row["organisation_id"], row["role"], row["due_at"]))
    _write(engine, TaskCandidate, iter(offers))
    _analyse(engine)


def _analyse(engine: Engine) -> None:
    """Let the database count its rows, as it does by itself in time."""
    with engine.database.writers.connect() as connection, connection.begin():
        connection.exec_driver_sql("ANALYZE")


def _write(engine: Engine, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    table: Table = Base.metadata.tables[model.__tablename__]
    part: list[dict[str, Any]] = []
    with engine.database.writers.connect() as connection, connection.begin():
        for row in rows:
            part.append(row)
            if len(part) == AT_ONCE:
                connection.execute(insert(table), part)
                part = []
        if part:
            connection.execute(insert(table), part)


def _organisation(number: int) -> dict[str, Any]:
    key = _FIRST_PLACE + number
    name = f"Школа {number}"
    return {
        "id": key,
        "parent_id": 1,
        "kind": "school",
        "name": name,
        "short_name": name,
        "zone": "Asia/Yekaterinburg",
        "path": f"1/{key}/",
        "sort_key": name.lower(),
    }


def _case(ground: Ground, number: int, places: int, now: datetime) -> dict[str, Any]:
    return {
        "id": _FIRST_CASE + number,
        "cycle_id": ground.cycle,
        "organisation_id": _FIRST_PLACE + number % places,
        "definition_id": 1,
        "number": number // places + 1,
        "status": "running",
        "version": 1,
        "state": dump(State("yardstick", "running")),
        "started_at": now,
    }


def _task(
    number: int, now: datetime, chance: random.Random, offers: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return an open task, and note its offer unless somebody holds it."""
    case = _FIRST_CASE + number // TASKS_OF_A_CASE
    group = chance.randrange(GROUPS)
    due_at = now + chance.random() * AHEAD
    due_at = due_at.replace(microsecond=due_at.microsecond // 1000 * 1000)
    key = key_of(case, number % TASKS_OF_A_CASE + 2)
    held = chance.random() < HELD
    offer = {"organisation_id": _place(group), "role": str(_role(group)), "due_at": due_at}
    if not held:
        offers.append({**offer, "task_id": key})
    return {
        "id": key,
        "case_id": case,
        **offer,
        "element": "collect",
        "title": "Сбор данных мониторинга",
        "stage": "1",
        "form": "answer",
        "opened_at": now,
        "assignee_id": chance.randint(1, 4) if held else None,
    }


def idle_tick(engine: Engine, commit: Commit, database: str, size: int, samples: int) -> None:
    """Measure a tick of the scheduler while so many timers wait and none is due."""
    ground = prepared(engine, 1)
    now = engine.clock.now()
    places = GROUPS // len(Role)
    _write(engine, Organisation, (_organisation(n) for n in range(places)))
    cases = -(-size // TASKS_OF_A_CASE)
    _write(engine, Case, (_case(ground, n, places, now) for n in range(cases)))
    _write(engine, Timer, (_timer(n, now) for n in range(size)))
    _analyse(engine)
    tick(engine)
    found = Samples(commit)
    for _ in range(samples):
        found.take(partial(tick, engine))
    found.line("idle_tick", database, size)


def _timer(number: int, now: datetime) -> dict[str, Any]:
    case = _FIRST_CASE + number // TASKS_OF_A_CASE
    due_at = now + timedelta(days=1, seconds=number)
    return {"id": key_of(case, number % TASKS_OF_A_CASE + 2), "case_id": case, "due_at": due_at}
