"""What is typed into the form of a task before it is sent in: the draft, and rows of tables."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.tasks import SaveDraft
from engine.queries.tasks import task_page
from web import current, forms
from web.current import ask, do
from web.desks import desk_of
from web.pages import see
from web.uploads import attach_sent
from web.views.tasks import page_of

blueprint = Blueprint("drafts", __name__, url_prefix="/tasks")


@blueprint.post("/<int:task_id>/draft")
def save(task_id: int) -> ResponseReturnValue:
    """Keep what has been typed so far; answer with the words beside the button."""
    task = ask(task_page, task_id)
    do(SaveDraft(task_id, attach_sent(task, forms.answers_from(task.form, request.form))))
    if current.wants_fragment():
        return render_template("_saved.html", zone=task.zone)
    return see("tasks.show", "Черновик сохранён.", task_id=task_id)


@blueprint.post("/<int:task_id>/field/<key>")
def redraw(task_id: int, key: str) -> ResponseReturnValue:
    """Show one field anew, with another row or a new file; the rest is kept as a draft."""
    task = ask(task_page, task_id)
    typed = attach_sent(task, forms.answers_from(task.form, request.form))
    do(SaveDraft(task_id, typed))
    desk = desk_of(task, typed, room={key: forms.rows_sent(key, request.form) + 1})
    entry = forms.find(forms.entries(task.form, desk.sheet), key)
    if entry is None or not current.wants_fragment():
        return page_of(task, desk)
    return render_template("_field.html", entry=entry, task=task)
