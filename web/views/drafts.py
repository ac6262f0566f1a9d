"""What is typed into the form of a task before it is sent in: draft, rows of tables, files."""

from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.attachments import AttachFile, RemoveFile
from engine.commands.drafts import Saved
from engine.errors import Conflict, DraftElsewhere, NotFound
from engine.queries.files import attached
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.attachments import LARGEST
from web import current, forms
from web.answers import deed_of, place_after, room_after
from web.current import ask, do
from web.desks import desk_of
from web.errors import sentence_of
from web.pages import see
from web.sending import Sent, sent_for
from web.uploads import name_of
from web.views.tasks import page_of

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
    if current.wants_fragment():
        drawn = forms.entries(task.form, desk_of(task, sent.fields).sheet)
        return render_template("_saved.html", task=task, saved=saved, entries=forms.walk(drawn))
    if sent.problems:
        return page_of(ask(task_page, task_id), desk_of(task, sent.fields, sent.problems)), 422
    return see("tasks.show", _("Черновик сохранён."), task_id=task_id)


def _unsaved(task: TaskPageRow, sent: Sent, refusal: Conflict) -> str:
    """Say why a draft is not saved; in a browser without scripts the text is shown again."""
    elsewhere = isinstance(refusal, DraftElsewhere)
    if current.wants_fragment():
        return render_template(
            "_unsaved.html", task=task, sentence=sentence_of(refusal), elsewhere=elsewhere
        )
    task = ask(task_page, task.task_id)
    if not elsewhere:
        return page_of(task, desk_of(task, sent.fields), sentence_of(refusal))
    how = _("Сохраните ещё раз, чтобы оставить ваш, или откройте задачу заново.")
    problems = {"": [f"{sentence_of(refusal)} {how}"]}
    return page_of(task, desk_of(task, sent.fields, problems))


@blueprint.post("/field/<key>")
def redraw(task_id: int, key: str) -> ResponseReturnValue:
    """Show a field anew: with another row, or without a file; the rest is kept as a draft."""
    task = ask(task_page, task_id)
    if dropped := request.args.get("drop", type=int):
        do(RemoveFile(dropped, task_id))
    deed = deed_of(key, request.args.get("row", "")) if "row" in request.args else None
    sent = sent_for(task, deed)
    saved: Saved | None = None
    with suppress(DraftElsewhere):
        # The next saving while typing tells it; the row is there at once.
        saved = do(sent.draft)
    sheet = desk_of(task, sent.fields, sent.problems).sheet
    if deed:
        sheet = replace(sheet, room={key: room_after(deed, request.form)})
    entry = forms.find(forms.entries(task.form, sheet), key)
    if entry is None or not current.wants_fragment():
        task = ask(task_page, task_id)
        return page_of(task, replace(desk_of(task, sent.fields), sheet=sheet))
    place = place_after(deed, entry, request.form) if deed else key
    drawn = forms.entries(task.form, replace(sheet, next=place))
    entry = forms.find(drawn, key)
    return render_template("_field.html", entry=entry, task=task, saved=saved)


@blueprint.post("/field/<key>/file")
def attach(task_id: int, key: str) -> ResponseReturnValue:
    """Attach a file at once when it is chosen; answer with its line in the list."""
    task = ask(task_page, task_id)
    if not (task.form and task.form.takes_files(key)):
        raise NotFound
    file = request.files.get("file")
    name, content = (name_of(file), file.read(LARGEST + 1)) if file else ("", b"")
    made = do(AttachFile(task_id, name, content))
    with current.engine().read() as reader:
        row = next(one for one in attached(reader, task_id) if one.id == made)
    return render_template("_file.html", file=row, path=key, task=task)
