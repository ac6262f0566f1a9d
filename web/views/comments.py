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
    command = _sent(case_id)
    try:
        do(command)
    except (Invalid, TooOften) as refusal:
        page = render_template("comment.html", sent=command, sentence=sentence_of(refusal))
        return page, status_of(refusal)
    said = _("Комментарий добавлен.")
    if command.task_id:
        return see("tasks.show", said, task_id=command.task_id, _anchor="comments")
    return see("cases.show", said, case_id=case_id, _anchor="comments")


def _sent(case_id: int) -> AddComment:
    """Return what somebody wants to say, about which task, and to whom."""
    to = request.form.getlist("to", type=int)
    task_id = request.form.get("task_id", type=int)
    return AddComment(case_id, task_id, request.form.get("text", ""), tuple(to))
