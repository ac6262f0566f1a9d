"""What a coordinator does about one open task of a case, each with what it leads to."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.priorities import SetPriority
from engine.commands.prompts import PromptTask
from engine.commands.skips import SkipTask
from engine.errors import EngineError, Forbidden, Invalid, NobodyToRemind, NotFound, NotOpen
from engine.queries.case_page import CasePageRow, case_page
from engine.queries.participants import loads_of
from engine.queries.tasks import TaskPageRow, task_page
from web import current, words
from web.casework import outlook
from web.current import ask, do
from web.desks import others_of
from web.errors import sentence_of, status_of
from web.listing import PRIORITIES
from web.pages import day_chosen, see

blueprint = Blueprint("moves", __name__, url_prefix="/cases/<int:case_id>/moves/<int:task_id>")

View = Callable[[int, int], ResponseReturnValue]

UNKNOWN: Final = 9
"""No priority at all: it is refused."""


@blueprint.get("")
def show(case_id: int, task_id: int) -> ResponseReturnValue:
    """Show what can be done about a task; to htmx the forms alone."""
    return _page(case_id, task_id)


def on_page(view: View) -> View:
    """Say beside a form why it was refused; what was typed stays."""

    @wraps(view)
    def answered(case_id: int, task_id: int) -> ResponseReturnValue:
        try:
            return view(case_id, task_id)
        except (Invalid, NobodyToRemind) as refusal:
            return _page(case_id, task_id, sentence_of(refusal)), status_of(refusal)

    return answered


@blueprint.post("/remind")
@on_page
def remind(case_id: int, task_id: int) -> ResponseReturnValue:
    """Remind whoever has the move."""
    _task(case_id, task_id)
    told = do(PromptTask(task_id, request.form.get("words", "")))
    people = words.counted(told, "человеку", "людям", "людям")
    return _back(case_id, task_id, _("Напоминание отправлено %(people)s.", people=people))


@blueprint.post("/reassign")
@on_page
def reassign(case_id: int, task_id: int) -> ResponseReturnValue:
    """Give the task to another person."""
    _task(case_id, task_id)
    do(ReassignTask(task_id, request.form.get("person_id", 0, int), _reason()))
    return _back(case_id, task_id, _("Задача передана."))


@blueprint.post("/extend")
@on_page
def extend(case_id: int, task_id: int) -> ResponseReturnValue:
    """Move the deadline of the task."""
    _task(case_id, task_id)
    do(MoveDeadline(task_id, day_chosen("due_on"), _reason()))
    return _back(case_id, task_id, _("Срок перенесён."))


@blueprint.post("/priority")
@on_page
def prioritise(case_id: int, task_id: int) -> ResponseReturnValue:
    """Let the task be done sooner or later than others."""
    _task(case_id, task_id)
    do(SetPriority(task_id, PRIORITIES.get(request.form.get("priority", ""), UNKNOWN), _reason()))
    return _back(case_id, task_id, _("Важность изменена."))


@blueprint.post("/skip")
@on_page
def skip(case_id: int, task_id: int) -> ResponseReturnValue:
    """Let the case go on without the task."""
    _task(case_id, task_id)
    do(SkipTask(task_id, _reason()))
    return see("cases.show", _("Задача пропущена, дело идёт дальше."), case_id=case_id)


def _page(case_id: int, task_id: int, problem: str = "") -> str:
    task, page = _task(case_id, task_id), ask(case_page, case_id)
    others = others_of(task)
    loads = ask(loads_of, [one.id for one in others])
    foreseen, refusal = _skipping(page, task_id)
    shown = {"others": others, "loads": loads, "foreseen": foreseen, "refusal": refusal}
    at = request.endpoint if problem else ""
    template = "_move.html" if current.wants_fragment() else "move.html"
    return render_template(template, page=page, task=task, problem=problem, at=at, **shown)


def _back(case_id: int, task_id: int, told: str) -> ResponseReturnValue:
    """Go on to the page from which the actions were opened: of the task, or of its case."""
    if request.form.get("from") == "task":
        return see("tasks.show", told, task_id=task_id)
    return see("cases.show", told, case_id=case_id)


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
