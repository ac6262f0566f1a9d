"""Processes: what has been deployed, and deploying."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.definitions import DeployProcess
from engine.errors import DiagramRefused
from engine.queries.definitions import definition_page, definitions
from web.current import ask, do
from web.pages import see
from web.pictures import picture_of
from web.uploads import bundle_of

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List all versions, with the form to deploy one."""
    return render_template("definitions.html", processes=ask(definitions), findings=())


@blueprint.post("")
def deploy() -> ResponseReturnValue:
    """Deploy the files sent, or say all that speaks against them."""
    try:
        bundle = bundle_of(request.files.getlist("files"), request.form.get("main", "").strip())
        definition_id = do(DeployProcess(bundle))
    except DiagramRefused as refusal:
        found = ask(definitions)
        page = render_template("definitions.html", processes=found, findings=refusal.findings)
        return page, 422
    return see("definitions.show", _("Схема загружена."), definition_id=definition_id)


@blueprint.get("/<int:definition_id>")
def show(definition_id: int) -> ResponseReturnValue:
    """Show one version: its picture and its files."""
    page = ask(definition_page, definition_id)
    return render_template("definition.html", page=page, picture=picture_of(definition_id))
