"""Putting a task aside for some days; nobody but oneself sees a difference."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import delete

from engine.bus import Command, handles
from engine.commands.holders import allow_work, refuse_ended, refuse_taken
from engine.commands.locked import look_at_task
from engine.errors import SnoozeRefused
from engine.model.tasks import OPEN, Snooze
from engine.rules.calendar import day_of, moment_of
from engine.rules.words import day
from engine.unit import Unit

MORNING: Final = time(0, 0)
"""A task is back when its day begins."""


@dataclass(frozen=True, slots=True)
class SnoozeTask(Command[datetime]):
    """Put a task aside until a day at its school; returns the moment when it is back."""

    task_id: int
    until: date


@handles(SnoozeTask)
def snooze_task(unit: Unit, command: SnoozeTask) -> datetime:
    """
    Take it out of one's list, never beyond its deadline; reminders go on.

    Raises:
        SnoozeRefused: The day is not ahead, or behind the deadline.
        TaskTaken: Somebody else holds it.
        NotOpen: It is not open any more.
    """
    case, task = look_at_task(unit, command.task_id)
    allow_work(unit, case, task)
    me = unit.actor.person_id
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    if task.assignee_id not in (None, me):
        refuse_taken(unit, case, task)
    today, due_on = day_of(unit.now, case.zone), day_of(task.due_at, case.zone)
    if task.due_at < unit.now or due_on == today:
        raise SnoozeRefused(why="её срок уже наступил")
    if command.until <= today:
        raise SnoozeRefused(why="выберите день позже сегодняшнего")
    if command.until > due_on:
        raise SnoozeRefused(why=f"её срок — {day(due_on, today)}, выберите день не позже")
    until = moment_of(command.until, MORNING, case.zone)
    unit.execute(delete(Snooze).where(Snooze.person_id == me, Snooze.until <= unit.now))
    unit.put(Snooze, {"person_id": me, "task_id": task.id, "until": until})
    return until


@dataclass(frozen=True, slots=True)
class UnsnoozeTask(Command[None]):
    """Take up again what one has put aside; harmless when nothing is."""

    task_id: int


@handles(UnsnoozeTask)
def unsnooze_task(unit: Unit, command: UnsnoozeTask) -> None:
    """Forget one's own row, whatever has become of the task."""
    unit.allow_anyone()
    mine = Snooze.person_id == unit.actor.person_id
    unit.execute(delete(Snooze).where(mine, Snooze.task_id == command.task_id))
