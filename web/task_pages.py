"""The page of a task: as it is, and again with what is wrong with what was sent."""

from collections.abc import Callable
from functools import wraps

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.errors import Conflict, FormInvalid, Invalid
from engine.queries.tasks import TaskPageRow, task_page
from web import forms
from web.around import around_of
from web.current import ask
from web.desks import Desk, desk_of
from web.errors import sentence_of
from web.expertise import template_of
from web.sending import Sent, keep

View = Callable[[int], ResponseReturnValue]


def page_of(task: TaskPageRow, desk: Desk, conflict: str = "", refusal: str = "") -> str:
    """
    Return the page of a task.

    Args:
        task: As its reader sees it.
        desk: What its form is drawn from.
        conflict: Why what was typed could not be sent in.
        refusal: Why the form beside it that the request came from was refused.
    """
    entries = forms.entries(task.form, desk.sheet)
    shown = {
        "entries": entries,
        "lines": forms.summary(entries, desk.sheet.problems),
        "evidence": desk.evidence,
        "around": around_of(task),
        "conflict": conflict,
        "refusal": refusal,
    }
    template, more = template_of(task, entries)
    return render_template(template, task=task, **shown, **more)


def corrected(sent: Sent, refusal: FormInvalid) -> str:
    """Return the page with what was sent and what is wrong with it; all of it stays a draft."""
    keep(sent)
    task = ask(task_page, sent.task_id)
    return page_of(task, desk_of(task, sent.fields, refusal.errors))


def late(sent: Sent, refusal: Conflict) -> str:
    """Return the page of a task that was changed meanwhile, with what was sent to be read."""
    task = ask(task_page, sent.task_id)
    return page_of(task, desk_of(task, sent.fields), sentence_of(refusal))


def refused(task_id: int, refusal: Invalid) -> ResponseReturnValue:
    """Answer with the page of a task and why a small form of it was refused."""
    task = ask(task_page, task_id)
    return page_of(task, desk_of(task), refusal=sentence_of(refusal)), 422


def on_page(view: View) -> View:
    """Say beside a small form of the page of a task why it was refused; what was typed stays."""

    @wraps(view)
    def answered(task_id: int) -> ResponseReturnValue:
        try:
            return view(task_id)
        except Invalid as refusal:
            return refused(task_id, refusal)

    return answered
