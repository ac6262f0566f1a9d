"""Incidents and their repairs, for coordinators."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.bus import Command
from engine.commands.incidents import (
    FailJob,
    FinishJob,
    MoveToken,
    PutBack,
    ResolveIncident,
    RetryJob,
)
from engine.queries.incidents import incidents
from web.current import ask, do
from web.pages import see

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")

Sent = Mapping[str, str]
ANSWER: Final = "answer."
"""What the name of a field for a value of a service begins with."""

REPAIRS: Final[Mapping[str, Callable[[int, Sent], Command[None]]]] = {
    "retry": lambda incident_id, _sent: RetryJob(incident_id),
    "finish": lambda incident_id, sent: FinishJob(incident_id, _answers(sent)),
    "fail": lambda incident_id, sent: FailJob(incident_id, sent.get("code", "")),
    "put-back": lambda incident_id, _sent: PutBack(incident_id),
    "resolve": lambda incident_id, sent: ResolveIncident(incident_id, sent.get("reason", "")),
}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List what stands still, with what can be done about it."""
    return render_template("incidents.html", incidents=ask(incidents))


@blueprint.post("/<int:incident_id>/<repair>")
def mend(incident_id: int, repair: str) -> ResponseReturnValue:
    """Carry out a repair."""
    if repair not in REPAIRS:
        abort(404)
    do(REPAIRS[repair](incident_id, request.form))
    return see("incidents.index", _("Сделано. Сбой снят с учёта."))


@blueprint.post("/cases/<int:case_id>/move")
def move(case_id: int) -> ResponseReturnValue:
    """Set a case on from another element."""
    sent = request.form
    do(
        MoveToken(
            case_id, sent.get("token", 0, int), sent.get("target", ""), sent.get("reason", "")
        )
    )
    return see(
        "incidents.index", _("Дело переставлено. Если оно пошло дальше, отметьте сбой устранённым.")
    )


def _answers(sent: Sent) -> dict[str, object]:
    """Return the values typed for a service: JSON where it is JSON, else the text."""
    named = {
        name.removeprefix(ANSWER): text for name, text in sent.items() if name.startswith(ANSWER)
    }
    return {name: _value(text) for name, text in named.items()}


def _value(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    return found
