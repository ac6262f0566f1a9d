"""What each command puts on the agenda, and when it is refused."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from engine.errors import CaseNotRunning, Fault, NotOpen
from engine.process.agenda import Finish, Next, OpenProcess, Outward, Trigger
from engine.process.machine import Machine
from engine.process.model import GATEWAYS, Event, Kind, Node
from engine.process.orders import (
    Add,
    Assign,
    Command,
    Complete,
    Deliver,
    Fail,
    Move,
    Set,
    Start,
    Withdraw,
)
from engine.process.state import Scope, Status, Token

REPAIRS = Set | Move | Add | Withdraw | Assign
"""Commands that a suspended case takes; what they set going waits until it is resumed."""

TURNS: dict[Status, frozenset[Status]] = {
    "running": frozenset({"running", "suspended", "cancelled"}),
    "suspended": frozenset({"running", "suspended", "cancelled"}),
}
"""Status -> those that `Set` may turn it to."""

WORDS: dict[Status, str] = {
    "new": "ещё не начато",
    "running": "уже идёт",
    "suspended": "приостановлено",
    "completed": "завершено",
    "failed": "остановлено ошибкой",
    "cancelled": "отменено",
}

CANNOT_MOVE_TO = frozenset({Kind.BOUNDARY, Kind.EVENT_SUB, Kind.START})


def perform(machine: Machine, command: Command) -> None:
    """
    Put the first work of a command on the agenda.

    Raises:
        NotOpen: The token or wait that it names is gone.
        CaseNotRunning: The case is not in a status that takes this command.
        Fault: It asks for something that this diagram does not allow.
    """
    if not _takes(machine.status, command):
        raise CaseNotRunning(status=WORDS[machine.status])
    _PERFORM[type(command)](machine, command)


def _takes(status: Status, command: Command) -> bool:
    """Return whether a case in a status takes a command; one that is over has no tokens left."""
    if isinstance(command, Start):
        return status == "new"
    if status == "suspended":
        return isinstance(command, REPAIRS)
    return status == "running" or not isinstance(command, Set | Assign)


def _start(machine: Machine, command: Start) -> None:
    machine.process, machine.status = command.process, "running"
    machine.put(OpenProcess(command.process, command.variables, command.at))


def _complete(machine: Machine, command: Complete) -> None:
    token = machine.there(command.token, "open")
    machine.receive(machine.node(token.id), token.id, command.variables)
    machine.put(Finish(token.id))


def _fail(machine: Machine, command: Fail) -> None:
    token = machine.there(command.token, "open")
    machine.put(Outward(token.id, Event("error", command.code)))


def _deliver(machine: Machine, command: Deliver) -> None:
    if command.wait not in machine.waits:
        raise NotOpen
    machine.put(Trigger(command.wait, command.payload))


def _add(machine: Machine, command: Add) -> None:
    loop = machine.scopes.get(machine.child.get(machine.there(command.token).id, 0))
    node = machine.node(command.token)
    if loop is None or loop.kind != "loop" or node.loop is None or node.loop.kind == "standard":
        raise Fault(element=node.key, why="исполнителя можно добавить только в работающую группу")
    machine.scopes[loop.id] = replace(loop, total=loop.total + 1, items=[*loop.items, command.item])
    machine.put(Next(loop.id))


def _withdraw(machine: Machine, command: Withdraw) -> None:
    token = machine.there(command.token)
    loop, node = machine.scopes[token.scope], machine.node(token.id)
    if token.index < 0 or node.loop is None or node.loop.kind == "standard":
        raise Fault(element=node.key, why="снять можно только одного из группы исполнителей")
    machine.drop(token.id)
    machine.scopes[loop.id] = replace(loop, ended=loop.ended + 1)
    machine.put(Next(loop.id))


def _assign(machine: Machine, command: Assign) -> None:
    machine.assign(next(iter(machine.scopes)), command.variables)


def _move(machine: Machine, command: Move) -> None:
    token = machine.there(command.token)
    node = machine.definition.nodes.get(command.to)
    if node is None or not _can_move(machine.scopes[token.scope], node):
        raise Fault(
            element=command.to, why="сюда переместить нельзя: выберите элемент того же уровня"
        )
    machine.drop(token.id)
    if node.kind in GATEWAYS:
        machine.queue.append(machine.place(Token(machine.number(), node.key, token.scope)))
    else:
        machine.enter(node.key, token.scope)


def _can_move(scope: Scope, node: Node) -> bool:
    """Return whether a token of `scope` may be moved to `node`."""
    level = scope.kind in ("process", "body", "call") and node.body == scope.at
    return level and node.kind not in CANNOT_MOVE_TO and not node.is_handler


def _set(machine: Machine, command: Set) -> None:
    if command.status not in TURNS[machine.status]:
        raise CaseNotRunning(status=WORDS[machine.status])
    if machine.status == "suspended" and command.status == "running":
        machine.queue.extend(t.id for t in machine.tokens.values() if t.state == "ready")
        machine.assigned = True
    machine.status = command.status
    if command.status == "cancelled":
        machine.shut(next(iter(machine.scopes)))


_PERFORM: dict[type[Command], Callable[[Machine, Any], None]] = {
    Start: _start,
    Complete: _complete,
    Fail: _fail,
    Deliver: _deliver,
    Add: _add,
    Withdraw: _withdraw,
    Assign: _assign,
    Move: _move,
    Set: _set,
}
