"""Where a token can still go: along flows, links and boundary events, inside its own body."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.process.model import Body, Kind, Node

_JOINS = frozenset({Kind.INCLUSIVE, Kind.COMPLEX})


def successors(nodes: Mapping[str, Node], bodies: Mapping[str, Body], key: str) -> list[str]:
    """Return what a token at an element can step to next."""
    node = nodes[key]
    found = [flow.target for flow in node.outflows] + list(node.boundaries)
    if node.kind is Kind.THROW and node.events and node.events[0].kind == "link":
        target = bodies[node.body].links.get(node.events[0].name)
        found += [target] if target else []
    return [target for target in found if target in nodes]


def forward(
    nodes: Mapping[str, Node], bodies: Mapping[str, Body], starts: Iterable[str], without: str = ""
) -> frozenset[str]:
    """Return what can be reached from `starts`, themselves included, not passing `without`."""
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        key = todo.pop()
        if key not in seen and key != without:
            seen.add(key)
            todo += successors(nodes, bodies, key)
    return frozenset(seen)


def reach(
    nodes: Mapping[str, Node], bodies: Mapping[str, Body]
) -> dict[tuple[str, str], frozenset[str]]:
    """Return, for each element and inclusive or complex join, the inflows it can arrive by."""
    before = defaultdict(list)
    for key in nodes:
        for target in successors(nodes, bodies, key):
            before[target].append(key)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for gateway in nodes.values():
        if gateway.kind in _JOINS and len(gateway.inflows) > 1:
            for flow in gateway.inflows:
                for start in _backward(before, flow.source, without=gateway.key):
                    found[start, gateway.key].add(flow.key)
    return {pair: frozenset(flows) for pair, flows in found.items()}


def _backward(before: Mapping[str, list[str]], target: str, without: str) -> set[str]:
    """Return the elements from which `target` is reached, not passing `without`."""
    seen: set[str] = set()
    todo = [target]
    while todo:
        key = todo.pop()
        if key not in seen and key != without:
            seen.add(key)
            todo += before.get(key, ())
    return seen
