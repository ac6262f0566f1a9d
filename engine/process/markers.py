"""The loop marker of an activity: standard, parallel or sequential."""

import re
from typing import Final

from engine.process import data, vendors
from engine.process.document import Document, Element, child, children, label, tag, text
from engine.process.event_definitions import KINDS, event, events
from engine.process.model import Event, Loop

_MARKERS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
Throws = tuple[tuple[str, Event], ...]


def loop(document: Document, element: Element) -> Loop | None:
    """Return the loop of an activity, None without a marker."""
    markers = list(children(element, *_MARKERS))
    if len(markers) > 1:
        document.refuse(element, "Два знака повторения на одном действии. Оставьте один.")
    if not markers:
        return None
    standard = tag(markers[0]) == _MARKERS[0]
    return (_standard if standard else _panel)(document, element, markers[0])


def _standard(document: Document, element: Element, marker: Element) -> Loop:
    condition = document.expression(element, text(marker, "loopCondition"))
    maximum = document.number(marker, "loopMaximum", least=0)
    if not condition and maximum is None:
        document.refuse(element, "Повторению нужно условие или наибольшее число раз.")
    before = document.flag(marker, "testBefore", default=False)
    return Loop("standard", condition, test_before=before, maximum=maximum)


def _panel(document: Document, element: Element, marker: Element) -> Loop:
    count = document.expression(element, text(marker, "loopCardinality"))
    items, item = _input(document, element, marker)
    results, result = _output(document, element, marker)
    _look(document, element, marker, count, items, item)
    behaviour = marker.get("behavior", "All")
    sequential = document.flag(marker, "isSequential", default=False)
    return Loop(
        "sequential" if sequential else "parallel",
        document.expression(element, text(marker, "completionCondition")),
        cardinality=count,
        items=items,
        item=item,
        results=results,
        result=result,
        throws=_throws(document, element, marker, behaviour),
        first_only=behaviour == "One",
    )


def _input(document: Document, element: Element, marker: Element) -> tuple[str, str]:
    """Return the variable with the list and the name of one element of it."""
    reference = text(marker, "loopDataInputRef")
    foreign_items, foreign_item = vendors.items(marker)
    items = data.items(document, element, reference) if reference else foreign_items
    return items, foreign_item or _named(marker, "inputDataItem", items)


def _output(document: Document, element: Element, marker: Element) -> tuple[str, str]:
    """Return the variable for all results and the name of one result."""
    reference = text(marker, "loopDataOutputRef")
    results = data.items(document, element, reference) if reference else ""
    result = _named(marker, "outputDataItem", results)
    if bool(results) != bool(result):
        document.refuse(element, "Итогам нужны и список, и имя одного: loopDataOutputRef и item.")
    return results, result


def _named(marker: Element, item: str, items: str) -> str:
    """Return the name of one item; some modelers always write an item, nameless and of no list."""
    inner = child(marker, item)
    if inner is None:
        return ""
    return label(inner) if items else inner.get("name", "")


def _look(
    document: Document, element: Element, marker: Element, count: str, items: str, item: str
) -> None:
    """Refuse a panel whose number of instances is not said exactly once."""
    if bool(count) == bool(items):
        document.refuse(element, "Укажите либо число экземпляров, либо список: ровно одно.")
    if re.fullmatch(r"-\s*\d+", count):
        document.refuse(element, f"Число экземпляров {count} меньше нуля.")
    if items and not all(part.isidentifier() for part in items.split(".")):
        document.refuse(element, f"«{items}»: список задаётся именем переменной.")
    if item and not items:
        document.refuse(element, f"Элемент «{item}» не из чего брать: укажите список.")
    vendors.look(document, marker)


def _throws(document: Document, element: Element, marker: Element, behaviour: str) -> Throws:
    """Return what a completed instance throws, with the condition it throws it under."""
    match behaviour:
        case "All":
            return ()
        case "None" | "One":
            return _thrown(document, element, marker.get(f"{behaviour.lower()}BehaviorEventRef"))
        case "Complex":
            return _complex(document, element, marker)
    document.refuse(element, f"behavior=«{behaviour}»: допустимо None, One, All, Complex.")
    return ()


def _thrown(document: Document, element: Element, reference: str | None) -> Throws:
    """Return the one event of behaviour None or One."""
    definition = document.find(reference, *KINDS)
    found = None if definition is None else event(document, definition, element)
    if found is None:
        document.refuse(element, "Поведению группы экземпляров нужно событие. Укажите его.")
        return ()
    return (("", found),)


def _complex(document: Document, element: Element, marker: Element) -> Throws:
    """Return the events of behaviour Complex, each with its condition."""
    found = []
    for one in children(marker, "complexBehaviorDefinition"):
        condition = document.expression(element, text(one, "condition"))
        holder = child(one, "event")
        if not condition or holder is None:
            document.refuse(element, "Сложному поведению нужны условие и событие.")
        else:
            found += [(condition, thrown) for thrown in events(document, holder)]
    if not found:
        document.refuse(element, "Сложное поведение без событий. Опишите его.")
    return tuple(found)
