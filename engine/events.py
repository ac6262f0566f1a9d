"""
What happened: frozen facts, and the two signals that carry them.

The docstring of an event is its line in the journal. ``{task}`` is the title of its task,
``{element}`` the name of the element in the diagram, ``{person}`` the name behind
``person_id``; other names are fields of the event. Sentences name no doer: the journal shows
him beside the line, and Russian verbs would ask for his gender.
"""

import inspect
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, ClassVar, Final

from blinker import Namespace

_signals = Namespace()

recorded = _signals.signal("recorded")
"""Sent by the unit inside the transaction; a subscriber that raises undoes the action."""

committed = _signals.signal("committed")
"""Sent by the engine after the commit, with all ``events``; who listens does nothing but wake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Что-то произошло."""

    known: ClassVar[dict[str, type["Event"]]] = {}
    """Every kind of event by the name that the journal keeps."""

    case_id: int = 0
    task_id: int = 0
    element: str = ""

    def __init_subclass__(cls) -> None:
        # A dataclass with slots is made twice: the second class, the real one, stays.
        Event.known[cls.__name__] = cls

    @classmethod
    def line(cls) -> str:
        """Return the Russian sentence, its names not yet filled in."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    @property
    def data(self) -> dict[str, Any] | None:
        """Return the fields that are this kind's own, for the journal; None without any."""
        return {name: getattr(self, name) for name in _own(type(self))} or None


ASIDE: Final = {"aside": True}
"""Marks a field that subscribers read and the journal does not keep: its rows have it already."""

_OWN: dict[str, tuple[str, ...]] = {}


def _own(kind: type[Event]) -> tuple[str, ...]:
    """Return the names of the fields that a kind of event adds."""
    if (names := _OWN.get(kind.__name__)) is None:
        shared = {common.name for common in fields(Event)}
        names = tuple(
            own.name
            for own in fields(kind)
            if own.name not in shared and not own.metadata.get("aside")
        )
        _OWN[kind.__name__] = names
    return names


# definitions and cycles -------------------------------------------------------------------------


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


# cases ------------------------------------------------------------------------------------------


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


# tasks ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Event):
    """Открыта задача «{task}»."""

    assignee_id: int | None
    title: str = field(metadata=ASIDE)
    place: str = field(metadata=ASIDE)
    opened_on: date = field(metadata=ASIDE)
    due_on: date = field(metadata=ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(Event):
    """Задача «{task}» взята в работу."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReleased(Event):
    """Задача «{task}» возвращена в общий список."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone(Event):
    """Задача «{task}» выполнена."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(Event):
    """Задача «{task}» снята: ход дела сделал её ненужной."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSkipped(Event):
    """Задача «{task}» пропущена. Причина: {reason}."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReassigned(Event):
    """Задача «{task}» передана: {person}. Причина: {reason}."""

    person_id: int
    reason: str
    former_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDelegatedTo(Event):
    """Задача «{task}» поручена коллеге, {person}: {note}."""

    person_id: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned(Event):
    """Задача «{task}» возвращена тому, кто её поручил, {person}: {note}."""

    person_id: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecalled(Event):
    """Задача «{task}» больше не поручена: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDoneFor(Event):
    """Задача «{task}» выполнена по поручению: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Event):
    """О задаче «{task}» просят: перенести срок на {until}. Причина: {reason}."""

    request_id: int
    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Event):
    """Просьба о переносе срока задачи «{task}» удовлетворена: {person}."""

    request_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDeclined(Event):
    """В переносе срока задачи «{task}» отказано: {person}. Ответ: {answer}."""

    request_id: int
    person_id: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionWithdrawn(Event):
    """Просьба о переносе срока задачи «{task}» отозвана."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCommented(Event):
    """Оставлен комментарий к задаче «{task}»."""

    comment_id: int
    called: tuple[int, ...] = field(default=(), metadata=ASIDE)
    text: str = field(default="", metadata=ASIDE)
    holder_id: int | None = field(default=None, metadata=ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommented(Event):
    """Оставлен комментарий к делу."""

    comment_id: int
    called: tuple[int, ...] = field(default=(), metadata=ASIDE)
    text: str = field(default="", metadata=ASIDE)
    holder_id: int | None = field(default=None, metadata=ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged(Event):
    """Приоритет задачи «{task}» теперь {priority}{because}."""

    priority: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPrompted(Event):
    """О задаче «{task}» напомнили."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved(Event):
    """Срок задачи «{task}» перенесён с {due_before} на {due_after}. Причина: {reason}."""

    due_before: str
    due_after: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayTold(Event):
    """Срок задачи «{task}» прошёл, сообщено: {to}."""

    to: str


# the panel --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertAdded(Event):
    """В экспертную группу включён эксперт: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertWithdrawn(Event):
    """Из экспертной группы выведен эксперт: {person}. Причина: {reason}."""

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAppointed(Event):
    """Руководителем экспертной группы назначен эксперт: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintMade(Event):
    """Поступило обращение о независимости эксперта: {person}."""

    person_id: int
    complaint_id: int


# incidents --------------------------------------------------------------------------------------


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


# people -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCreated(Event):
    """Создана организация «{name}»."""

    organisation_id: int
    name: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRenamed(Event):
    """Организация «{before}» теперь называется «{name}»."""

    organisation_id: int
    before: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(Event):
    """Добавлен человек: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    """Выдано приглашение: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """Дана роль: {person}, {role}, {organisation}."""

    person_id: int
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Event):
    """Снята роль: {person}, {role}, {organisation}."""

    person_id: int
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorShut(Event):
    """Закрыт вход: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    """Снова открыт вход: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRenamed(Event):
    """Изменено имя: {person}, раньше {before}."""

    person_id: int
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    """Изменён адрес почты: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """Сменён пароль: {person}."""

    person_id: int
