"""Cycles: opening one, setting it, and starting cases of its schools."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.cases import StartCase
from engine.commands.cycles import ChangeSettings, OpenCycle
from engine.errors import Conflict, EngineError, Invalid
from engine.queries.cycles import PlaceRow, cycle_page, cycles, new_cycle
from web import terms, words
from web.current import ask, do
from web.errors import sentence_of, status_of
from web.pages import see

blueprint = Blueprint("cycles", __name__, url_prefix="/cycles")

AT_ONCE: Final = 50
"""Cases that one request starts; it takes some seconds."""

SHOWN: Final = 5
"""Refusals that are told; the schools stay on the list."""


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the cycles that concern the actor."""
    return render_template("cycles.html", cycles=ask(cycles))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new cycle, with the settings of the chosen process."""
    page = ask(new_cycle, request.args.get("process", ""))
    return render_template("new_cycle.html", page=page, settings=page.settings, typed={})


@blueprint.post("/new")
def open_cycle() -> ResponseReturnValue:
    """Open a cycle."""
    sent = request.form
    page = ask(new_cycle, sent.get("process", ""))
    try:
        cycle_id = do(_opening(page.process.key, terms.changes(page.settings, sent)))
    except (Conflict, Invalid) as refusal:
        settings, problem = terms.typed(page.settings, sent), sentence_of(refusal)
        shown = {"page": page, "settings": settings, "typed": sent, "problem": problem}
        return render_template("new_cycle.html", **shown), status_of(refusal)
    return see("cycles.show", _("Цикл открыт. Теперь можно начать дела школ."), cycle_id=cycle_id)


@blueprint.get("/<int:cycle_id>")
def show(cycle_id: int) -> ResponseReturnValue:
    """Show a cycle with its schools and its settings."""
    page = ask(cycle_page, cycle_id)
    return render_template("cycle.html", page=page, settings=page.settings)


@blueprint.post("/<int:cycle_id>/settings")
def change_settings(cycle_id: int) -> ResponseReturnValue:
    """Change settings of a cycle."""
    page = ask(cycle_page, cycle_id)
    try:
        do(ChangeSettings(cycle_id, terms.changes(page.settings, request.form)))
    except Invalid as refusal:
        settings = terms.typed(page.settings, request.form)
        shown = {"page": page, "settings": settings, "problem": sentence_of(refusal)}
        return render_template("cycle.html", **shown), 422
    return see("cycles.show", _("Настройки сохранены."), cycle_id=cycle_id)


@blueprint.post("/<int:cycle_id>/cases")
def start_case(cycle_id: int) -> ResponseReturnValue:
    """Start the case of a school."""
    organisation_id = request.form.get("organisation_id", 0, int)
    case_id = do(StartCase(cycle_id, organisation_id))
    return see("cases.show", _("Дело начато."), case_id=case_id)


@blueprint.post("/<int:cycle_id>/cases/all")
def start_cases(cycle_id: int) -> ResponseReturnValue:
    """Start the cases of the schools that have had none, so many at once as a request may take."""
    waiting = [one for one in ask(cycle_page, cycle_id).places if one.startable and not one.case_id]
    tried = [_started(cycle_id, place) for place in waiting[:AT_ONCE]]
    refusals = [refusal for refusal in tried if refusal]
    started = len(tried) - len(refusals)
    told = _("Начато: %(n)s.", n=words.counted(started, "дело", "дела", "дел"))
    if left := len(waiting) - started:
        told = " ".join((told, _("Осталось школ: %(n)s.", n=left), *refusals[:SHOWN]))
    return see("cycles.show", told, cycle_id=cycle_id)


def _started(cycle_id: int, place: PlaceRow) -> str:
    """Start the case of a school; return why it was refused."""
    try:
        do(StartCase(cycle_id, place.organisation_id))
    except EngineError as refusal:
        return f"{place.organisation}: {sentence_of(refusal)}"
    return ""


def _opening(process: str, settings: dict[str, object]) -> OpenCycle:
    sent = request.form
    organisation_id = sent.get("organisation_id", 0, int)
    school_year = sent.get("school_year", 0, int)
    return OpenCycle(organisation_id, process, school_year, sent.get("name", ""), settings)
