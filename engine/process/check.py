"""The rules a definition must keep to be run as drawn; each is a function with its sentence."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.errors import Finding
from engine.process import check_events, check_flows, check_house
from engine.process.host import Host
from engine.process.model import Body, Definition, Event, Kind, Node

_ON_BODIES: Final[tuple[Callable[[Definition, Body], Iterator[Finding]], ...]] = (
    check_flows.on_bodies,
)
_ON_NODES: Final[tuple[Callable[[Definition, Node], Iterator[Finding]], ...]] = (
    check_flows.ends,
    check_flows.conditions,
    check_flows.default,
    check_flows.gateways,
    check_flows.event_gateway,
    check_flows.activities,
    check_events.kinds,
    check_events.awaited,
    check_events.event_sub,
    check_events.interrupting,
    check_events.endless,
    check_events.boundary,
    check_events.cancel,
    check_events.compensated,
    check_events.links,
    check_events.behaviour,
)
_THROWS: Final = frozenset({Kind.THROW, Kind.END})
_ON_HOUSE: Final[tuple[Callable[[Definition, Node, Host], Iterator[Finding]], ...]] = (
    check_house.tasks,
    check_house.starts,
    check_house.settings,
)


def check(definition: Definition, host: Host, *, whole: bool) -> list[Finding]:
    """
    Return every reason against a definition.

    Args:
        definition: With all its elements, broken ones left out.
        host: Whose rules apply.
        whole: Nothing was left out, so that what cannot be reached is the author's fault.
    """
    found = [] if definition.processes else [_nothing()]
    for body in definition.bodies.values():
        for on_body in (*_ON_BODIES, *((check_flows.unreachable,) if whole else ())):
            found += on_body(definition, body)
    for node in definition.nodes.values():
        for on_node in _ON_NODES:
            found += on_node(definition, node)
        for on_house in _ON_HOUSE if host.house else ():
            found += on_house(definition, node, host)
    return [*found, *_calls(definition, host)]


def _nothing() -> Finding:
    return Finding("definitions", "Нет исполняемого процесса: поставьте isExecutable=true.")


def _calls(definition: Definition, host: Host) -> Iterator[Finding]:
    """A called process is there, and no call leads back to where it came from."""
    calls = [node for node in definition.nodes.values() if node.kind is Kind.CALL and node.text]
    called: dict[str, set[str]] = {}
    for node in calls:
        called.setdefault(process_of(definition, node), set()).add(node.text)
    for node in calls:
        here = node.text in definition.bodies and node.text not in definition.nodes
        if not here and not host.late:
            yield Finding(node.key, f"Вызываемого процесса «{node.text}» нет.")
        elif process_of(definition, node) in _onward(called, node.text):
            yield Finding(node.key, "Вызов возвращается в свой же процесс. Разорвите круг.")
        elif _undone(definition, node, _onward(called, node.text)):
            yield Finding(node.key, "Сделанное в вызове отменяет его обработчик: поставьте его.")


def _undone(definition: Definition, call: Node, called: set[str]) -> bool:
    """
    Tell whether something would undo what a call has done, other than a handler of the call.

    The handlers inside the called process see its variables, which are gone with it.
    """
    if call.handler or call.is_handler:
        return False
    around = [call.key]
    while around[-1] in definition.nodes:
        around.append(definition.nodes[around[-1]].body)
    of = {node.key: process_of(definition, node) for node in definition.nodes.values()}
    can = any(of[n.key] in called for n in definition.nodes.values() if n.handler or _handles(n))
    throws = [
        (node, event)
        for node in definition.nodes.values()
        if node.kind in _THROWS and of[node.key] == around[-1]
        for event in node.events
    ]
    return can and any(_reaches(*one, around) for one in throws)


def _handles(node: Node) -> bool:
    """Tell whether an element starts a compensation event sub-process."""
    return node.kind is Kind.START and any(event.kind == "compensate" for event in node.events)


def _reaches(thrower: Node, event: Event, around: list[str]) -> bool:
    """Tell whether a throw undoes something, given what that something stands in."""
    if event.kind == "cancel":
        return thrower.body in around
    return event.kind == "compensate" and (event.name in around or not event.name)


def process_of(definition: Definition, node: Node) -> str:
    """Return the process that holds an element, however deep."""
    body = node.body
    while body in definition.nodes:
        body = definition.nodes[body].body
    return body


def _onward(called: Mapping[str, set[str]], process: str) -> set[str]:
    """Return a process and all that it calls, directly or not."""
    seen: set[str] = set()
    todo = [process]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += called.get(at, ())
    return seen
