"""Which events should be armed, and the difference when a case moves to another version."""

from collections import Counter
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from engine.process.machine import Machine
from engine.process.model import HELD, Definition, Kind, Node
from engine.process.state import Scope, State, Token, Wait
from engine.process.waits import arm_event, correlation

Armed = tuple[int, str, str, str, str, int]
"""Owner, element, kind, name, form, and the how-manieth of these: one event that is waited for."""

WAITERS = frozenset({Kind.CATCH, Kind.RECEIVE})


def armed_by(
    definition: Definition, state: State, to: Callable[[str], str] = str
) -> dict[Armed, int]:
    """Return the events that a state should wait for, spent or not, with their index."""
    found: dict[Armed, int] = {}
    for owner, key in _carriers(definition, state):
        seen: Counter[tuple[str, str, str]] = Counter()
        for index, event in enumerate(definition.nodes[key].events):
            if event.kind in HELD:
                same = (event.kind, event.name, event.form)
                found[(owner, to(key), *same, seen[same])] = index
                seen[same] += 1
    return found


def _carriers(definition: Definition, state: State) -> Iterator[tuple[int, str]]:
    """Walk owners with the elements whose events they wait for."""
    for token in state.tokens.values():
        for key in _of_token(definition.nodes[token.at], token):
            yield token.id, key
    for scope in state.scopes.values():
        if scope.kind in ("process", "body", "call") and not _handling(definition, state, scope):
            for _, start in definition.bodies[scope.at].event_subs:
                yield scope.id, start


def _of_token(node: Node, token: Token) -> list[str]:
    """Return the elements whose events a token waits for."""
    keys = list(node.boundaries) if token.index < 0 and token.state != "join" else []
    if token.state == "wait" and node.kind is Kind.EVENT_BASED:
        keys += [flow.target for flow in node.outflows]
    if token.state == "wait" and node.kind in WAITERS:
        keys.append(node.key)
    return keys


def _handling(definition: Definition, state: State, scope: Scope) -> bool:
    """Return whether a scope only waits for event sub-processes: it starts no new ones."""
    tokens = [token for token in state.tokens.values() if token.scope == scope.id]
    return all(definition.nodes[token.at].kind is Kind.EVENT_SUB for token in tokens)


def rearm(machine: Machine, before: dict[Armed, int], to: Callable[[str], str]) -> None:
    """
    Arm what is new, disarm what has gone, keep the rest with its due moment and firings.

    Args:
        machine: The case, already in the new version, with the waits of the old one.
        before: What the old version waited for, by new keys: what of it is spent stays spent.
        to: Key in the old version -> key in the new one.
    """
    wanted = armed_by(machine.definition, machine.result())
    numbers = {(one[0], one[1], index): one for one, index in before.items()}
    for wait in list(machine.waits.values()):
        one = numbers.get((wait.owner, to(wait.at), wait.index))
        if one is None or one not in wanted:
            machine.remove_wait(wait.id)
        else:
            _keep(machine, wait, to(wait.at), wanted[one])
    for one, index in wanted.items():
        if one not in before and (one[0] in machine.tokens or one[0] in machine.scopes):
            arm_event(machine, machine.definition.nodes[one[1]], index, one[0])
    machine.assigned = True


def _keep(machine: Machine, wait: Wait, at: str, index: int) -> None:
    """Let a wait go on under its new element, with the keys that this one declares."""
    node = machine.definition.nodes[at]
    event = node.events[index]
    keys = correlation(machine, node, event, machine.names(wait.owner)) if event.keys else []
    machine.waits[wait.id] = replace(wait, at=at, index=index, keys=keys)
