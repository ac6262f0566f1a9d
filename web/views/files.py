"""Files attached to tasks."""

from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.queries.files import file
from web.current import ask

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """Send a file as a download; a browser never opens it as a page of ours."""
    found = ask(file, file_id)
    answer = Response(found.content, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
