"""What changes about the templates of documents."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePut(Event):
    """Загружен свой шаблон, версия {version}: {kind}."""

    organisation_id: int
    kind: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDropped(Event):
    """Возвращён встроенный шаблон: {kind}."""

    organisation_id: int
    kind: str
