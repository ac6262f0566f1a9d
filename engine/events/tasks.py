"""What people do with tasks and around them."""

from dataclasses import dataclass, field
from datetime import date

from engine.events.kinds import ASIDE, Event


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
    """Важность задачи «{task}» теперь {priority}{because}."""

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
