"""What the pages of an expert's and a panel leader's tasks are drawn from, by the subject."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import orjson
from flask_babel import gettext as _

from engine.queries.conclusions import ConclusionPageRow, SignatureRow, conclusion_page
from engine.queries.conflicts import conflicts
from engine.queries.reviews import dissents
from engine.queries.sources import backings, weights
from engine.queries.tasks import TaskPageRow
from engine.rules.numbers import written
from engine.rules.scoring import LEVEL_NAMES
from engine.unit import Reader
from web import current, words
from web.forms import Entry
from web.printed import Printed, of_conclusion, of_form
from web.scales import Scale, scales_of

PLAIN: Final = "task.html"
SIGNED: Final = frozenset({"opinion", "conclusion", "signature", "dissent", "control_conclusion"})
"""Subjects that are looked at as a paper before they are sent in, and signed by that."""

Shown = dict[str, Any]


def template_of(task: TaskPageRow, entries: Sequence[Entry]) -> tuple[str, Shown]:
    """Return the template of a task's page, and what it shows beyond the plain one."""
    subject = task.form.subject if task.form else ""
    if subject not in PAGES:
        return PLAIN, {}
    template, show = PAGES[subject]
    with current.engine().read() as reader:
        return template, {"is_signed": subject in SIGNED, **show(reader, task, entries)}


# the tasks --------------------------------------------------------------------------------------


def _scored(reader: Reader, task: TaskPageRow, entries: Sequence[Entry]) -> Shown:
    """Show a form item by item with what stands behind each; when it is done, as a paper."""
    behind = backings(reader, current.actor(), task)
    scales = scales_of(entries, behind, weights(reader, task))
    return {
        "scales": scales,
        "paper": _paper(reader, task, entries, scales),
        "signs": _signs(task),
    }


def _paper(
    reader: Reader, task: TaskPageRow, entries: Sequence[Entry], scales: Mapping[str, Scale]
) -> Printed:
    subject = task.form.subject if task.form else ""
    found = dissents(reader, task.case_id) if subject == "conclusion" else ()
    author = task.done_by or task.holder or current.actor().name
    return of_form(task, author, entries, scales, found)


def _signs(task: TaskPageRow) -> list[str]:
    if task.state != "done" or task.ended_at is None:
        return []
    when = words.dated(task.ended_at, task.zone)
    signed = task.form is not None and task.form.subject in SIGNED
    said = _("Подписано: %(who)s, %(when)s") if signed else _("Отправлено: %(who)s, %(when)s")
    return [said % {"who": task.done_by, "when": when}]


def _signature(reader: Reader, task: TaskPageRow, entries: Sequence[Entry]) -> Shown:
    """Show the conclusion that is to be signed, as it is printed."""
    page = conclusion_page(reader, current.actor(), task.case_id)
    return {"scales": {}, "paper": paper_of(page), "signs": signs_of(page), "said": entries}


def _declaration(reader: Reader, task: TaskPageRow, entries: Sequence[Entry]) -> Shown:
    """Show the questions with what the system knows, and what follows from each answer."""
    by_key = {entry.path: entry for entry in entries}
    strict = bool(task.settings.get("recuse_relatives"))
    return {"by_key": by_key, "known": conflicts(reader, task), "strict": strict}


PAGES: Final[Mapping[str, tuple[str, Callable[[Reader, TaskPageRow, Sequence[Entry]], Shown]]]] = {
    **dict.fromkeys(
        (
            "visit",
            "opinion",
            "reconciliation",
            "dissent",
            "conclusion",
            "objection_answer",
            "control_sheet",
            "control_conclusion",
        ),
        ("scored.html", _scored),
    ),
    "signature": ("signature.html", _signature),
    "declaration": ("declaration.html", _declaration),
}
"""By the subject of a form: a template, each extends the plain one, and what it shows."""


# the conclusion ---------------------------------------------------------------------------------


def paper_of(page: ConclusionPageRow) -> Printed:
    """Return the conclusion of a panel as it is printed."""
    return of_conclusion(page.organisation, page.cycle, page.lead, page.conclusion, LEVEL_NAMES)


def signs_of(page: ConclusionPageRow) -> list[str]:
    """Return a line for each signature, given or awaited."""
    return [_line(one, page.zone) for one in page.signatures]


def _line(one: SignatureRow, zone: str) -> str:
    if one.at is None:
        said: str = _("%(who)s — подпись ещё не поставлена", who=one.name)
        return said
    when = words.dated(one.at, zone)
    how = _("согласен(на)") if one.agrees else _("с особым мнением")
    return f"{one.name} — {how}, {when}"


# what is signed ---------------------------------------------------------------------------------


def seal_of(fields: Mapping[str, Any]) -> str:
    """Return a short print of what somebody has before his eyes; another text has another one."""
    return sha256(orjson.dumps(dict(fields), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def preview_of(task: TaskPageRow, entries: Sequence[Entry]) -> Shown:
    """Return what a paper is looked at by before it is signed: what is signed, and its seal."""
    _template, shown = template_of(task, entries)
    signed = signed_words(task, entries, shown.get("scales", {}))
    return {"seal": seal_of(task.fields), "signed": signed, **shown}


def signed_words(task: TaskPageRow, entries: Sequence[Entry], scales: Mapping[str, Scale]) -> str:
    """Return what is signed, in one line: how many items, points, recommendations."""
    said: list[str] = [task.organisation]
    for scale in scales.values():
        said.append(_("оценено: %(n)s из %(all)s", n=scale.filled, all=len(scale.items)))
        if scale.total:
            points, most = map(written, (scale.total.points, scale.total.most))
            said.append(_("баллов: %(points)s из %(most)s", points=points, most=most))
    for entry in entries:
        if entry.field.kind == "table" and entry.path not in scales:
            said.append(f"{entry.field.label.lower()}: {len(entry.filled)}")
        elif entry.field.kind in ("radio", "select") and entry.shown:
            said.append(f"{entry.field.label.lower()}: {entry.shown.lower()}")
    return ", ".join(said)
