"""The reference tells what the code does."""

import re
from pathlib import Path

from engine.process import extensions
from engine.process.functions import FUNCTIONS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_every_function_is_in_the_reference() -> None:
    """The table of functions names all of them, and no other."""
    text = (REFERENCE / "language.md").read_text()
    table = text[text.index("| function |") : text.index("Inside an expression")]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert set(FUNCTIONS) == {name for row in rows for name in re.findall(r"`(\w+)\(", row)}


def test_every_extension_is_in_the_reference() -> None:
    """The table of our elements names each with all its attributes."""
    text = (REFERENCE / "diagrams.md").read_text()
    named = set(re.findall(r"`tsikl:(\w+)`", text))
    assert set(extensions._ATTRIBUTES) == named
    for name, attributes in extensions._ATTRIBUTES.items():
        rows = "\n".join(line for line in text.splitlines() if f"`tsikl:{name}`" in line)
        assert set() == {one for one in attributes if f"`{one}`" not in rows}
