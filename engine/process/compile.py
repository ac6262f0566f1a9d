"""From the tree of a diagram to a definition; every reason against it is collected, not the first."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.errors import DiagramRefused, Finding
from engine.process import data, extensions
from engine.process.check import check
from engine.process.document import (
    BPMN,
    Document,
    Element,
    child,
    children,
    label,
    local,
    read_xml,
    tag,
    text,
)
from engine.process.elements import Place, attached, lanes, node
from engine.process.event_definitions import KINDS, properties
from engine.process.expressions import bare
from engine.process.grammar import FLOW, NODES, look, look_at_root
from engine.process.host import Host
from engine.process.model import SUBS, Body, Definition, Flow, Kind, Node, Setting, Stage
from engine.process.reach import reach
from engine.process.remarks import remarks

MOST_NODES: Final = 250
MOST_TOGETHER: Final = 1_000
"""Of one diagram, and of a version with all that it calls."""
MOST_FLOWS: Final = 1_000
MOST_INSIDE: Final = 100
"""Arrows into or out of one element, and its events: what is compared pair by pair."""
DEEPEST: Final = 20
Flows = Mapping[str, tuple[Flow, ...]]


@dataclass(slots=True)
class Draft:
    """A definition in the making: of one file, or of all that a diagram calls."""

    nodes: dict[str, Node] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    processes: list[str] = field(default_factory=list)
    messages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    tangled: bool = False


def compile_bpmn(xml: bytes, host: Host | None = None) -> Definition:
    """
    Return the definition of one file, for suites and tests; the product goes through `load`.

    Raises:
        DiagramRefused: With all findings, each naming its element.
    """
    host = Host() if host is None else host
    draft = Draft()
    read(draft, Document(read_xml(xml, "bpmn"), host))
    return finish(draft, host)


def read(draft: Draft, document: Document) -> None:
    """Add the executable processes of a document to a draft."""
    look_at_root(document)
    _look_at_size(document)
    for process in document.root.iter(f"{BPMN}process"):
        if document.flag(process, "isExecutable", default=False):
            _process(draft, document, process)
        elif any(tag(one) in NODES for one in process):
            document.warn(process, "Процесс не исполняется: isExecutable не true.")
    draft.messages |= _messages(document)
    draft.findings += document.findings
    draft.warnings += document.warnings
    draft.tangled |= document.tangled


def _definition(draft: Draft, version: str) -> Definition:
    """Return the frozen form of a draft."""
    return Definition(
        nodes=draft.nodes,
        bodies=draft.bodies,
        processes=tuple(draft.processes),
        messages=draft.messages,
        settings=tuple(draft.settings.values()),
        stages=tuple(draft.stages.values()),
        version=version,
        reach=reach(draft.nodes, draft.bodies),
    )


def _look_at_size(document: Document) -> None:
    """
    Refuse at once what is too large to look at: a hostile file may be endless.

    Raises:
        DiagramRefused: Too many elements or arrows, nested too deeply, or too much in one.
    """
    every = list(document.root.iter(f"{BPMN}*"))
    found = [one for one in every if tag(one) in NODES]
    flows = [one for one in every if tag(one) == "sequenceFlow"]
    keys = sum(1 for one in every if tag(one) == "correlationProperty")
    if len(found) > MOST_NODES or len(flows) > MOST_FLOWS or keys > MOST_INSIDE:
        sentence = (
            f"В схеме больше {MOST_NODES} элементов, {MOST_FLOWS} стрелок или {MOST_INSIDE} "
            "ключей сообщений. Разделите её вызовами."
        )
        raise DiagramRefused([Finding(document.key("definitions"), sentence)])
    ends = Counter((end, one.get(end)) for one in flows for end in ("sourceRef", "targetRef"))
    for one in found:
        if sum(1 for _ in one.iterancestors()) > DEEPEST:
            raise DiagramRefused([Finding(document.key(one.get("id")), "Вложено слишком глубоко.")])
        arrows = max(ends["sourceRef", one.get("id")], ends["targetRef", one.get("id")])
        if max(arrows, _inside(one), len(one.attrib)) > MOST_INSIDE:
            raise DiagramRefused([Finding(document.key(one.get("id")), "Здесь слишком много.")])


def _inside(element: Element) -> int:
    """Return how many parts that are no elements of the flow stand directly in one or its loop."""
    parts = [one for one in children(element) if tag(one) not in FLOW]
    return len(parts) + sum(len(one) for one in parts if tag(one).endswith("LoopCharacteristics"))


def finish(draft: Draft, host: Host, version: str = "") -> Definition:
    """
    Return the definition of a draft after the rules have looked at it.

    Raises:
        DiagramRefused: With all findings.
    """
    large = len(draft.nodes) > MOST_TOGETHER
    if large:
        sentence = f"Вместе с вызванными схемами больше {MOST_TOGETHER} элементов."
        draft.findings.append(Finding("definitions", sentence))
    if draft.tangled or large:
        raise DiagramRefused(list(dict.fromkeys(draft.findings)))
    definition = _definition(draft, version)
    findings = [*draft.findings, *check(definition, host, whole=not draft.findings)]
    if findings:
        raise DiagramRefused(list(dict.fromkeys(findings)))
    draft.warnings += remarks(definition)
    return definition


def _messages(document: Document) -> dict[str, tuple[str, ...]]:
    """Return the names of the correlation properties of each message that has any."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in properties(document):
        for retrieval in children(key, "correlationPropertyRetrievalExpression"):
            message = document.find(retrieval.get("messageRef"), "message")
            if message is None:
                document.refuse(key, f"Сообщения «{retrieval.get('messageRef')}» в схеме нет.")
            else:
                found[label(message)].append(label(key))
    return {name: tuple(keys) for name, keys in found.items()}


def _process(draft: Draft, document: Document, process: Element) -> None:
    """Add one process, under its own id: called processes are found by it."""
    key = process.get("id", "")
    if not key:
        document.refuse("process", "У процесса нет id.")
        return
    if key in draft.bodies:
        document.refuse(process, f"Процесс «{key}» есть дважды.")
        return
    look(document, process)
    if not document.prefix:
        draft.processes.append(key)
    draft.settings |= {one.name: one for one in extensions.settings(document, process)}
    draft.stages |= {one.key: one for one in extensions.stages(document, process)}
    _Reader(draft, document, process, key).read()


class _Reader:
    """Reads one body, and those inside it."""

    def __init__(
        self, draft: Draft, document: Document, holder: Element, key: str, lane: str = ""
    ) -> None:
        self._draft = draft
        self._document = document
        self._holder = holder
        self._key = key
        self._lane = lane
        self._elements = self._found()
        self._lanes = lanes(holder)

    def read(self) -> None:
        """Put the body and its nodes into the draft, in document order."""
        inflows, outflows = self._flows()
        boundaries, handlers = self._boundaries(), self._handlers()
        mine = []
        for name, element in self._elements.items():
            place = Place(
                body=self._key,
                lane=self._lanes.get(name, self._lane),
                inflows=inflows.get(name, ()),
                outflows=outflows.get(name, ()),
                boundaries=boundaries.get(name, ()),
                handler=handlers.get(name, ""),
            )
            mine.append(node(self._document, element, place))
        self._draft.nodes |= {one.key: one for one in mine}
        for one in mine:
            if one.kind in SUBS:
                self._descend(one)
        self._draft.bodies[self._key] = self._body(mine)

    def _descend(self, one: Node) -> None:
        element = self._elements[one.key.removeprefix(self._document.prefix)]
        _Reader(self._draft, self._document, element, one.key, one.lane).read()

    def _found(self) -> dict[str, Element]:
        """Return the elements of the body by id."""
        found = {}
        for element in children(self._holder):
            if tag(element) in NODES:
                if element.get("id"):
                    found[element.get("id", "")] = element
                else:
                    self._document.refuse(element, f"У элемента {tag(element)} нет id.")
        return found

    def _flows(self) -> tuple[Flows, Flows]:
        """Return the flows into and out of each element, in document order."""
        inflows: dict[str, tuple[Flow, ...]] = {}
        outflows: dict[str, tuple[Flow, ...]] = {}
        for position, element in enumerate(children(self._holder)):
            if tag(element) == "sequenceFlow":
                source, target = (
                    local(element.get(end) or "") for end in ("sourceRef", "targetRef")
                )
                if self._connects(element, source, target):
                    flow = self._flow(element, source, target, position)
                    outflows[source] = (*outflows.get(source, ()), flow)
                    inflows[target] = (*inflows.get(target, ()), flow)
        return inflows, outflows

    def _connects(self, element: Element, source: str, target: str) -> bool:
        """Refuse a flow that leaves its body or ends nowhere."""
        lost = [end for end in (source, target) if end not in self._elements]
        for end in lost:
            self._document.refuse(
                element, f"Стрелка ведёт к «{end}», которого нет в этом процессе или подпроцессе."
            )
        return not lost

    def _flow(self, element: Element, source: str, target: str, position: int) -> Flow:
        look(self._document, element)
        document = self._document
        key = element.get("id") or f"{source}>{target}#{position}"
        condition = child(element, "conditionExpression")
        source_text = "" if condition is None else condition.text or ""
        if condition is not None and not bare(source_text):
            document.refuse(element, "Условие на стрелке пустое. Напишите его или уберите.")
        return Flow(
            document.key(key),
            document.key(source),
            document.key(target),
            document.expression(element, source_text),
            element.get("name", ""),
        )

    def _boundaries(self) -> dict[str, tuple[str, ...]]:
        """Return the boundary events of each activity; compensation is kept apart, as handler."""
        found: dict[str, tuple[str, ...]] = {}
        for name, element in self._elements.items():
            if tag(element) == "boundaryEvent" and not _compensates(self._document, element):
                host = attached(element)
                found[host] = (*found.get(host, ()), self._document.key(name))
        return found

    def _handlers(self) -> dict[str, str]:
        """Return, by the activity undone, what its compensation event is drawn to."""
        events = {
            name: attached(element)
            for name, element in self._elements.items()
            if tag(element) == "boundaryEvent" and _compensates(self._document, element)
        }
        found: dict[str, str] = {}
        for association in self._document.root.iter(f"{BPMN}association") if events else ():
            host = events.get(local(association.get("sourceRef") or ""))
            if host:
                handler = self._document.key(local(association.get("targetRef") or ""))
                found.setdefault(host, handler)
        return found

    def _body(self, mine: list[Node]) -> Body:
        """Return the body of these nodes."""
        free = [one.key for one in mine if _begins(one)]
        starts = [one.key for one in mine if one.kind is Kind.START]
        if starts:
            starts += [one.key for one in mine if one.instantiates and one.key in free]
        holder, ad_hoc = self._holder, tag(self._holder) == "adHocSubProcess"
        return Body(
            key=self._key,
            name=label(holder),
            starts=tuple(starts or free),
            event_subs=tuple(self._event_subs(mine)),
            links={
                one.events[0].name: one.key
                for one in mine
                if one.kind is Kind.CATCH and one.events and one.events[0].kind == "link"
            },
            data=data.declared(holder),
            ad_hoc=ad_hoc,
            until=self._document.expression(holder, text(holder, "completionCondition")),
            one_at_a_time=holder.get("ordering") == "Sequential",
        )

    def _event_subs(self, mine: list[Node]) -> Iterator[tuple[str, str]]:
        """Walk the event sub-processes with the start event of each."""
        for one in mine:
            if one.kind is Kind.EVENT_SUB:
                for start in self._draft.bodies[one.key].starts[:1]:
                    yield one.key, start


def _compensates(document: Document, element: Element) -> bool:
    """Tell whether a boundary event stands for compensation."""
    found = [inner for inner in children(element) if tag(inner) in KINDS]
    for reference in children(element, "eventDefinitionRef"):
        resolved = document.find(reference.text, *KINDS)
        found += [] if resolved is None else [resolved]
    return any(KINDS[tag(one)] == "compensate" for one in found)


def _begins(one: Node) -> bool:
    """Tell whether a body without a start event starts here."""
    link = one.kind is Kind.CATCH and bool(one.events) and one.events[0].kind == "link"
    apart = one.kind in {Kind.START, Kind.BOUNDARY, Kind.EVENT_SUB} or one.is_handler or link
    return not one.inflows and not apart
