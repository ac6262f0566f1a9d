"""Cases: the list of those who watch them, and the page of one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.closings import CancelReview
from engine.queries.cases import case_page, cases
from engine.queries.cycles import cycles
from engine.queries.history import timeline
from engine.queries.people import organisations
from engine.queries.reviews import documents
from web.casework import filters_of, scene_of
from web.current import ask, do
from web.pages import see

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the cases, narrowed as the address says."""
    filters = filters_of(request.args)
    shown = {"cycles": ask(cycles), "organisations": ask(organisations)}
    return render_template("cases.html", cases=ask(cases, filters), filters=filters, **shown)


@blueprint.get("/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    """Show a case: what happens now, its picture, its documents and its history."""
    page = ask(case_page, case_id)
    scene = scene_of(page, request.args.get("stage", ""))
    shown = {"history": ask(timeline, case_id), "documents": ask(documents, case_id)}
    return render_template("case.html", page=page, scene=scene, **shown)


@blueprint.post("/<int:case_id>/suspend")
def suspend(case_id: int) -> ResponseReturnValue:
    """Let a case stand still."""
    do(SuspendCase(case_id, _reason()))
    return see("cases.show", "Дело приостановлено.", case_id=case_id)


@blueprint.post("/<int:case_id>/resume")
def resume(case_id: int) -> ResponseReturnValue:
    """Let a case go on."""
    do(ResumeCase(case_id))
    return see("cases.show", "Дело возобновлено.", case_id=case_id)


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
    return see("cases.show", "Дело отменено.", case_id=case_id)


def _reason() -> str:
    return request.form.get("reason", "")
