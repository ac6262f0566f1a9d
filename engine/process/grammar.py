"""Which elements and attributes of BPMN are read; anything else is refused, never skipped."""

from collections.abc import Mapping
from typing import Final

from engine.process import data, extensions, vendors
from engine.process.document import BPMN, Document, Element, children, tag, words
from engine.process.event_definitions import KINDS
from engine.process.model import ACTIVITIES, SUBS, Kind

NODES: Final = frozenset(str(kind) for kind in Kind if kind is not Kind.EVENT_SUB)


_ANYWHERE: Final = words("documentation extensionElements auditing monitoring categoryValueRef")
_NODE: Final = _ANYWHERE | words("incoming outgoing")
_ACTIVITY: Final = _NODE | words(
    "ioSpecification property dataInputAssociation dataOutputAssociation resourceRole performer "
    "humanPerformer potentialOwner standardLoopCharacteristics multiInstanceLoopCharacteristics"
)
_EVENT: Final = (
    _NODE
    | frozenset(KINDS)
    | words(
        "eventDefinitionRef property dataInput dataOutput inputSet outputSet "
        "dataInputAssociation dataOutputAssociation"
    )
)
FLOW: Final = NODES | words(
    "sequenceFlow laneSet dataObject dataObjectReference dataStoreReference "
    "textAnnotation association group"
)
PROCESS: Final = (
    FLOW
    | _ANYWHERE
    | words("ioSpecification property correlationSubscription resourceRole performer supports")
)
_CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "scriptTask": _ACTIVITY | {"script"},
    "userTask": _ACTIVITY | {"rendering"},
    "adHocSubProcess": _ACTIVITY | FLOW | {"completionCondition"},
    "complexGateway": _NODE | {"activationCondition"},
    "sequenceFlow": _ANYWHERE | {"conditionExpression"},
    "process": PROCESS,
}

_ACTIVITY_ATTRIBUTES: Final = words(
    "id name default isForCompensation startQuantity completionQuantity"
)
_GATEWAY_ATTRIBUTES: Final = words("id name gatewayDirection default")
_SUB_ATTRIBUTES: Final = _ACTIVITY_ATTRIBUTES | {"triggeredByEvent"}
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "userTask": _ACTIVITY_ATTRIBUTES | {"implementation"},
    "scriptTask": _ACTIVITY_ATTRIBUTES | {"scriptFormat"},
    "serviceTask": _ACTIVITY_ATTRIBUTES | words("implementation operationRef"),
    "sendTask": _ACTIVITY_ATTRIBUTES | words("implementation operationRef messageRef"),
    "receiveTask": _ACTIVITY_ATTRIBUTES
    | words("implementation operationRef messageRef instantiate"),
    "businessRuleTask": _ACTIVITY_ATTRIBUTES | {"implementation"},
    "subProcess": _SUB_ATTRIBUTES,
    "transaction": _SUB_ATTRIBUTES | words("method protocol"),
    "adHocSubProcess": _SUB_ATTRIBUTES | words("cancelRemainingInstances ordering"),
    "callActivity": _ACTIVITY_ATTRIBUTES | {"calledElement"},
    "eventBasedGateway": _GATEWAY_ATTRIBUTES | words("instantiate eventGatewayType"),
    "startEvent": words("id name isInterrupting parallelMultiple"),
    "endEvent": words("id name"),
    "intermediateThrowEvent": words("id name"),
    "intermediateCatchEvent": words("id name parallelMultiple"),
    "boundaryEvent": words("id name parallelMultiple attachedToRef cancelActivity"),
    "sequenceFlow": words("id name sourceRef targetRef isImmediate"),
    "process": words("id name isExecutable isClosed processType definitionalCollaborationRef"),
}
_FIXED: Final[Mapping[str, frozenset[str]]] = {
    # Attributes, of one element or all, that are read only in these values: any other would
    # change the course of a case.
    "eventGatewayType": frozenset({"Exclusive"}),
    "cancelRemainingInstances": frozenset({"true", "1"}),
    "ordering": frozenset({"Parallel", "Sequential"}),
    "method": frozenset({"##Compensate", "##compensate", "##unspecified"}),
    "gatewayDirection": frozenset({"Unspecified", "Converging", "Diverging", "Mixed"}),
    "isImmediate": frozenset({"true", "1"}),
    "transaction triggeredByEvent": frozenset({"false", "0"}),
    "adHocSubProcess triggeredByEvent": frozenset({"false", "0"}),
}

_ARTIFACTS: Final = ("textAnnotation", "group", "association")
_ROOT: Final = frozenset(KINDS) | words(
    "import extension itemDefinition message signal error escalation interface resource category "
    "dataStore collaboration choreography conversation endPoint partnerEntity partnerRole "
    "correlationProperty relationship process"
)

_REFERRED: Final = words("message signal error escalation correlationProperty")
"""What is there only to be referred to."""


def look(document: Document, element: Element) -> None:
    """Refuse children, attributes and values that the runtime would not act on."""
    name = tag(element)
    allowed = _CHILDREN.get(name) or _default(name)
    for inner in children(element):
        if tag(inner) not in allowed:
            document.refuse(element, f"Элемент «{tag(inner)}» здесь не поддерживается.")
    _look_at_attributes(document, element)
    _look_at_people(document, element)
    extensions.look(document, element)
    vendors.look(document, element)
    data.look(document, element)


def _default(name: str) -> frozenset[str]:
    """Return the children allowed in a node whose kind has no list of its own."""
    kind = Kind(name)
    if kind in SUBS:
        return _ACTIVITY | FLOW
    if kind in ACTIVITIES:
        return _ACTIVITY
    return _EVENT if name.endswith("Event") else _NODE


def _look_at_attributes(document: Document, element: Element) -> None:
    """Refuse attributes that are unknown here, and values that would be ignored."""
    allowed = _ATTRIBUTES.get(tag(element))
    if allowed is None:
        allowed = _GATEWAY_ATTRIBUTES if tag(element).endswith("Gateway") else _ACTIVITY_ATTRIBUTES
    for name, value in element.attrib.items():
        fixed = _FIXED.get(f"{tag(element)} {name}") or _FIXED.get(str(name))
        if not str(name).startswith("{") and name not in allowed:
            document.refuse(element, f"Атрибут «{name}» здесь не поддерживается.")
        elif fixed is not None and value not in fixed:
            document.refuse(element, f"{name}=«{value}» не поддерживается.")


def _look_at_people(document: Document, element: Element) -> None:
    """Point at BPMN's own performers: who works is said in ``tsikl:task``."""
    for inner in children(element, "resourceRole", "performer", "humanPerformer", "potentialOwner"):
        say = document.refuse if document.host.house else document.warn
        say(element, f"{tag(inner)} не читается: назовите роль в tsikl:task.")


def look_at_root(document: Document) -> None:
    """Refuse a root that is no BPMN, and what stands in it that nobody reads."""
    if document.root.tag != f"{BPMN}definitions":
        document.refuse("definitions", "Это не схема BPMN 2.0: нет элемента definitions.")
    for inner in children(document.root):
        if tag(inner) not in _ROOT:
            document.refuse(inner, f"Элемент «{tag(inner)}» не поддерживается.")
        if tag(inner) in _REFERRED and not inner.get("id"):
            document.refuse("definitions", f"У элемента {tag(inner)} нет id.")
    _look_inside(document)
    if document.host.house:
        _look_at_names(document)
    for needed in vendors.unknown_extensions(document.root):
        document.refuse("definitions", f"Расширение «{needed}» обязательно, но не известно.")
    for foreign in vendors.strange(document.root):
        document.warn("definitions", f"Расширения «{foreign}» не читаются.")
    vendors.look(document, document.root)


def _look_inside(document: Document) -> None:
    """Refuse what would be wrong wherever it stands."""
    for element in extensions.misplaced(document.root):
        extensions.look(document, element)
    for message in children(document.root, "message"):
        extensions.look(document, message)
        vendors.look(document, message)
    for element in document.root.iter(f"{BPMN}*"):
        if tag(element) == "messageFlow":
            _look_at_message_flow(document, element)
        if language := element.get("language"):
            document.refuse(element, f"Язык «{language}» не поддерживается: уберите language.")


def _look_at_message_flow(document: Document, flow: Element) -> None:
    """Refuse a message drawn inside one pool, or to a note or frame (7.6.2, 9.4)."""
    pools = []
    for end in ("sourceRef", "targetRef"):
        if document.find(flow.get(end), *_ARTIFACTS) is not None:
            document.refuse(flow, "Сообщение идёт между участниками, а не к пометке.")
        found = document.find(flow.get(end), *NODES)
        pools += [] if found is None else list(found.iterancestors(f"{BPMN}process"))
    if len(pools) != len(set(pools)):
        document.refuse(flow, "Сообщение идёт внутри одного процесса. Проведите стрелку потока.")


def _look_at_names(document: Document) -> None:
    """Ask for what the library needs, and people to tell one message from another."""
    for one in children(document.root, "message", "signal"):
        if not one.get("name"):
            document.refuse(one, "У сообщения или сигнала нет имени. Назовите его.")
    for one in children(document.root, "dataStore"):
        document.refuse(one, "Хранилище данных не читается. Уберите его со схемы.")
