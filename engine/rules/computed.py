"""
Computed fields: a closed language over the numbers of a form.

Numbers, fields, columns of tables (``rows.mark``), ``+ - * /``, comparisons, and the functions
``sum``, ``count``, ``mean``, ``min``, ``max``, ``percent``, ``round``, ``if``. What is blank gives
blank, except inside ``sum``, ``count``, ``mean``, ``min`` and ``max``, which pass over it. Nothing
is evaluated as Python; an expression always ends, and gives a number or nothing.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.rules.numbers import number_of

LONGEST: Final = 300
"""Characters of an expression."""
_DEEPEST: Final = 20

Answers = Mapping[str, Any]
Number = float | None

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)?)|(?P<sign><=|>=|!=|[-+*/<>=(),]))",
    re.ASCII,
)
_ORDERED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_MADE: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
GATHERING: Final = frozenset({"sum", "count", "mean", "min", "max"})
"""Functions that take columns, and any number of arguments."""
_FOLDED: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
}
_TAKES: Final[Mapping[str, int]] = {"percent": 2, "round": 2, "if": 3}


class ExpressionUnreadable(ValueError):
    """An expression is none of the language; says in Russian why."""


@dataclass(frozen=True, slots=True)
class Name:
    """A field of the form, or ``table.column``."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator by its sign, with what it is applied to."""

    function: str
    arguments: tuple["Node", ...]


Node = float | Name | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read; two of the same text are equal."""

    text: str
    root: Node

    @classmethod
    def parse(cls, text: str) -> "Expression":
        """
        Read an expression.

        Raises:
            ExpressionUnreadable: It is none; says why.
        """
        plain = text.strip().removeprefix("=").strip()
        if not 0 < len(plain) <= LONGEST:
            raise ExpressionUnreadable(f"нужно выражение до {LONGEST} знаков")
        return cls(plain, _Parser(list(_tokens(plain))).whole())

    @property
    def names(self) -> tuple[tuple[str, bool], ...]:
        """Return the names used, each with whether it stands right inside a gathering function."""
        return tuple(_names(self.root, gathered=False))

    def value(self, answers: Answers, digits: int = 0) -> float | int | None:
        """Return its value for some answers, rounded; None where something needed is blank."""
        found = _value(self.root, answers)
        if found is None or number_of(found) is None:
            return None
        return round(found, digits) if digits else round(found)


def _names(node: Node, *, gathered: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, Name):
        yield node.path, gathered
    elif isinstance(node, Call):
        for one in node.arguments:
            yield from _names(one, gathered=node.function in GATHERING)


# reading ----------------------------------------------------------------------------------------


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionUnreadable(f"непонятно «{text[at : at + 10].strip()}»")
        yield str(match.lastgroup), match[match.lastgroup or 0]
        at = match.end()


@dataclass(slots=True)
class _Parser:
    """Reads tokens by falling precedence."""

    tokens: list[tuple[str, str]]
    at: int = 0
    depth: int = 0

    def whole(self) -> Node:
        found = self._compared()
        if self.at < len(self.tokens):
            raise ExpressionUnreadable(f"лишнее «{self.tokens[self.at][1]}»")
        return found

    def _compared(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionUnreadable("слишком много скобок")
        left = self._chain("+-", lambda: self._chain("*/", self._single))
        sign = self._taken(*_ORDERED)
        if sign:
            left = Call(sign, (left, self._chain("+-", lambda: self._chain("*/", self._single))))
        self.depth -= 1
        return left

    def _chain(self, signs: str, inner: Callable[[], Node]) -> Node:
        left = inner()
        while sign := self._taken(*signs):
            left = Call(sign, (left, inner()))
        return left

    def _single(self) -> Node:
        if self._taken("-"):
            return Call("-", (0.0, self._single()))
        if self._taken("("):
            found = self._compared()
            self._needed(")")
            return found
        kind, text = self._next()
        if kind == "number":
            return float(text)
        if kind != "name":
            raise ExpressionUnreadable(f"не на месте «{text}»")
        return self._call(text) if self._taken("(") else Name(text)

    def _call(self, function: str) -> Node:
        if function not in GATHERING and function not in _TAKES:
            raise ExpressionUnreadable(f"нет функции «{function}»")
        arguments = [self._compared()]
        while self._taken(","):
            arguments.append(self._compared())
        self._needed(")")
        if len(arguments) != _TAKES.get(function, len(arguments)):
            raise ExpressionUnreadable(f"«{function}» берёт {_TAKES[function]} значения")
        return Call(function, tuple(arguments))

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ExpressionUnreadable("выражение обрывается")
        self.at += 1
        return self.tokens[self.at - 1]

    def _taken(self, *signs: str) -> str:
        here = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if here[0] != "sign" or here[1] not in signs:
            return ""
        self.at += 1
        return here[1]

    def _needed(self, sign: str) -> None:
        if not self._taken(sign):
            raise ExpressionUnreadable(f"не хватает «{sign}»")


# evaluating -------------------------------------------------------------------------------------


def _value(node: Node, answers: Answers) -> Number:
    if isinstance(node, float):
        return node
    if isinstance(node, Name):
        return _plain(answers.get(node.path))
    if node.function in GATHERING:
        known = [v for one in node.arguments for v in _all(one, answers, node.function)]
        return _gathered(node.function, [value for value in known if value is not None])
    if node.function == "if":
        condition, yes, no = node.arguments
        holds = _value(condition, answers)
        return None if holds is None else _value(yes if holds else no, answers)
    left, right = (_value(one, answers) for one in node.arguments)
    return None if left is None or right is None else _applied(node.function, left, right)


def _applied(function: str, left: float, right: float) -> Number:
    if function in _ORDERED:
        return float(_ORDERED[function](left, right))
    if function == "round":
        return round(left, min(max(int(right), 0), 6))
    if function in ("percent", "/") and right == 0:
        return None
    return left / right * 100 if function == "percent" else _MADE[function](left, right)


def _gathered(function: str, known: list[float]) -> Number:
    if function == "count":
        return float(len(known))
    return _FOLDED[function](known) if known else None


def _all(node: Node, answers: Answers, function: str) -> list[Number]:
    """Return the values of an argument of a gathering function: of a column, one for each row."""
    if not isinstance(node, Name):
        return [_value(node, answers)]
    table, _, column = node.path.partition(".")
    found = answers.get(table)
    many = found if isinstance(found, list) else [found]
    if column:
        many = [row.get(column) for row in many if isinstance(row, Mapping)]
    return [_filled(one) if function == "count" else _plain(one) for one in many]


def _plain(value: object) -> Number:
    """Return an answer as a number: a tick is 1, none is 0."""
    return float(value) if isinstance(value, bool) else 1.0 if value == "on" else number_of(value)


def _filled(value: object) -> Number:
    """Return 1 for an answer that counts; what is blank does not, nor an unset tick."""
    return None if value in (None, "", [], {}) or value is False else 1.0
