"""Files attached to tasks, to be looked at or kept."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.queries.files import FileRow, file
from web.current import ask
from web.downloads import sent

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<int:file_id>")
def download(file_id: int) -> ResponseReturnValue:
    """Send a file as a download; a browser never opens it as a page of ours."""
    return _kept(ask(file, file_id))


@blueprint.get("/<int:file_id>/view")
def view(file_id: int) -> ResponseReturnValue:
    """Show a picture or a PDF as it is; anything else is a download."""
    found = ask(file, file_id)
    if not found.inline:
        return _kept(found)
    return sent(found.name, found.content, found.media_type, inline=True)


def _kept(found: FileRow) -> Response:
    """Return a file to be kept, of whatever kind it is."""
    return sent(found.name, found.content, "application/octet-stream")
