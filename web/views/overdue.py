"""Who is late: by person, by role, by organisation; and one letter to each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.overdue import PromptLate
from engine.errors import NobodyToRemind
from engine.queries.overdue import WAYS, By, overdue
from web import current, words
from web.casework import filters_of, query_of
from web.current import ask, do
from web.exports import overdue_book, sent_book
from web.pages import see

blueprint = Blueprint("overdue", __name__, url_prefix="/cases/overdue")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List who is late, the latest first."""
    filters, by = filters_of(request.args), _by()
    page = ask(overdue, by, filters)
    return render_template("overdue.html", page=page, by=by, query=query_of(filters))


@blueprint.get("/export")
def export() -> ResponseReturnValue:
    """Send the same list as a workbook."""
    page = ask(overdue, _by(), filters_of(request.args), most=None)
    return sent_book(overdue_book(page.rows, current.engine().now()), _("Просрочки по людям"))


@blueprint.post("/remind")
def remind() -> ResponseReturnValue:
    """Write to somebody, or to all of a role, about everything that is overdue with them."""
    sent = request.form
    person_id, organisation_id = (sent.get(n, 0, int) for n in ("person_id", "organisation_id"))
    told = do(PromptLate(person_id, sent.get("role", ""), organisation_id))
    return see("overdue.index", _sent_to(told), by=_by())


@blueprint.post("/remind-all")
def remind_all() -> ResponseReturnValue:
    """Write to everybody of the list; whoever has been reminded today is left out."""
    filters = filters_of(request.form)
    late = ask(overdue, WAYS[0], filters, most=None).rows
    told = sum(_prompted(PromptLate(one.person_id, one.role, one.organisation_id)) for one in late)
    said = _sent_to(told) if told else _("Напоминать некому: сегодня всем уже напомнили.")
    return see("overdue.index", said, **query_of(filters))


def _prompted(command: PromptLate) -> int:
    try:
        return do(command)
    except NobodyToRemind:
        return 0


def _sent_to(told: int) -> str:
    people = words.counted(told, "человеку", "людям", "людям")
    return str(_("Напоминание отправлено %(people)s.", people=people))


def _by() -> By:
    """Return how tasks are gathered; what cannot be read gathers them by person."""
    return next((way for way in WAYS if way == request.values.get("by")), WAYS[0])
