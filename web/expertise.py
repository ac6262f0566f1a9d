"""What the pages of an expert's and a panel leader's tasks are drawn from, by the subject."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.queries.tasks import TaskPageRow
from web.forms import Entry

PLAIN: Final = "task.html"
TEMPLATES: Final[Mapping[str, str]] = {}
"""Pages of their own, by the subject of the form; each extends the plain one."""


def template_of(task: TaskPageRow, entries: Sequence[Entry]) -> tuple[str, dict[str, Any]]:
    """Return the template of a task's page, and what it shows beyond the plain one."""
    del entries
    subject = task.form.subject if task.form else ""
    return TEMPLATES.get(subject, PLAIN), {}
