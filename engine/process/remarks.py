"""What runs as drawn but is probably not meant so: warnings for the author."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from engine.errors import ExpressionRefused, Finding
from engine.process.check_flows import holds
from engine.process.language import compiled
from engine.process.model import GATEWAYS, Body, Definition, Event, Flow, Kind, Node
from engine.process.overlaps import both
from engine.process.reach import forward, successors

_SPLITS: Final = frozenset({Kind.PARALLEL, Kind.INCLUSIVE, Kind.COMPLEX})


def remarks(definition: Definition) -> list[Finding]:
    """Return everything the author of a sound definition should look at."""
    found: list[Finding] = []
    for node in definition.nodes.values():
        found += _overlapping(node)
        found += _same_names(definition, node)
        found += _meeting(definition, node)
        found += _starving(definition, node)
        found += _uncaught(definition, node)
    for body in definition.bodies.values():
        found += _endings(definition, body)
    return list(dict.fromkeys(found))


def _overlapping(node: Node) -> Iterator[Finding]:
    """Of an exclusive gateway only the first true condition counts."""
    if node.kind is not Kind.EXCLUSIVE:
        return
    conditional = [flow for flow in node.outflows if flow.condition]
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


def _branches(definition: Definition, node: Node) -> list[frozenset[str]]:
    """Return what each arrow out of a splitting element leads to."""
    splits = node.kind in _SPLITS or node.kind not in GATEWAYS
    if not splits or len(node.outflows) < 2:
        return []
    nodes, bodies = definition.nodes, definition.bodies
    return [forward(nodes, bodies, [flow.target], without=node.key) for flow in node.outflows]


def _same_names(definition: Definition, node: Node) -> Iterator[Finding]:
    """Of two branches that assign one name the later wins, whichever it is."""
    for one, other in combinations(_branches(definition, node), 2):
        mine = _assigned(definition, one - other)
        for name in sorted(mine & _assigned(definition, other - one)):
            yield Finding(node.key, f"Две ветви меняют «{name}»: останется то, что записано позже.")


def _assigned(definition: Definition, keys: frozenset[str]) -> set[str]:
    """Return the names that elements assign, those inside sub-processes included."""
    names: set[str] = set()
    for key in keys:
        node = definition.nodes[key]
        names |= {name for name, _ in node.outputs}
        if node.kind is Kind.SCRIPT and node.text:
            names |= _targets(node.text)
        inner = frozenset(n.key for n in definition.nodes.values() if n.body == key)
        names |= _assigned(definition, inner) if inner else set()
    return names


def _targets(script: str) -> set[str]:
    """Return the names a script assigns; one in another language assigns none that we know."""
    try:
        return {line.target for line in compiled(script, "exec")}
    except ExpressionRefused:
        return set()


def _meeting(definition: Definition, node: Node) -> Iterator[Finding]:
    """Branches that run together should be joined before they meet."""
    if node.kind is not Kind.PARALLEL or len(node.outflows) < 2:
        return
    ways = [_unjoined(definition, flow) for flow in node.outflows]
    for one, other in combinations(ways, 2):
        for key in sorted(one & other):
            met = definition.nodes[key]
            if len(met.inflows) > 1 and met.kind is not Kind.END:
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


def _starving(definition: Definition, node: Node) -> Iterator[Finding]:
    """A parallel join waits for all its arrows: something must split the way before it."""
    if node.kind is not Kind.PARALLEL or len(node.inflows) < 2:
        return
    sources = {flow.source for flow in node.inflows}
    for other in definition.nodes.values():
        if other.body == node.body and _doubles(other):
            branches = _branches(definition, other) or [
                forward(definition.nodes, definition.bodies, [other.key])
            ]
            if sum(1 for way in branches if way & sources or node.key in way) > 1:
                return
            if other.kind is Kind.BOUNDARY and branches[0] & sources:
                return
    yield Finding(node.key, "Шлюз «И» ждёт все стрелки, но ничто перед ним не делит путь.")


def _doubles(node: Node) -> bool:
    """Tell whether one token can become several here."""
    beside = node.kind is Kind.BOUNDARY and not node.interrupting
    return beside or (
        len(node.outflows) > 1 and node.kind not in {Kind.EXCLUSIVE, Kind.EVENT_BASED}
    )


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
