"""What comes with the form of a task: answers, new files, and over which draft they were typed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import AttachFile
from engine.commands.drafts import SaveDraft, is_same_tab
from engine.errors import Conflict, FileRefused, FormInvalid
from engine.queries.drafts import DraftRow
from engine.queries.tasks import TaskPageRow
from web.answers import Deed, answers_from
from web.current import do
from web.errors import sentence_of
from web.uploads import named_content

HEAD: Final = "upload."
"""What the name of the control of a new file begins with; the field itself names kept files."""


@dataclass(frozen=True, slots=True)
class Sent:
    """
    What came with a form: the answers, new files by their ids among them.

    ``problems`` are the files that were refused, by the path of their field. ``over`` is the
    version of the draft that was typed over, None to write over any; ``tab`` names the tab.
    """

    task_id: int
    fields: dict[str, Any]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    over: int | None = None
    tab: str = ""

    def refuse(self, draft: DraftRow | None) -> None:
        """
        Refuse what cannot be sent in as it is.

        Args:
            draft: What stands in the system.

        Raises:
            FormInvalid: A file was refused, or another tab has saved another text meanwhile.
        """
        if self.problems:
            raise FormInvalid(self.problems)
        if draft is not None and self._is_behind(draft):
            again = _("Отправьте ещё раз, чтобы остался этот, или откройте задачу заново.")
            said = _("В другой вкладке сохранён другой текст этой задачи.")
            raise FormInvalid({"": [f"{said} {again}"]})

    def _is_behind(self, draft: DraftRow) -> bool:
        """Tell whether it was typed over an older text than the one that stands."""
        newer = self.over is not None and draft.version > self.over
        return newer and draft.fields != self.fields and not is_same_tab(self.tab, draft.tab)

    @property
    def draft(self) -> SaveDraft:
        """Return what keeps it."""
        return SaveDraft(self.task_id, self.fields, self.over, self.tab)


def sent_for(task: TaskPageRow, deed: Deed | None = None) -> Sent:
    """Return what the request says of a task; its new files are attached."""
    fields = answers_from(task.form, request.form, deed)
    problems: dict[str, list[str]] = {}
    for path, sent in _new_files(fields):
        for file in sent:
            try:
                key = do(AttachFile(task.task_id, *named_content(file)))
                _kept(fields, path).append(str(key))
            except FileRefused as refusal:
                problems.setdefault(path, []).append(sentence_of(refusal))
    over = None if "mine" in request.args else request.form.get("draft", type=int)
    return Sent(task.task_id, fields, problems, over, request.form.get("tab", "")[:40])


def _new_files(fields: Mapping[str, Any]) -> list[tuple[str, list[FileStorage]]]:
    """Return the files chosen in controls that the form has, by path."""
    chosen = {name.removeprefix(HEAD) for name in request.files if name.startswith(HEAD)}
    found = ((path, request.files.getlist(HEAD + path)) for path in sorted(chosen))
    real = ((path, [file for file in sent if file.filename]) for path, sent in found)
    return [(path, sent) for path, sent in real if sent and _has(fields, path)]


def _has(fields: Mapping[str, Any], path: str) -> bool:
    try:
        return isinstance(_kept(fields, path), list)
    except (KeyError, IndexError, ValueError, TypeError):
        return False


def _kept(fields: Mapping[str, Any], path: str) -> list[str]:
    """Return the ids in a field of files, one of a row included."""
    table, _, rest = path.partition(".")
    if not rest:
        found: list[str] = fields[table]
        return found
    row, _, column = rest.partition(".")
    inner: list[str] = fields[table][int(row)][column]
    return inner


def keep(sent: Sent) -> None:
    """Keep as a draft what could not be sent in, unless it cannot be kept either."""
    with suppress(Conflict):
        do(sent.draft)
