"""What can be undone, and undoing it: compensation and the cancel of a transaction."""

from typing import Any

from msgspec.structs import replace

from engine.process.agenda import Drain, Leave, Logged, Open, Throw, Undo, Undone
from engine.process.machine import Machine
from engine.process.model import Event, Kind
from engine.process.state import Scope, Token

Entry = list[Any]
"""[activity, handler, the activities it was inside of, the log inside it]"""


def logged(machine: Machine, work: Logged) -> None:
    """
    Remember in the scope around an activity that it is done and how to undo it.

    Its own handler comes before a compensation event sub-process inside it, and that before
    the handlers of what was done inside (13.5.5).
    """
    token, node = machine.tokens[work.token], machine.node(work.token)
    inside = _handler_inside(machine, node.key)
    if node.handler:
        machine.keep(token.scope, [[node.key, node.handler, [], []]])
    elif inside:
        machine.keep(token.scope, [[node.key, inside, [], work.inner]])
    else:
        moved = [[key, by, [*around, node.key], log] for key, by, around, log in work.inner]
        machine.keep(token.scope, moved)


def _handler_inside(machine: Machine, key: str) -> str:
    """Return the compensation event sub-process of a sub-process."""
    body = machine.definition.bodies.get(key)
    for sub, start in body.event_subs if body else ():
        if machine.definition.nodes[start].events[0].kind == "compensate":
            return sub
    return ""


def undo(machine: Machine, work: Undo) -> None:
    """Collect what is due, and run its handlers, newest first, inside the thrower's token."""
    event = machine.node(work.token).events[work.nth]
    if event.kind == "cancel":
        scope = machine.tokens[work.token].scope
        machine.clear(scope, keep=work.token)
        _end_others(machine, scope)
    else:
        scope = _nearest(machine, work.token, event)
    due = _due(machine.scopes[scope], event)
    if not due and event.kind == "compensate":
        machine.put(Throw(work.token, work.nth + 1))
        return
    left = [entry for entry in machine.scopes[scope].log if entry not in due]
    machine.scopes[scope] = replace(machine.scopes[scope], log=left)
    _open_undo(machine, work, due)


def _end_others(machine: Machine, scope: int) -> None:
    """
    End the other instances of a repeated transaction; what they have done is undone as well.

    The cancel event ends the whole activity, so nothing later could undo it.
    """
    own = machine.scopes[scope]
    instance = machine.tokens[own.owner]
    if instance.index >= 0:
        machine.clear(instance.scope, keep=instance.id)
        loop = machine.scopes[instance.scope]
        machine.scopes[loop.id] = replace(loop, log=[])
        machine.scopes[scope] = replace(own, log=[*loop.log, *own.log])


def _nearest(machine: Machine, token: int, event: Event) -> int:
    """Return the nearest scope around a thrower, within its process, that has anything due."""
    first = scope = machine.scopes[machine.tokens[token].scope]
    while not _due(scope, event):
        if scope.kind in ("process", "call"):
            return first.id
        scope = machine.scopes[machine.tokens[scope.owner].scope]
    return scope.id


def _due(scope: Scope, event: Event) -> list[Entry]:
    """Return what a throw undoes: everything, or the activity it names and what was inside it."""
    return [e for e in scope.log if event.name in ("", e[0], *e[2])]


def _open_undo(machine: Machine, work: Undo, due: list[Entry]) -> None:
    """Open the scope in which the handlers run one after another."""
    at = machine.tokens[work.token].at
    rest = [[handler, inner] for _, handler, _, inner in due]
    machine.turn(work.token, "inside")
    number = machine.number()
    machine.put(
        Undone(machine.add_scope(Scope(number, at, "undo", work.token, begun=work.nth, rest=rest)))
    )


def undone(machine: Machine, work: Undone) -> None:
    """Run the next handler; after the last go on with the thrower."""
    scope = machine.scopes[work.scope]
    if not scope.rest:
        _go_on(machine, scope)
        return
    *rest, (handler, inner) = scope.rest
    machine.scopes[scope.id] = replace(scope, rest=rest)
    if machine.definition.nodes[handler].kind is Kind.EVENT_SUB:
        host = machine.place(Token(machine.number(), handler, scope.id, "inside"))
        machine.put(Open(host, inner))
    else:
        machine.enter(handler, scope.id)


def _go_on(machine: Machine, scope: Scope) -> None:
    """Leave a cancelled transaction, or let the thrower throw what comes next."""
    machine.shut(scope.id)
    if machine.node(scope.owner).events[scope.begun].kind == "cancel":
        _leave_cancelled(machine, scope.owner)
    else:
        machine.turn(scope.owner, "ready")
        machine.put(Throw(scope.owner, scope.begun + 1))


def _leave_cancelled(machine: Machine, thrower: int) -> None:
    """Leave by the cancel boundary of the transaction; without one its branch ends."""
    token = machine.tokens[machine.scopes[machine.tokens[thrower].scope].owner]
    if token.index >= 0:
        token = machine.tokens[machine.scopes[token.scope].owner]
    node = machine.node(token.id)
    machine.drop(token.id)
    for key in node.boundaries:
        if any(event.kind == "cancel" for event in machine.definition.nodes[key].events):
            machine.put(Leave(token.scope, key, {}))
            return
    machine.tell("lost", node.key, token.id)
    machine.put(Drain(token.scope))
