"""Splits and joins: which flows are taken, and when a gateway has all it waits for."""

from collections.abc import Mapping
from typing import Any

from engine.errors import Fault
from engine.process.agenda import Drain, Join, Leave
from engine.process.machine import Machine
from engine.process.model import GATEWAYS, Flow, Kind, Node
from engine.process.state import Names, Token

# splits -----------------------------------------------------------------------------------------


def leave(machine: Machine, work: Leave) -> None:
    """
    Put a token on every flow that is taken.

    Raises:
        Fault: No flow out of a gateway is true (13.4.2, 13.4.3, 13.4.5).
    """
    node = machine.definition.nodes[work.node]
    taken = _taken(machine, node, work.names)
    if not taken and node.outflows:
        if node.kind in GATEWAYS:
            raise Fault(element=node.key, why="ни одно условие на выходе не выполнено")
        machine.tell("lost", node.key)
    for _ in range(work.times):
        for flow in taken:
            machine.enter(flow.target, work.scope, flow.key)
    if not taken:
        machine.put(Drain(work.scope))


def _taken(machine: Machine, node: Node, names: Mapping[str, Any]) -> list[Flow]:
    """Return the flows that are taken, in document order."""
    if node.kind is Kind.EXCLUSIVE:
        return _first(machine, node, names)
    if not node.default and not any(flow.condition for flow in node.outflows):
        return list(node.outflows)
    true = [f for f in node.outflows if f.key != node.default and _true(machine, f, names)]
    if not any(flow.condition for flow in true):
        true += [flow for flow in node.outflows if flow.key == node.default]
    return true


def _first(machine: Machine, node: Node, names: Mapping[str, Any]) -> list[Flow]:
    """Return the first true flow; those behind it are not even looked at."""
    for flow in node.outflows:
        if flow.key != node.default and _true(machine, flow, names):
            return [flow]
    return [flow for flow in node.outflows if flow.key == node.default]


def _true(machine: Machine, flow: Flow, names: Mapping[str, Any]) -> bool:
    """Return whether a flow can be taken."""
    return not flow.condition or bool(machine.value(flow.source, flow.condition, names))


# joins ------------------------------------------------------------------------------------------


def join(machine: Machine, work: Join) -> None:
    """Let a parallel join go on when it is full, a complex one when its condition holds."""
    token, node = machine.tokens[work.token], machine.node(work.token)
    if node.kind is Kind.PARALLEL:
        here = _first_by_flow(machine, token)
        if len(here) == len(node.inflows):
            _merge(machine, here)
    elif node.kind is Kind.COMPLEX:
        _activate(machine, token, node)


def _first_by_flow(machine: Machine, token: Token) -> dict[str, Token]:
    """Return the oldest waiting token of each flow at a token's gateway."""
    here: dict[str, Token] = {}
    for other in _at_gateway(machine, token):
        if other.state == "join":
            here.setdefault(other.via, other)
    return here


def _merge(machine: Machine, here: Mapping[str, Token]) -> None:
    """Replace one waiting token of each flow by a single one that goes on."""
    for token in here.values():
        machine.drop(token.id)
    machine.queue.append(machine.place(Token(machine.number(), token.at, token.scope)))


def _activate(machine: Machine, token: Token, node: Node) -> None:
    """
    Fire a complex gateway once; what still comes by other flows is swallowed (13.4.5).

    A second token on a flow that has given one already stays for the round after the reset.
    """
    spent = {t.via for t in _at_gateway(machine, token) if t.state == "fired"}
    if spent:
        if token.via not in spent:
            machine.turn(token.id, "fired")
        return
    here = _first_by_flow(machine, token)
    seen: Names = {"activationCount": len(here), "waitingForStart": True}
    if machine.value(node.key, node.text, machine.names(token.id) | seen):
        for other in here.values():
            machine.turn(other.id, "fired")
        onward = Token(machine.number(), token.at, token.scope, local=seen)
        machine.queue.append(machine.place(onward))


def _at_gateway(machine: Machine, token: Token) -> list[Token]:
    """Return the tokens of a scope that stand where `token` does."""
    here = [machine.tokens[number] for number in machine.within[token.scope]]
    return [other for other in here if other.at == token.at]


def release(machine: Machine) -> bool:
    """
    Release one inclusive join that nothing more can reach, or reset one complex gateway.

    Looked at only when nothing else is left to do. Returns whether there was one.
    """
    for number in list(machine.gathering):
        token = machine.tokens[number]
        kind = machine.definition.nodes[token.at].kind
        if kind is Kind.INCLUSIVE and token.state == "join" and not _expected(machine, token):
            _merge(machine, _first_by_flow(machine, token))
            return True
        if token.state == "fired" and not _expected(machine, token):
            _reset(machine, token)
            return True
    return False


def _expected(machine: Machine, token: Token) -> bool:
    """
    Return whether another token can still come to the gateway of a waiting one.

    Both clauses of 13.4.3: one that could arrive by a flow without a token holds the join up,
    unless it could also arrive by a flow that has one.
    """
    others = [machine.tokens[t] for t in machine.within[token.scope]]
    filled = {t.via for t in others if t.at == token.at and t.state == token.state}
    reach = machine.definition.reach
    for other in others:
        if other.at != token.at:
            flows = reach.get((other.at, token.at), frozenset())
            if flows and flows.isdisjoint(filled):
                return True
    return False


def _reset(machine: Machine, token: Token) -> None:
    """Swallow what a complex gateway has taken, and let it begin anew with what is left."""
    for other in _at_gateway(machine, token):
        if other.state == "fired":
            machine.drop(other.id)
    left = [other.id for other in _at_gateway(machine, token)]
    machine.put(Join(left[0]) if left else Drain(token.scope))
