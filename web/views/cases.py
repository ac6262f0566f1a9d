"""Cases: the list of those who watch them, and the page of one."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.closings import CancelReview
from engine.commands.filters import DeleteFilter, SaveFilter
from engine.queries.case_page import case_page
from engine.queries.cases import every_case
from engine.queries.documents import documents
from engine.queries.history import timeline
from engine.queries.participants import participants
from web import current
from web.casework import WHOLE, filters_of, gathered, listed, number, query_of, scene_of
from web.current import ask, do
from web.exports import cases_book, sent_book
from web.pages import see
from web.talks import talk_of_case

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

FIRST_LINES = 12
"""Lines of the history on the page of a case; the page of the history goes on."""


# the list ---------------------------------------------------------------------------------------


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the cases, narrowed as the address says; in front of all what needs a look."""
    return render_template("cases.html", **listed(request.args))


@blueprint.get("/export")
def export() -> ResponseReturnValue:
    """Send the narrowed list as a workbook."""
    filters = filters_of(request.args)
    with current.engine().read() as reader:
        book = cases_book(every_case(reader, current.actor(), filters), reader.now)
    return sent_book(book, _("Дела"))


@blueprint.post("/filters")
def save_filter() -> ResponseReturnValue:
    """Keep what the list is narrowed to under a name."""
    query = query_of(filters_of(request.form))
    do(SaveFilter("cases", request.form.get("name", ""), urlencode(query)))
    return redirect(url_for("cases.index", **query), 303)


@blueprint.post("/filters/<int:filter_id>/delete")
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Delete a filter of one's own."""
    do(DeleteFilter(filter_id))
    return see("cases.index", _("Отбор удалён."))


# one case ---------------------------------------------------------------------------------------


@blueprint.get("/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """Show a case: what happens now, its picture, its documents, its people and its history."""
    page = ask(case_page, case_id)
    kind = request.args.get("kind", "")
    shown = {
        "scene": scene_of(page, request.args),
        "history": ask(timeline, case_id, kind=kind, limit=FIRST_LINES),
        "documents": ask(documents, case_id),
        "people": ask(participants, page),
        "talk": talk_of_case(case_id, page.path),
    }
    return render_template("case.html", page=page, kind=kind, moves=gathered(page.moves), **shown)


@blueprint.get("/<int:case_id>/history")
def history(case_id: int) -> ResponseReturnValue:
    """Show what has happened in a case, from one line of its history backwards."""
    page = ask(case_page, case_id)
    before, kind = number(request.args.get("before", "")) or None, request.args.get("kind", "")
    lines = ask(timeline, case_id, before=before, kind=kind)
    return render_template("history.html", page=page, history=lines, kind=kind, before=before)


@blueprint.get("/<int:case_id>/picture")
def picture(case_id: int) -> ResponseReturnValue:
    """Show the whole picture of a case, as large as the page."""
    page = ask(case_page, case_id)
    return render_template("picture.html", page=page, scene=scene_of(page, request.args, WHOLE))


@blueprint.post("/<int:case_id>/suspend")
def suspend(case_id: int) -> ResponseReturnValue:
    """Let a case stand still."""
    do(SuspendCase(case_id, _reason()))
    return see("cases.show", _("Дело приостановлено."), case_id=case_id)


@blueprint.post("/<int:case_id>/resume")
def resume(case_id: int) -> ResponseReturnValue:
    """Let a case go on."""
    do(ResumeCase(case_id))
    return see("cases.show", _("Дело возобновлено."), case_id=case_id)


@blueprint.post("/<int:case_id>/cancel")
def cancel(case_id: int) -> ResponseReturnValue:
    """End a case for good: by the order that its process provides for, or without one."""
    number = request.form.get("order_number")
    ordered = number is not None
    do(
        CancelReview(case_id, _reason(), number or "")
        if ordered
        else CancelCase(case_id, _reason())
    )
    return see("cases.show", _("Дело отменено."), case_id=case_id)


def _reason() -> str:
    return request.form.get("reason", "")
