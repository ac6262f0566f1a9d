"""Do two conditions hold at once? Found by trying the values that they themselves mention."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from engine.errors import ExpressionFailed, ExpressionRefused
from engine.process.language import ClosedLanguage, compiled

_MOST: Final = 2_000
"""Sets of rows that are followed from one column to the next."""
_VALUES: Final = 50
_LONGEST: Final = 160
_OTHER: Final = "\N{BULLET}"
"""Stands for a text that no condition mentions."""


def mentioned(text: str) -> set[Any]:
    """Return the values a condition mentions, with neighbours on both sides of numbers."""
    found: set[Any] = set()
    for node in ast.walk(ast.parse(text, mode="eval")):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
            found.add(node.value)
    numbers = {value for value in found if not isinstance(value, str)}
    near = {value + step for value in numbers for step in (-1, -0.5, 0.5, 1)}
    return found | near | ({_OTHER} if found - numbers else set())


def simple(text: str) -> bool:
    """Tell whether a condition is short and walks over nothing, so that trying it is cheap."""
    return len(text) <= _LONGEST and " for " not in text


def holds(text: str, names: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true with these names; what has no value is not."""
    try:
        return bool(ClosedLanguage().evaluate(text, names))
    except (ExpressionFailed, ExpressionRefused):
        return False


def overlap(rows: Sequence[Sequence[str]], name: str) -> tuple[int, int] | None:
    """
    Return the numbers of two rows of a table that can match together, None if none is found.

    Args:
        rows: The tests of each row, column by column; an empty one is always true.
        name: The name that stands for the input in them.
    """
    masks = {(1 << len(rows)) - 1}
    for column in zip(*rows, strict=True):
        here = set(_column(column, name))
        masks = set(islice((a & b for a in masks for b in here if a & b), _MOST))
    return next((pair for mask in masks if (pair := _pair(mask)) is not None), None)


def _column(tests: Sequence[str], name: str) -> Iterator[int]:
    """Walk the sets of rows, as bits, that a value of this input can satisfy."""
    known = [test for test in tests if test and simple(test)]
    candidates = {True, False}.union(*map(mentioned, known))
    for value in islice(candidates, _VALUES):
        yield sum(
            1 << row
            for row, test in enumerate(tests)
            if not test or (_only(test, name) and holds(test, {name: value}))
        )


def _only(test: str, name: str) -> bool:
    """Tell whether a test reads nothing but its input, and is cheap to try."""
    return simple(test) and all(part.reads <= {name} for part in compiled(test, "eval"))


def _pair(mask: int) -> tuple[int, int] | None:
    """Return the numbers, from 1, of the first two rows in a set of more than one."""
    first = mask & -mask
    rest = mask ^ first
    return (first.bit_length(), (rest & -rest).bit_length()) if rest else None


def both(first: str, second: str) -> bool:
    """
    Tell whether two conditions over the same one variable hold together for some value.

    Conditions over several variables, or different ones, are not compared.
    """
    reads = {
        name for text in (first, second) for part in compiled(text, "eval") for name in part.reads
    }
    if len(reads) != 1 or not (simple(first) and simple(second)):
        return False
    (name,) = reads
    values = mentioned(first) | mentioned(second) | {True, False}
    return any(
        holds(first, {name: value}) and holds(second, {name: value})
        for value in islice(values, _VALUES)
    )
