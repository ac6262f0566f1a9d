"""A statement that is kept until the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deferred:
    """A text and its values; a guarded one must change exactly one row."""

    text: str
    values: Sequence[Any]
    guarded: bool = False
