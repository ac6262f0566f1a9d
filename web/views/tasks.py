"""One task: its page, and sending it in."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.closings import PostponeTask
from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.priorities import SetPriority
from engine.commands.prompts import PromptTask
from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, FormInvalid
from engine.queries.tasks import TaskPageRow, task_page
from web import forms, words
from web.around import around_of
from web.current import ask, do
from web.desks import Desk, desk_of
from web.errors import sentence_of
from web.expertise import template_of
from web.listing import PRIORITIES
from web.pages import day_chosen, see
from web.sending import Sent, keep, sent_for

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

UNKNOWN: Final = 9
"""No priority at all: it is refused."""


@blueprint.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show a task with what has been typed so far."""
    task = ask(task_page, task_id)
    return page_of(task, desk_of(task))


@blueprint.post("/<int:task_id>")
def complete(task_id: int) -> ResponseReturnValue:
    """Send a task in, or show again what was typed and what is wrong with it."""
    task = ask(task_page, task_id)
    sent = sent_for(task)
    try:
        sent.refuse(task.draft)
        do(CompleteTask(task_id, sent.fields))
    except FormInvalid as refusal:
        return corrected(sent, refusal), 422
    except Conflict as refusal:
        return late(sent, refusal), 409
    return see("worklist.index", _("Готово: «%(title)s».", title=task.title), finished=task_id)


# what a coordinator does ------------------------------------------------------------------------


@blueprint.post("/<int:task_id>/reassign")
def reassign(task_id: int) -> ResponseReturnValue:
    """Give a task to another person."""
    do(ReassignTask(task_id, request.form.get("person_id", 0, int), _reason()))
    return see("tasks.show", _("Задача передана."), task_id=task_id)


@blueprint.post("/<int:task_id>/deadline")
def move_deadline(task_id: int) -> ResponseReturnValue:
    """Move the deadline of a task."""
    do(MoveDeadline(task_id, day_chosen("due_on"), _reason()))
    return see("tasks.show", _("Срок перенесён."), task_id=task_id)


@blueprint.post("/<int:task_id>/priority")
def prioritise(task_id: int) -> ResponseReturnValue:
    """Let a task be done sooner or later than others."""
    priority = PRIORITIES.get(request.form.get("priority", ""), UNKNOWN)
    do(SetPriority(task_id, priority, _reason()))
    return see("tasks.show", _("Важность изменена."), task_id=task_id)


@blueprint.post("/<int:task_id>/remind")
def remind(task_id: int) -> ResponseReturnValue:
    """Remind whoever has the move."""
    told = do(PromptTask(task_id, request.form.get("words", "")))
    people = words.counted(told, "человеку", "людям", "людям")
    said = _("Напоминание отправлено %(people)s.", people=people)
    return see("tasks.show", said, task_id=task_id)


@blueprint.post("/<int:task_id>/postpone")
def postpone(task_id: int) -> ResponseReturnValue:
    """Ask the director for a later deadline."""
    do(PostponeTask(task_id, day_chosen("until"), _reason()))
    return see("tasks.show", _("Просьба передана директору."), task_id=task_id)


def _reason() -> str:
    return request.form.get("reason", "")


# the page ---------------------------------------------------------------------------------------


def corrected(sent: Sent, refusal: FormInvalid) -> str:
    """Return the page with what was sent and what is wrong with it; all of it stays a draft."""
    keep(sent)
    task = ask(task_page, sent.task_id)
    return page_of(task, desk_of(task, sent.fields, refusal.errors))


def late(sent: Sent, refusal: Conflict) -> str:
    """Return the page of a task that was changed meanwhile, with what was sent to be read."""
    task = ask(task_page, sent.task_id)
    return page_of(task, desk_of(task, sent.fields), sentence_of(refusal))


def page_of(task: TaskPageRow, desk: Desk, conflict: str = "") -> str:
    """Return the page of a task; ``conflict`` says why what was typed could not be sent in."""
    entries = forms.entries(task.form, desk.sheet)
    shown = {
        "entries": entries,
        "lines": forms.summary(entries, desk.sheet.problems),
        "evidence": desk.evidence,
        "around": around_of(task),
        "conflict": conflict,
    }
    template, more = template_of(task, entries)
    return render_template(template, task=task, **shown, **more)
