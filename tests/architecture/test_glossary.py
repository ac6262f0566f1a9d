"""The glossary: one word per thing."""

import re
from pathlib import Path

from engine.model import Base

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_every_table_stands_in_the_glossary() -> None:
    """Who meets a table can look up what people call it."""
    said = set(re.findall(r"`(\w+)`", GLOSSARY.read_text(encoding="utf-8")))
    assert set() == set(Base.metadata.tables) - said
