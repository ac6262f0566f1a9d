"""«Мои задачи»: what one holds and what one may take, by deadline."""

from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.tasks import ClaimTask, ReleaseTask
from engine.queries.tasks import task_page
from engine.queries.worklist import Cursor, WorklistRow, counts, worklist
from web import current, words
from web.current import ask, do
from web.pages import see

blueprint = Blueprint("worklist", __name__, url_prefix="/tasks")

SHOWN: Final = {"all": None, "mine": True, "free": False}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show a page of the list."""
    show = request.args.get("show", "all")
    after = Cursor.read(request.args.get("after", ""))
    page = ask(worklist, mine=SHOWN.get(show), after=after)
    shown = {"groups": _grouped(page.rows), "counts": ask(counts), "show": show, "after": after}
    return render_template("worklist.html", page=page, **shown)


@blueprint.post("/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take a task."""
    do(ClaimTask(task_id))
    return _row_of(task_id) if current.wants_fragment() else see("tasks.show", task_id=task_id)


@blueprint.post("/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    """Give a task back."""
    do(ReleaseTask(task_id))
    if current.wants_fragment():
        return _row_of(task_id)
    return see("worklist.index", "Задача возвращена в общий список.")


def _row_of(task_id: int) -> str:
    """Return the fresh row of a task; the control that was pressed passes its focus on."""
    return render_template("_fresh_task_row.html", task=ask(task_page, task_id))


def _grouped(rows: tuple[WorklistRow, ...]) -> list[tuple[str, list[WorklistRow]]]:
    """Return the rows under the name of their urgency, in order."""
    now = current.engine().now()
    urgency = {one.task_id: words.deadline(one.due_at, now, one.zone).urgency for one in rows}
    groups = groupby(rows, key=lambda one: urgency[one.task_id])
    return [(words.URGENCIES[name], list(found)) for name, found in groups]
