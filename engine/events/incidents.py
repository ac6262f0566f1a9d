"""What stops a case, and how it goes on."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Event):
    """Сбой: {why}."""

    incident_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Event):
    """Сбой устранён: {resolution}."""

    incident_id: int
    resolution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRestored(Event):
    """Дело возвращено в состояние до сбоя."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMoved(Event):
    """Ход дела переставлен с «{element}» на «{target}». Причина: {reason}."""

    target: str
    reason: str
