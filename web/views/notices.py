"""Notices: what concerns the reader, the newest first."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.notices import ReadNotices
from engine.queries.notices import notices
from web.current import ask, do
from web.pages import see

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the notices."""
    return render_template("notices.html", notices=ask(notices))


@blueprint.post("/read")
def read() -> ResponseReturnValue:
    """Mark all that were shown as read."""
    do(ReadNotices(request.form.get("newest_id", 0, int)))
    return see("notices.index")
