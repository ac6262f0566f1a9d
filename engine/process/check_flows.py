"""Rules on bodies, flows and gateways."""

from collections.abc import Iterator
from typing import Final

from engine.errors import Finding
from engine.process.model import ACTIVITIES, GATEWAYS, Body, Definition, Event, Kind, Node
from engine.process.reach import forward

EVENTS: Final = frozenset({Kind.START, Kind.END, Kind.CATCH, Kind.THROW, Kind.BOUNDARY})
_DECIDING: Final = frozenset({Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.COMPLEX})
_PLAIN: Final = EVENTS | {Kind.PARALLEL, Kind.EVENT_BASED}
"""What has outgoing flows without conditions."""


def on_bodies(definition: Definition, body: Body) -> Iterator[Finding]:
    """A body has something to start with; a sub-process has one start, an ad hoc one none."""
    mine = [node for node in definition.nodes.values() if node.body == body.key]
    starts = [node for node in mine if node.kind is Kind.START]
    if not body.starts:
        yield Finding(body.key, "Не с чего начать: поставьте начальное событие.")
    if body.key in definition.nodes and len(starts) > 1:
        yield Finding(body.key, "В подпроцессе больше одного начала. Оставьте одно.")
    if body.ad_hoc:
        for node in mine:
            if node.kind in {Kind.START, Kind.END}:
                yield Finding(node.key, "В свободном подпроцессе начала и конца не бывает.")
    if body.key not in definition.nodes and not starts:
        yield from _ends_only(mine)
    for node in mine if starts else ():
        if _orphan(node):
            yield Finding(node.key, "Сюда ничего не ведёт. Проведите стрелку или уберите.")


def _ends_only(mine: list[Node]) -> Iterator[Finding]:
    """A process that shows its end shows its beginning (10.5.2); a first task is one."""
    if not any(node.instantiates for node in mine):
        for node in mine:
            if node.kind is Kind.END:
                yield Finding(node.key, "Есть конец, но нет начала. Поставьте начальное событие.")


def _orphan(node: Node) -> bool:
    """Tell whether an element needs an arrow into it and has none."""
    return not (
        node.inflows
        or node.kind in {Kind.START, Kind.BOUNDARY, Kind.EVENT_SUB}
        or node.is_handler
        or node.instantiates
        or is_link(node, Kind.CATCH)
    )


def is_link(node: Node, kind: Kind) -> bool:
    """Tell whether an element is one side of a link."""
    return node.kind is kind and bool(node.events) and node.events[0].kind == "link"


def holds(node: Node, *kinds: str) -> Iterator[Event]:
    """Walk the events of an element that are of these kinds."""
    return (event for event in node.events if event.kind in kinds)


def unreachable(definition: Definition, body: Body) -> Iterator[Finding]:
    """Every element can be reached."""
    mine = [node for node in definition.nodes.values() if node.body == body.key]
    apart = [n.key for n in mine if n.kind is Kind.EVENT_SUB or n.is_handler or n.instantiates]
    seen = forward(definition.nodes, definition.bodies, [*body.starts, *apart])
    for node in mine:
        handles = node.kind is Kind.BOUNDARY and any(holds(node, "compensate"))
        if node.key not in seen and not handles and not _orphan(node):
            yield Finding(node.key, "До этого элемента дойти нельзя.")


def ends(_definition: Definition, node: Node) -> Iterator[Finding]:
    """No arrow leads into a start or out of an end; what is in between leads on."""
    if node.kind is Kind.START and node.inflows:
        yield Finding(node.key, "В начальное событие стрелки не ведут.")
    if node.kind is Kind.END and node.outflows:
        yield Finding(node.key, "Из конечного события стрелки не ведут.")
    between = {Kind.START, Kind.CATCH, Kind.THROW}
    if node.kind in between and not node.outflows and not is_link(node, Kind.THROW):
        yield Finding(node.key, "Событие никуда не ведёт. Проведите стрелку дальше.")


def conditions(_definition: Definition, node: Node) -> Iterator[Finding]:
    """Conditions stand behind activities and deciding gateways only."""
    if node.kind in _PLAIN:
        for flow in node.outflows:
            if flow.condition:
                yield Finding(flow.key, "Здесь условия не бывает. Решите это шлюзом.")
        if node.default:
            yield Finding(node.key, "Стрелки по умолчанию здесь не бывает.")
    if node.kind in _DECIDING and len(node.outflows) > 1:
        for flow in node.outflows:
            if not flow.condition and flow.key != node.default:
                yield Finding(flow.key, "Нужно условие, или сделайте стрелку основной.")


def default(_definition: Definition, node: Node) -> Iterator[Finding]:
    """The default flow starts here and has no condition."""
    if node.default:
        mine = [flow for flow in node.outflows if flow.key == node.default]
        if not mine:
            yield Finding(node.key, f"Стрелка по умолчанию «{node.default}» начинается не здесь.")
        if any(flow.condition for flow in mine):
            yield Finding(node.default, "У стрелки по умолчанию условия не бывает.")


def gateways(_definition: Definition, node: Node) -> Iterator[Finding]:
    """A gateway leads on; a complex one that joins says when."""
    if node.kind in GATEWAYS and not node.outflows:
        yield Finding(node.key, "Шлюз никуда не ведёт. Проведите стрелку дальше.")
    if node.kind is Kind.COMPLEX and len(node.inflows) > 1 and not node.text:
        yield Finding(node.key, "Сложному шлюзу нужно условие срабатывания.")


def event_gateway(definition: Definition, node: Node) -> Iterator[Finding]:
    """Behind an event gateway stand two or more events, all messages of one kind of element."""
    if node.kind is not Kind.EVENT_BASED:
        return
    targets = [definition.nodes[flow.target] for flow in node.outflows]
    if node.instantiates:
        yield Finding(node.key, "Шлюз событий не начинает процесс. Поставьте начальное событие.")
    if len(targets) < 2:
        yield Finding(node.key, "Шлюз событий выбирает хотя бы из двух событий.")
    if len({target.kind for target in targets if any(holds(target, "message"))}) > 1:
        yield Finding(node.key, "Здесь либо события сообщений, либо задачи приёма, не вместе.")
    for target in targets:
        if not _may_follow(target):
            yield Finding(target.key, "За шлюзом событий такой элемент стоять не может.")


def _may_follow(target: Node) -> bool:
    """Tell whether an element may stand behind an event gateway."""
    waits = target.kind in {Kind.CATCH, Kind.RECEIVE} and not is_link(target, Kind.CATCH)
    plain = not (target.boundaries or target.handler or target.loop) and target.needs == 1
    return waits and plain and len(target.inflows) == 1


def activities(definition: Definition, node: Node) -> Iterator[Finding]:
    """An event sub-process and a compensation handler stand outside the flow."""
    if node.kind not in ACTIVITIES:
        return
    drawn = bool(node.inflows or node.outflows)
    if node.kind is Kind.EVENT_SUB and (drawn or node.loop):
        yield Finding(node.key, "Событийный подпроцесс стоит отдельно: без стрелок и повторений.")
    if node.is_handler and (drawn or node.boundaries):
        yield Finding(node.key, "Обработчик компенсации стоит отдельно: без стрелок.")
    if node.is_handler and not _handles(definition, node):
        yield Finding(node.key, "Обработчик компенсации ни к чему не присоединён.")
    if node.needs > 1 and not node.inflows:
        yield Finding(node.key, "startQuantity: столько сюда не придёт. Уберите атрибут.")
    if node.instantiates and (node.inflows or node.body in definition.nodes):
        yield Finding(node.key, "instantiate: начинать процесс может только его первая задача.")
    if node.instantiates and (node.loop or node.boundaries or node.handler):
        yield Finding(node.key, "instantiate: задача уже сделана, когда начат процесс. Упростите.")


def _handles(definition: Definition, node: Node) -> bool:
    """Tell whether a handler undoes an activity, or the sub-process that it stands in."""
    if node.kind is Kind.EVENT_SUB:
        starts = [definition.nodes[key] for key in definition.bodies[node.key].starts]
        return any(True for start in starts for _ in holds(start, "compensate"))
    return any(other.handler == node.key for other in definition.nodes.values())
