"""One task: its page, and sending it in."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.closings import PostponeTask
from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, FormInvalid
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.names import task_name
from web.current import ask, do
from web.desks import desk_of
from web.pages import day_chosen, see
from web.sending import sent_for
from web.task_pages import corrected, late, on_page, page_of

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
    sent = sent_for(task)
    try:
        sent.refuse(task.draft)
        do(CompleteTask(task_id, sent.fields))
    except FormInvalid as refusal:
        return corrected(sent, refusal), 422
    except Conflict as refusal:
        return late(sent, refusal), 409
    return see("worklist.index", _done(task), finished=task_id)


def _done(task: TaskPageRow) -> str:
    told: str = _("Готово: «%(title)s».", title=task_name(task.title, task.item))
    return told


@blueprint.post("/<int:task_id>/postpone")
@on_page
def postpone(task_id: int) -> ResponseReturnValue:
    """Ask the director for a later deadline."""
    do(PostponeTask(task_id, day_chosen("until"), request.form.get("reason", "")))
    return see("tasks.show", _("Просьба передана директору."), task_id=task_id)


# the page ---------------------------------------------------------------------------------------
