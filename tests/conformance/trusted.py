"""Python as a language of processes: for suites and tests, whose texts are trusted."""

import builtins
from collections.abc import Mapping
from functools import cache
from types import CodeType
from typing import Any

from engine.errors import ExpressionFailed
from engine.process.host import Mode
from engine.process.state import Names


@cache
def compiled(text: str, mode: Mode) -> CodeType:
    """Return a text compiled; raises SyntaxError."""
    return compile(text, "diagram", mode)


def check_python(text: str, mode: Mode) -> None:
    """Refuse a text that is no Python."""
    compiled(text, mode)


class Python:
    """
    Expressions and scripts in Python.

    Args:
        functions: What texts may call.
    """

    def __init__(self, functions: Mapping[str, Any]) -> None:
        self._functions = {"__builtins__": builtins, **functions}

    def evaluate(self, text: str, names: Mapping[str, Any]) -> Any:
        """Return the value of an expression."""
        return eval(compiled(text, "eval"), {**self._functions}, dict(names))  # noqa: S307

    def execute(self, text: str, names: Mapping[str, Any]) -> Names:
        """Return the assignments that a script makes."""
        space = dict(names)
        exec(compiled(text, "exec"), {**self._functions}, space)  # noqa: S102
        return {k: v for k, v in space.items() if k not in names or names[k] is not v}

    def decide(self, table: str, names: Mapping[str, Any]) -> Names:
        """Return what the function named as the table gives; nothing where there is none."""
        function = self._functions.get(table)
        found: Names = function(names) if function else {}
        return found


WRONG = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)


class Guarded(Python):
    """The same, where a text without a value is refused as the product's language refuses it."""

    def evaluate(self, text: str, names: Mapping[str, Any]) -> Any:
        """Return the value of an expression; raises ExpressionFailed without one."""
        try:
            return super().evaluate(text, names)
        except WRONG as problem:
            raise ExpressionFailed(text=text, why=problem) from problem

    def execute(self, text: str, names: Mapping[str, Any]) -> Names:
        """Return the assignments of a script; raises ExpressionFailed when it fails."""
        try:
            return super().execute(text, names)
        except WRONG as problem:
            raise ExpressionFailed(text=text, why=problem) from problem
