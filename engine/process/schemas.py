"""What the XML schemas of BPMN and DMN say, in Russian."""

import re
from collections.abc import Callable
from typing import Final

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_QUOTED: Final = r"'([^']*)'"

_MESSAGES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(f"Element {_QUOTED}: This element is not expected(?:.*?Expected is(.*))?"),
        lambda m: f"«{m[1]}» здесь не ожидается{_expected(m[2])}",
    ),
    (
        re.compile(f"Element {_QUOTED}: Missing child element.*?Expected is(.*)"),
        lambda m: f"в «{m[1]}» не хватает вложенного элемента{_expected(m[2])}",
    ),
    (
        re.compile(f"Element {_QUOTED}: The attribute {_QUOTED} is required"),
        lambda m: f"у «{m[1]}» нет обязательного атрибута «{m[2]}»",
    ),
    (
        re.compile(f"Element {_QUOTED}, attribute {_QUOTED}: The attribute .* is not allowed"),
        lambda m: f"атрибута «{m[2]}» у «{m[1]}» не бывает",
    ),
    (
        re.compile(f"Element {_QUOTED}, attribute {_QUOTED}: .*?{_QUOTED} is not a valid value"),
        lambda m: f"у «{m[1]}» атрибут «{m[2]}» не может быть «{m[3]}»",
    ),
    (
        re.compile(f"Element {_QUOTED}: {_QUOTED} is not a valid value"),
        lambda m: f"в «{m[1]}» не может стоять «{m[2]}»",
    ),
    (
        re.compile(f"Element {_QUOTED}: Element content is not allowed"),
        lambda m: f"в «{m[1]}» не бывает вложенных элементов",
    ),
    (
        re.compile(f"Element {_QUOTED}.*?Character content"),
        lambda m: f"в «{m[1]}» не должно быть текста",
    ),
)


def translated(message: str) -> str:
    """Return a sentence for the message of a schema or of the library that checks by it."""
    message = _NAMESPACE.sub("", message).strip()
    for pattern, said in _MESSAGES:
        if match := pattern.search(message):
            return f"Файл не по схеме: {said(match)}."
    return f"Библиотека не приняла файл: {message.strip(' .')}."


def _expected(listed: str | None) -> str:
    """Return what may stand there instead, if the schema says it."""
    names = re.findall(r"[\w*:#]+", (listed or "").replace("one of", ""))
    return f", а бывает: {', '.join(names)}" if names else ""
