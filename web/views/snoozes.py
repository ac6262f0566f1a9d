"""Putting a task of the worklist aside, and taking it up again."""

from datetime import date, datetime, timedelta
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.snoozes import SnoozeTask, UnsnoozeTask
from engine.errors import DateMissing, SnoozeRefused
from engine.queries.worklist import WorklistRow, worklist_row
from web import current, words
from web.current import ask, do
from web.errors import sentence_of
from web.pages import see

DAY: Final = timedelta(days=1)

blueprint = Blueprint("snoozes", __name__, url_prefix="/tasks/<int:task_id>")


@blueprint.get("/snooze")
def choose(task_id: int) -> ResponseReturnValue:
    """Offer the days until which a task can be put aside."""
    return _asked(ask(worklist_row, task_id))


@blueprint.post("/snooze")
def snooze(task_id: int) -> ResponseReturnValue:
    """Put a task aside until the day that was chosen."""
    try:
        until = do(SnoozeTask(task_id, _day()))
    except (SnoozeRefused, DateMissing) as refusal:
        return _asked(ask(worklist_row, task_id), sentence_of(refusal)), 422
    return _put_aside(ask(worklist_row, task_id), until)


@blueprint.get("/row")
def keep(task_id: int) -> ResponseReturnValue:
    """Show the row of a task as it was before the question."""
    return render_template("_task_again.html", task=ask(worklist_row, task_id))


@blueprint.post("/unsnooze")
def unsnooze(task_id: int) -> ResponseReturnValue:
    """Take a task up again."""
    do(UnsnoozeTask(task_id))
    if current.wants_fragment():
        return keep(task_id)
    return see("worklist.index", _("Задача снова в списке."))


def _day() -> date:
    """Return the day of the button that was pressed, or the one typed beside it."""
    given = request.form.get("day") or request.form.get("until", "")
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DateMissing from error


def _asked(task: WorklistRow, problem: str = "") -> str:
    """Return the question, in the place of the row or as a page of its own."""
    today = _today(task)
    offered = {"today": today, "tomorrow": today + DAY, "days": days_ahead(today, task.due_on)}
    page = "_snooze_row.html" if current.wants_fragment() else "snooze.html"
    return render_template(page, task=task, problem=problem, **offered)


def _put_aside(task: WorklistRow, until: datetime) -> ResponseReturnValue:
    if current.wants_fragment():
        day = words.local(until, task.zone).date()
        return render_template("_snoozed_row.html", task=task, until=day, today=_today(task))
    return see("worklist.index", _("Задача отложена, она вернётся в список сама."))


def _today(task: WorklistRow) -> date:
    return words.local(current.engine().now(), task.zone).date()


def days_ahead(today: date, due_on: date) -> list[date]:
    """Return tomorrow and the next Monday, as far as a deadline lets."""
    monday = today + DAY * (7 - today.weekday())
    return [day for day in dict.fromkeys((today + DAY, monday)) if day <= due_on]
