"""What happens to a case as a whole."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted(Event):
    """Дело начато."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(Event):
    """Начат этап «{name}»."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(Event):
    """Дело приостановлено. Причина: {reason}."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """Дело возобновлено."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(Event):
    """Дело отменено. Причина: {reason}."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCompleted(Event):
    """Дело завершено: {outcome}."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailed(Event):
    """Дело остановлено ошибкой «{code}», которую схема не обрабатывает."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLost(Event):
    """После «{element}» ни одно условие не выполнено, эта ветвь закончилась."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """Наступил срок «{element}»."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """Отправлено сообщение «{name}»."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSent(Event):
    """Подан сигнал «{name}»."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """Получено сообщение «{name}»."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCalled(Event):
    """Начато автоматическое действие «{element}»."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDone(Event):
    """Выполнено автоматическое действие «{element}»."""
