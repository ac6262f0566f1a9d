"""Signing: what has been filled in is looked at as a paper, and then signed by name."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, FormInvalid
from engine.queries.tasks import TaskPageRow, task_page
from web import forms
from web.current import ask, do
from web.desks import desk_of
from web.errors import sentence_of
from web.expertise import SIGNED, preview_of, seal_of
from web.pages import see
from web.sending import Sent, keep, sent_for
from web.task_pages import page_of

CHANGED: Final = lazy_gettext(
    "Текст изменился после того, как вы его открыли. Прочитайте его ещё раз."
)

blueprint = Blueprint("signing", __name__, url_prefix="/tasks/<int:task_id>")


@blueprint.post("/check")
def check(task_id: int) -> ResponseReturnValue:
    """Keep what has been typed; show it as it will be printed, or what is wrong with it."""
    task = ask(task_page, task_id)
    sent = sent_for(task)
    try:
        _look_over(task, sent)
    except FormInvalid as refusal:
        return _form(task_id, refusal, sent.fields), 422
    return redirect(url_for("signing.preview", task_id=task_id), 303)


def _look_over(task: TaskPageRow, sent: Sent) -> None:
    """Keep a form as a draft and check it, as sending it in would."""
    sent.refuse(task.draft)
    keep(sent)
    if task.form:
        task.form.load(sent.fields)


def _form(task_id: int, refusal: FormInvalid, typed: Mapping[str, Any] | None = None) -> str:
    """Return the page of the form with what is wrong; by default with the draft."""
    task = ask(task_page, task_id)
    return page_of(task, desk_of(task, typed, refusal.errors))


@blueprint.get("/preview")
def preview(task_id: int) -> ResponseReturnValue:
    """Show the paper before it is signed; afterwards the task itself shows it."""
    task = ask(task_page, task_id)
    return _preview(task) if _is_ready(task) else redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/sign")
def sign(task_id: int) -> ResponseReturnValue:
    """Sign what was shown; a second press finds it signed."""
    task = ask(task_page, task_id)
    if _is_another(task):
        return _unsigned(task)
    try:
        do(CompleteTask(task_id, task.fields))
    except FormInvalid as refusal:
        return _form(task_id, refusal), 422
    except Conflict as refusal:
        return page_of(ask(task_page, task_id), desk_of(task), sentence_of(refusal)), 409
    return see("tasks.show", _("Подписано."), finished=task_id, task_id=task_id)


def _unsigned(task: TaskPageRow) -> ResponseReturnValue:
    """Show the paper that stands there now; without one, the form."""
    if _is_ready(task):
        return _preview(task, CHANGED), 409
    return redirect(url_for("tasks.show", task_id=task.task_id), 303)


def _is_another(task: TaskPageRow) -> bool:
    """Tell whether the text is another than the one that was looked at."""
    # The first press may have been carried out while the second was looking.
    return _differs(task) and _differs(ask(task_page, task.task_id))


def _differs(task: TaskPageRow) -> bool:
    return task.state == "open" and request.form.get("seal") != seal_of(task.fields)


def _is_ready(task: TaskPageRow) -> bool:
    """Tell whether there is something that its reader could sign."""
    is_paper = task.form is not None and task.form.subject in SIGNED
    return is_paper and task.state == "open" and task.may_complete and bool(task.fields)


def _preview(task: TaskPageRow, changed: LazyString | str = "") -> str:
    """Return the paper with the button that signs it, or with what is still missing."""
    entries = forms.entries(task.form, desk_of(task).sheet)
    shown = {"entries": entries, "changed": changed, "missing": _missing(task)}
    return render_template("preview.html", task=task, **shown, **preview_of(task, entries))


def _missing(task: TaskPageRow) -> int:
    """Return how many places stand in the way of signing."""
    try:
        if task.form:
            task.form.load(task.fields)
    except FormInvalid as refusal:
        return sum(len(sentences) for sentences in refusal.errors.values())
    return 0
