"""Refusals about forms, their answers and files."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors.kinds import Conflict, Invalid


class FormRefused(Invalid):
    """Форму нельзя показать: {summary}."""

    code = "form.refused"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary="; ".join(p.rstrip(".") for p in self.problems[:5]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems when the refusal crosses a process."""
        return type(self), (self.problems,)


class FormInvalid(Invalid):
    """Проверьте поля формы: {summary}."""

    code = "form.invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {path: list(sentences) for path, sentences in errors.items()}
        sentences = dict.fromkeys(s.rstrip(".") for found in self.errors.values() for s in found)
        super().__init__(summary="; ".join(list(sentences)[:5]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the sentences when the refusal crosses a process."""
        return type(self), (self.errors,)


class FileRefused(Invalid):
    """Файл «{name}» не приложен: {why}. Выберите другой."""

    code = "file.refused"


class DraftElsewhere(Conflict):
    """Этот черновик сохранён {when} в другой вкладке или на другом устройстве. Ваш текст здесь цел: выберите, какой оставить."""

    code = "draft.elsewhere"


class FileKept(Conflict):
    """Этот файл приложил другой человек, или он уже в документе: убрать его нельзя."""

    code = "file.kept"
