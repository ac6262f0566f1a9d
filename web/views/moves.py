"""What a coordinator does about one open task of a case, each with what it leads to."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.prompts import PromptTask
from engine.commands.skips import SkipTask
from engine.errors import DateMissing, EngineError, Forbidden, NotFound, NotOpen
from engine.queries.case_page import CasePageRow, case_page
from engine.queries.participants import loads_of
from engine.queries.tasks import TaskPageRow, task_page
from web import current, words
from web.casework import outlook
from web.current import ask, do
from web.desks import others_of
from web.errors import sentence_of
from web.pages import see

blueprint = Blueprint("moves", __name__, url_prefix="/cases/<int:case_id>/moves/<int:task_id>")


@blueprint.get("")
def show(case_id: int, task_id: int) -> ResponseReturnValue:
    """Show what can be done about a task; to htmx the forms alone."""
    task, page = _task(case_id, task_id), ask(case_page, case_id)
    others = others_of(task)
    loads = ask(loads_of, [one.id for one in others])
    foreseen, refusal = _skipping(page, task_id)
    shown = {"others": others, "loads": loads, "foreseen": foreseen, "refusal": refusal}
    template = "_move.html" if current.wants_fragment() else "move.html"
    return render_template(template, page=page, task=task, **shown)


@blueprint.post("/remind")
def remind(case_id: int, task_id: int) -> ResponseReturnValue:
    """Remind whoever has the move."""
    _task(case_id, task_id)
    told = do(PromptTask(task_id, request.form.get("words", "")))
    people = words.counted(told, "человеку", "людям", "людям")
    return see(
        "cases.show", _("Напоминание отправлено %(people)s.", people=people), case_id=case_id
    )


@blueprint.post("/reassign")
def reassign(case_id: int, task_id: int) -> ResponseReturnValue:
    """Give the task to another person."""
    _task(case_id, task_id)
    do(ReassignTask(task_id, request.form.get("person_id", 0, int), _reason()))
    return see("cases.show", _("Задача передана."), case_id=case_id)


@blueprint.post("/extend")
def extend(case_id: int, task_id: int) -> ResponseReturnValue:
    """Move the deadline of the task."""
    _task(case_id, task_id)
    due_on = request.form.get("due_on", type=date.fromisoformat)
    if due_on is None:
        raise DateMissing
    do(MoveDeadline(task_id, due_on, _reason()))
    return see("cases.show", _("Срок перенесён."), case_id=case_id)


@blueprint.post("/skip")
def skip(case_id: int, task_id: int) -> ResponseReturnValue:
    """Let the case go on without the task."""
    _task(case_id, task_id)
    do(SkipTask(task_id, _reason()))
    return see("cases.show", _("Задача пропущена, дело идёт дальше."), case_id=case_id)


def _task(case_id: int, task_id: int) -> TaskPageRow:
    """Return an open task of this very case, for who may steer it."""
    task = ask(task_page, task_id)
    if task.case_id != case_id:
        raise NotFound
    if not task.may_steer:
        raise Forbidden
    if task.state != "open" and request.method == "GET":
        raise NotOpen
    return task


def _skipping(page: CasePageRow, task_id: int) -> tuple[list[str], str]:
    """Return what leaving the task out would lead to, or why it is refused."""
    try:
        events = current.engine().trial(SkipTask(task_id, _("проба")), current.actor())
    except EngineError as refusal:
        return [], sentence_of(refusal)
    return outlook(page, events), ""


def _reason() -> str:
    return request.form.get("reason", "")
