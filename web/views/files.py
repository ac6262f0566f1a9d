"""Files attached to tasks, to be looked at or kept."""

from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.queries.files import FileRow, file
from web.current import ask

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """Send a file as a download; a browser never opens it as a page of ours."""
    return _sent(ask(file, file_id), "application/octet-stream", "attachment")


@blueprint.get("/<int:file_id>/view")
def view(file_id: int) -> ResponseReturnValue:
    """Show a picture or a PDF as it is; anything else is a download."""
    found = ask(file, file_id)
    if not found.inline:
        return _sent(found, "application/octet-stream", "attachment")
    return _sent(found, found.media_type, "inline")


def _sent(found: FileRow, media_type: str, how: str) -> Response:
    """Return the answer; whatever is in the file, no script of it ever runs, here or elsewhere."""
    answer = Response(found.content, mimetype=media_type)
    named = quote(found.name, safe="")
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{named}"
    # The viewer of Chromium for PDF is a plugin, and a sandbox keeps those out.
    sandbox = "" if media_type == "application/pdf" else "; sandbox"
    answer.headers["Content-Security-Policy"] = f"default-src 'none'{sandbox}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
