"""Decision tables: parsed and decided by SpiffWorkflow, every cell evaluated by our language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.errors import DiagramRefused, EngineError, ExpressionFailed, Finding
from engine.process.document import read_xml
from engine.process.host import Check
from engine.process.language import ClosedLanguage
from engine.process.overlaps import overlap
from engine.process.schemas import translated
from engine.process.state import Names
from engine.process.tables import INPUT, Table


@dataclass(frozen=True, slots=True)
class _Evaluator:
    """What the library takes for its script engine: the closed language."""

    language: ClosedLanguage

    def evaluate(
        self, task: "_Task", expression: str, external_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the value of a cell; a refusal passes through the library as one of its own."""
        names = {**task.data, **external_context} if external_context else task.data
        try:
            return self.language.evaluate(expression, names)
        except EngineError as refusal:
            raise SpiffWorkflowException(refusal.sentence) from refusal


@dataclass(frozen=True, slots=True)
class _Workflow:
    script_engine: _Evaluator


@dataclass(frozen=True, slots=True)
class _Task:
    """What the library takes for a task: the data, and who evaluates."""

    data: Mapping[str, Any]
    workflow: _Workflow


@dataclass(frozen=True, slots=True)
class _Decision:
    """One table, ready to be decided; `engine` gives every matching rule."""

    engine: Any
    outputs: tuple[str, ...]
    unique: bool

    def decide(self, table: str, names: Mapping[str, Any], language: ClosedLanguage) -> Names:
        """Return the outputs of the one matching rule, or lists of them over all."""
        task = _Task(names, _Workflow(_Evaluator(language)))
        try:
            found = [rule.output_as_dict(task) for rule in self.engine.decide(task)]
        except SpiffWorkflowException as error:
            why = error.__cause__.sentence if isinstance(error.__cause__, EngineError) else error
            raise ExpressionFailed(text=table, why=why) from error
        if not self.unique:
            return {name: [outputs[name] for outputs in found] for name in self.outputs}
        if len(found) > 1:
            raise ExpressionFailed(text=table, why="подходит больше одной строки таблицы")
        return dict(found[0]) if found else dict.fromkeys(self.outputs)


class Tables:
    """
    The decision tables of one definition, by the id of the decision.

    A table without a matching row gives nothing: each output is None, or an empty list.
    """

    def __init__(self, tables: Mapping[str, _Decision]) -> None:
        self._tables = dict(tables)

    @property
    def names(self) -> Collection[str]:
        """Return the ids of the decisions."""
        return self._tables.keys()

    def decide(self, table: str, names: Mapping[str, Any], language: ClosedLanguage) -> Names:
        """
        Return the outputs of a table.

        Raises:
            ExpressionFailed: There is no such table, a cell has no value, or a table that
                promises one matching row has several.
        """
        if table not in self._tables:
            raise ExpressionFailed(text=table, why="такой таблицы решений нет")
        return self._tables[table].decide(table, names, language)


def read_tables(
    files: Mapping[str, bytes], check: Check
) -> tuple[Tables, list[Finding], list[Finding]]:
    """
    Return the tables of these files, the reasons against them, and warnings.

    Args:
        files: Decision files by name, one decision each.
        check: Is asked about every expression.
    """
    tables: dict[str, _Decision] = {}
    findings: list[Finding] = []
    warnings: list[Finding] = []
    for name, raw in files.items():
        try:
            decision = _read(raw, name, check, warnings)
        except DiagramRefused as refusal:
            findings += refusal.findings
        else:
            if decision[0] in tables:
                findings.append(Finding(name, f"Решение «{decision[0]}» есть дважды."))
            tables[decision[0]] = decision[1]
    return Tables(tables), findings, warnings


def _read(raw: bytes, name: str, check: Check, warnings: list[Finding]) -> tuple[str, _Decision]:
    """Return one decision with its id; ours looks first, then the library."""
    table = Table(read_xml(raw, name), name, check)
    if table.findings:
        raise DiagramRefused(table.findings)
    parsed = _parsed(table, name)
    parsed.hit_policy = "COLLECT"  # The library stops at the first match of UNIQUE; we count them.
    unique = table.policy == "UNIQUE"
    pair = overlap(table.tests, INPUT) if unique else None
    if pair is not None:
        sentence = f"Строки {pair[0]} и {pair[1]} могут подойти вместе, а политика UNIQUE."
        warnings.append(Finding(f"{name}/{table.id}", sentence))
    return table.id, _Decision(DMNEngine(parsed), tuple(table.outputs), unique)


def _parsed(table: Table, name: str) -> Any:
    """Return the library's own form of a table."""
    parser = BpmnDmnParser(validator=True)
    try:
        parser.add_dmn_xml(table.root, filename=name)
        found = parser.dmn_parsers[table.id]
        found.parse()
    except ValidationException as error:
        raise DiagramRefused([Finding(name, translated(str(error)))]) from error
    return found.decision.decisionTables[0]
