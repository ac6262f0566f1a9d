"""
What expressions work with: JSON-like values and dates, each operation within a limit.

No operation runs code of a value's own, grows beyond its cap, or goes on uncounted.
"""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

MOST_STEPS: Final = 20_000
MOST_ITEMS: Final = 10_000
MOST_CHARACTERS: Final = 100_000
MOST_DEPTH: Final = 20
INTEGERS_BELOW: Final = 10**18

_NUMBERS: Final = frozenset({int, float, bool})
_ORDERED: Final = frozenset({str, date, datetime})
_SCALARS: Final = frozenset({int, float, bool, str, type(None)})
_CHARACTERS_PER_STEP: Final = 64


class Failed(Exception):
    """Why an expression has no value, in Russian; `language` adds which expression."""


class Steps:
    """The work that one evaluation may still do."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def take(self, steps: int) -> None:
        """Pay for work about to be done."""
        self.left -= steps
        if self.left < 0:
            raise Failed("вычисление слишком долгое")

    def weigh(self, value: Any, depth: int = 0) -> None:
        """Pay for a walk over all that is inside a value."""
        if type(value) is str:
            self.take(len(value) // _CHARACTERS_PER_STEP)
        elif type(value) in (list, dict):
            if depth > MOST_DEPTH:
                raise Failed("значение вложено слишком глубоко")
            self.take(len(value) + 1)
            for inner in value.values() if type(value) is dict else value:
                if type(inner) not in _NUMBERS:
                    self.weigh(inner, depth + 1)


def kind(value: Any) -> str:
    """Return what a value is, in Russian."""
    return _KINDS.get(type(value), "значение")


_KINDS: Final = {
    int: "число",
    float: "число",
    bool: "да/нет",
    str: "текст",
    list: "список",
    dict: "запись",
    date: "дата",
    datetime: "момент",
    type(None): "пустое значение",
}


def is_number(value: Any) -> bool:
    """Tell whether a value can be counted with."""
    return type(value) in _NUMBERS


def limited(value: Any) -> Any:
    """Return a value if it is of a kind we know and within its cap."""
    of = type(value)
    if of is int:
        if not -INTEGERS_BELOW < value < INTEGERS_BELOW:
            raise Failed("число слишком велико")
    elif of is float:
        if not math.isfinite(value):
            raise Failed("число слишком велико")
    elif of is str:
        if len(value) > MOST_CHARACTERS:
            raise Failed("текст слишком длинный")
    elif of in (list, dict):
        if len(value) > MOST_ITEMS:
            raise Failed("список слишком длинный")
    elif of not in _KINDS:
        raise Failed("значения такого вида не бывает")
    return value


def plain(value: Any) -> Any:
    """
    Return a value as JSON holds it: dates as ISO texts, lists and records copied.

    Raises:
        Failed: It holds more than the cap of elements, or is nested too deeply.
    """
    return value if type(value) in _SCALARS else _plain(value, [MOST_ITEMS], 0)


def _plain(value: Any, left: list[int], depth: int) -> Any:
    """Return a plain copy; `left` counts the elements still allowed in all of it."""
    left[0] -= 1
    if depth > MOST_DEPTH or left[0] < 0:
        raise Failed("значение слишком велико, чтобы его хранить")
    if type(value) is list:
        return [_plain(inner, left, depth + 1) for inner in value]
    if type(value) is dict:
        return {str(key): _plain(inner, left, depth + 1) for key, inner in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return limited(value)


def numbers(sign: str, of: Callable[[Any, Any], Any]) -> Callable[[Steps, Any, Any], Any]:
    """Return an operation on two numbers."""

    def operation(_steps: Steps, left: Any, right: Any) -> Any:
        if type(left) in _NUMBERS and type(right) in _NUMBERS:
            return limited(of(left, right))
        raise Failed(f"«{sign}» не работает так: {kind(left)} и {kind(right)}")

    return operation


def add(steps: Steps, left: Any, right: Any) -> Any:
    """Return a sum of numbers, or two texts or lists joined."""
    if type(left) in _NUMBERS and type(right) in _NUMBERS:
        return limited(left + right)
    if type(left) is type(right) and type(left) in (str, list):
        steps.take((len(left) + len(right)) // _CHARACTERS_PER_STEP + 1)
        return limited(left + right)
    raise Failed(f"«+» не работает так: {kind(left)} и {kind(right)}")


def ordered(sign: str, of: Callable[[Any, Any], bool]) -> Callable[[Steps, Any, Any], bool]:
    """Return a comparison of two numbers, texts or dates."""

    def comparison(steps: Steps, left: Any, right: Any) -> bool:
        if type(left) in _NUMBERS and type(right) in _NUMBERS:
            return of(left, right)
        if type(left) is type(right) and type(left) in _ORDERED:
            steps.weigh(left)
            return of(left, right)
        raise Failed(f"«{sign}» не сравнивает так: {kind(left)} и {kind(right)}")

    return comparison


def equal(steps: Steps, left: Any, right: Any) -> bool:
    """Tell whether two values are the same."""
    if type(left) not in _NUMBERS and type(left) is type(right):
        steps.weigh(left)
        steps.weigh(right)
    return bool(left == right)


def unequal(steps: Steps, left: Any, right: Any) -> bool:
    """Tell whether two values differ."""
    return not equal(steps, left, right)


def contained(steps: Steps, item: Any, container: Any) -> bool:
    """Tell whether a list has an item, a record a key, or a text a part."""
    if type(container) is str and type(item) is str:
        steps.weigh(container)
        return item in container
    if type(container) is dict and type(item) is str:
        return item in container
    if type(container) is list:
        steps.weigh(container)
        if type(item) in (list, dict):
            for _ in container:
                steps.weigh(item)
        return item in container
    raise Failed(f"«in» не работает так: {kind(item)} и {kind(container)}")


def lacking(steps: Steps, item: Any, container: Any) -> bool:
    """Tell whether a list, record or text lacks something."""
    return not contained(steps, item, container)


def field(record: Any, name: str) -> Any:
    """Return what a record holds under a name."""
    if type(record) is not dict:
        raise Failed(f"«.{name}»: это {kind(record)}, а не запись")
    if name not in record:
        raise Failed(f"в записи нет «{name}»")
    return record[name]


def element(container: Any, index: Any) -> Any:
    """Return one element of a list, or of a record by key."""
    if type(container) is list and type(index) is int:
        if not -len(container) <= index < len(container):
            raise Failed(f"в списке нет элемента {index}")
        return container[index]
    if type(container) is dict and type(index) is str:
        return field(container, index)
    raise Failed(f"«[]» не работает так: {kind(container)} и {kind(index)}")


def elements(value: Any) -> list[Any]:
    """Return a list to walk over."""
    if type(value) is not list:
        raise Failed(f"перебирать можно список, а это {kind(value)}")
    return value
