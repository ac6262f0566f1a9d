"""Documents as files: DOCX to work on, PDF to read and to print."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.printer import print_nameless, print_paper
from web.current import actor, engine
from web.downloads import DOCX, PDF, sent

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("/<int:document_id>.<any(docx, pdf):form>")
def download(document_id: int, form: str) -> ResponseReturnValue:
    """Send a document, by default its newest edition; a PDF is shown by the browser itself."""
    if request.args.get("names") == "no":
        file = print_nameless(engine(), actor(), document_id, form)
    else:
        edition = request.args.get("edition", 0, int)
        file = print_paper(engine(), actor(), document_id, form, edition)
    is_pdf = form == "pdf"
    return sent(file.name, file.content, PDF if is_pdf else DOCX, inline=is_pdf)
