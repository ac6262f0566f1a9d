"""Refusals about templates of documents."""

from collections.abc import Sequence
from typing import Any

from engine.errors.kinds import Invalid


class TemplateRefused(Invalid):
    """Шаблон не принят: {summary}. Исправьте файл и загрузите снова."""

    code = "template.refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary="; ".join(p.rstrip(".") for p in self.problems[:5]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems when the refusal crosses a process."""
        return type(self), (self.problems,)
