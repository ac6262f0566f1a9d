"""
Whether the rows agree with the states of the cases: every difference, in a sentence.

The states are the truth and the rows their index; both are written in one transaction, so any
difference is a fault of the program. Run after every command of every test, and nightly.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from engine.model.base import key_of, to_ms
from engine.model.cases import Case
from engine.model.records import Incident, Job, Subscription, Timer
from engine.model.tasks import OPEN, Task, TaskCandidate
from engine.process.model import PEOPLE
from engine.process.state import State, load
from engine.unit import Reader


def differences(reader: Reader, case_id: int | None = None) -> list[str]:
    """Return what does not agree, of all cases or of one; empty when all is well."""
    cases = select(Case.id, Case.definition_id, Case.status, Case.state)
    if case_id is not None:
        cases = cases.where(Case.id == case_id)
    found: list[str] = []
    for row in reader.rows(cases.order_by(Case.id)):
        found += _of_case(reader, row, load(row.state))
    return found + list(_of_candidates(reader, case_id))


def _of_case(reader: Reader, row: Any, state: State) -> Iterator[str]:
    nodes = reader.versions.get(row.definition_id).definition.nodes
    opened = [t for t in state.tokens.values() if t.state == "open"]
    people = {key_of(row.id, t.id) for t in opened if nodes[t.at].kind in PEOPLE}
    services = {key_of(row.id, t.id) for t in opened} - people
    yield from _differ(row.id, "статус", {row.status}, {state.status})
    yield from _differ(row.id, "задачи", people, _keys(reader, Task, row.id, Task.state == OPEN))
    yield from _differ(row.id, "вызовы", services, _keys(reader, Job, row.id))
    awaited = _timers(row.id, state)
    yield from _differ(
        row.id, "таймеры", set(awaited.items()), set(_stored_timers(reader, row.id, awaited))
    )
    yield from _differ(
        row.id, "подписки", _subscribed(row.id, state), _keys(reader, Subscription, row.id)
    )
    if state.status == "running" and not state.waits and not opened:
        raised = select(Incident.id).where(
            Incident.case_id == row.id, Incident.resolved_at.is_(None)
        )
        if reader.value(raised) is None:
            yield f"Дело {row.id}: ничего не открыто и не ожидается, а сбоя нет."


def _differ(case_id: int, what: str, state: set[Any], rows: set[Any]) -> Iterator[str]:
    """Say what only the state has, and what only the rows have."""
    if state != rows:
        yield (
            f"Дело {case_id}: {what}: в состоянии {sorted(state - rows)}, "
            f"в таблице {sorted(rows - state)}."
        )


def _keys(reader: Reader, model: Any, case_id: int, *conditions: Any) -> set[int]:
    found = select(model.id).where(model.case_id == case_id, *conditions)
    return {row.id for row in reader.rows(found)}


def _timers(case_id: int, state: State) -> dict[int, int]:
    waits = state.waits.values() if state.status == "running" else ()
    return {key_of(case_id, wait.id): wait.due for wait in waits if wait.kind == "timer"}


def _stored_timers(
    reader: Reader, case_id: int, awaited: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the rows; one that was due already may have been put off, and agrees all the same."""
    for row in reader.rows(select(Timer.id, Timer.due_at).where(Timer.case_id == case_id)):
        due = to_ms(row.due_at)
        own = awaited.get(row.id, due)
        yield row.id, own if own <= min(due, to_ms(reader.now)) else due


def _subscribed(case_id: int, state: State) -> set[int]:
    waits = [w for w in state.waits.values() if w.kind in ("message", "signal")]
    return {key_of(case_id, wait.id) for wait in waits}


def _of_candidates(reader: Reader, case_id: int | None) -> Iterator[str]:
    """Open tasks without a holder have one candidate row of theirs; all others have none."""
    tasks = select(Task.id, Task.organisation_id, Task.role, Task.due_at).where(
        Task.state == OPEN, Task.assignee_id.is_(None)
    )
    offers = select(
        TaskCandidate.task_id,
        TaskCandidate.organisation_id,
        TaskCandidate.role,
        TaskCandidate.due_at,
    )
    if case_id is not None:
        tasks = tasks.where(Task.case_id == case_id)
        offers = offers.where(
            TaskCandidate.task_id.between(key_of(case_id, 0), key_of(case_id + 1, 0) - 1)
        )
    wanted = Counter(tuple(row) for row in reader.rows(tasks))
    found = Counter(tuple(row) for row in reader.rows(offers))
    for row in sorted((wanted - found).keys()):
        yield f"Задача {row[0]} никому не предложена."
    for row in sorted((found - wanted).keys()):
        yield f"Задача {row[0]} предложена, хотя её держат или она закрыта."
