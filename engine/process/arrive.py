"""A token arrives at an element, acts, begins its work, finishes, departs."""

from engine.errors import BpmnError, ExpressionFailed, ExpressionRefused, Fault
from engine.process.agenda import (
    Act,
    Arrive,
    Begin,
    Depart,
    Drain,
    Finish,
    Join,
    Leave,
    Logged,
    Offer,
    Open,
    OpenLoop,
    Outward,
    Report,
    Throw,
)
from engine.process.machine import Machine
from engine.process.model import ACTIVITIES, PEOPLE, Event, Kind, Node
from engine.process.state import Names, Token
from engine.process.waits import arm

JOINS = frozenset({Kind.PARALLEL, Kind.INCLUSIVE, Kind.COMPLEX})
AT_ONCE = PEOPLE | {Kind.RECEIVE}
"""Kinds whose work begins on arrival; all others wait for their turn."""


def arrive(machine: Machine, work: Arrive) -> None:
    """Let elements that wait begin to wait, and queue those that act."""
    token, node = work.token, machine.node(work.token)
    if node.needs > 1 and not _gathered(machine, machine.tokens[token], node):
        machine.turn(token, "join")
    elif node.kind in ACTIVITIES:
        _arrive_at_activity(machine, token, node)
    elif node.kind in JOINS and len(node.inflows) > 1:
        machine.turn(token, "join")
        machine.put(Join(token))
    elif node.kind is Kind.EVENT_BASED:
        machine.turn(token, "wait")
        for flow in node.outflows:
            arm(machine, machine.definition.nodes[flow.target], token)
    elif node.kind is Kind.CATCH and node.events[0].kind != "link":
        machine.turn(token, "wait")
        arm(machine, node, token)
    else:
        machine.queue.append(token)


def _gathered(machine: Machine, token: Token, node: Node) -> bool:
    """Return whether an activity has its start quantity; the tokens before are used up."""
    here = [
        t for t in machine.within[token.scope] if machine.tokens[t].at == node.key and t < token.id
    ]
    waiting = [t for t in here if machine.tokens[t].state == "join"]
    if len(waiting) < node.needs - 1:
        return False
    for other in waiting:
        machine.drop(other)
    return True


def _arrive_at_activity(machine: Machine, token: int, node: Node) -> None:
    """Arm the boundary events; one that fires at once comes before the activity's own work."""
    for boundary in node.boundaries:
        arm(machine, machine.definition.nodes[boundary], token)
    if node.loop is None and node.kind in AT_ONCE:
        machine.put(Begin(token))
    else:
        machine.queue.append(token)


def act(machine: Machine, work: Act) -> None:
    """Do what an element does when its turn has come."""
    token, node = work.token, machine.node(work.token)
    if node.kind is Kind.END and node.body == machine.process:
        machine.end = node.key
    if node.kind in ACTIVITIES:
        looped = node.loop is not None and machine.tokens[token].index < 0
        machine.put(OpenLoop(token) if looped else Begin(token))
    elif node.kind in (Kind.THROW, Kind.END) and node.events:
        machine.put(Throw(token))
    else:
        machine.put(Depart(token))


def begin(machine: Machine, work: Begin) -> None:
    """Begin the work of an activity."""
    token, node = work.token, machine.node(work.token)
    match node.kind:
        case Kind.USER | Kind.MANUAL:
            machine.turn(token, "open")
            machine.tell("open", node.key, token, node.name)
        case Kind.SERVICE:
            _call(machine, token, node)
        case Kind.SCRIPT | Kind.DECISION:
            _compute(machine, token, node)
        case Kind.RECEIVE:
            machine.turn(token, "wait")
            arm(machine, node, token)
        case Kind.SUB | Kind.TRANSACTION | Kind.AD_HOC | Kind.CALL:
            machine.turn(token, "inside")
            machine.put(Open(token))
        case Kind.SEND:
            machine.put(Throw(token))
        case _:
            machine.put(Finish(token))


def _call(machine: Machine, token: int, node: Node) -> None:
    """Hand a service its mapped values; the host lets it work after the commit."""
    names = machine.names(token) if node.inputs else {}
    data = {name: machine.value(node.key, text, names) for name, text in node.inputs}
    machine.turn(token, "open")
    machine.tell("call", node.key, token, node.text, data)


def _compute(machine: Machine, token: int, node: Node) -> None:
    """Run a script or decide a table, and assign what it gives."""
    try:
        values = _computed(machine, node, machine.names(token))
    except BpmnError as error:
        machine.put(Outward(token, Event("error", error.code)))
        return
    except (ExpressionFailed, ExpressionRefused) as problem:
        raise Fault(element=node.key, why=problem.sentence) from problem
    machine.receive(node, token, values)
    machine.put(Finish(token))


def _computed(machine: Machine, node: Node, names: Names) -> Names:
    """Return what a script assigns or a table decides."""
    if node.kind is Kind.SCRIPT:
        return machine.language.execute(node.text, names)
    return machine.language.decide(node.text, names)


def finish(machine: Machine, work: Finish) -> None:
    """Report to the loop, offer what comes next in an ad-hoc sub-process, or depart."""
    token, node = machine.tokens[work.token], machine.node(work.token)
    scope = machine.scopes[token.scope]
    if token.state == "open":
        machine.turn(token.id, "ready")
        machine.tell("done", node.key, token.id)
    if token.index >= 0:
        machine.put(Report(token.id))
        return
    if node.handler:
        machine.put(Logged(token.id, []))
    ad_hoc = scope.kind == "body" and machine.definition.bodies[scope.at].ad_hoc
    machine.put(Offer(token.id) if ad_hoc else Depart(token.id))


def depart(machine: Machine, work: Depart) -> None:
    """Take the token away and let others take the flows; conditions see what it saw."""
    token = machine.tokens[work.token]
    node = machine.definition.nodes[work.node or token.at]
    names = machine.names(token.id) if any(f.condition for f in node.outflows) else {}
    machine.drop(token.id)
    if node.outflows:
        machine.put(Leave(token.scope, node.key, names, node.quantity))
    else:
        machine.put(Drain(token.scope))
