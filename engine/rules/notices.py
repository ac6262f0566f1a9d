"""
The sentences of notices: whose move it is, until when, and what happens next.

A colleague speaks, not a supervisor: no sentence counts anybody's failures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.rules.calendar import RUSSIA, Calendar
from engine.rules.reminders import Audience, Kind
from engine.rules.words import counted, day, plural, workdays

NAMED: Final = 3
"""A notice about many tasks names so many of them."""


@dataclass(frozen=True, slots=True)
class About:
    """
    The task that a notice is about.

    ``place`` is the short name of the school; ``holder`` the name of whoever holds the task,
    empty when nobody does; ``role`` the name of the role it is offered to.
    """

    title: str
    place: str
    due_on: date
    holder: str = ""
    role: str = ""

    @property
    def name(self) -> str:
        """Return the title with the school."""
        return f"«{self.title}» ({self.place})" if self.place else f"«{self.title}»"

    @property
    def mover(self) -> str:
        """Return whose move it is."""
        return self.holder or self.role


def full_title(title: str, item: str) -> str:
    """Return the title of a task with what tells it apart from the others of its panel."""
    return f"{title}: {item}" if item else title


def assigned(about: About, today: date) -> str:
    """Tell somebody that a task was given to him by name."""
    return f"Вам поручена задача {about.name}. Срок — {day(about.due_on, today)}."


def handed_over(about: About, today: date, reason: str) -> str:
    """Tell somebody that a task was handed over to him."""
    because = f" Причина: {reason.rstrip('.')}." if reason else ""
    return f"Вам передана задача {about.name}. Срок — {day(about.due_on, today)}.{because}"


def moved(about: About, today: date, reason: str) -> str:
    """Tell whoever holds a task that its deadline has moved."""
    new_day = day(about.due_on, today)
    return f"Новый срок задачи {about.name} — {new_day}. Причина: {reason.rstrip('.')}."


def prompted(about: About, today: date, words: str) -> str:
    """Tell whoever has the move what the coordinator says about a task."""
    said = f" {words.rstrip('.')}." if words else ""
    return f"Вам напоминают о задаче {about.name}: срок — {day(about.due_on, today)}.{said}"


def closed(about: About) -> str:
    """Tell whoever held a task that nobody has to do it any more."""
    return f"Задача {about.name} снята: ход дела сделал её ненужной. От вас ничего не требуется."


def skipped(about: About, reason: str) -> str:
    """Tell whoever held a task that the case goes on without it."""
    return f"Задача {about.name} пропущена: делать её не нужно. Причина: {reason.rstrip('.')}."


def incident(place: str, why: str) -> str:
    """Tell a coordinator that a case has stopped."""
    return f"Сбой в деле ({place}): {why.rstrip('.')}. Откройте дело и решите, как быть."


def offered(about: About, today: date) -> str:
    """Tell one of several, in one line of a list, that there is work for their role."""
    return f"{about.name}: срок — {day(about.due_on, today)}."


def late(about: About, today: date) -> str:
    """Remind of a task whose deadline has passed, in one line of a list."""
    return f"{about.name}: срок прошёл {day(about.due_on, today)}."


def gathered(kind: str, tasks: Sequence[About]) -> str:
    """Return what one notice of a kind in `GATHERED` says of all its tasks, at least one."""
    names = ", ".join(about.name for about in tasks[:NAMED])
    more = f" и ещё {len(tasks) - NAMED}" if len(tasks) > NAMED else ""
    number = len(tasks)
    if kind == "idle":
        head = f"{counted(number, 'задачу', 'задачи', 'задач')} никто не взял"
        return f"{head}: {names}{more}. Напомните или передайте их сами."
    ends = plural(number, "ждёт", "ждут", "ждут")
    head = f"{counted(number, 'задача', 'задачи', 'задач')} {ends} после срока"
    return f"{head}: {names}{more}."


def sentence(
    kind: Kind, audience: Audience, about: About, today: date, calendar: Calendar = RUSSIA
) -> str:
    """Return what a rung says to its audience about a task."""
    if kind == "overdue":
        return _overdue(audience, about, today, calendar)
    if audience is not Audience.PERFORMERS:
        due = day(about.due_on, today)
        return (
            f"Задачу {about.name} никто не взял, срок — {due}. "
            f"Ход за: {about.role}. Напомните или передайте задачу сами."
        )
    return f"{_left(about, today, calendar)} {_your_move(about)}"


def _left(about: About, today: date, calendar: Calendar) -> str:
    """Return how long there is until the due day, for whoever has to act."""
    due = day(about.due_on, today)
    left = calendar.workdays_between(today, about.due_on)
    if about.due_on == today:
        return f"Сегодня срок задачи {about.name}."
    if left == 0:
        return f"Сегодня последний рабочий день перед сроком задачи {about.name} — {due}."
    remains = plural(left, "остался", "осталось", "осталось")
    return f"До срока задачи {about.name} {remains} {workdays(left)}: {due}."


def _your_move(about: About) -> str:
    if about.holder:
        return "Ход за вами."
    return "Её ещё никто не взял — возьмите, если можете."


def _overdue(audience: Audience, about: About, today: date, calendar: Calendar) -> str:
    due = day(about.due_on, today)
    if audience is Audience.PERFORMERS:
        if about.holder:
            rest = "Завершите её или договоритесь с координатором о новом сроке."
        else:
            rest = "Её никто не взял — возьмите, если можете."
        return f"Срок задачи {about.name} прошёл {due}. {rest}"
    late = workdays(calendar.workdays_between(about.due_on, today))
    if audience is Audience.COORDINATOR:
        rest = "Напомните, перенесите срок или передайте задачу."
    else:
        rest = "Координатор знает; если нужно ваше решение, откройте задачу."
    return f"Задача {about.name} ждёт уже {late} после срока {due}. Ход за: {about.mover}. {rest}"
