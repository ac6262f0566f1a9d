"""Rules on events: what may stand where, and what it needs to work."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.errors import Finding, TimerRefused
from engine.process import timing
from engine.process.check_flows import EVENTS, holds, is_link
from engine.process.model import ACTIVITIES, HELD, SUBS, Definition, Event, EventKind, Kind, Node

_INNER: Final[frozenset[EventKind]] = frozenset({"error", "escalation", "compensate"})
_ALLOWED: Final[Mapping[Kind, frozenset[EventKind]]] = {
    Kind.BOUNDARY: HELD | _INNER | {"cancel"},
    Kind.CATCH: HELD | {"link"},
    Kind.THROW: frozenset({"message", "signal", "escalation", "link", "compensate"}),
    Kind.END: _INNER | {"message", "signal", "cancel", "terminate"},
}
_TOLD: Final[frozenset[EventKind]] = frozenset({"message", "signal", "escalation"})
"""What an instance of a panel may tell of: it goes on, so nothing that ends its thrower."""
_NEVER_BESIDE: Final[frozenset[EventKind]] = frozenset({"error", "compensate", "cancel"})
"""These always interrupt."""
_WAITING: Final = frozenset(
    {
        Kind.USER,
        Kind.MANUAL,
        Kind.RECEIVE,
        Kind.SERVICE,
        Kind.CALL,
        Kind.CATCH,
        Kind.EVENT_BASED,
    }
)
_SAID: Final[Mapping[str, str]] = {
    "timer": "таймер",
    "message": "сообщение",
    "signal": "сигнал",
    "error": "ошибка",
    "escalation": "эскалация",
    "conditional": "условие",
    "link": "связь",
    "cancel": "отмена",
    "compensate": "компенсация",
    "terminate": "полная остановка",
}


def _allowed(definition: Definition, node: Node) -> frozenset[EventKind]:
    """Return the kinds of events that may stand in an element."""
    if node.kind is not Kind.START:
        return _ALLOWED[node.kind]
    holder = definition.nodes.get(node.body)
    if holder is None:
        return frozenset({"timer", "message", "signal"})
    return HELD | _INNER if holder.kind is Kind.EVENT_SUB else frozenset()


def kinds(definition: Definition, node: Node) -> Iterator[Finding]:
    """An event is of a kind that may stand there."""
    if node.kind in EVENTS:
        allowed = _allowed(definition, node)
        for event in node.events:
            if event.kind not in allowed:
                yield Finding(node.key, f"Здесь не бывает события «{_SAID[event.kind]}».")


def awaited(definition: Definition, node: Node) -> Iterator[Finding]:
    """What catches names what it waits for; a parallel multiple event names several."""
    holder = definition.nodes.get(node.body)
    inner = node.kind is Kind.START and holder is not None and holder.kind is Kind.EVENT_SUB
    if not node.events and (inner or node.kind in {Kind.CATCH, Kind.BOUNDARY}):
        yield Finding(node.key, "Событие ничего не ждёт. Укажите, чего именно.")
    first = node.kind is Kind.START and holder is None
    if node.all_events and (first or len(node.events) < 2):
        yield Finding(node.key, "parallelMultiple: нужно ждать двух и более событий сразу.")
    if node.all_events and any(e.kind not in HELD for e in node.events):
        yield Finding(node.key, "parallelMultiple: вместе ждут таймер, сообщение, сигнал, условие.")


def event_sub(definition: Definition, node: Node) -> Iterator[Finding]:
    """An event sub-process begins with one start event."""
    if node.kind is Kind.EVENT_SUB:
        starts = definition.bodies[node.key].starts
        if [definition.nodes[key].kind for key in starts] != [Kind.START]:
            yield Finding(node.key, "Событийному подпроцессу нужно одно начальное событие.")


def interrupting(_definition: Definition, node: Node) -> Iterator[Finding]:
    """Errors, cancel and compensation always interrupt."""
    if not node.interrupting and any(holds(node, *_NEVER_BESIDE)):
        yield Finding(node.key, "Ошибка, отмена и компенсация всегда прерывают: уберите «не».")


def endless(_definition: Definition, node: Node) -> Iterator[Finding]:
    """A cycle that stands in the flow ends: its token would multiply for ever."""
    if node.kind is Kind.CATCH:
        for event in holds(node, "timer"):
            if event.form == "timeCycle" and _for_ever(event):
                yield Finding(node.key, "Бесконечный цикл в потоке. Укажите число повторений.")


def _for_ever(event: Event) -> bool:
    """Tell whether a literal cycle has no end; what an expression gives is not known yet."""
    try:
        return timing.repetition(event.text).firings == timing.FOR_EVER
    except TimerRefused:
        return False


def boundary(definition: Definition, node: Node) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own body and only leads out."""
    if node.kind is not Kind.BOUNDARY:
        return
    host = definition.nodes.get(node.attached)
    if host is None or host.body != node.body or host.kind not in ACTIVITIES - {Kind.EVENT_SUB}:
        yield Finding(node.key, "Граничное событие ни к чему не прикреплено.")
        return
    if node.inflows:
        yield Finding(node.key, "В граничное событие стрелки не ведут.")
    if any(holds(node, "compensate")):
        yield from _compensating(definition, node, host)
    elif not node.outflows:
        yield Finding(node.key, "Граничное событие никуда не ведёт. Проведите стрелку.")
    if any(holds(node, "cancel")) and host.kind is not Kind.TRANSACTION:
        yield Finding(node.key, "Отмена бывает только на транзакции.")
    if any(holds(node, "timer")) and not can_wait(definition, host):
        yield Finding(node.key, f"В «{host.key}» ничто не ждёт: таймер не сработает никогда.")


def _compensating(definition: Definition, node: Node, host: Node) -> Iterator[Finding]:
    """A compensation event leads, by an association, to the activity that undoes its host."""
    handler = definition.nodes.get(host.handler)
    if handler is None or not handler.is_handler or handler.body != node.body:
        yield Finding(node.key, "Компенсации нужен обработчик: соедините их ассоциацией.")
    if node.outflows or len(node.events) > 1:
        yield Finding(node.key, "Компенсация стоит одна и ведёт ассоциацией, а не стрелкой.")


def can_wait(definition: Definition, host: Node) -> bool:
    """Tell whether an activity can last: itself, or something inside it."""
    inside = (node for node in definition.nodes.values() if node.body == host.key)
    return host.kind in _WAITING or any(
        node.kind in _WAITING
        or node.kind is Kind.EVENT_SUB
        or (node.kind in SUBS and can_wait(definition, node))
        for node in inside
    )


def cancel(definition: Definition, node: Node) -> Iterator[Finding]:
    """A cancel end event stands in a transaction."""
    if node.kind is Kind.END and any(holds(node, "cancel")):
        holder = definition.nodes.get(node.body)
        if holder is None or holder.kind is not Kind.TRANSACTION:
            yield Finding(node.key, "Отмена бывает только в транзакции.")


def compensated(definition: Definition, node: Node) -> Iterator[Finding]:
    """A compensation that names an activity names one that is there."""
    if node.kind in {Kind.THROW, Kind.END}:
        for event in holds(node, "compensate"):
            target = definition.nodes.get(event.name)
            if event.name and (target is None or target.kind not in ACTIVITIES):
                yield Finding(node.key, f"Компенсировать нечего: действия «{event.name}» нет.")


def links(definition: Definition, node: Node) -> Iterator[Finding]:
    """A link has a source and exactly one target in its body, and no arrows in between."""
    if not any(holds(node, "link")):
        return
    if len(node.events) > 1:
        yield Finding(node.key, "Связь стоит одна: уберите другие события.")
    pairs = [
        other
        for other in definition.nodes.values()
        if other.body == node.body and other.events[:1] == node.events[:1]
    ]
    targets = [other for other in pairs if other.kind is Kind.CATCH]
    sources = [other for other in pairs if other.kind is Kind.THROW]
    if len(targets) != 1 or not sources:
        yield Finding(node.key, "У связи должны быть начало и ровно один конец с тем же именем.")
    if node.outflows if is_link(node, Kind.THROW) else node.inflows:
        yield Finding(node.key, "Между началом и концом связи стрелок не бывает.")


def behaviour(definition: Definition, node: Node) -> Iterator[Finding]:
    """What instances of a panel throw can be thrown, and does not interrupt the panel itself."""
    thrown = () if node.loop is None else [event for _, event in node.loop.throws]
    for event in thrown:
        if event.kind not in _TOLD:
            yield Finding(node.key, f"Экземпляр не бросает события «{_SAID[event.kind]}».")
    for key in node.boundaries:
        caught = definition.nodes[key]
        if caught.interrupting and any(_same(a, b) for a in thrown for b in caught.events):
            yield Finding(key, "Это событие бросает сама группа: оно прервало бы её.")


def _same(thrown: Event, caught: Event) -> bool:
    """Tell whether an event is caught by another."""
    return thrown.kind == caught.kind and caught.name in {"", thrown.name}
