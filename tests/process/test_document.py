"""Files that are no diagrams: whatever comes in, a finding comes out."""

import pytest

from engine.errors import DiagramRefused
from engine.process.compile import compile_bpmn
from tests.process.drawing import HEAD, diagram, script, user


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"", "не читается как XML"),
        (b"garbage", "не читается как XML"),
        (b"\x00\xff\xfe", "не читается как XML"),
        (HEAD.encode(), "не читается как XML"),
        (b"<a/>", "нет элемента definitions"),
        (b"<definitions/>", "нет элемента definitions"),
        (f"{HEAD}</definitions>".encode(), "Нет исполняемого процесса"),
        (b"<!DOCTYPE definitions>" + diagram(chain="start > end"), "Уберите DOCTYPE"),
        (
            b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            + diagram(user("x", "<documentation>&b;</documentation>"), chain="start > x > end"),
            "DOCTYPE",
        ),
        (
            b'<!DOCTYPE d SYSTEM "http://localhost:1/x.dtd">' + diagram(chain="start > end"),
            "DOCTYPE",
        ),
        (b" " * 1_000_001, "больше 1 МБ"),
        (b"<a>" * 300 + b"</a>" * 300, "не читается как XML"),
        (diagram(chain="start > end").decode().encode("utf-16"), ""),
    ],
)
def test_a_file_that_is_no_diagram_is_refused(raw: bytes, part: str) -> None:
    """Garbage, other XML, entities and giants end in a finding; another encoding is read."""
    if not part:
        assert ("p",) == compile_bpmn(raw).processes
        return
    with pytest.raises(DiagramRefused, match=part):
        compile_bpmn(raw)


def test_remarks_and_instructions_are_not_read() -> None:
    """Comments and processing instructions change nothing, wherever they stand."""
    xml = diagram(script("a", "x = 1"), chain="start > a > end")
    noisy = xml.replace(b"x = 1", b"x<!-- no --> = <?php no ?>1").replace(
        b"<process", b"<!-- p --><process"
    )
    assert compile_bpmn(noisy) == compile_bpmn(xml)
