"""What is typed into the form of a task before it is sent in: draft, rows of tables, files."""

from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.attachments import AttachFile, RemoveFile
from engine.commands.drafts import Saved
from engine.errors import Conflict, DraftElsewhere, FormInvalid, NotFound
from engine.queries.files import AttachedRow, attached
from engine.queries.tasks import TaskPageRow, task_page
from web import current, forms
from web.answers import Deed, deed_of, place_after, room_after
from web.current import ask, do
from web.desks import desk_of
from web.errors import sentence_of
from web.pages import see
from web.sending import Sent, sent_for
from web.task_pages import corrected, late, page_of
from web.uploads import named_content

blueprint = Blueprint("drafts", __name__, url_prefix="/tasks/<int:task_id>")


@blueprint.post("/draft")
def save(task_id: int) -> ResponseReturnValue:
    """Keep what has been typed so far; answer with the words beside the button."""
    task = ask(task_page, task_id)
    sent = sent_for(task)
    try:
        saved = do(sent.draft)
    except Conflict as refusal:
        return _unsaved(task, sent, refusal), 409
    return _saved(task, sent, saved)


def _saved(task: TaskPageRow, sent: Sent, saved: Saved) -> ResponseReturnValue:
    """Return the words beside the button, and what is computed of what was typed."""
    if current.wants_fragment():
        drawn = forms.entries(task.form, desk_of(task, sent.fields).sheet)
        return render_template("_saved.html", task=task, saved=saved, entries=forms.walk(drawn))
    if sent.problems:
        return corrected(sent, FormInvalid(sent.problems)), 422
    return see("tasks.show", _("Черновик сохранён."), task_id=task.task_id)


def _unsaved(task: TaskPageRow, sent: Sent, refusal: Conflict) -> str:
    """Say why a draft is not saved; in a browser without scripts the text is shown again."""
    sentence, elsewhere = sentence_of(refusal), isinstance(refusal, DraftElsewhere)
    if current.wants_fragment():
        told = {"sentence": sentence, "elsewhere": elsewhere}
        return render_template("_unsaved.html", task=task, **told)
    if not elsewhere:
        return late(sent, refusal)
    how = _("Сохраните ещё раз, чтобы оставить ваш, или откройте задачу заново.")
    desk = desk_of(task, sent.fields, {"": [f"{sentence} {how}"]})
    return page_of(ask(task_page, task.task_id), desk)


@blueprint.post("/field/<key>")
def redraw(task_id: int, key: str) -> ResponseReturnValue:
    """Show a field anew: with another row, or without a file; the rest is kept as a draft."""
    task = ask(task_page, task_id)
    if dropped := request.args.get("drop", type=int):
        do(RemoveFile(dropped, task_id))
    deed = deed_of(key, request.args.get("row", ""))
    sent, saved = sent_for(task, deed), None
    with suppress(DraftElsewhere):
        # The next saving while typing tells it; the row is there at once.
        saved = do(sent.draft)
    return _redrawn(task, sent, deed, saved)


def _redrawn(task: TaskPageRow, sent: Sent, deed: Deed, saved: Saved | None) -> str:
    """Return the field, or for a browser without scripts the whole page."""
    desk = desk_of(task, sent.fields, sent.problems)
    sheet = replace(desk.sheet, room={deed.table: room_after(deed, request.form)})
    entry = forms.find(forms.entries(task.form, sheet), deed.table)
    if entry is None or not current.wants_fragment():
        return page_of(ask(task_page, task.task_id), replace(desk, sheet=sheet))
    sheet = replace(sheet, next=place_after(deed, entry, request.form))
    entry = forms.find(forms.entries(task.form, sheet), deed.table)
    return render_template("_field.html", entry=entry, task=task, saved=saved)


@blueprint.post("/field/<key>/file")
def attach(task_id: int, key: str) -> ResponseReturnValue:
    """Attach a file at once when it is chosen; answer with its line in the list."""
    task = ask(task_page, task_id)
    if not (task.form and task.form.takes_files(key)):
        raise NotFound
    made = do(AttachFile(task_id, *named_content(request.files.get("file"))))
    row = next(one for one in _attached(task_id) if one.id == made)
    return render_template("_file.html", file=row, path=key, task=task)


def _attached(task_id: int) -> list[AttachedRow]:
    with current.engine().read() as reader:
        return attached(reader, task_id)
