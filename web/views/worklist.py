"""«Мои задачи»: what one holds, what one may take, and what one has done."""

from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.tasks import ClaimTask, ReleaseTask
from engine.queries.overview import Overview, overview
from engine.queries.prospects import prospects
from engine.queries.saved_filters import places_to_share, saved_filters
from engine.queries.workers import workers
from engine.queries.worklist import given_away, worklist_row
from engine.rules.access import Right, holds
from web import current, words
from web.current import ask, do
from web.listing import SEGMENTS, Listing, grouped, listing_of
from web.pages import see
from web.picking import take_next

blueprint = Blueprint("worklist", __name__, url_prefix="/tasks")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show a page of the list."""
    asked = listing_of(request.args)
    wanted = asked.show, asked.filters, asked.after
    found = ask(overview, *wanted, choosing=asked.choosing)
    drawn = {**_drawn(asked, found), **_around(asked, found)}
    return render_template("worklist.html", asked=asked, found=found, **drawn)


def _drawn(asked: Listing, found: Overview) -> dict[str, object]:
    """Return the list as the page draws it."""
    return {
        "groups": grouped(asked.show, found.page.rows),
        "total": sum(found.numbers.groups.values()) or len(found.page.rows),
        "query": urlencode(asked.kept),
        "segments": SEGMENTS,
        "urgencies": words.URGENCIES,
        "stages": [(name, name) for name in found.offer.stages] if found.offer else [],
    }


def _around(asked: Listing, found: Overview) -> dict[str, object]:
    """Return what is only asked for where it is shown."""
    rows, steers = found.page.rows, holds(current.actor(), Right.STEER)
    return {
        "saved": ask(saved_filters, "tasks"),
        "given": ask(given_away) if asked.show in ("all", "mine") else (),
        "ahead": () if rows or asked.filters.any else ask(prospects),
        "places": ask(places_to_share) if asked.filters.any else (),
        "workers": ask(workers, rows) if asked.selecting and steers else (),
        "steers": steers,
    }


@blueprint.post("/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take a task."""
    do(ClaimTask(task_id))
    return changed(task_id) if current.wants_fragment() else see("tasks.show", task_id=task_id)


@blueprint.post("/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    """Give a task back."""
    do(ReleaseTask(task_id))
    if current.wants_fragment():
        return changed(task_id)
    return see("worklist.index", _("Задача возвращена в общий список."))


@blueprint.post("/next")
def next_task() -> ResponseReturnValue:
    """Open the most urgent task, claiming it if nobody holds it."""
    task_id = take_next()
    if task_id is None:
        return see("worklist.index", _("Сейчас для вас нет задач, которые можно начать."))
    return see("tasks.show", task_id=task_id)


def changed(task_id: int) -> ResponseReturnValue:
    """Answer with the fresh row of a task, the numbers of the page, and the way back."""
    found = {"task": ask(worklist_row, task_id), "numbers": ask(overview).numbers}
    answer = make_response(render_template("_fresh_task_row.html", **found))
    answer.headers["Cache-Control"] = "no-store"
    return answer
