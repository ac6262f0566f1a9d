"""Templates of documents, for administrators."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.templates import DropTemplate, PutTemplate
from engine.errors import NotFound, TemplateRefused
from engine.papers.inspection import LARGEST, checked
from engine.queries.templates import PLACEHOLDERS, template_file, templates_page
from web.current import ask, do
from web.downloads import DOCX, sent
from web.pages import see

blueprint = Blueprint("templates", __name__, url_prefix="/templates")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the kinds of documents with the templates that hold in an organisation."""
    return _page(request.args.get("organisation", 0, int))


@blueprint.get("/<int:organisation_id>/<kind>.docx")
def download(organisation_id: int, kind: str) -> ResponseReturnValue:
    """Send the template that holds, or the built-in one."""
    original = request.args.get("original") == "yes"
    file = ask(template_file, organisation_id, kind, original=original)
    return sent(file.name, file.content, DOCX)


@blueprint.post("/<int:organisation_id>/<kind>")
def upload(organisation_id: int, kind: str) -> ResponseReturnValue:
    """Put one's own template in the place of the built-in one."""
    try:
        version = _put(organisation_id, kind)
    except TemplateRefused as refusal:
        return _page(organisation_id, refused=kind, problems=refusal.problems), 422
    told = _("Шаблон принят, версия %(n)s. Новые документы печатаются по нему.", n=version)
    return see("templates.index", told, organisation=organisation_id)


def _put(organisation_id: int, kind: str) -> int:
    """Look over and keep what was sent; who may not put a template does not make us read one."""
    if kind not in {row.kind for row in ask(templates_page, organisation_id).templates}:
        raise NotFound
    file = request.files.get("template")
    content = file.stream.read(LARGEST + 1) if file else b""
    name = file.filename if file else None
    return do(PutTemplate(organisation_id, name or "", checked(kind, content)))


@blueprint.post("/<int:organisation_id>/<kind>/drop")
def drop(organisation_id: int, kind: str) -> ResponseReturnValue:
    """Put the built-in template back."""
    do(DropTemplate(organisation_id, kind))
    told = _("Возвращён встроенный шаблон.")
    return see("templates.index", told, organisation=organisation_id)


def _page(organisation_id: int, **shown: object) -> str:
    page = ask(templates_page, organisation_id)
    return render_template("templates.html", page=page, placeholders=PLACEHOLDERS, **shown)
