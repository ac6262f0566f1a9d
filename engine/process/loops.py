"""Standard loops and multi-instance activities: begin, count, collect, quorum, end."""

from typing import Any

from msgspec.structs import replace

from engine.errors import Fault
from engine.process.agenda import (
    Begin,
    CloseLoop,
    Finish,
    Next,
    OpenLoop,
    Raise,
    Report,
)
from engine.process.machine import Machine
from engine.process.model import PEOPLE, Loop, Node
from engine.process.state import Names, Scope, Token


def open_loop(machine: Machine, work: OpenLoop) -> None:
    """Open the scope of a loop."""
    token, node = work.token, machine.node(work.token)
    loop = _loop(node)
    machine.turn(token, "inside")
    items = [] if loop.kind == "standard" else _items(machine, token, node, loop)
    number = machine.add_scope(
        Scope(machine.number(), node.key, "loop", token, total=len(items), items=items)
    )
    machine.put(Next(number))


def _loop(node: Node) -> Loop:
    """Return the loop marker of a looped activity."""
    if node.loop is None:
        raise Fault(element=node.key, why="у элемента нет признака повторения")
    return node.loop


def _items(machine: Machine, token: int, node: Node, loop: Loop) -> list[Any]:
    """
    Return one item per instance: of the list, or the numbers 0 to n - 1.

    Raises:
        Fault: The list is no list, or the count is no number of instances (13.3.7).
    """
    names = machine.names(token)
    found = machine.value(node.key, loop.items or loop.cardinality, names)
    if loop.items and isinstance(found, list | tuple):
        return list(found)
    if not loop.items and type(found) is int and found >= 0:
        return list(range(found))
    raise Fault(element=node.key, why=f"«{found}» — не список и не число исполнителей")


def _instance(machine: Machine, number: int) -> None:
    """Begin the next instance; ``loopCounter`` is 1 in the first one (table 10.30)."""
    scope = machine.scopes[number]
    node = machine.definition.nodes[scope.at]
    loop, index = _loop(node), scope.begun
    local: Names = {"loopCounter": index + 1}
    if loop.item:
        local[loop.item] = scope.items[index]
    if loop.result:
        local[loop.result] = None
    machine.scopes[number] = replace(scope, begun=index + 1)
    token = machine.place(Token(machine.number(), node.key, number, index=index, local=local))
    if node.kind in PEOPLE:
        machine.put(Begin(token))
    else:
        machine.queue.append(token)


def report(machine: Machine, work: Report) -> None:
    """Count an instance, collect its result, throw its events, and ask for the quorum."""
    token, node = machine.tokens[work.token], machine.node(work.token)
    loop, scope = _loop(node), machine.scopes[token.scope]
    results = scope.results
    if loop.result:
        results = [*results, [token.index, token.local.get(loop.result)]]
    scope = machine.scopes[scope.id] = replace(scope, done=scope.done + 1, results=results)
    machine.drop(token.id)
    if loop.kind == "standard":
        machine.put(Next(scope.id))
        return
    names = machine.names(scope.owner) | token.local | _counters(machine, loop, scope)
    _throw(machine, node, loop, scope, names)
    enough = loop.condition and machine.value(node.key, loop.condition, names)
    machine.put(CloseLoop(scope.id) if enough else Next(scope.id))


def _counters(machine: Machine, loop: Loop, scope: Scope) -> Names:
    """Return the standard's counters, the same by the names that modelers write, the results."""
    counts = {
        "OfInstances": scope.total,
        "OfCompletedInstances": scope.done,
        "OfActiveInstances": len(machine.within[scope.id]),
        "OfTerminatedInstances": scope.ended,
    }
    names: Names = {prefix + k: v for k, v in counts.items() for prefix in ("number", "nr")}
    return names | ({loop.results: _in_order(scope)} if loop.results else {})


def _in_order(scope: Scope) -> list[Any]:
    """Return the results in the order of the items, never of completion."""
    return [value for _, value in sorted(scope.results, key=lambda pair: int(pair[0]))]


def _throw(machine: Machine, node: Node, loop: Loop, scope: Scope, names: Names) -> None:
    """Throw the behaviour's events from the activity's own token."""
    if loop.first_only and scope.done > 1:
        return
    for condition, event in loop.throws:
        if not condition or machine.value(node.key, condition, names):
            machine.put(Raise(scope.owner, event))


def go_on(machine: Machine, work: Next) -> None:
    """Begin the instances whose turn has come, or end the loop when none is left."""
    scope = machine.scopes[work.scope]
    node = machine.definition.nodes[scope.at]
    loop = _loop(node)
    if loop.kind == "parallel":
        for _ in range(scope.total - scope.begun):
            _instance(machine, scope.id)
    elif not machine.within[scope.id] and _again(machine, node, loop, scope):
        _instance(machine, scope.id)
    if not machine.within[scope.id]:
        machine.put(CloseLoop(scope.id))


def _again(machine: Machine, node: Node, loop: Loop, scope: Scope) -> bool:
    """Return whether another instance follows one by one (13.3.6, 13.3.7)."""
    if loop.kind == "sequential":
        return scope.begun < scope.total
    if loop.maximum is not None and scope.begun >= loop.maximum:
        return False
    if not loop.condition or not (loop.test_before or scope.begun):
        return True
    names = machine.names(scope.owner) | {"loopCounter": scope.begun}
    return bool(machine.value(node.key, loop.condition, names))


def close_loop(machine: Machine, work: CloseLoop) -> None:
    """Take away what is still open, hand the results out, and finish the activity."""
    scope = machine.scopes[work.scope]
    loop = _loop(machine.definition.nodes[scope.at])
    machine.shut(scope.id)
    if loop.results:
        machine.assign(scope.owner, {loop.results: _in_order(scope)})
    machine.keep(machine.tokens[scope.owner].scope, scope.log)
    machine.put(Finish(scope.owner))
