"""What an event is about: definitions of timers, messages, signals, errors and their kin."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.process import extensions, vendors
from engine.process.document import BPMN, Document, Element, children, label, local, tag, text
from engine.process.model import Event, EventKind

KINDS: Final[Mapping[str, EventKind]] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "cancelEventDefinition": "cancel",
    "compensateEventDefinition": "compensate",
    "terminateEventDefinition": "terminate",
}
_TIMERS: Final = ("timeDate", "timeDuration", "timeCycle")
_THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent", "implicitThrowEvent"})
_ENDING: Final[frozenset[EventKind]] = frozenset({"error", "cancel", "terminate"})
"""What takes its thrower away: thrown last, or the other events of an end would be lost."""


def events(document: Document, element: Element) -> tuple[Event, ...]:
    """Return the events of an element, in document order, references resolved."""
    read = (event(document, definition, element) for definition in _definitions(document, element))
    found = (one for one in read if one is not None)
    if throwing(element):
        return tuple(sorted(found, key=lambda one: one.kind in _ENDING))
    return tuple(found)


def _definitions(document: Document, element: Element) -> Iterator[Element]:
    """Walk the definitions inside an element and those it refers to."""
    for inner in children(element):
        if tag(inner) in KINDS:
            yield inner
        elif tag(inner) == "eventDefinitionRef":
            found = document.find(inner.text, *KINDS)
            if found is None:
                document.refuse(element, f"Определения события «{inner.text}» в схеме нет.")
            else:
                yield found


def event(document: Document, definition: Element, element: Element) -> Event | None:
    """Return one event, or None after a finding."""
    extensions.look(document, definition)
    vendors.look(document, definition)
    kind = KINDS[tag(definition)]
    reader = _READERS.get(kind)
    return Event(kind) if reader is None else reader(document, definition, element)


def _timer(document: Document, definition: Element, element: Element) -> Event | None:
    parts = list(children(definition, *_TIMERS))
    source = (parts[0].text or "").strip() if len(parts) == 1 else ""
    if not source:
        document.refuse(element, "У таймера должна быть ровно одна дата, длительность или цикл.")
        return None
    form = tag(parts[0])
    return Event("timer", text=document.timer(element, form, source), form=form)


def _conditional(document: Document, definition: Element, element: Element) -> Event | None:
    condition = document.expression(element, text(definition, "condition"))
    if not condition:
        document.refuse(element, "Условие события пустое. Напишите, чего оно ждёт.")
        return None
    return Event("conditional", text=condition)


def _link(document: Document, definition: Element, element: Element) -> Event | None:
    if not definition.get("name"):
        document.refuse(element, "У связи нет имени. Назовите обе её стороны одинаково.")
        return None
    for reference in children(definition, "source", "target"):
        other = document.find(reference.text, "linkEventDefinition")
        if other is None or other.get("name") != definition.get("name"):
            document.refuse(
                element, "Связь указывает на чужой конец. Назовите обе стороны одинаково."
            )
    return Event("link", definition.get("name", ""))


def _compensate(document: Document, definition: Element, element: Element) -> Event | None:
    if not document.flag(definition, "waitForCompletion", default=True):
        document.refuse(element, "waitForCompletion=false не поддерживается: уберите атрибут.")
    return Event("compensate", document.key(local(definition.get("activityRef") or "")))


def _message(document: Document, definition: Element, element: Element) -> Event | None:
    return message(document, definition.get("messageRef"), element, definition)


def message(
    document: Document, reference: str | None, element: Element, *declared: Element
) -> Event | None:
    """Return the message that an event or task refers to, with its correlation and payload."""
    found = document.find(reference, "message")
    if found is None:
        document.refuse(element, _missing("Сообщение", reference))
        return None
    return Event(
        "message",
        label(found),
        keys=_keys(document, found.get("id", ""), element),
        payload=extensions.payload(document, element, *declared, found),
    )


def _keys(document: Document, name: str, element: Element) -> tuple[tuple[str, str], ...]:
    """Return the correlation expressions of a message: what the process binds, or its path."""
    keys = []
    for key in properties(document):
        path = _path(key, name)
        bound = None if throwing(element) else _binding(element, key.get("id", ""))
        if path is not None:
            source = path if bound is None else bound
            keys.append((label(key), document.expression(element, source)))
    return tuple(keys)


def throwing(element: Element) -> bool:
    """Tell whether an element sends instead of waiting."""
    return tag(element) in _THROWING or tag(element) == "sendTask"


def properties(document: Document) -> Iterator[Element]:
    """Walk the correlation properties of a file."""
    return document.root.iter(f"{BPMN}correlationProperty")


def _path(key: Element, name: str) -> str | None:
    """Return the expression that finds a correlation property in a message, if it has one."""
    for retrieval in children(key, "correlationPropertyRetrievalExpression"):
        if local(retrieval.get("messageRef") or "") == name:
            return text(retrieval, "messagePath") or text(retrieval, "formalExpression")
    return None


def _binding(element: Element, key: str) -> str | None:
    """Return what the process of a waiting element binds a correlation property to."""
    process = next(element.iterancestors(f"{BPMN}process"), None)
    for subscription in () if process is None else children(process, "correlationSubscription"):
        for binding in children(subscription, "correlationPropertyBinding"):
            if local(binding.get("correlationPropertyRef") or "") == key:
                return text(binding, "dataPath")
    return None


def _signal(document: Document, definition: Element, element: Element) -> Event | None:
    reference = definition.get("signalRef")
    found = document.find(reference, "signal")
    if found is None:
        document.refuse(element, _missing("Сигнал", reference))
        return None
    return Event("signal", label(found))


def _error(document: Document, definition: Element, element: Element) -> Event | None:
    return _coded(document, definition, element, "error", "Ошибка")


def _escalation(document: Document, definition: Element, element: Element) -> Event | None:
    return _coded(document, definition, element, "escalation", "Эскалация")


def _coded(
    document: Document, definition: Element, element: Element, kind: EventKind, word: str
) -> Event | None:
    """Return an error or escalation by its code; one that is caught without a code is any."""
    reference = definition.get(f"{kind}Ref")
    found = document.find(reference, kind)
    if found is None and (reference or throwing(element)):
        document.refuse(element, _missing(word, reference))
        return None
    code = "" if found is None else found.get(f"{kind}Code", "").strip()
    if not code and throwing(element):
        document.refuse(element, f"{word} без кода: укажите {kind}Code, по нему её ловят.")
    return Event(kind, code)


def _missing(word: str, reference: str | None) -> str:
    """Say that something is not named, or named but not there."""
    if not reference:
        return f"{word}: не указано, что именно. Выберите из списка."
    return f"{word} «{reference}» в схеме нет."


_Reader = Callable[[Document, Element, Element], Event | None]
_READERS: Final[Mapping[EventKind, _Reader]] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "link": _link,
    "compensate": _compensate,
}
