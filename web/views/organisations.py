"""Organisations as a tree, for administrators."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.people import CreateOrganisation, RenameOrganisation
from engine.errors import Invalid
from engine.queries.branches import organisation_tree
from engine.rules.zones import ZONES
from web.current import ask, do
from web.errors import sentence_of
from web.pages import see

blueprint = Blueprint("organisations", __name__, url_prefix="/people/organisations")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show the tree."""
    return _page()


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Create an organisation below another."""
    try:
        do(_wanted(request.form))
    except Invalid as refusal:
        return _page(problem=refusal.sentence, typed=request.form), 422
    return see("organisations.index", _("Организация добавлена."))


@blueprint.post("/<int:organisation_id>")
def rename(organisation_id: int) -> ResponseReturnValue:
    """Give an organisation another name."""
    sent = request.form
    try:
        do(RenameOrganisation(organisation_id, sent.get("name", ""), sent.get("short_name", "")))
    except Invalid as refusal:
        return _page(problem=sentence_of(refusal)), 422
    return see("organisations.index", _("Название изменено."))


def _wanted(sent: Mapping[str, str]) -> CreateOrganisation:
    """Return the organisation that a form asks for."""
    parent = sent.get("parent_id", "")
    parent_id = int(parent) if parent.isascii() and parent.isdecimal() else 0
    name, short_name = sent.get("name", ""), sent.get("short_name", "")
    kind, zone = sent.get("kind", ""), sent.get("zone", "")
    return CreateOrganisation(kind, name, zone, parent_id, short_name)


def _page(**shown: object) -> str:
    branches = ask(organisation_tree)
    return render_template("organisations.html", branches=branches, zones=ZONES, **shown)
