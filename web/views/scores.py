"""What a panel has come to: its scores side by side, and its conclusion."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.prompts import PromptTask
from engine.queries.conclusions import conclusion_page
from engine.queries.scores import scores
from web.current import ask, do
from web.expertise import paper_of, signs_of
from web.pages import see

blueprint = Blueprint("scores", __name__, url_prefix="/cases/<int:case_id>")


@blueprint.get("/scores")
def show(case_id: int) -> ResponseReturnValue:
    """Show who has submitted; and, once that is open, where the experts differ."""
    page = ask(scores, case_id)
    only = request.args.get("only") == "diverging"
    return render_template("scores.html", page=page, only=only)


@blueprint.post("/scores/remind/<int:task_id>")
def remind(case_id: int, task_id: int) -> ResponseReturnValue:
    """Remind an expert whose opinion is awaited."""
    do(PromptTask(task_id, request.form.get("words", "")))
    return see("scores.show", _("Напоминание отправлено."), case_id=case_id)


@blueprint.get("/conclusion")
def conclusion(case_id: int) -> ResponseReturnValue:
    """Show the conclusion of the first stage as it is printed, with what the school objects to."""
    page = ask(conclusion_page, case_id)
    return render_template("conclusion.html", page=page, paper=paper_of(page), signs=signs_of(page))
