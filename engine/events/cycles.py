"""What happens to definitions and cycles."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDeployed(Event):
    """Загружена схема «{name}», версия {number}."""

    definition_id: int
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleOpened(Event):
    """Открыт цикл «{name}»."""

    cycle_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    """Изменены настройки цикла: {changes}."""

    cycle_id: int
    changes: str
