"""What comes in (timer, message, signal, condition) and what goes out (throws, errors)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.process.agenda import (
    Depart,
    Drain,
    Finish,
    Leave,
    Outward,
    Raise,
    StartSub,
    Throw,
    Trigger,
    Undo,
)
from engine.process.machine import Machine
from engine.process.model import Event, Kind, Node
from engine.process.state import Wait
from engine.process.waits import arm, fired

# inward -----------------------------------------------------------------------------------------


def trigger(machine: Machine, work: Trigger) -> None:
    """Let the event of a wait happen."""
    wait = machine.waits[work.wait]
    node = machine.definition.nodes[wait.at]
    _take(machine, wait, node.events[wait.index], work.payload)
    ticks = wait.kind == "timer" and fired(machine, wait, node)
    if node.all_events and _misses_others(machine, wait):
        return
    if node.kind is Kind.BOUNDARY:
        _boundary(machine, node, wait.owner)
    elif node.kind is Kind.START:
        _start(machine, node, wait.owner)
    elif ticks and _stays(machine, node, wait.owner):
        machine.put(Leave(machine.tokens[wait.owner].scope, node.key, {}))
    else:
        _caught(machine, node, wait.owner)


def _stays(machine: Machine, node: Node, token: int) -> bool:
    """
    Return whether a repeated timer lets one token through at each tick.

    Behind an event gateway, and together with others, its first tick is all that is awaited.
    """
    return machine.tokens[token].at == node.key and not node.all_events


def _take(machine: Machine, wait: Wait, event: Event, payload: Mapping[str, Any]) -> None:
    """Assign the declared names of what was sent, and nothing else."""
    machine.assign(wait.owner, {name: payload[name] for name in event.payload if name in payload})


def _misses_others(machine: Machine, wait: Wait) -> bool:
    """Spend one event of a parallel multiple one; return whether others are still awaited."""
    if wait.id in machine.waits:
        machine.remove_wait(wait.id)
    return any(machine.waits[w].at == wait.at for w in machine.armed[wait.owner])


def _boundary(machine: Machine, node: Node, host: int) -> None:
    """Leave by a boundary event; an interrupting one ends its activity first."""
    scope = machine.tokens[host].scope
    if node.interrupting:
        machine.drop(host)
    elif node.all_events:
        arm(machine, node, host)
    machine.put(Leave(scope, node.key, {}))


def _start(machine: Machine, node: Node, scope: int) -> None:
    """Start an event sub-process."""
    if node.all_events and not node.interrupting:
        arm(machine, node, scope)
    machine.put(StartSub(scope, node.key))


def _caught(machine: Machine, node: Node, token: int) -> None:
    """Go on behind a catch event, a receive task, or the winner of an event gateway."""
    own = machine.tokens[token].at == node.key
    machine.put(Finish(token) if own and node.kind is Kind.RECEIVE else Depart(token, node.key))


# outward ----------------------------------------------------------------------------------------


def throw(machine: Machine, work: Throw) -> None:
    """Throw the events of an element one after another, then leave it."""
    node = machine.node(work.token)
    if work.nth == len(node.events):
        done = node.kind is Kind.SEND
        machine.put(Finish(work.token) if done else Depart(work.token))
    elif node.events[work.nth].kind in ("compensate", "cancel"):
        machine.put(Undo(work.token, work.nth))
    else:
        machine.put(Raise(work.token, node.events[work.nth]), Throw(work.token, work.nth + 1))


def raise_event(machine: Machine, work: Raise) -> None:
    """Throw one event from where a token stands."""
    token, event = work.token, work.event
    match event.kind:
        case "message":
            _send(machine, token, event)
        case "signal":
            _broadcast(machine, token, event)
        case "error" | "escalation":
            machine.put(Outward(token, event))
        case "link":
            _jump(machine, token, event)
        case _:
            scope = machine.tokens[token].scope
            machine.clear(scope)
            machine.put(Drain(scope))


def _payload(machine: Machine, token: int, event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the declared names that a throw carries, and the values of its correlation keys."""
    names = machine.names(token) if event.payload or event.keys else {}
    element = machine.tokens[token].at
    data = {name: names[name] for name in event.payload if name in names}
    return data, {key: machine.value(element, text, names) for key, text in event.keys}


def _send(machine: Machine, token: int, event: Event) -> None:
    """Send a message; it reaches one case, through the outbox."""
    data, keys = _payload(machine, token, event)
    machine.tell("send", machine.tokens[token].at, token, event.name, data, keys)


def _broadcast(machine: Machine, token: int, event: Event) -> None:
    """Send a signal: to other cases through the outbox, to the waits of this one at once."""
    data, _ = _payload(machine, token, event)
    machine.tell("signal", machine.tokens[token].at, token, event.name, data)
    for wait in machine.waits.values():
        if wait.kind == "signal" and wait.name == event.name:
            machine.put(Trigger(wait.id, data))


def _jump(machine: Machine, token: int, event: Event) -> None:
    """Go on at the link of the same name."""
    scope = machine.tokens[token].scope
    body = machine.definition.bodies[machine.node(token).body]
    machine.drop(token)
    machine.enter(body.links[event.name], scope)


def outward(machine: Machine, work: Outward) -> None:
    """
    Hand an error or escalation from the inside out to the first that catches it.

    At each level: the boundary events of the activity, then the event sub-processes beside it;
    one that names the code before one that catches all. An escalation nobody catches is
    nothing; an error nobody catches ends the case.
    """
    token, event = work.token, work.event
    while token:
        scope = machine.scopes[machine.tokens[token].scope]
        node = machine.node(token)
        if scope.kind != "loop" and (caught := _catcher(machine, node.boundaries, event)):
            _boundary(machine, caught, token)
            return
        if scope.kind in ("process", "body", "call") and node.kind is not Kind.EVENT_SUB:
            starts = [start for _, start in machine.definition.bodies[scope.at].event_subs]
            if caught := _catcher(machine, starts, event):
                machine.put(StartSub(scope.id, caught.key))
                return
        token = scope.owner
    if event.kind == "error":
        _fail(machine, work.token, event.name)


def _catcher(machine: Machine, keys: Sequence[str], event: Event) -> Node | None:
    """Return the element among `keys` that catches an event."""
    nodes = [machine.definition.nodes[key] for key in keys]
    for name in (event.name, "") if event.name else ("",):
        for node in nodes:
            if any(e.kind == event.kind and e.name == name for e in node.events):
                return node
    return None


def _fail(machine: Machine, token: int, code: str) -> None:
    """End the case by an error that nobody caught."""
    element = machine.tokens[token].at
    machine.shut(next(iter(machine.scopes)))
    machine.status = "failed"
    machine.tell("failed", element, token, code)
