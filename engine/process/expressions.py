"""
From the text of an expression to a chain of closures: made once, run without walking a tree.

Python's grammar is only read, never executed: each node of the syntax tree is either on the
list here or the text is refused, so there is nothing in a result that could reach the machine.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from engine.process.closures import CONSTANTS, Refused, Run, Seen, translate
from engine.process.functions import FUNCTIONS

LONGEST: Final = 2_000
LONGEST_SCRIPT: Final = 8_000
MOST_NODES: Final = 400
DEEPEST: Final = 60

_WRAPPED: Final = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:[\\'\"nt]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})")
_TEXT: Final = re.compile(r"'(?:\\.|[^'\\])*(?:'|\\?\Z)|\"(?:\\.|[^\"\\])*(?:\"|\\?\Z)", re.DOTALL)
_GLUED: Final = re.compile(r"(?<![\w.])[\d.][\w.]*(?<=[\d.])(?:and|else|for|if|in|is|not|or)\b")


@dataclass(frozen=True, slots=True)
class Compiled:
    """
    An expression, or one assignment of a script when it has a `target`.

    ``reads`` are the variables it needs; ``calls`` the functions it calls, each with its first
    argument where that is a literal text.
    """

    run: Run
    reads: frozenset[str]
    calls: frozenset[tuple[str, str]]
    target: str = ""


def bare(text: str) -> str:
    """Return ``x > 1`` for ``${x > 1}``, ``#{x > 1}`` and ``= x > 1``, as modelers write it."""
    text = text.strip()
    match = _WRAPPED.fullmatch(text)
    return (match[1] if match else text.removeprefix("=")).strip()


def expression(text: str) -> Compiled:
    """
    Return an expression ready to run.

    Raises:
        Refused: It is not in the language.
    """
    source = bare(text)
    if not source:
        raise Refused("выражение пустое")
    if len(source) > LONGEST:
        raise Refused(f"длиннее {LONGEST} знаков")
    with _reading(source):
        tree = ast.parse(" ".join(source.splitlines()), mode="eval")
    return _compiled(tree.body)


def script(text: str) -> tuple[Compiled, ...]:
    """
    Return the assignments of a script, line by line.

    Raises:
        Refused: Something in it is not an assignment of an expression to a name.
    """
    if len(text) > LONGEST_SCRIPT:
        raise Refused(f"длиннее {LONGEST_SCRIPT} знаков")
    with _reading(text):
        tree = ast.parse(text.strip())
    return tuple(_assignment(statement) for statement in tree.body)


@contextmanager
def _reading(source: str) -> Iterator[None]:
    """Turn the complaints of Python's parser into refusals; nothing is executed."""
    if "\\" in _ESCAPE.sub("", source) or _GLUED.search(_TEXT.sub("", source)):
        # Python only warns of these, and newer versions read some of them otherwise.
        raise Refused("обратная черта или слово вплотную к числу здесь не читаются")
    try:
        yield
    except SyntaxError as error:
        foreign = re.search(r"&&|\|\||!(?!=)", source)
        hint = ": вместо && || ! пишите and, or, not" if foreign else ""
        raise Refused(f"не читается у знака {error.offset or 0}{hint}") from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise Refused("слишком сложно или с недопустимыми знаками") from error


def _assignment(statement: ast.stmt) -> Compiled:
    """Return one line of a script."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise Refused(f"строка {statement.lineno}: бывает только «имя = выражение»")
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        raise Refused(f"строка {statement.lineno}: слева должно стоять одно имя")
    if target.id.startswith("_") or target.id in FUNCTIONS or target.id in CONSTANTS:
        raise Refused(f"имени «{target.id}» присвоить нельзя")
    return _compiled(statement.value, target.id)


def _compiled(tree: ast.expr, target: str = "") -> Compiled:
    """Return a tree as closures after its size and depth have been measured."""
    _measure(tree)
    seen = Seen()
    run = translate(seen, tree)
    return Compiled(run, frozenset(seen.reads), frozenset(seen.calls), target)


def _measure(tree: ast.expr) -> None:
    """Refuse a tree that is large or deep: what runs must end soon and fit the stack."""
    level, total = [tree], 0
    for _depth in range(DEEPEST + 1):
        total += len(level)
        if total > MOST_NODES:
            raise Refused(f"больше {MOST_NODES} частей")
        level = [child for node in level for child in _parts(node)]
        if not level:
            return
    raise Refused(f"вложено глубже {DEEPEST}")


def _parts(node: ast.AST) -> Iterator[Any]:
    """Walk the children that are expressions or comprehensions."""
    wanted = ast.expr | ast.comprehension
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, wanted))
