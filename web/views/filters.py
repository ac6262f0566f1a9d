"""Filters of the worklist under a name."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.filters import DeleteFilter, SaveFilter
from web.current import do
from web.listing import listing_of, number
from web.pages import see

blueprint = Blueprint("filters", __name__, url_prefix="/tasks/filters")


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep what is shown under a name."""
    kept = listing_of(request.form).kept
    place = number(request.form.get("share", "")) or None
    do(SaveFilter("tasks", request.form.get("name", ""), urlencode(kept), place))
    return see("worklist.index", _("Отбор сохранён."), **dict[str, Any](kept))


@blueprint.post("/<int:filter_id>/delete")
def delete(filter_id: int) -> ResponseReturnValue:
    """Delete a filter of one's own."""
    do(DeleteFilter(filter_id))
    return see("worklist.index", _("Отбор удалён."))
