"""
From the effects of a step, and the difference of two states, to rows.

The only place that does this. New rows are kept by the unit and written as one statement per
table before the commit; what a step opened and closed again leaves nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, select, update

from engine.commands.locked import LockedCase
from engine.commands.openings import open_task
from engine.errors import ExpressionFailed, ExpressionRefused, Fault, TimerRefused
from engine.events import (
    BranchLost,
    CaseCompleted,
    CaseFailed,
    IncidentRaised,
    MessageSent,
    ServiceCalled,
    ServiceDone,
    SignalSent,
    StageEntered,
    TaskClosed,
    TaskOpened,
)
from engine.model.base import from_ms, key_of
from engine.model.cases import Case
from engine.model.records import Incident, Job, Outgoing, Subscription, Timer
from engine.model.tasks import CLOSED, OPEN, Task, TaskCandidate
from engine.prepared import Prepared
from engine.process.model import PEOPLE, Definition
from engine.process.orders import Effect, Language
from engine.process.state import State, Wait, dump
from engine.rules.calendar import day_of
from engine.rules.notices import full_title
from engine.unit import Unit

WRITE_CASE: Final = Prepared(
    update(Case)
    .where(Case.id == bindparam("case_id"), Case.version == bindparam("read_version"))
    .values(
        version=bindparam("new_version"),
        status=bindparam("new_status"),
        stage=bindparam("new_stage"),
        outcome=bindparam("new_outcome"),
        state=bindparam("new_state"),
        ended_at=bindparam("new_ended_at"),
    )
)

CLOSE_TASK: Final = Prepared(
    update(Task)
    .where(Task.id == bindparam("task_id"), Task.state == OPEN)
    .values(state=CLOSED, ended_at=bindparam("now"), remind_at=None)
)

WITHDRAW_OFFER: Final = Prepared(
    delete(TaskCandidate).where(TaskCandidate.task_id == bindparam("task_id"))
)

_CALLED: Final = frozenset({"message", "signal"})
_ENDED: Final = frozenset({"completed", "failed", "cancelled"})


@dataclass(slots=True)
class Net:
    """What a step comes to for each token: numbers of tokens, in order of happening."""

    opened: dict[int, Effect] = field(default_factory=dict)
    called: dict[int, Effect] = field(default_factory=dict)
    done: list[Effect] = field(default_factory=list)
    closed: list[Effect] = field(default_factory=list)
    rest: list[Effect] = field(default_factory=list)


def net_of(effects: Iterable[Effect]) -> Net:
    """Sort the effects; work that was opened and ended within the step leaves nothing."""
    net = Net()
    for effect in effects:
        match effect.kind:
            case "open":
                net.opened[effect.token] = effect
            case "call":
                net.called[effect.token] = effect
            case "done" | "close":
                if not (net.opened.pop(effect.token, None) or net.called.pop(effect.token, None)):
                    (net.done if effect.kind == "done" else net.closed).append(effect)
            case _:
                net.rest.append(effect)
    return net


def carry_out(
    unit: Unit,
    case: LockedCase,
    after: State,
    effects: Iterable[Effect],
    language: Language,
    spent: int = 0,
) -> None:
    """
    Write what a step has changed; the case then stands at `after`.

    Args:
        unit: The transaction of the command.
        case: As it was read; its `state` is the one before the step.
        after: The state after the step.
        effects: Of the step.
        language: The one that the step was made with.
        spent: The wait whose timer row the caller has taken already.

    Raises:
        Stale: Somebody else has written the case since it was read.
        Fault: A task cannot be opened as the diagram wants it.
    """
    net = net_of(effects)
    _end_work(unit, case, net)
    _enter_stage(unit, case, after)
    _open_work(unit, case, after, net, language)
    _note(unit, case, net.rest)
    _write_timers(unit, case, after, spent)
    _write_subscriptions(unit, case, after)
    _write_case(unit, case, after, net.rest)


# work -------------------------------------------------------------------------------------------


def _end_work(unit: Unit, case: LockedCase, net: Net) -> None:
    """Close tasks that the process took away; remove the jobs of services that ended."""
    nodes = case.process.definition.nodes
    for effect in net.closed:
        if nodes[effect.element].kind in PEOPLE:
            task_id = key_of(case.id, effect.token)
            unit.defer(CLOSE_TASK, {"task_id": task_id, "now": unit.now})
            unit.defer(WITHDRAW_OFFER, {"task_id": task_id})
            unit.record(TaskClosed(case_id=case.id, task_id=task_id, element=effect.element))
    services = [e for e in net.done + net.closed if nodes[e.element].kind not in PEOPLE]
    unit.remove(Job, [key_of(case.id, effect.token) for effect in services])
    for effect in services:
        if effect.kind == "done":
            unit.record(ServiceDone(case_id=case.id, element=effect.element))


def _open_work(unit: Unit, case: LockedCase, after: State, net: Net, language: Language) -> None:
    """Write the tasks of people and the jobs of services that the step has opened."""
    for token, effect in net.opened.items():
        try:
            row = open_task(unit, case, after, token, language)
        except (ExpressionFailed, ExpressionRefused, TimerRefused) as problem:
            raise Fault(element=effect.element, why=problem.sentence) from problem
        event = TaskOpened(
            case_id=case.id,
            task_id=row["id"],
            element=effect.element,
            assignee_id=row["assignee_id"],
            title=full_title(row["title"], row["item"]),
            place=case.place,
            opened_on=day_of(unit.now, case.zone),
            due_on=day_of(row["due_at"], case.zone),
        )
        unit.record(event)
    for token, effect in net.called.items():
        row = {
            "id": key_of(case.id, token),
            "case_id": case.id,
            "service": effect.name,
            "inputs": dict(effect.data),
            "due_at": unit.now,
        }
        unit.add(Job, row)
        unit.record(ServiceCalled(case_id=case.id, element=effect.element))


# waits ------------------------------------------------------------------------------------------


def _write_timers(unit: Unit, case: LockedCase, after: State, spent: int) -> None:
    """Bring the timer rows to the timer waits: none while the case does not run."""
    had = {w.id: w.due for w in _timers(case.state) if w.id != spent}
    has = {w.id: w.due for w in _timers(after)}
    if had == has:
        return
    moved = [number for number, due in had.items() if has.get(number) != due]
    unit.remove(Timer, [key_of(case.id, number) for number in moved])
    for number, due in has.items():
        if had.get(number) != due:
            row = {"id": key_of(case.id, number), "case_id": case.id, "due_at": from_ms(due)}
            unit.add(Timer, row)


def _write_subscriptions(unit: Unit, case: LockedCase, after: State) -> None:
    """
    Bring the subscription rows to the message and signal waits.

    A suspended case keeps them: what comes for it is tried again until it is resumed.
    """
    had = {wait.id: wait for wait in case.state.waits.values() if wait.kind in _CALLED}
    has = {wait.id: wait for wait in after.waits.values() if wait.kind in _CALLED}
    unit.remove(Subscription, [key_of(case.id, number) for number in had.keys() - has.keys()])
    for number in has.keys() - had.keys():
        wait = has[number]
        row = {
            "id": key_of(case.id, number),
            "case_id": case.id,
            "kind": wait.kind,
            "name": wait.name,
            "keys": keys_of(case.process.definition, wait),
        }
        unit.add(Subscription, row)


def _timers(state: State) -> list[Wait]:
    """Return the timer waits that have rows: those of a running case."""
    if state.status != "running":
        return []
    return [wait for wait in state.waits.values() if wait.kind == "timer"]


def keys_of(definition: Definition, wait: Wait) -> str:
    """Return the correlation keys of a wait as text that equals the sender's."""
    event = definition.nodes[wait.at].events[wait.index]
    return keys_text({name: value for (name, _), value in zip(event.keys, wait.keys, strict=True)})


def keys_text(keys: Mapping[str, Any]) -> str:
    """Return key values as JSON, sorted by name: all of them must match."""
    return orjson.dumps(keys, option=orjson.OPT_SORT_KEYS).decode()


# what else happened -----------------------------------------------------------------------------


def _note(unit: Unit, case: LockedCase, effects: list[Effect]) -> None:
    """Send messages and signals, raise incidents, tell of branches that ended."""
    for number, effect in enumerate(effects):
        match effect.kind:
            case "send":
                _send(unit, case, effect, number)
            case "signal":
                _signal(unit, case, effect, number)
            case "lost":
                unit.record(BranchLost(case_id=case.id, element=effect.element))
            case "failed":
                unit.record(CaseFailed(case_id=case.id, element=effect.element, code=effect.name))
                raise_incident(unit, case, "failed", effect.element, _UNCAUGHT + effect.name)
            case "stuck":
                raise_incident(unit, case, "stuck", effect.element, _STUCK)


_UNCAUGHT: Final = "Ошибка, которую схема не обрабатывает: "
_STUCK: Final = "Дело идёт, но в нём ничего не открыто и ничего не ожидается"


def _send(unit: Unit, case: LockedCase, effect: Effect, number: int) -> None:
    """Put a message to one other case into the outbox."""
    payload = {"name": effect.name, "keys": keys_text(effect.keys), "data": dict(effect.data)}
    _post(unit, case, "message", payload, f"{case.id}:{case.version}:{number}")
    unit.record(MessageSent(case_id=case.id, element=effect.element, name=effect.name))


def _signal(unit: Unit, case: LockedCase, effect: Effect, number: int) -> None:
    """Put a signal into the outbox, once for each wait of another case."""
    waits = select(Subscription.id).where(
        Subscription.kind == "signal",
        Subscription.name == effect.name,
        Subscription.case_id != case.id,
    )
    for row in unit.rows(waits):
        payload = {"name": effect.name, "wait": row.id, "data": dict(effect.data)}
        _post(unit, case, "signal", payload, f"{case.id}:{case.version}:{number}:{row.id}")
    unit.record(SignalSent(case_id=case.id, element=effect.element, name=effect.name))


def _post(unit: Unit, case: LockedCase, kind: str, payload: dict[str, Any], key: str) -> None:
    row = {
        "kind": kind,
        "payload": payload,
        "case_id": case.id,
        "dedup_key": f"{kind}:{key}",
        "created_at": unit.now,
        "not_before": unit.now,
    }
    unit.add(Outgoing, row)


def raise_incident(
    unit: Unit, case: LockedCase, kind: str, element: str, why: str, job_id: int | None = None
) -> None:
    """Write an incident that keeps the state before the step."""
    row = {
        "case_id": case.id,
        "at": unit.now,
        "kind": kind,
        "element": element,
        "sentence": f"{why.rstrip('.')}.",
        "job_id": job_id,
        "state_before": case.stored,
    }
    incident = unit.insert(Incident, row)
    event = IncidentRaised(
        case_id=case.id, element=element, incident_id=incident, why=why.rstrip(".")
    )
    unit.record(event)


# the case itself --------------------------------------------------------------------------------


def _enter_stage(unit: Unit, case: LockedCase, after: State) -> None:
    """Move the case to the furthest stage that has an open task."""
    stage = stage_of(case, after)
    if stage != case.stage:
        case.stage = stage
        stages = case.process.definition.stages
        name = next((one.name for one in stages if one.key == stage), stage)
        unit.record(StageEntered(case_id=case.id, name=name))


def _write_case(unit: Unit, case: LockedCase, after: State, effects: list[Effect]) -> None:
    """Write the state, guarded by the version that was read."""
    outcome = _outcome(case, effects)
    values = {
        "case_id": case.id,
        "read_version": case.version,
        "new_version": case.version + 1,
        "new_status": after.status,
        "new_stage": case.stage,
        "new_outcome": outcome,
        "new_state": dump(after),
        "new_ended_at": unit.now if after.status in _ENDED else None,
    }
    unit.defer(WRITE_CASE, values, guarded=True)
    if after.status == "completed" and case.status != "completed":
        node = case.process.definition.nodes.get(outcome)
        unit.record(CaseCompleted(case_id=case.id, outcome=node.name if node else ""))
    case.state, case.version, case.status = after, case.version + 1, after.status
    case.outcome = outcome


def _outcome(case: LockedCase, effects: list[Effect]) -> str:
    """
    Return the end event that closed the case.

    A process whose branches end at different times names the one that counts in a variable
    ``outcome``; of any other it is the one reached last.
    """
    found = (str(e.data.get("outcome") or e.name) for e in effects if e.kind == "ended")
    return next(found, case.outcome)


def stage_of(case: LockedCase, state: State) -> str:
    """Return the furthest stage that has an open task; without one, the last is kept."""
    nodes, order = case.process.definition.nodes, case.process.stages
    works = [nodes[t.at].work for t in state.tokens.values() if t.state == "open"]
    stages = [work.stage for work in works if work is not None and work.stage in order]
    return max(stages, key=order.__getitem__, default=case.stage)
