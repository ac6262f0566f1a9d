"""
A decision table as XML: which are accepted, and how their cells are written for deciding.

Cells are rewritten before SpiffWorkflow sees them, so that each is one complete expression over
its input: ``< 60`` becomes ``dmninputexpr < 60`` and ``"a"`` becomes ``dmninputexpr == ("a")``.
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Final

from engine.errors import ExpressionRefused, Finding
from engine.process.document import Element, space, tag
from engine.process.expressions import bare
from engine.process.host import Check

SPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
    }
)
"""DMN 1.1 and 1.3; the schema of 1.2 that SpiffWorkflow brings cannot be read itself."""
POLICIES: Final = frozenset({"UNIQUE", "COLLECT"})
INPUT: Final = "dmninputexpr"
"""The name under which the library offers the value of an input to a cell."""
MOST_RULES: Final = 250
MOST_COLUMNS: Final = 30

_OPERATORS: Final = re.compile(r"(<=|>=|==|!=|<|>|in\b|not\s+in\b)")
_PREFIXES: Final = frozenset({"r", "R", "b", "B", "u", "U", "f", "F", "rb", "Rb", "rB", "RB"})
_PARTS: Final = frozenset({"input", "output", "rule"})


class Table:
    """
    One decision file on its way to being decided: looked at, and its cells rewritten.

    Args:
        root: Its tree; changed in place.
        name: The file, to blame when an element has no id.
        check: Is asked about every expression.
    """

    def __init__(self, root: Element, name: str, check: Check) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self._name = name
        self._check = check
        decisions = list(root.iterchildren("{*}decision"))
        self.decision = decisions[0] if len(decisions) == 1 else None
        self.id = "" if self.decision is None else self.decision.get("id", "")
        self._look()

    def _refuse(self, element: Element | None, sentence: str) -> None:
        """Write down why the table cannot be decided."""
        key = "" if element is None else element.get("id", "")
        self.findings.append(Finding(f"{self._name}/{key}" if key else self._name, sentence))

    def _look(self) -> None:
        """Look at the file, then at its table."""
        if tag(self.root) != "definitions" or space(self.root) not in SPACES:
            self._refuse(None, "Это не файл решений DMN 1.1 или 1.3.")
        elif self.decision is None:
            self._refuse(None, "В файле должна быть ровно одна таблица решений.")
        elif not self.id:
            self._refuse(None, "У решения нет id: по нему его вызывают.")
        else:
            self._look_at_decision(self.decision)

    def _look_at_decision(self, decision: Element) -> None:
        """Look at a decision: one table, no other decisions behind it."""
        if next(decision.iter("{*}requiredDecision"), None) is not None:
            self._refuse(decision, "Решение от другого решения не поддерживается.")
        tables = list(decision.iterchildren("{*}decisionTable"))
        if len(tables) != 1:
            self._refuse(decision, "Решение должно быть одной таблицей.")
            return
        self.table = tables[0]
        policy = self.policy
        if policy not in POLICIES or self.table.get("aggregation"):
            self._refuse(self.table, f"Политика {policy} не поддерживается: UNIQUE или COLLECT.")
        self._number()
        self._look_at_columns()
        self._look_at_rules()

    @property
    def policy(self) -> str:
        """Return the hit policy."""
        return self.table.get("hitPolicy", "UNIQUE").upper()

    @property
    def outputs(self) -> list[str]:
        """Return the names of the outputs."""
        return [one.get("name", "").strip() for one in self._columns("output")]

    @property
    def tests(self) -> list[list[str]]:
        """Return the tests of each rule, column by column; an empty one fits always."""
        return [
            [(one.findtext("{*}text") or "") for one in rule.iterchildren("{*}inputEntry")]
            for rule in self._columns("rule")
        ]

    def _columns(self, part: str) -> list[Element]:
        return list(self.table.iterchildren(f"{{*}}{part}"))

    def _number(self) -> None:
        """Give an id to every part without one: the library reads them unasked."""
        for number, one in enumerate(self.table.iter("{*}*")):
            if tag(one) not in {"text", "description"} and not one.get("id"):
                one.set("id", f"part_{number}")

    def _look_at_columns(self) -> None:
        """Look at inputs and outputs: each input an expression, each output a name."""
        for one in self.table.iterchildren("{*}*"):
            if tag(one) not in _PARTS:
                self._refuse(one, f"«{tag(one)}» в таблице не поддерживается.")
        for one in self._columns("input"):
            self._rewrite(one, one.find("{*}inputExpression/{*}text"), asked)
        names = self.outputs
        for name in names:
            if not name.isidentifier() or name.startswith("_") or names.count(name) > 1:
                self._refuse(self.table, f"Выход «{name}»: имя пустое, неверное или повторяется.")
        for one in self.table.iter("{*}inputValues", "{*}outputValues", "{*}defaultOutputEntry"):
            if (one.findtext("{*}text") or "").strip():
                self._refuse(one, f"{tag(one)} не проверяется. Уберите.")
        if not names or len(names) + len(self._columns("input")) > MOST_COLUMNS:
            self._refuse(self.table, f"У таблицы нет выходов, или больше {MOST_COLUMNS} столбцов.")

    def _look_at_rules(self) -> None:
        """Look at the rules: as many cells as columns, each in the language."""
        inputs, outputs = len(self._columns("input")), len(self._columns("output"))
        rules = self._columns("rule")
        if not rules or len(rules) > MOST_RULES:
            self._refuse(self.table, f"Строк в таблице должно быть от 1 до {MOST_RULES}.")
        for rule in rules:
            tests = list(rule.iterchildren("{*}inputEntry"))
            results = list(rule.iterchildren("{*}outputEntry"))
            if (len(tests), len(results)) != (inputs, outputs):
                self._refuse(rule, "Ячеек в строке не столько, сколько столбцов.")
            for one in tests:
                self._rewrite(one, one.find("{*}text"), as_test)
            for one in results:
                self._rewrite(one, one.find("{*}text"), given)

    def _rewrite(
        self, element: Element, holder: Element | None, written: Callable[[str], str]
    ) -> None:
        """Put the whole expression of a cell in its place, or refuse the cell."""
        if holder is None:
            self._refuse(element, "Нет текста.")
            return
        try:
            expression = written(_cell(holder))
            if expression:
                self._check(expression, "eval")
            holder.text = expression or None
        except ExpressionRefused as refusal:
            self._refuse(element, refusal.sentence)


def _cell(holder: Element) -> str:
    """Return the text of a cell on one line, empty when it says that anything fits."""
    text = " ".join((holder.text or "").split("\n")).strip()
    return "" if text == "-" else text


def asked(cell: str) -> str:
    """Return the expression of an input; raises `ExpressionRefused` when there is none."""
    if not bare(cell):
        raise ExpressionRefused(text=cell, why="у входа нет выражения")
    return bare(cell)


def given(cell: str) -> str:
    """Return the expression of an output cell; nothing written gives nothing."""
    return bare(cell) or "None"


def as_test(cell: str) -> str:
    """
    Return the whole test that a cell of an input stands for, empty when anything fits.

    Raises:
        ExpressionRefused: The cell would be read otherwise than it was meant.
    """
    cell = cell if cell.startswith("==") else bare(cell)
    if not cell:
        return ""
    test = "".join(_with_input(cell))
    if INPUT in test:
        return test
    if _OPERATORS.match(test):
        return f"{INPUT} {test}"
    if why := _misread(test):
        raise ExpressionRefused(text=cell, why=why)
    return f"{INPUT} == ({test})"


def _misread(cell: str) -> str:
    """Return what to write instead of a cell that means another thing in FEEL, else nothing."""
    try:
        tree = ast.parse(cell, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "промежуток пишется так: 60 <= ? < 85" if ".." in cell else ""
    if isinstance(tree, ast.Tuple):
        return "несколько значений пишутся так: in (1, 2)"
    negated = isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    return "отрицание пишется так: != 1 или not in (1, 2)" if negated else ""


def _with_input(cell: str) -> Iterator[str]:
    """Walk a cell with each ``?`` outside of texts replaced by the name of the input."""
    quote, escaped, before = "", False, ""
    for character in cell:
        if not quote:
            quote = character if character in "'\"" else ""
            if quote and before in _PREFIXES:
                raise ExpressionRefused(text=cell, why="приставки у текста не поддерживаются")
            yield INPUT if character == "?" else character
        else:
            # A question mark in a text would be replaced by the library: it is written by number.
            yield "\\x3f" if character == "?" and not escaped else character
            if character == quote and not escaped:
                quote = ""
            escaped = character == "\\" and not escaped
        before = before + character if character.isalnum() and not quote else ""
