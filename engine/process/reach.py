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
    peers = defaultdict(list)
    for node in nodes.values():
        peers[node.body].append(node.key)
    found = {}
    for gateway in nodes.values():
        if gateway.kind in _JOINS and len(gateway.inflows) > 1:
            for start in peers[gateway.body]:
                if arrivals := _arrivals(nodes, bodies, start, gateway):
                    found[start, gateway.key] = arrivals
    return found


def _arrivals(
    nodes: Mapping[str, Node], bodies: Mapping[str, Body], start: str, gateway: Node
) -> frozenset[str]:
    """Return the keys of the inflows of a gateway that a token at `start` can arrive by."""
    seen = forward(nodes, bodies, [start], without=gateway.key)
    return frozenset(flow.key for flow in gateway.inflows if flow.source in seen)
