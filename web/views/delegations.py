"""A colleague does one's task: delegating it, giving it back, taking it back."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.delegations import DelegateTask, RecallTask, ReturnTask
from web.current import do
from web.pages import see
from web.task_pages import on_page

blueprint = Blueprint("delegations", __name__, url_prefix="/tasks/<int:task_id>")


@blueprint.post("/delegate")
@on_page
def delegate(task_id: int) -> ResponseReturnValue:
    """Let a colleague do a task."""
    person_id, note = request.form.get("person_id", 0, int), request.form.get("note", "")
    do(DelegateTask(task_id, person_id, note))
    return see(
        "tasks.show",
        _("Задача поручена коллеге. Вы увидите, когда он её выполнит."),
        task_id=task_id,
    )


@blueprint.post("/return")
@on_page
def give_back(task_id: int) -> ResponseReturnValue:
    """Give a task back to who has delegated it."""
    do(ReturnTask(task_id, request.form.get("note", "")))
    return see("worklist.index", _("Задача возвращена тому, кто вам её поручил."))


@blueprint.post("/recall")
def recall(task_id: int) -> ResponseReturnValue:
    """Take a task back that one has delegated."""
    do(RecallTask(task_id))
    return see("tasks.show", _("Задача снова у вас."), task_id=task_id)
