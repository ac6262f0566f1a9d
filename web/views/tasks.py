"""One task: its page, and sending it in."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.closings import PostponeTask
from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.prompts import PromptTask
from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, DateMissing, FormInvalid
from engine.queries.tasks import TaskPageRow, task_page
from web import forms, words
from web.current import ask, do
from web.desks import Desk, desk_of, is_postponable, others_of
from web.expertise import template_of
from web.pages import see
from web.uploads import attach_sent

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show a task with what has been typed so far."""
    task = ask(task_page, task_id)
    return page_of(task, desk_of(task))


@blueprint.post("/<int:task_id>")
def complete(task_id: int) -> ResponseReturnValue:
    """Send a task in, or show again what was typed and what is wrong with it."""
    task = ask(task_page, task_id)
    typed = forms.answers_from(task.form, request.form)
    try:
        do(CompleteTask(task_id, attach_sent(task, typed)))
    except FormInvalid as refusal:
        return page_of(task, desk_of(task, typed, refusal.errors)), 422
    except Conflict as refusal:
        return page_of(ask(task_page, task_id), desk_of(task, typed), refusal.sentence), 409
    return see("worklist.index", f"Готово: «{task.title}».", finished=task_id)


@blueprint.post("/<int:task_id>/reassign")
def reassign(task_id: int) -> ResponseReturnValue:
    """Give a task to another person."""
    person_id, reason = request.form.get("person_id", 0, int), request.form.get("reason", "")
    case_id = do(ReassignTask(task_id, person_id, reason))
    return see("cases.show", "Задача передана.", case_id=case_id)


@blueprint.post("/<int:task_id>/deadline")
def move_deadline(task_id: int) -> ResponseReturnValue:
    """Move the deadline of a task."""
    case_id = do(MoveDeadline(task_id, _day("due_on"), request.form.get("reason", "")))
    return see("cases.show", "Срок перенесён.", case_id=case_id)


@blueprint.post("/<int:task_id>/remind")
def remind(task_id: int) -> ResponseReturnValue:
    """Remind whoever has the move."""
    told = do(PromptTask(task_id, request.form.get("words", "")))
    people = words.counted(told, "человеку", "людям", "людям")
    return see("tasks.show", f"Напоминание отправлено {people}.", task_id=task_id)


@blueprint.post("/<int:task_id>/postpone")
def postpone(task_id: int) -> ResponseReturnValue:
    """Ask the director for a later deadline."""
    until = _day("until")
    do(PostponeTask(task_id, until, request.form.get("reason", "")))
    return see("tasks.show", "Просьба передана директору.", task_id=task_id)


def _day(name: str) -> date:
    """Return a date that was chosen."""
    found = request.form.get(name, type=date.fromisoformat)
    if found is None:
        raise DateMissing
    return found


def page_of(task: TaskPageRow, desk: Desk, conflict: str = "") -> str:
    """Return the page of a task; ``conflict`` says why what was typed could not be sent in."""
    entries = forms.entries(task.form, desk.sheet)
    shown = {
        "entries": entries,
        "lines": forms.summary(entries, desk.sheet.problems),
        "others": others_of(task),
        "evidence": desk.evidence,
        "postponable": is_postponable(task),
    }
    template, more = template_of(task, entries)
    return render_template(template, task=task, conflict=conflict, **shown, **more)
