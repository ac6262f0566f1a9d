"""One element of a diagram: from its XML to a node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.process import data, extensions, markers, vendors
from engine.process.document import BPMN, Document, Element, children, label, local, tag, text
from engine.process.event_definitions import events, message
from engine.process.grammar import look
from engine.process.model import ACTIVITIES, Event, Flow, Kind, Node, Work

_EVENTS: Final = frozenset({Kind.START, Kind.END, Kind.CATCH, Kind.THROW, Kind.BOUNDARY})
_LONGEST_NAME: Final = 500
_LONGEST_PURPOSE: Final = 1_000
_MANY: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """What its body knows about an element: keys are those of the definition."""

    body: str
    lane: str = ""
    inflows: tuple[Flow, ...] = ()
    outflows: tuple[Flow, ...] = ()
    boundaries: tuple[str, ...] = ()
    handler: str = ""


@dataclass(frozen=True, slots=True)
class _Doing:
    """What differs by kind: the text, the mappings, the work of people."""

    text: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    work: Work | None = None


def kind_of(element: Element) -> Kind:
    """
    Return what an element is; an event sub-process is a kind of its own.

    A task that decides by no table or sends no message, but names a service, calls it.
    """
    kind = Kind(tag(element))
    event_sub = kind is Kind.SUB and element.get("triggeredByEvent") in ("true", "1")
    decides = kind is Kind.DECISION and _table(element)
    sends = kind is Kind.SEND and element.get("messageRef")
    if kind in {Kind.DECISION, Kind.SEND} and not decides and not sends and _service(element):
        return Kind.SERVICE
    return Kind.EVENT_SUB if event_sub else kind


def node(document: Document, element: Element, place: Place) -> Node:
    """Return the node of an element; what cannot be run is written down as a finding."""
    kind = kind_of(element)
    look(document, element)
    _direction(document, element, len(place.inflows), len(place.outflows))
    doing = _doing(document, element, kind)
    return Node(
        key=document.key(element.get("id")),
        kind=kind,
        name=label(element)[:_LONGEST_NAME],
        body=place.body,
        lane=place.lane,
        inflows=place.inflows,
        outflows=place.outflows,
        default=document.key(local(element.get("default") or "")),
        events=_events(document, element, kind),
        all_events=document.flag(element, "parallelMultiple", default=False),
        interrupting=_interrupting(document, element, kind),
        instantiates=document.flag(element, "instantiate", default=False),
        boundaries=place.boundaries,
        attached=document.key(local(element.get("attachedToRef") or "")),
        loop=markers.loop(document, element) if kind in ACTIVITIES else None,
        text=doing.text,
        inputs=doing.inputs,
        outputs=doing.outputs,
        handler=place.handler,
        is_handler=document.flag(element, "isForCompensation", default=False),
        needs=document.number(element, "startQuantity", least=1) or 1,
        quantity=document.number(element, "completionQuantity", least=1) or 1,
        work=doing.work,
        purpose=" ".join(text(element, "documentation").split())[:_LONGEST_PURPOSE],
    )


def _direction(document: Document, element: Element, inward: int, outward: int) -> None:
    """Refuse a gateway whose stated direction its arrows contradict."""
    contradicts = {
        "Converging": inward < _MANY or outward >= _MANY,
        "Diverging": inward >= _MANY or outward < _MANY,
        "Mixed": inward < _MANY or outward < _MANY,
    }
    if contradicts.get(element.get("gatewayDirection", "")):
        document.refuse(element, "gatewayDirection противоречит стрелкам. Уберите атрибут.")


def _events(document: Document, element: Element, kind: Kind) -> tuple[Event, ...]:
    """Return the events of an event, and the message of a task that sends or receives."""
    if kind in _EVENTS:
        return events(document, element)
    if kind is Kind.RECEIVE or (kind is Kind.SEND and element.get("messageRef")):
        found = message(document, element.get("messageRef"), element)
        return () if found is None else (found,)
    return ()


def _interrupting(document: Document, element: Element, kind: Kind) -> bool:
    """Tell whether a boundary or start event interrupts."""
    name = "cancelActivity" if kind is Kind.BOUNDARY else "isInterrupting"
    return document.flag(element, name, default=True)


def _doing(document: Document, element: Element, kind: Kind) -> _Doing:
    """Return what an element does, by its kind."""
    reader = _READERS.get(kind)
    return _Doing() if reader is None else reader(document, element)


def _script(document: Document, element: Element) -> _Doing:
    """Return the assignments of a script task."""
    source = text(element, "script")
    if not source and document.host.house:
        document.refuse(element, "Сценарий пуст. Напишите присваивания или уберите задачу.")
    return _Doing(document.expression(element, source, "exec"))


def _gather(document: Document, element: Element) -> _Doing:
    """Return the condition of a complex gateway."""
    return _Doing(document.expression(element, text(element, "activationCondition")))


def _assign(document: Document, element: Element) -> _Doing:
    """Return who works, on what, until when: in our words, or else in another modeler's."""
    found = extensions.work(document, element)
    return _Doing(work=vendors.work(document, element) if found is None else found)


def _serve(document: Document, element: Element) -> _Doing:
    """Return the service of a task, and what goes in and out of it."""
    service = _service(element)
    offered = document.host.services
    if not service:
        document.refuse(element, "Не указана служба: назовите её в tsikl:service.")
    elif offered is not None and service not in offered:
        document.refuse(element, f"Службы «{service}» нет. Выберите зарегистрированную.")
    stage = extensions.named(element, "service", "stage")
    if stage and stage not in extensions.stage_keys(element):
        document.refuse(element, f"Этапа «{stage}» в процессе нет: добавьте tsikl:stage.")
    return _Doing(
        service,
        extensions.mapping(document, element, "in") or (),
        extensions.mapping(document, element, "out") or (),
    )


def _service(element: Element) -> str:
    return extensions.named(element, "service", "name") or vendors.service(element)


def _table(element: Element) -> str:
    return extensions.named(element, "decision", "table") or vendors.decision(element)


def _decide(document: Document, element: Element) -> _Doing:
    """Return the decision table of a task."""
    table, offered = _table(element), document.host.tables
    if not table:
        document.refuse(element, "Не указана таблица решений: назовите её в tsikl:decision.")
    elif offered is not None and table not in offered:
        document.refuse(element, f"Таблицы решений «{table}» нет. Добавьте её к схеме.")
    return _Doing(table)


def _call(document: Document, element: Element) -> _Doing:
    """Return the called process and the mapping: ours, Camunda's, or data associations."""
    process = local(element.get("calledElement") or "") or vendors.called(element)
    if not process or process.startswith(("$", "#", "=")):
        document.refuse(element, "Не указан вызываемый процесс. Назовите его id.")
    inward = _mapping(document, element, "in", "dataInputAssociation")
    outward = _mapping(document, element, "out", "dataOutputAssociation")
    if document.host.house and (inward is None or outward is None):
        document.refuse(
            element, "Перечислите данные туда и обратно: tsikl:in и tsikl:out, пустой — без имени."
        )
    return _Doing(process, inward or (), outward or ())


def _mapping(
    document: Document, element: Element, ours: str, association: str
) -> tuple[tuple[str, str], ...] | None:
    """Return one direction of the mapping of a call, None when nothing is said about it."""
    for found in (
        extensions.mapping(document, element, ours),
        vendors.mapping(document, element, ours),
        data.mapping(document, element, association),
    ):
        if found is not None:
            return found
    return None


_READERS: Final[Mapping[Kind, Callable[[Document, Element], _Doing]]] = {
    Kind.SCRIPT: _script,
    Kind.COMPLEX: _gather,
    Kind.USER: _assign,
    Kind.MANUAL: _assign,
    Kind.SERVICE: _serve,
    Kind.DECISION: _decide,
    Kind.CALL: _call,
}


def attached(element: Element) -> str:
    """Return the id of the activity that a boundary event sits on."""
    return local(element.get("attachedToRef") or "")


def lanes(element: Element) -> dict[str, str]:
    """Return the lane of each element of a process; of nested lanes the inner one."""
    found: dict[str, str] = {}
    for lane_set in children(element, "laneSet"):
        for lane in lane_set.iterdescendants(f"{BPMN}lane"):
            for reference in children(lane, "flowNodeRef"):
                found[local(reference.text or "")] = label(lane)
    return found
