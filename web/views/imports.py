"""Taking in lists of schools and people: a file, a report line by line, a confirmation."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.commands.rosters import TakeInRoster, judged
from engine.errors import SheetRefused
from engine.queries.members import administered
from engine.rules.rosters import SHEET_NAMES, Line
from engine.rules.verdicts import Fate
from web.current import ask, do, engine
from web.downloads import sent
from web.errors import sentence_of
from web.pages import see
from web.rosters import example, lines_in, packed, rejects, unpacked
from web.workbooks import MEDIA_TYPE

blueprint = Blueprint("imports", __name__, url_prefix="/people/import")


@blueprint.get("")
def start() -> ResponseReturnValue:
    """Show how it goes."""
    return _start()


@blueprint.get("/example")
def show_example() -> Response:
    """Send the workbook to fill in."""
    ask(administered)
    return sent("spisok-obrazec.xlsx", example(), MEDIA_TYPE)


@blueprint.post("")
def check() -> ResponseReturnValue:
    """Report what would become of each line; nothing is written."""
    file = request.files.get("file")
    try:
        lines = lines_in(file.read() if file else b"")
    except SheetRefused as refusal:
        return _start(problem=sentence_of(refusal)), 422
    return _report(lines)


@blueprint.post("/confirm")
def confirm() -> ResponseReturnValue:
    """Take in the good lines."""
    lines = unpacked(request.form.get("lines", ""))
    done = do(TakeInRoster(lines, invite=request.form.get("invite") == "on"))
    told = _(
        "Принято: школ — %(schools)s, людей — %(people)s, ролей — %(roles)s.",
        schools=done.schools,
        people=done.people,
        roles=done.roles,
    )
    more = _(" Приглашений отправлено: %(n)s.", n=done.invited) if done.invited else ""
    return see("people.index", told + more)


@blueprint.post("/rejects")
def show_rejects() -> Response:
    """Send the lines that would not be taken."""
    verdicts = ask(judged, unpacked(request.form.get("lines", "")))
    return sent("spisok-ispravit.xlsx", rejects(verdicts), MEDIA_TYPE)


def _start(**shown: object) -> str:
    ask(administered)
    return render_template("import.html", **shown)


def _report(lines: list[Line]) -> str:
    verdicts = ask(judged, lines)
    return render_template(
        "import_report.html",
        wrong=[one for one in verdicts if one.fate is Fate.WRONG],
        good=[one for one in verdicts if one.fate in (Fate.CREATE, Fate.GRANT)],
        idle=[one for one in verdicts if one.fate in (Fate.SAME, Fate.REPEAT)],
        sheet_names=SHEET_NAMES,
        lines=packed(lines),
        mail=bool(engine().settings.smtp_host),
    )
