"""More time for a task: asking for it, answering, taking the request back."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.extensions import DecideExtension, RequestExtension, WithdrawExtension
from engine.errors import Invalid
from web.current import do
from web.pages import day_chosen, see
from web.task_pages import on_page, refused

blueprint = Blueprint("extensions", __name__)


@blueprint.post("/tasks/<int:task_id>/extension")
@on_page
def ask_for(task_id: int) -> ResponseReturnValue:
    """Ask for a later deadline."""
    do(RequestExtension(task_id, day_chosen("wanted_on"), request.form.get("reason", "")))
    said = _("Просьба отправлена координатору. Пока он не ответил, действует прежний срок.")
    return see("tasks.show", said, task_id=task_id)


@blueprint.post("/extensions/<int:request_id>")
def decide(request_id: int) -> ResponseReturnValue:
    """Grant or decline a request."""
    granted = request.form.get("granted") == "yes"
    try:
        task_id = do(DecideExtension(request_id, granted, request.form.get("answer", "")))
    except Invalid as refusal:
        return refused(request.form.get("task_id", 0, int), refusal)
    said = _("Срок перенесён.") if granted else _("Ответ отправлен, срок прежний.")
    return see("tasks.show", said, task_id=task_id)


@blueprint.post("/extensions/<int:request_id>/withdraw")
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take one's own request back."""
    task_id = do(WithdrawExtension(request_id))
    return see("tasks.show", _("Просьба отозвана."), task_id=task_id)
