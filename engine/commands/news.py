"""Notices as letters carry them: those that are still true, each with the page it leads to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.commands.letters import Spoken, letter_row, open_tasks
from engine.model.cases import Case
from engine.model.people import Organisation
from engine.model.records import Notice
from engine.model.tasks import OPEN, Task
from engine.rules.calendar import day_of
from engine.rules.channels import REPORTS
from engine.rules.letters import Line, Text, case_link, notice_link, task_link, told
from engine.rules.notices import gathered
from engine.unit import Reader

Lines = Mapping[int, list[Line]]
"""Lines by person."""

TOLD = "told"
"""The kind of a letter with notices that their reader wants at once."""

HOME_ZONE = "Europe/Moscow"


def news(reader: Reader, which: ColumnElement[bool]) -> tuple[Lines, list[int]]:
    """Return the notices that are still true, and the keys of all that were looked at."""
    rows = reader.rows(_NOTICES.where(which))
    named = [task for row in rows for task in row.tasks or ()]
    tasks = open_tasks(reader, named) if named else {}
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in rows:
        lines[row.person_id] += _lines(reader.settings.base_url, row, tasks)
    return lines, [row.id for row in rows]


_NOTICES = (
    select(
        Notice.id,
        Notice.person_id,
        Notice.kind,
        Notice.sentence,
        Notice.case_id,
        Notice.task_id,
        Notice.tasks,
        Task.state,
        Task.assignee_id,
        Task.due_at,
        Organisation.zone,
    )
    .outerjoin(Task, Task.id == Notice.task_id)
    .outerjoin(Case, Case.id == Notice.case_id)
    .outerjoin(Organisation, Organisation.id == Case.organisation_id)
    .order_by(Notice.id)
)


def _lines(base_url: str, row: Any, tasks: Mapping[int, Spoken]) -> Iterable[Line]:
    if row.tasks:
        yield from _gathered(base_url, row, tasks)
    elif row.task_id is None:
        yield Line(row.sentence, case_link(base_url, row.case_id) if row.case_id else base_url)
    elif _still_true(row):
        yield Line(row.sentence, task_link(base_url, row.task_id), day_of(row.due_at, row.zone))


def _still_true(row: Any) -> bool:
    """Tell whether a notice only reports, or its task is open and nobody else has taken it."""
    if row.kind in REPORTS:
        return True
    if row.kind == "idle":
        return row.state == OPEN and not row.assignee_id
    mine = row.assignee_id in (None, row.person_id) or row.kind in ("escalation", "extension")
    return row.state == OPEN and mine and not (row.kind == "unclaimed" and row.assignee_id)


def _gathered(base_url: str, row: Any, tasks: Mapping[int, Spoken]) -> Iterable[Line]:
    """Speak of the tasks of which it is still true."""
    still = [tasks[key] for key in row.tasks if key in tasks]
    left = [task for task in still if row.kind != "idle" or task.assignee_id is None]
    if left:
        words = gathered(row.kind, [task.about for task in left])
        due_on = min(task.about.due_on for task in left)
        yield Line(words, notice_link(base_url, row.id), due_on)


# at once ----------------------------------------------------------------------------------------


def told_row(now: datetime, person_id: int, key: str, sentence: str) -> dict[str, Any]:
    """Return the outbox row of the letter with a notice, which stands under the same key."""
    about = {"letter": TOLD, "notices": [key]}
    return letter_row(now, person_id, f"{TOLD}:{key}", Text("Уведомление", sentence), about)


def text_of_notices(reader: Reader, rows: Sequence[Any]) -> Text | None:
    """Return the letter of outbox rows of one person; None when nothing is true any more."""
    keys = [key for row in rows for key in row.payload["notices"]]
    lines, _ = news(reader, Notice.dedup_key.in_(keys))
    mine = lines.get(rows[0].person_id)
    if not mine:
        return None
    today = day_of(reader.now, rows[0].zone or HOME_ZONE)
    return told(mine, today, reader.settings.base_url)
