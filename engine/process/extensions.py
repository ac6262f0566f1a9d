"""What the house writes into a diagram: elements of the namespace ``tsikl``."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.process.document import BPMN, OURS, Document, Element, space, tag
from engine.process.model import Setting, Stage, Work

_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "task": frozenset({"form", "role", "performer", "due", "remind", "stage", "office"}),
    "setting": frozenset({"name", "value", "type", "label"}),
    "stage": frozenset({"id", "name"}),
    "service": frozenset({"name", "stage"}),
    "in": frozenset({"name", "expression"}),
    "out": frozenset({"name", "expression"}),
    "decision": frozenset({"table"}),
    "message": frozenset({"payload"}),
}
_PEOPLE: Final = frozenset({"task"})
_EVENT: Final = frozenset({"message"})
_PLACES: Final[Mapping[str, frozenset[str]]] = {
    "process": frozenset({"setting", "stage"}),
    "userTask": _PEOPLE,
    "manualTask": _PEOPLE,
    "serviceTask": frozenset({"service", "in", "out"}),
    "businessRuleTask": frozenset({"decision"}),
    "callActivity": frozenset({"in", "out"}),
    "sendTask": _EVENT,
    "receiveTask": _EVENT,
    "startEvent": _EVENT,
    "endEvent": _EVENT,
    "boundaryEvent": _EVENT,
    "intermediateCatchEvent": _EVENT,
    "intermediateThrowEvent": _EVENT,
    "messageEventDefinition": _EVENT,
    "message": _EVENT,
}
_REPEATED: Final = frozenset({"setting", "stage", "in", "out"})

_TYPES: Final[Mapping[str, Callable[[str], int | float | str | bool]]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": {"true": True, "false": False}.__getitem__,
}

Mapping_ = tuple[tuple[str, str], ...]


def extensions(element: Element) -> Iterator[Element]:
    """Walk the extension elements of an element, of any namespace."""
    for holder in element.iterchildren(f"{BPMN}extensionElements"):
        yield from holder.iterchildren("{*}*")


def ours(element: Element, name: str) -> list[Element]:
    """Return the ``tsikl`` extensions of that name."""
    return [one for one in extensions(element) if one.tag == f"{OURS}{name}"]


def look(document: Document, element: Element) -> None:
    """Refuse extensions of ours that are unknown, misplaced, repeated or misspelt."""
    allowed = _PLACES.get(tag(element), frozenset())
    for name in element.attrib:
        if str(name).startswith(OURS):
            document.refuse(element, f"Атрибут «{name}» здесь не читается: нужен элемент tsikl.")
    seen: set[str] = set()
    for one in extensions(element):
        if f"{{{space(one)}}}" == OURS:
            _look_at(document, element, one, allowed)
            if tag(one) in seen - _REPEATED:
                document.refuse(element, f"tsikl:{tag(one)} стоит дважды. Оставьте один.")
            seen.add(tag(one))


def misplaced(root: Element) -> list[Element]:
    """Return the elements that hold extensions of ours and are none that we read."""
    return [
        element
        for element in root.iter(f"{BPMN}*")
        if tag(element) not in _PLACES
        and any(f"{{{space(one)}}}" == OURS for one in extensions(element))
    ]


def _look_at(document: Document, element: Element, one: Element, allowed: frozenset[str]) -> None:
    """Refuse one extension of ours that does not belong here or has attributes unknown."""
    if tag(one) not in allowed:
        document.refuse(element, f"tsikl:{tag(one)} здесь не читается. Уберите или перенесите.")
        return
    for unknown in sorted(map(str, set(one.attrib) - _ATTRIBUTES[tag(one)])):
        document.refuse(element, f"tsikl:{tag(one)}: атрибута «{unknown}» нет.")
    if len(one):
        document.refuse(element, f"tsikl:{tag(one)}: вложенных элементов не бывает.")


def work(document: Document, element: Element) -> Work | None:
    """Return what ``<tsikl:task/>`` says about a task of people, None without it."""
    found = ours(element, "task")
    if not found:
        return None
    one = found[0]
    return Work(
        form=one.get("form", "").strip(),
        role=one.get("role", "").strip(),
        performer=document.expression(element, one.get("performer", "")),
        due=document.expression(element, one.get("due", "")),
        remind=one.get("remind", "").strip(),
        stage=one.get("stage", "").strip(),
        office=document.flag(one, "office", default=False),
    )


def payload(document: Document, *elements: Element) -> tuple[str, ...]:
    """Return the names a message carries, as declared nearest to the event."""
    for element in elements:
        for one in ours(element, "message"):
            names = tuple((one.get("payload") or "").split())
            for name in names:
                if not name.isidentifier() or name.startswith("_"):
                    document.refuse(element, f"«{name}» не может быть именем данных.")
            return names
    return ()


def mapping(document: Document, element: Element, name: str) -> Mapping_ | None:
    """Return the pairs of ``<tsikl:in/>`` or ``<tsikl:out/>``; None when there is none at all."""
    found = ours(element, name)
    if not found:
        return None
    pairs = []
    for one in found:
        target, source = one.get("name", "").strip(), one.get("expression", "")
        if one.attrib and (not target.isidentifier() or not source.strip()):
            document.refuse(element, f"tsikl:{name}: укажите и имя, и выражение.")
        elif one.attrib:
            pairs.append((target, document.expression(element, source)))
    return tuple(pairs)


def named(element: Element, extension: str, attribute: str) -> str:
    """Return one attribute of the first extension of ours of that name."""
    return next((one.get(attribute, "").strip() for one in ours(element, extension)), "")


def settings(document: Document, process: Element) -> tuple[Setting, ...]:
    """Return what the coordinator of a cycle may change."""
    found: dict[str, Setting] = {}
    for one in ours(process, "setting"):
        name = one.get("name", "").strip()
        if not name.isidentifier() or name in found:
            document.refuse(process, f"Параметр «{name}»: имя пустое, неверное или повторяется.")
        value = _value(document, process, one)
        found[name] = Setting(name, value, one.get("label", ""))
    return tuple(found.values())


def _value(document: Document, process: Element, one: Element) -> int | float | str | bool:
    """Return the value of a setting in its type; ``str`` when none is named."""
    kind, raw = one.get("type", "str"), one.get("value", "").strip()
    try:
        return _TYPES[kind](raw)
    except (KeyError, ValueError):
        document.refuse(process, f"Параметр «{one.get('name')}»: «{raw}» не {kind}.")
        return 0


def stage_keys(element: Element) -> set[str]:
    """Return the ids of the stages of the process that holds an element."""
    processes = element.iterancestors(f"{BPMN}process")
    return {one.get("id", "").strip() for process in processes for one in ours(process, "stage")}


def stages(document: Document, process: Element) -> tuple[Stage, ...]:
    """Return the stages of a cycle in their order."""
    found: dict[str, Stage] = {}
    for one in ours(process, "stage"):
        key = one.get("id", "").strip()
        if not key or key in found:
            document.refuse(process, f"Этап «{key}»: id пустой или повторяется.")
        found[key] = Stage(key, one.get("name", "").strip() or key)
    return tuple(found.values())
