"""What comes before and after an element, in the words of the diagram: for people who look ahead."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.process.model import PEOPLE, SUBS, Definition, Kind, Node

LEFT: Final = ">"
"""Stands behind the key of a sub-process, or of a call, that a token has left again."""
MOST: Final = 8
"""Elements that are told; a choice of more than that is not looked over."""

_CHOICES: Final = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.COMPLEX})
_STOPS: Final = PEOPLE | {Kind.RECEIVE, Kind.EVENT_BASED}
_ENTERED: Final = (SUBS - {Kind.EVENT_SUB}) | {Kind.CALL}


@dataclass(frozen=True, slots=True)
class Next:
    """
    An element that may follow: work of people, something waited for, or the end.

    ``answers`` are the named choices on the way, as (question, answer). ``together``: others must be
    ready too, the rest of a panel or another branch.
    """

    key: str
    answers: tuple[tuple[str, str], ...] = ()
    together: bool = False


@dataclass(frozen=True, slots=True)
class _Edge:
    target: str
    answer: tuple[str, str] | None = None
    together: bool = False


def after(definition: Definition, key: str) -> tuple[Next, ...]:
    """Return what may follow an element, the nearest first, each once."""
    edges, nodes = _edges(definition), definition.nodes
    todo = deque([Next(key, together=nodes[key].loop is not None)])
    seen, found = {key}, list[Next]()
    while todo and len(found) < MOST:
        here = todo.popleft()
        for edge in edges[here.key]:
            if edge.target in seen:
                continue
            seen.add(edge.target)
            one = _stepped(here, edge)
            if _stops(definition, edge.target):
                found.append(one)
            else:
                todo.append(one)
    return tuple(found)


def _stepped(here: Next, edge: _Edge) -> Next:
    answers = (*here.answers, edge.answer) if edge.answer else here.answers
    return replace(here, key=edge.target, answers=answers, together=here.together or edge.together)


def _stops(definition: Definition, key: str) -> bool:
    """Tell whether an element is told, not passed: work, a wait, or the end of everything."""
    node = definition.nodes.get(key)
    if node is None:
        return False
    main = definition.processes[0] if definition.processes else ""
    ends = node.kind is Kind.END and node.body == main
    return node.kind in _STOPS or ends or (node.kind is Kind.CATCH and not _is_ready_when(node))


def _is_ready_when(node: Node) -> bool:
    """Tell whether an element waits for something of the case itself, not for the world."""
    return node.kind is Kind.CATCH and any(event.kind == "conditional" for event in node.events)


def before(definition: Definition, key: str) -> tuple[str, ...]:
    """Return the work of people that led to an element, the nearest first."""
    backward: defaultdict[str, list[str]] = defaultdict(list)
    for source, edges in _edges(definition).items():
        for edge in edges:
            backward[edge.target].append(source)
    todo, seen, found = deque([key]), {key}, []
    while todo:
        for source in backward[todo.popleft()]:
            if source not in seen:
                seen.add(source)
                todo.append(source)
                node = definition.nodes.get(source)
                if node is not None and node.kind in PEOPLE:
                    found.append(source)
    return tuple(found)


# the diagram as a graph -------------------------------------------------------------------------


def _edges(definition: Definition) -> Mapping[str, list[_Edge]]:
    """Return where a token goes from each element; a sub-process leads through its inside."""
    found: defaultdict[str, list[_Edge]] = defaultdict(list)
    for node in definition.nodes.values():
        body = node.text if node.kind is Kind.CALL else node.key
        if node.kind in _ENTERED and body in definition.bodies:
            found[node.key] += [_Edge(start) for start in definition.bodies[body].starts]
            for end in _ends(definition, body):
                found[end].append(_Edge(node.key + LEFT, together=node.loop is not None))
            found[node.key + LEFT] += _flows(definition, node)
        else:
            found[node.key] += _flows(definition, node)
    return found


def _ends(definition: Definition, body: str) -> Iterator[str]:
    """Yield the elements of a body that nothing leads on from."""
    for node in definition.nodes.values():
        if node.body == body and not node.outflows and node.kind is not Kind.BOUNDARY:
            yield node.key


def _flows(definition: Definition, node: Node) -> Iterator[_Edge]:
    chooses = node.kind in _CHOICES and len(node.outflows) > 1
    for flow in node.outflows:
        target = definition.nodes.get(flow.target)
        joins = target is not None and target.kind is Kind.PARALLEL and len(target.inflows) > 1
        waits = joins or (target is not None and _is_ready_when(target))
        named = chooses and flow.name and not node.key.endswith(node.name)
        yield _Edge(flow.target, (node.name, flow.name) if named else None, together=waits)
    if node.kind is Kind.THROW and node.events and node.events[0].kind == "link":
        link = definition.bodies[node.body].links.get(node.events[0].name)
        yield from [_Edge(link)] if link else []
