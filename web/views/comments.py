"""Writing about a case or a task."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.comments import AddComment
from engine.errors import Invalid, TooOften
from web.current import do
from web.errors import sentence_of, status_of
from web.pages import see

blueprint = Blueprint("comments", __name__, url_prefix="/cases/<int:case_id>/comments")


@blueprint.post("")
def add(case_id: int) -> ResponseReturnValue:
    """Write; what is refused is shown again with the reason, so that no word is lost."""
    task_id = request.form.get("task_id", type=int)
    text, to = request.form.get("text", ""), request.form.getlist("to", type=int)
    try:
        do(AddComment(case_id, task_id, text, tuple(to)))
    except (Invalid, TooOften) as refusal:
        shown = {"case_id": case_id, "task_id": task_id, "text": text, "to": to}
        page = render_template("comment.html", sentence=sentence_of(refusal), **shown)
        return page, status_of(refusal)
    said = _("Комментарий добавлен.")
    if task_id:
        return see("tasks.show", said, task_id=task_id, _anchor="comments")
    return see("cases.show", said, case_id=case_id, _anchor="comments")
