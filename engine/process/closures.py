"""
From the nodes of Python's grammar to closures that run without walking a tree.

Each node is on the list at the end of this file or the text is refused, so there is nothing in
a closure that could reach the machine.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.process import values
from engine.process.functions import FUNCTIONS
from engine.process.values import Failed, Steps

CONSTANTS: Final[Mapping[str, Any]] = {"true": True, "false": False, "null": None}
"""Written so by modelers; Python's own spellings are read as well."""


class Refused(Exception):
    """Why a text is not in the language, in Russian; `language` adds which text."""


class Frame(Steps):
    """One evaluation: the names it reads, the functions of the host, what it may still do."""

    __slots__ = ("functions", "names", "slots")

    def __init__(
        self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
    ) -> None:
        super().__init__()
        self.names = names
        self.functions = functions
        self.slots: dict[int, Any] = {}


Run = Callable[[Frame], Any]
Operation = Callable[[Steps, Any, Any], Any]


@dataclass(slots=True)
class Seen:
    """What a translation has come across: variables, calls, names bound by ``for``."""

    reads: set[str] = field(default_factory=set)
    calls: set[tuple[str, str]] = field(default_factory=set)
    bound: dict[str, int] = field(default_factory=dict)
    slots: int = 0


_BINARY: Final[Mapping[type[ast.operator], Operation]] = {
    ast.Add: values.add,
    ast.Sub: values.numbers("-", operator.sub),
    ast.Mult: values.numbers("*", operator.mul),
    ast.Div: values.numbers("/", operator.truediv),
    ast.FloorDiv: values.numbers("//", operator.floordiv),
    ast.Mod: values.numbers("%", operator.mod),
}
_COMPARED: Final[Mapping[type[ast.cmpop], Operation]] = {
    ast.Eq: values.equal,
    ast.NotEq: values.unequal,
    ast.Lt: values.ordered("<", operator.lt),
    ast.LtE: values.ordered("<=", operator.le),
    ast.Gt: values.ordered(">", operator.gt),
    ast.GtE: values.ordered(">=", operator.ge),
    ast.In: values.contained,
    ast.NotIn: values.lacking,
    ast.Is: values.equal,
    ast.IsNot: values.unequal,
}
_SAID: Final[Mapping[type[ast.AST], str]] = {
    ast.Lambda: "функции lambda",
    ast.JoinedStr: 'строки f"…"',
    ast.NamedExpr: "присваивание внутри выражения",
    ast.Starred: "раскрытие звёздочкой",
    ast.Slice: "срезы",
    ast.Set: "множества",
    ast.SetComp: "множества",
    ast.DictComp: "записи из цикла",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Pow: "степени",
    ast.LShift: "сдвиги",
    ast.RShift: "сдвиги",
    ast.MatMult: "«@»",
    ast.BitAnd: "«&»: пишите and",
    ast.BitOr: "«|»: пишите or",
    ast.BitXor: "«^»",
    ast.Invert: "«~»: пишите not",
}


def translate(seen: Seen, node: ast.AST) -> Run:
    """Return the closure of a node, or refuse a node that is not on the list."""
    function = _NODES.get(type(node))
    if function is None:
        raise Refused(_unknown(node))
    return function(seen, node)


def _constant(_seen: Seen, node: ast.Constant) -> Run:
    value = node.value
    if type(value) not in (int, float, bool, str, type(None)):
        raise Refused("такого вида значения не бывает")
    try:
        values.limited(value)
        str(value).encode()
    except Failed as failure:
        raise Refused(str(failure)) from failure
    except UnicodeEncodeError as error:
        raise Refused("половина знака: такой текст не сохранить") from error
    return lambda _frame: value


def _name(seen: Seen, node: ast.Name) -> Run:
    name = node.id
    if name.startswith("_"):
        raise Refused(f"имя «{name}» начинается с подчёркивания")
    if name in seen.bound:
        slot = seen.bound[name]
        return lambda frame: frame.slots[slot]
    if name in CONSTANTS:
        value = CONSTANTS[name]
        return lambda _frame: value
    seen.reads.add(name)

    def read(frame: Frame) -> Any:
        try:
            return frame.names[name]
        except KeyError:
            raise Failed(f"«{name}» ещё не имеет значения") from None

    return read


def _compare(seen: Seen, node: ast.Compare) -> Run:
    operations = [_COMPARED[type(op)] for op in node.ops]
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.Is | ast.IsNot) and not _is_none(right):
            raise Refused("is бывает только с None: пишите ==")
    first, *rest = [translate(seen, part) for part in (node.left, *node.comparators)]
    if len(rest) == 1:
        operation, right_of = operations[0], rest[0]
        return lambda frame: operation(frame, first(frame), right_of(frame))
    pairs = list(zip(operations, rest, strict=True))

    def chain(frame: Frame) -> bool:
        left = first(frame)
        for operation, part in pairs:
            right = part(frame)
            if not operation(frame, left, right):
                return False
            left = right
        return True

    return chain


def _logic(seen: Seen, node: ast.BoolOp) -> Run:
    return _both(seen, node) if isinstance(node.op, ast.And) else _either(seen, node)


def _both(seen: Seen, node: ast.BoolOp) -> Run:
    first, *rest = [translate(seen, part) for part in node.values]

    def run(frame: Frame) -> Any:
        value = first(frame)
        for part in rest:
            if not value:
                break
            value = part(frame)
        return value

    return run


def _either(seen: Seen, node: ast.BoolOp) -> Run:
    first, *rest = [translate(seen, part) for part in node.values]

    def run(frame: Frame) -> Any:
        value = first(frame)
        for part in rest:
            if value:
                break
            value = part(frame)
        return value

    return run


def _binary(seen: Seen, node: ast.BinOp) -> Run:
    operation = _BINARY.get(type(node.op))
    if operation is None:
        raise Refused(_unknown(node.op))
    left, right = translate(seen, node.left), translate(seen, node.right)
    return lambda frame: operation(frame, left(frame), right(frame))


def _unary(seen: Seen, node: ast.UnaryOp) -> Run:
    operand = translate(seen, node.operand)
    if isinstance(node.op, ast.Not):
        return lambda frame: not operand(frame)
    if isinstance(node.op, ast.Invert):
        raise Refused(_unknown(node.op))
    minus, sign = _BINARY[ast.Sub], 1 if isinstance(node.op, ast.UAdd) else -1
    if sign < 0:
        return lambda frame: minus(frame, 0, operand(frame))
    return lambda frame: values.add(frame, 0, operand(frame))


def _call(seen: Seen, node: ast.Call) -> Run:
    if not isinstance(node.func, ast.Name):
        raise Refused("вызывать можно только функции по имени")
    if node.keywords:
        raise Refused("аргументы пишутся без имён")
    name = node.func.id
    if name.startswith("_") or name in seen.bound:
        raise Refused(f"«{name}» не функция")
    seen.calls.add((name, _literal(node.args[0]) if node.args else ""))
    arguments = [translate(seen, argument) for argument in node.args]
    known = FUNCTIONS.get(name)

    def call(frame: Frame) -> Any:
        function = known or frame.functions.get(name)
        if function is None:
            raise Failed(f"функции «{name}» нет")
        given = [argument(frame) for argument in arguments]
        for value in given:
            frame.weigh(value)
        return values.limited(function(*given))

    return call


def _attribute(seen: Seen, node: ast.Attribute) -> Run:
    name, record = node.attr, translate(seen, node.value)
    if name.startswith("_"):
        raise Refused(f"имя «{name}» начинается с подчёркивания")
    return lambda frame: values.field(record(frame), name)


def _subscript(seen: Seen, node: ast.Subscript) -> Run:
    container, index = translate(seen, node.value), translate(seen, node.slice)
    return lambda frame: values.element(container(frame), index(frame))


def _choice(seen: Seen, node: ast.IfExp) -> Run:
    test, body, orelse = (
        translate(seen, node.test),
        translate(seen, node.body),
        translate(seen, node.orelse),
    )
    return lambda frame: body(frame) if test(frame) else orelse(frame)


def _list(seen: Seen, node: ast.List | ast.Tuple) -> Run:
    parts = [translate(seen, part) for part in node.elts]
    return lambda frame: [part(frame) for part in parts]


def _record(seen: Seen, node: ast.Dict) -> Run:
    names = [_literal(key) for key in node.keys]
    if not all(names):
        raise Refused("имена в записи пишутся текстом")
    parts = [translate(seen, part) for part in node.values]
    return lambda frame: {name: part(frame) for name, part in zip(names, parts, strict=True)}


def _walk(seen: Seen, node: ast.ListComp | ast.GeneratorExp) -> Run:
    """Return a list made by walking others; each round pays for all that is inside."""
    outer = dict(seen.bound)
    rounds = [_round(seen, part) for part in node.generators]
    item = translate(seen, node.elt)
    seen.bound = outer
    weight = sum(1 for _ in ast.walk(node))

    def gather(frame: Frame, level: int, found: list[Any]) -> None:
        if level == len(rounds):
            found.append(item(frame))
            return
        slot, source, tests = rounds[level]
        for value in values.elements(source(frame)):
            frame.take(weight)
            frame.slots[slot] = value
            if all(test(frame) for test in tests):
                gather(frame, level + 1, found)

    def run(frame: Frame) -> list[Any]:
        found: list[Any] = []
        gather(frame, 0, found)
        return found

    return run


def _round(seen: Seen, part: ast.comprehension) -> tuple[int, Run, list[Run]]:
    """Return one ``for`` with its conditions; its name is bound for what follows."""
    if part.is_async or not isinstance(part.target, ast.Name):
        raise Refused("после for стоит одно имя")
    source = translate(seen, part.iter)
    name = part.target.id
    if name.startswith("_"):
        raise Refused(f"имя «{name}» начинается с подчёркивания")
    seen.slots += 1
    seen.bound = {**seen.bound, name: seen.slots}
    return seen.slots, source, [translate(seen, test) for test in part.ifs]


_NODES: Final[Mapping[type[ast.AST], Callable[[Seen, Any], Run]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.IfExp: _choice,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Dict: _record,
    ast.ListComp: _walk,
    ast.GeneratorExp: _walk,
}


def _is_none(node: ast.expr) -> bool:
    null = isinstance(node, ast.Name) and node.id == "null"
    return null or (isinstance(node, ast.Constant) and node.value is None)


def _literal(node: ast.expr | None) -> str:
    """Return a literal text, empty for anything else."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if literal and isinstance(node, ast.Constant) else ""


def _unknown(node: ast.AST) -> str:
    """Say in Russian what a node is that the language does not have."""
    return f"не поддерживаются {_SAID.get(type(node), type(node).__name__)}"
