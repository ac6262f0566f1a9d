"""Signing: what has been filled in is looked at as a paper, and then signed by name."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, FormInvalid
from engine.queries.tasks import TaskPageRow, task_page
from web import forms
from web.current import ask, do
from web.desks import desk_of
from web.expertise import seal_of, signed_words, template_of
from web.pages import see
from web.sending import keep, sent_for
from web.views.tasks import page_of

blueprint = Blueprint("signing", __name__, url_prefix="/tasks/<int:task_id>")


@blueprint.post("/check")
def check(task_id: int) -> ResponseReturnValue:
    """Keep what has been typed; show it as it will be printed, or what is wrong with it."""
    task = ask(task_page, task_id)
    sent = sent_for(task)
    try:
        sent.refuse(task.draft)
        keep(sent)
        if task.form:
            task.form.load(sent.fields)
    except FormInvalid as refusal:
        desk = desk_of(task, sent.fields, refusal.errors)
        return page_of(ask(task_page, task_id), desk), 422
    return redirect(url_for("signing.preview", task_id=task_id), 303)


@blueprint.get("/preview")
def preview(task_id: int) -> ResponseReturnValue:
    """Show the paper before it is signed; afterwards the task itself shows it."""
    task = ask(task_page, task_id)
    if not (task.state == "open" and task.may_complete and task.fields):
        return redirect(url_for("tasks.show", task_id=task_id))
    return _preview(task)


@blueprint.post("/sign")
def sign(task_id: int) -> ResponseReturnValue:
    """Sign what was shown; a second press finds it signed."""
    task = ask(task_page, task_id)
    if task.state == "open" and request.form.get("seal") != seal_of(task.fields):
        changed = _("Текст изменился после того, как вы его открыли. Прочитайте его ещё раз.")
        return _preview(task, changed), 409
    try:
        do(CompleteTask(task_id, task.fields))
    except FormInvalid as refusal:
        return page_of(task, desk_of(task, None, refusal.errors)), 422
    except Conflict as refusal:
        return page_of(ask(task_page, task_id), desk_of(task), refusal.sentence), 409
    return see("tasks.show", _("Подписано."), finished=task_id, task_id=task_id)


def _preview(task: TaskPageRow, changed: str = "") -> str:
    entries = forms.entries(task.form, desk_of(task).sheet)
    _template, shown = template_of(task, entries)
    return render_template(
        "preview.html",
        task=task,
        entries=entries,
        changed=changed,
        seal=seal_of(task.fields),
        signed=signed_words(task, entries, shown.get("scales", {})),
        **shown,
    )
