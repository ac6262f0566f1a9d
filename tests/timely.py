"""Small cycles for tests of time: tasks with terms, timers, services, messages between cases."""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from engine.process.load import Bundle

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:tsikl="https://tsikl.ru/schema/bpmn/1"'
)
FORM = b'{"id": "note", "type": "default", "properties": {"title": "Note"}, "components": []}'


def extended(inner: str) -> str:
    """Return our extensions of an element."""
    return f"<extensionElements>{inner}</extensionElements>"


def work(name: str, due: str = "in_workdays(10)", **more: str) -> str:
    """Return a task of people: of the deputy, unless it is said of whom."""
    attributes: Mapping[str, str] = {
        "form": "note",
        "role": "deputy",
        "due": due,
        "remind": "std",
        **more,
    }
    text = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f'<userTask id="{name}" name="{name}">{extended(f"<tsikl:task {text}/>")}</userTask>'


def service(name: str) -> str:
    """Return a call of the service of the same name; what it answers as `answer` is kept."""
    inner = extended(
        f'<tsikl:service name="{name}"/><tsikl:out name="answer" expression="answer"/>'
    )
    return f'<serviceTask id="{name}" name="{name}">{inner}</serviceTask>'


def flows(*steps: str) -> str:
    """Return flows from each element to the next."""
    return "".join(
        f'<sequenceFlow id="{a}__{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(steps)
    )


def bundle(key: str, *parts: str, roots: str = "") -> Bundle:
    """Return a cycle of these elements; ``start`` and ``end`` are there already."""
    inside = "".join(parts)
    begin = "" if 'id="start"' in inside else '<startEvent id="start"/>'
    xml = (
        f'<definitions {NAMESPACES} id="definitions" targetNamespace="urn:test">{roots}'
        f'<process id="{key}" name="{key}" isExecutable="true">{begin}<endEvent id="end"/>'
        f"{inside}</process></definitions>"
    )
    main = f"{key}.bpmn"
    return Bundle(main, {main: xml.encode(), "note.json": FORM})


def one_task(key: str = "one", due: str = "in_workdays(10)", **more: str) -> Bundle:
    """Return a cycle with one task."""
    return bundle(key, work("a", due, **more), flows("start", "a", "end"))


def pause(name: str, text: str, form: str = "timeDuration") -> str:
    """Return a timer that a case waits for."""
    kind = f"<timerEventDefinition><{form}>{escape(text)}</{form}></timerEventDefinition>"
    return f'<intermediateCatchEvent id="{name}" name="{name}">{kind}</intermediateCatchEvent>'


def alarm(name: str, host: str, text: str, form: str = "timeDuration", cancel: str = "true") -> str:
    """Return a timer on the border of a task."""
    kind = f"<timerEventDefinition><{form}>{escape(text)}</{form}></timerEventDefinition>"
    return (
        f'<boundaryEvent id="{name}" name="{name}" attachedToRef="{host}" '
        f'cancelActivity="{cancel}">{kind}</boundaryEvent>'
    )
