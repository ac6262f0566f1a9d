"""The same for several tasks of the worklist at once, with what became of each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.priorities import SetPriority
from engine.commands.tasks import ClaimTask, ReassignTask
from web.listing import PRIORITIES
from web.pages import see
from web.picking import Outcome, for_each

blueprint = Blueprint("selection", __name__, url_prefix="/tasks/selected")


@blueprint.post("/claim")
def claim() -> ResponseReturnValue:
    """Take them."""
    return _told("claim", for_each(_chosen(), ClaimTask))


@blueprint.post("/assign")
def assign() -> ResponseReturnValue:
    """Give them to one person."""
    person_id, reason = request.form.get("person_id", 0, int), request.form.get("reason", "")
    outcomes = for_each(_chosen(), lambda task_id: ReassignTask(task_id, person_id, reason))
    return _told("assign", outcomes)


@blueprint.post("/priority")
def prioritise() -> ResponseReturnValue:
    """Let them be done sooner or later than others."""
    priority, reason = request.form.get("priority", ""), request.form.get("reason", "")
    outcomes = for_each(
        _chosen(), lambda task_id: SetPriority(task_id, PRIORITIES.get(priority, 9), reason)
    )
    return _told("priority", outcomes)


def _chosen() -> list[int]:
    return request.form.getlist("task", int)


def _told(done: str, outcomes: list[Outcome]) -> ResponseReturnValue:
    """Show what became of each; of none chosen, the list again."""
    if not outcomes:
        return see("worklist.index", _("Вы ничего не выбрали."), select="yes")
    return render_template("selected.html", done=done, outcomes=outcomes)
