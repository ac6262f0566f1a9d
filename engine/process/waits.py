"""Arming events and looking at conditions."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.errors import Fault, TimerRefused
from engine.process import timing
from engine.process.agenda import Trigger
from engine.process.machine import Machine
from engine.process.model import HELD, Event, Kind, Node
from engine.process.state import Names, Wait


def arm(machine: Machine, node: Node, owner: int) -> None:
    """Let a token or scope wait for all events of `node` that can be waited for."""
    for index, event in enumerate(node.events):
        if event.kind in HELD:
            arm_event(machine, node, index, owner)


def arm_event(machine: Machine, node: Node, index: int, owner: int) -> None:
    """
    Let a token or scope wait for one event of `node`.

    A condition that is true already fires at once.

    Raises:
        Fault: A timer is no timer, or an expression has no value.
    """
    event = node.events[index]
    names = machine.names(owner) if _looks(event) else {}
    due, left = _timer(machine, node, event, names) if event.kind == "timer" else (0, 1)
    keys = correlation(machine, node, event, names)
    was = event.kind == "conditional" and bool(machine.value(node.key, event.text, names))
    number, since = machine.number(), machine.now if event.form == "timeCycle" else 0
    machine.add_wait(
        Wait(number, owner, node.key, index, event.kind, event.name, due, left, keys, was, since)
    )
    if was:
        machine.put(Trigger(number, {}))


def correlation(machine: Machine, node: Node, event: Event, names: Mapping[str, Any]) -> list[Any]:
    """Return the values of an event's correlation keys, in the order of the definition."""
    return [machine.value(node.key, text, names) for _, text in event.keys]


def _looks(event: Event) -> bool:
    """Return whether arming an event evaluates anything."""
    return event.kind == "conditional" or bool(event.keys) or event.text.startswith("=")


def _timer(machine: Machine, node: Node, event: Event, names: Mapping[str, Any]) -> tuple[int, int]:
    """Return the due moment and the firings of a timer armed now."""
    try:
        due, left = timing.first(event.form, timer_text(machine, node, event, names), machine.now)
    except TimerRefused as problem:
        raise Fault(element=node.key, why=problem.sentence) from problem
    if left == timing.FOR_EVER and node.kind is Kind.CATCH:
        raise Fault(element=node.key, why="бесконечный цикл в потоке: укажите число повторений")
    return due, left


def timer_text(machine: Machine, node: Node, event: Event, names: Mapping[str, Any]) -> Any:
    """Return the text of a timer, or what its expression gives."""
    if event.text.startswith("="):
        return machine.value(node.key, event.text[1:], names)
    return event.text


def fired(machine: Machine, wait: Wait, node: Node) -> bool:
    """
    Count one firing of a timer and set its next due moment; return whether it fires again.

    The next moment is counted from the last one, not from the clock: firings that a sleeping
    host has missed are all made up for.
    """
    left = max(wait.left - 1, -1)
    if left == 0:
        machine.remove_wait(wait.id)
        return False
    event = node.events[wait.index]
    names: Names = machine.names(wait.owner) if event.text.startswith("=") else {}
    try:
        text = timer_text(machine, node, event, names)
        due = timing.following(text, wait.due, wait.since or None)
    except TimerRefused as problem:
        raise Fault(element=node.key, why=problem.sentence) from problem
    machine.waits[wait.id] = replace(wait, left=left, due=due)
    return True


def look_again(machine: Machine) -> None:
    """Fire every condition that has turned from false to true since it was looked at last."""
    for wait in [w for w in machine.waits.values() if w.kind == "conditional"]:
        text = machine.definition.nodes[wait.at].events[wait.index].text
        true = bool(machine.value(wait.at, text, machine.names(wait.owner)))
        if true != wait.was:
            machine.waits[wait.id] = replace(wait, was=true)
        if true and not wait.was:
            machine.put(Trigger(wait.id, {}))
