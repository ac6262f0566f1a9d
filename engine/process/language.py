"""
The closed language of conditions, scripts, timers and tables.

Total: every expression ends, within limits, in a JSON value or a refusal in Russian. What it can
call is named: the functions of `functions.py` and those that the host passes, which read only
facts frozen for the command.
"""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, Final, Protocol

from engine.errors import ExpressionFailed, ExpressionRefused
from engine.process.closures import Frame, Refused
from engine.process.expressions import Compiled, expression, script
from engine.process.functions import FUNCTIONS
from engine.process.host import Mode
from engine.process.state import Names
from engine.process.values import Failed, plain

_KEPT: Final = 8_192
_SHOWN: Final = 80


class Decisions(Protocol):
    """Decides tables; `decisions.py` does it with SpiffWorkflow."""

    def decide(self, table: str, names: Mapping[str, Any], language: "ClosedLanguage") -> Names:
        """Return the outputs of a table, evaluated in this language."""
        ...


class ClosedLanguage:
    """
    Evaluates what authors write.

    Args:
        functions: Functions of the host by name; those of the language cannot be replaced.
        decisions: Who decides tables.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self._functions = functions or {}
        self._decisions = decisions

    def evaluate(self, text: str, names: Mapping[str, Any]) -> Any:
        """
        Return the JSON value of an expression; dates become ISO texts.

        Raises:
            ExpressionRefused: The text is not in the language.
            ExpressionFailed: It has no value with these names.
        """
        return self._value(_expression(text), text, Frame(names, self._functions))

    def execute(self, text: str, names: Mapping[str, Any]) -> Names:
        """
        Return the assignments of a script; later lines see earlier ones.

        Raises:
            ExpressionRefused: The text is not in the language.
            ExpressionFailed: A line has no value with these names.
        """
        known, assigned = dict(names), Names()
        frame = Frame(known, self._functions)
        for line in _script(text):
            value = self._value(line, f"{line.target} = …", frame)
            known[line.target] = assigned[line.target] = value
        return assigned

    def decide(self, table: str, names: Mapping[str, Any]) -> Names:
        """
        Return the outputs of a decision table.

        Raises:
            ExpressionFailed: There is no such table, or it has no one answer to these names.
        """
        if self._decisions is None:
            raise ExpressionFailed(text=table, why="таблицы решений здесь нет")
        return self._decisions.decide(table, names, self)

    def _value(self, compiled: Compiled, text: str, frame: Frame) -> Any:
        """Return a plain value, or say why there is none."""
        try:
            return plain(compiled.run(frame))
        except Failed as failure:
            raise ExpressionFailed(text=text[:_SHOWN], why=str(failure)) from failure
        except _PYTHON as error:
            raise ExpressionFailed(text=text[:_SHOWN], why=_why(error)) from error


_PYTHON: Final = (TypeError, ValueError, ArithmeticError, LookupError, RecursionError)
_WHY: Final[Mapping[type[Exception], str]] = {
    ZeroDivisionError: "деление на ноль",
    ArithmeticError: "число слишком велико",
    TypeError: "значения не того вида или не столько, сколько нужно",
    ValueError: "значение не читается",
    LookupError: "такого значения нет",
    RecursionError: "значение вложено слишком глубоко",
}


def _why(error: Exception) -> str:
    """Return what a failure inside a function means to the author."""
    return next(why for kind, why in _WHY.items() if isinstance(error, kind))


def parse(text: str, mode: Mode, functions: Collection[str] = ()) -> None:
    """
    Look at a text at deploy.

    Raises:
        ExpressionRefused: It is not in the language, or calls a function that nobody offers.
    """
    for one in compiled(text, mode):
        for name, _ in sorted(one.calls):
            if name not in FUNCTIONS and name not in functions:
                raise ExpressionRefused(text=text[:_SHOWN], why=f"функции «{name}» нет")


def compiled(text: str, mode: Mode) -> tuple[Compiled, ...]:
    """
    Return what a text consists of: one expression, or the lines of a script.

    Raises:
        ExpressionRefused: It is not in the language.
    """
    return _script(text) if mode == "exec" else (_expression(text),)


@lru_cache(_KEPT)
def _expression(text: str) -> Compiled:
    try:
        return expression(text)
    except Refused as refusal:
        raise ExpressionRefused(text=text[:_SHOWN], why=str(refusal)) from refusal


@lru_cache(_KEPT)
def _script(text: str) -> tuple[Compiled, ...]:
    try:
        return script(text)
    except Refused as refusal:
        raise ExpressionRefused(text=text[:_SHOWN], why=str(refusal)) from refusal
