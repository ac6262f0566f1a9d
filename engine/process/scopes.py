"""Scopes open, are populated, and run empty: processes, sub-processes, calls, event handlers."""

from msgspec.structs import replace

from engine.errors import Fault
from engine.process.agenda import (
    Depart,
    Drain,
    Finish,
    Leave,
    Logged,
    Offer,
    Open,
    OpenProcess,
    Populate,
    StartSub,
    Undone,
)
from engine.process.machine import Machine
from engine.process.model import PEOPLE, Body, Kind, Node
from engine.process.state import Scope, Token
from engine.process.waits import arm


def open_process(machine: Machine, work: OpenProcess) -> None:
    """Begin the process itself."""
    scope = Scope(machine.number(), work.process, "process", vars=dict(work.variables))
    _open(machine, scope, work.start)


def open_inside(machine: Machine, work: Open) -> None:
    """Begin a sub-process, or a called process with what its mapping passes in."""
    node = machine.node(work.token)
    if node.kind is Kind.CALL:
        names = machine.names(work.token) if node.inputs else {}
        given = {name: machine.value(node.key, text, names) for name, text in node.inputs}
        _open(machine, Scope(machine.number(), node.text, "call", work.token, given))
    else:
        _open(machine, Scope(machine.number(), node.key, "body", work.token, log=work.log))


def start_sub(machine: Machine, work: StartSub) -> None:
    """Start an event sub-process; an interrupting one ends everything beside it first."""
    start = machine.definition.nodes[work.start]
    if start.interrupting:
        machine.clear(work.scope)
    host = machine.place(Token(machine.number(), start.body, work.scope, "inside"))
    _open(machine, Scope(machine.number(), start.body, "body", host), start.key)


def _open(machine: Machine, scope: Scope, start: str = "") -> None:
    """Add a scope and arm its event sub-processes; its first tokens come after that."""
    body = machine.definition.bodies[scope.at]
    machine.add_scope(replace(scope, vars=dict.fromkeys(body.data) | scope.vars))
    machine.grown = machine.grown or bool(scope.vars)
    for _, first in body.event_subs:
        arm(machine, machine.definition.nodes[first], scope.id)
    machine.put(Populate(scope.id, start))


def populate(machine: Machine, work: Populate) -> None:
    """Put the first tokens into a scope, unless a true condition has interrupted it already."""
    scope = machine.scopes[work.scope]
    if any(_interrupts(machine, token) for token in machine.within[scope.id]):
        return
    if work.start:
        machine.put(Leave(scope.id, work.start, {}))
        return
    for key in _first(machine, scope, machine.definition.bodies[scope.at]):
        machine.enter(key, scope.id)


def _interrupts(machine: Machine, token: int) -> bool:
    """Return whether the event sub-process of a token has interrupted its scope."""
    start = machine.definition.bodies[machine.tokens[token].at].starts[0]
    return machine.definition.nodes[start].interrupting


def _first(machine: Machine, scope: Scope, body: Body) -> list[str]:
    """
    Return the elements that begin; a sequential ad-hoc sub-process keeps the rest for later.

    Start events that wait for something are alternatives to what begins by itself (13.2).

    Raises:
        Fault: Nothing begins by itself, and no one event of several was named.
    """
    plain = [k for k in body.starts if not _alternative(machine.definition.nodes[k])]
    if not plain and len(body.starts) > 1:
        raise Fault(element=body.key, why="начал несколько, и каждое ждёт своего события")
    plain = plain or list(body.starts)
    if not body.one_at_a_time:
        return plain
    _rest(machine, scope, plain[1:])
    return plain[:1]


def _alternative(node: Node) -> bool:
    """Return whether a start happens only when its event does."""
    return bool(node.events) and (node.kind is Kind.START or node.instantiates)


def _rest(machine: Machine, scope: Scope, rest: list[str]) -> None:
    """Remember the activities that an ad-hoc sub-process still has to offer."""
    machine.scopes[scope.id] = replace(machine.scopes[scope.id], rest=rest)


def offer(machine: Machine, work: Offer) -> None:
    """
    End an ad-hoc sub-process when its condition holds, else offer the activity once more.

    People's activities without incoming flows may be done again as long as it does not hold;
    automatic ones run once.
    """
    token, node = machine.tokens[work.token], machine.node(work.token)
    scope = machine.scopes[token.scope]
    body = machine.definition.bodies[scope.at]
    if body.until and machine.value(scope.at, body.until, machine.names(token.id)):
        machine.clear(scope.id)
        machine.put(Drain(scope.id))
        return
    if body.until and node.kind in PEOPLE and node.key in body.starts:
        _again(machine, scope, body, node)
    machine.put(Depart(token.id))


def _again(machine: Machine, scope: Scope, body: Body, node: Node) -> None:
    """Offer an activity once more: at once, or behind the others."""
    if body.one_at_a_time:
        _rest(machine, scope, [*scope.rest, node.key])
    else:
        machine.enter(node.key, scope.id)


def drain(machine: Machine, work: Drain) -> None:
    """
    End a scope that holds no token any more; a sequential ad-hoc one offers what is next first.

    One that waits only for event sub-processes under way starts no new ones (13.5.4).
    """
    scope = machine.scopes[work.scope]
    left = machine.within[scope.id]
    if not all(machine.node(token).kind is Kind.EVENT_SUB for token in left):
        return
    if scope.kind == "body" and scope.rest:
        _rest(machine, scope, scope.rest[1:])
        machine.enter(scope.rest[0], scope.id)
    elif left:
        machine.disarm(scope.id)
    else:
        _ended(machine, scope)


def _ended(machine: Machine, scope: Scope) -> None:
    """Go on after a scope has run empty."""
    if scope.kind == "undo":
        machine.put(Undone(scope.id))
    elif scope.kind == "process":
        machine.shut(scope.id)
        machine.status = "completed"
        machine.tell("ended", scope.at, name=machine.end, data=scope.vars)
    else:
        _end(machine, scope)


def _end(machine: Machine, scope: Scope) -> None:
    """Close a scope inside a token, map the results of a call out, and go on outside."""
    machine.shut(scope.id)
    token, node = scope.owner, machine.node(scope.owner)
    if node.kind is Kind.EVENT_SUB:
        outer = machine.tokens[token].scope
        machine.drop(token)
        machine.put(Drain(outer))
        return
    if scope.kind == "call" and node.outputs:
        machine.receive(node, token, scope.vars)
    if scope.kind == "body" and not node.handler:
        machine.put(Logged(token, scope.log))
    machine.put(Finish(token))
