"""What is wrong with a diagram, or with how it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors.kinds import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of the check of a diagram: where and what, in Russian."""

    element: str
    sentence: str


class DiagramRefused(Invalid):
    """Схему нельзя выполнить так, как она нарисована: {summary}."""

    code = "diagram.refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        summary = "; ".join(f"{f.element}: {f.sentence.rstrip('.')}" for f in self.findings[:5])
        super().__init__(summary=summary)


class ExpressionRefused(Invalid):
    """Выражение «{text}» не входит в язык выражений: {why}."""

    code = "expression.refused"


class ExpressionFailed(Conflict):
    """Выражение «{text}» не вычислено: {why}."""

    code = "expression.failed"


class TimerRefused(Invalid):
    """Срок «{text}» не подходит: {why}."""

    code = "timer.refused"


class Fault(Conflict):
    """Дело не может идти дальше (элемент «{element}»): {why}. Координатор увидит это как сбой."""

    code = "case.fault"


class StateUnknown(Invalid):
    """Состояние дела записано в неизвестном формате {number}. Обновите программу."""

    code = "state.unknown"


class BpmnError(Exception):
    """An error that a service or script raises and a diagram may catch by its code."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})
