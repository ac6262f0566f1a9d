"""Notices: what concerns the reader, the newest first."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.notices import ReadNotices
from engine.queries.notices import gathered_notice, notices
from web.current import ask, do, engine
from web.noticeboard import days_of
from web.pages import see

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the notices, day by day and case by case."""
    only_new = request.args.get("show") == "new"
    page = ask(notices, request.args.get("before", 0, int), unread_only=only_new)
    days = days_of(page, engine().now())
    return render_template("notices.html", page=page, days=days, only_new=only_new)


@blueprint.get("/<int:notice_id>")
def show(notice_id: int) -> ResponseReturnValue:
    """Show the tasks that a notice gathers; any other leads to what it is about."""
    page = ask(gathered_notice, notice_id)
    if page.notice.many:
        return render_template("notice.html", page=page)
    if page.notice.task_id:
        return redirect(url_for("tasks.show", task_id=page.notice.task_id), 303)
    if page.notice.case_id:
        return redirect(url_for("cases.show", case_id=page.notice.case_id), 303)
    return redirect(url_for("notices.index"), 303)


@blueprint.post("/read")
def read() -> ResponseReturnValue:
    """Mark all that were shown as read."""
    count = do(ReadNotices(request.form.get("newest_id", 0, int)))
    return see("notices.index", _("Всё прочитано.") if count else "")
