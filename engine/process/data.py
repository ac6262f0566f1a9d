"""Data objects and the associations that carry them: plain ones only, name to name."""

from typing import Final

from engine.process.document import Document, Element, child, children, label, local, tag

_CARRIERS: Final = ("dataInputAssociation", "dataOutputAssociation")
_NAMED: Final = ("dataObject", "property", "dataInput", "dataOutput", "dataStore")
_REFERENCES: Final = ("dataObjectReference", "dataStoreReference")
_TEXT: Final = frozenset({"scriptTask", "serviceTask", "businessRuleTask", "sendTask"})
PLACEHOLDER: Final = "__targetRef_placeholder"
"""What a well-known modeler writes where an association only points at an activity."""


def declared(element: Element) -> tuple[str, ...]:
    """Return the names of data objects and properties of a process or sub-process."""
    names = (label(one) for one in children(element, "dataObject", "property"))
    return tuple(dict.fromkeys(name for name in names if name != PLACEHOLDER))


def name(document: Document, reference: str | None) -> str:
    """Return the variable that a reference means: of a data object, an input or a bare name."""
    reference = (reference or "").strip()
    found = document.find(reference, *_REFERENCES)
    if found is not None:
        target = found.get("dataObjectRef") or found.get("dataStoreRef")
        return name(document, target) if target else label(found)
    found = document.find(reference, *_NAMED)
    return reference if found is None else label(found)


def look(document: Document, element: Element) -> None:
    """Refuse associations that would change what they carry, and data that contradicts itself."""
    for specification in children(element, "ioSpecification"):
        _look_at_sets(document, element, specification)
    for one in children(element, "dataObject"):
        _look_at_item(document, element, one)
    for one in children(element, *_CARRIERS):
        if child(one, "transformation") is not None or child(one, "assignment") is not None:
            document.refuse(
                element, "Передача данных с преобразованием не поддерживается: сделайте сценарий."
            )
        elif tag(element) in _TEXT and _renames(document, one):
            document.refuse(
                element, "Данные под другим именем не передаются: назовите их одинаково."
            )


def _look_at_sets(document: Document, element: Element, specification: Element) -> None:
    """Refuse an input or output in no set, and a set of what is not declared (10.4.1)."""
    for kind in ("Input", "Output"):
        declared = list(children(specification, f"data{kind}"))
        named = {
            local(reference.text or "")
            for one in children(specification, f"{kind.lower()}Set")
            for reference in children(one, f"data{kind}Refs")
        }
        if named != {one.get("id") for one in declared}:
            document.refuse(element, "Входы и выходы данных не сходятся с их наборами.")
        for one in declared:
            _look_at_item(document, element, one)


def _look_at_item(document: Document, element: Element, one: Element) -> None:
    """Refuse data that is a list by its own word and none by that of its definition (10.4.1)."""
    item = document.find(one.get("itemSubjectRef"), "itemDefinition")
    if item is not None and (
        document.flag(one, "isCollection", default=False)
        != document.flag(item, "isCollection", default=False)
    ):
        document.refuse(element, f"isCollection у «{label(one)}» противоречит его определению.")


def _renames(document: Document, association: Element) -> bool:
    """Tell whether an association carries a value to another, explicitly named variable."""
    ends = [
        document.find(one.text, *_NAMED, *_REFERENCES)
        for one in children(association, "sourceRef", "targetRef")
    ]
    explicit = [one for one in ends if one is not None and one.get("name")]
    return len({name(document, one.get("id")) for one in explicit}) > 1


def mapping(document: Document, element: Element, way: str) -> tuple[tuple[str, str], ...] | None:
    """Return (target, source) of the associations of a call, None when there are none."""
    pairs = []
    for one in children(element, way):
        source, target = child(one, "sourceRef"), child(one, "targetRef")
        if source is None or target is None:
            document.refuse(element, "Связь данных должна вести от одного имени к одному.")
        else:
            pairs.append((name(document, target.text), name(document, source.text)))
    return tuple(pairs) or None


def items(document: Document, element: Element, reference: str) -> str:
    """Return the list behind a loop's input: through the input's association if it is one."""
    for one in children(element, *_CARRIERS):
        source, target = child(one, "sourceRef"), child(one, "targetRef")
        if source is None or target is None:
            continue
        if document.find(reference, "dataInput") is not None and target.text == reference:
            return name(document, source.text)
        if document.find(reference, "dataOutput") is not None and source.text == reference:
            return name(document, target.text)
    return name(document, reference)
