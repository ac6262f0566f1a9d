"""The review against the standard names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
REVIEW = (ROOT / "docs" / "reference" / "bpmn.md").read_text("utf-8")
SOURCES = {path.stem: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}


def test_every_named_test_is_there() -> None:
    """A function or a file of that name."""
    named = set(re.findall(r"`(test_\w+)`", REVIEW))
    functions = {name for text in SOURCES.values() for name in re.findall(r"def (test_\w+)", text)}
    assert len(named) > 40
    assert set() == named - functions - set(SOURCES)


def test_every_named_diagram_is_there() -> None:
    """In the conformance suite."""
    named = set(re.findall(r"`own/(\w+)`", REVIEW))
    own = {path.stem for path in (ROOT / "tests" / "conformance" / "own").glob("*.bpmn")}
    assert len(named) > 15
    assert set() == named - own


def test_every_clause_of_chapter_13_has_its_place() -> None:
    """From instantiation to the end events."""
    clauses = ["13.2", *(f"13.3.{n}" for n in range(1, 8)), *(f"13.4.{n}" for n in range(1, 6))]
    for clause in [*clauses, *(f"13.5.{n}" for n in range(1, 7))]:
        assert clause in REVIEW, clause
