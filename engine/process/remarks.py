"""What runs as drawn but is probably not meant so: warnings for the author."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

from engine.errors import ExpressionRefused, Finding
from engine.process.check_flows import holds
from engine.process.language import compiled
from engine.process.model import GATEWAYS, Body, Definition, Event, Flow, Kind, Node
from engine.process.overlaps import both
from engine.process.reach import forward, successors

_COMPARED: Final = 20
"""Branches of one split that are compared, and names that are told."""
_SPLITS: Final = frozenset({Kind.PARALLEL, Kind.INCLUSIVE, Kind.COMPLEX})


@dataclass(frozen=True)
class _Survey:
    """A definition with what several remarks ask about, found once."""

    definition: Definition

    @cached_property
    def branches(self) -> dict[str, list[frozenset[str]]]:
        """What each arrow out of an element that sends several tokens leads to."""
        nodes, bodies = self.definition.nodes, self.definition.bodies
        return {
            node.key: [forward(nodes, bodies, [flow.target], node.key) for flow in node.outflows]
            for node in nodes.values()
            if len(node.outflows) > 1 and (node.kind in _SPLITS or node.kind not in GATEWAYS)
        }

    @cached_property
    def assigned(self) -> dict[str, set[str]]:
        """The names that each element assigns, those inside it included."""
        nodes = self.definition.nodes
        found: dict[str, set[str]] = {key: set() for key in nodes}
        for node in nodes.values():
            names = {name for name, _ in node.outputs} | _targets(node)
            at: Node | None = node
            while at is not None:
                found[at.key] |= names
                at = nodes.get(at.body)
        return found

    def names(self, keys: frozenset[str]) -> set[str]:
        """Return the names that these elements assign."""
        return set().union(*(self.assigned[key] for key in keys))


def remarks(definition: Definition) -> list[Finding]:
    """Return everything the author of a sound definition should look at."""
    survey = _Survey(definition)
    found: list[Finding] = []
    for node in definition.nodes.values():
        found += _overlapping(node)
        found += _same_names(survey, node)
        found += _meeting(definition, node)
        found += _starving(survey, node)
        found += _uncaught(definition, node)
    for body in definition.bodies.values():
        found += _endings(definition, body)
    return list(dict.fromkeys(found))


def _overlapping(node: Node) -> Iterator[Finding]:
    """Of an exclusive gateway only the first true condition counts."""
    if node.kind is not Kind.EXCLUSIVE:
        return
    conditional = [flow for flow in node.outflows if flow.condition][:_COMPARED]
    for first, second in combinations(conditional, 2):
        if _together(first.condition, second.condition):
            sentence = f"Условия «{first.condition}» и «{second.condition}» бывают верны вместе."
            yield Finding(node.key, f"{sentence} Пойдёт по первой стрелке.")


def _together(first: str, second: str) -> bool:
    """Tell whether two conditions can hold at once, as far as it is cheap to see."""
    try:
        return both(first, second)
    except (ExpressionRefused, SyntaxError):
        return False


def _same_names(survey: _Survey, node: Node) -> Iterator[Finding]:
    """Of two branches that assign one name the later wins, whichever it is."""
    branches = survey.branches.get(node.key, [])[:_COMPARED]
    names: set[str] = set()
    for one, other in combinations(branches, 2):
        names |= survey.names(one - other) & survey.names(other - one)
    for name in sorted(names)[:_COMPARED]:
        yield Finding(node.key, f"Две ветви меняют «{name}»: останется то, что записано позже.")


def _targets(node: Node) -> set[str]:
    """Return the names a script assigns; one in another language assigns none that we know."""
    if node.kind is not Kind.SCRIPT or not node.text:
        return set()
    try:
        return {line.target for line in compiled(node.text, "exec")}
    except ExpressionRefused:
        return set()


def _meeting(definition: Definition, node: Node) -> Iterator[Finding]:
    """Branches that run together should be joined before they meet."""
    if node.kind is not Kind.PARALLEL or len(node.outflows) < 2:
        return
    ways = Counter(key for flow in node.outflows for key in _unjoined(definition, flow))
    for key, times in ways.items():
        met = definition.nodes[key]
        if times > 1 and len(met.inflows) > 1 and met.kind is not Kind.END:
            yield Finding(key, "Параллельные ветви сходятся без шлюза «И»: дальше пойдут обе.")


def _unjoined(definition: Definition, flow: Flow) -> frozenset[str]:
    """Return what an arrow leads to before the next join."""
    seen: set[str] = set()
    todo = [flow.target]
    while todo:
        key = todo.pop()
        node = definition.nodes[key]
        joins = node.kind in _SPLITS and len(node.inflows) > 1
        if key not in seen and not joins:
            seen.add(key)
            todo += successors(definition.nodes, definition.bodies, key)
    return frozenset(seen)


def _starving(survey: _Survey, node: Node) -> Iterator[Finding]:
    """A parallel join waits for all its arrows: something must split the way before it."""
    if node.kind is Kind.PARALLEL and len(node.inflows) > 1:
        sources = {flow.source for flow in node.inflows} | {node.key}
        others = survey.definition.nodes.values()
        if not any(other.body == node.body and _feeds(survey, other, sources) for other in others):
            yield Finding(node.key, "Шлюз «И» ждёт все стрелки, но ничто перед ним не делит путь.")


def _feeds(survey: _Survey, other: Node, sources: set[str]) -> bool:
    """Tell whether one token becomes several here that come to a join by different ways."""
    ways = survey.branches.get(other.key, ())
    if other.kind is Kind.BOUNDARY and not other.interrupting:
        nodes, bodies = survey.definition.nodes, survey.definition.bodies
        return bool(forward(nodes, bodies, [other.key]) & sources)
    return sum(1 for way in ways if way & sources) > 1


def _uncaught(definition: Definition, node: Node) -> Iterator[Finding]:
    """An error that nothing catches ends the case as failed."""
    if node.kind is Kind.END:
        for event in holds(node, "error"):
            if not _caught(definition, node.body, event):
                yield Finding(node.key, f"Ошибку «{event.name}» никто не ловит: дело прервётся.")


def _caught(definition: Definition, body: str, event: Event) -> bool:
    """Tell whether a body, what holds it, or what calls it catches an error."""
    for _, start in definition.bodies[body].event_subs:
        if _catches(definition.nodes[start], event):
            return True
    if body in definition.nodes:
        return _from(definition, definition.nodes[body], event)
    callers = [n for n in definition.nodes.values() if n.kind is Kind.CALL and n.text == body]
    return bool(callers) and all(_from(definition, caller, event) for caller in callers)


def _from(definition: Definition, activity: Node, event: Event) -> bool:
    """Tell whether an error that leaves an activity is caught on it or further out."""
    on_it = any(_catches(definition.nodes[key], event) for key in activity.boundaries)
    return on_it or _caught(definition, activity.body, event)


def _catches(node: Node, event: Event) -> bool:
    return any(caught.name in {"", event.name} for caught in holds(node, "error"))


def _endings(definition: Definition, body: Body) -> Iterator[Finding]:
    """Where ends are drawn, every way leads to one."""
    mine = [node for node in definition.nodes.values() if node.body == body.key]
    ends = [
        node.key for node in mine if not successors(definition.nodes, definition.bodies, node.key)
    ]
    drawn = any(node.kind is Kind.END for node in mine) and not body.ad_hoc
    for node in mine:
        apart = node.is_handler or node.kind in {Kind.EVENT_SUB, Kind.BOUNDARY}
        if drawn and node.key in ends and node.kind is not Kind.END and not apart:
            yield Finding(node.key, "Ветвь обрывается без конечного события.")
        if not apart and not forward(definition.nodes, definition.bodies, [node.key]) & set(ends):
            yield Finding(node.key, "Отсюда нет пути к концу.")
