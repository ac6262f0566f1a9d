"""What is found against a diagram, and diagrams drawn by hand."""

import pytest

from engine.errors import DiagramRefused
from engine.process.compile import Draft, compile_bpmn, finish, read
from engine.process.document import Document, read_xml
from engine.process.host import Host
from tests.process.drawing import HEAD, element

OURS = 'xmlns:tsikl="https://tsikl.ru/schema/bpmn/1"'


def refusals(xml: bytes, host: Host | None = None) -> list[tuple[str, str]]:
    """Return element and sentence of everything found against a diagram."""
    with pytest.raises(DiagramRefused) as caught:
        compile_bpmn(xml, host)
    return [(one.element, one.sentence) for one in caught.value.findings]


def refused(xml: bytes, name: str, part: str, host: Host | None = None) -> bool:
    """Tell whether an element is blamed with a sentence that holds these words."""
    return any(at == name and part in text for at, text in refusals(xml, host))


def warnings(xml: bytes, host: Host | None = None) -> list[tuple[str, str]]:
    """Return element and sentence of the warnings about a sound diagram."""
    host = host or Host()
    draft = Draft()
    read(draft, Document(read_xml(xml, "test.bpmn"), host))
    finish(draft, host)
    return [(one.element, one.sentence) for one in draft.warnings]


def process(inside: str, roots: str = "", **attributes: str) -> bytes:
    """Return a file with one process ``p`` drawn by hand."""
    more = {"isExecutable": "true", **attributes}
    return f"{HEAD}{roots}{element('process', 'p', inside, **more)}</definitions>".encode()


def extended(inner: str) -> str:
    """Return extension elements with our namespace declared."""
    return f"<extensionElements>{inner}</extensionElements>".replace("/>", f" {OURS}/>")
