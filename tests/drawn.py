"""Small processes for tests of the store, put together from a few kinds of elements."""

from html import escape

from engine.process.load import Bundle
from tests.timely import FORM, NAMESPACES, extended, flows

__all__ = ["answered", "flows", "person_task", "process"]

ANSWER = """{
  "type": "default", "id": "answer",
  "properties": {"title": "Ответ"},
  "components": [
    {"type": "textfield", "key": "note", "label": "Вывод", "validate": {"required": true}},
    {"type": "checkbox", "key": "again", "label": "Ещё раз", "properties": {"routes": true}},
    {"type": "number", "key": "score", "label": "Балл", "properties": {"routes": true},
     "validate": {"min": 0, "max": 100}}
  ]}""".encode()


def with_subject(subject: str) -> bytes:
    """Return the form of an answer that a recorder of the subject takes."""
    return ANSWER.replace(b'"title"', f'"subject": "{subject}", "title"'.encode())


def person_task(name: str, form: str = "answer", due: str = "in_workdays(5)", **more: str) -> str:
    """Return a task of people, of the deputy unless it is said of whom; ``inner`` goes inside."""
    inner = more.pop("inner", "")
    attributes = {"form": form, "role": "deputy", "due": due, "remind": "std", **more}
    text = " ".join(f'{k}="{escape(v)}"' for k, v in attributes.items() if v)
    ours = extended(f"<tsikl:task {text}/>")
    return f'<userTask id="{name}" name="Задача {name}">{ours}{inner}</userTask>'


def panel(items: str, item: str, *, until: str = "") -> str:
    """Return the marker of a parallel panel over a list."""
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return (
        "<multiInstanceLoopCharacteristics>"
        f'<loopDataInputRef>{items}</loopDataInputRef><inputDataItem id="{item}" name="{item}"/>'
        f"{condition}</multiInstanceLoopCharacteristics>"
    )


def choice(name: str, otherwise: str, **conditions: str) -> str:
    """Return a gateway with its flows: ``target="condition"``, and where to go otherwise."""
    ways = "".join(
        f'<sequenceFlow id="{name}__{target}" sourceRef="{name}" targetRef="{target}">'
        f"<conditionExpression>{escape(text)}</conditionExpression></sequenceFlow>"
        for target, text in conditions.items()
    )
    default = f"{name}__{otherwise}"
    return (
        f'<exclusiveGateway id="{name}" default="{default}"/>{ways}'
        f'<sequenceFlow id="{default}" sourceRef="{name}" targetRef="{otherwise}"/>'
    )


def parallel(*names: str) -> str:
    """Return parallel gateways."""
    return "".join(f'<parallelGateway id="{name}"/>' for name in names)


def end(name: str, event: str = "") -> str:
    """Return one more end event, named in Russian."""
    return f'<endEvent id="{name}" name="Итог {name}">{event}</endEvent>'


def message_event(kind: str, name: str, message: str, **more: str) -> str:
    """Return an event of a message: catching, throwing, on a border, at the start."""
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    event = f'<messageEventDefinition messageRef="{message}"/>'
    return f'<{kind} id="{name}" name="Событие {name}"{attributes}>{event}</{kind}>'


def signal_event(kind: str, name: str, **more: str) -> str:
    """Return an event of the signal ``news``."""
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    event = '<signalEventDefinition signalRef="news"/>'
    return f'<{kind} id="{name}" name="Событие {name}"{attributes}>{event}</{kind}>'


def process(key: str, *parts: str, extensions: str = "", roots: str = "") -> Bundle:
    """Return a cycle of these elements; ``start``, and ``end`` if a flow leads there, are added."""
    inside = "".join(parts)
    first = "" if 'id="start"' in inside else '<startEvent id="start"/>'
    last = end("end") if 'targetRef="end"' in inside and 'id="end"' not in inside else ""
    ours = extended(extensions) if extensions else ""
    xml = (
        f'<definitions {NAMESPACES} id="definitions" targetNamespace="urn:test">{roots}'
        f'<process id="{key}" name="Процесс {key}" isExecutable="true">{ours}{first}'
        f"{inside}{last}</process></definitions>"
    )
    files = {f"{key}.bpmn": xml.encode(), "answer.json": ANSWER, "note.json": FORM}
    return Bundle(f"{key}.bpmn", files)


def with_form(bundle: Bundle, name: str, raw: bytes) -> Bundle:
    """Return the bundle with one form exchanged."""
    return Bundle(bundle.main, {**bundle.files, f"{name}.json": raw})


def answered(**more: object) -> dict[str, object]:
    """Return the fields of an answer."""
    return {"note": "Сделано", **more}


TWO = process(
    "two",
    person_task("first", stage="1"),
    person_task("second", role="director", stage="2"),
    flows("start", "first", "second", "end"),
    extensions='<tsikl:stage id="1" name="Подготовка"/><tsikl:stage id="2" name="Решение"/>'
    '<tsikl:setting name="term" value="5" type="int" label="Срок"/>',
)
"""One task of the deputy, then one of the director, each in its stage."""
