"""The files that people have attached to a task."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from engine.errors import NotFound
from engine.model.documents import Attachment, Document
from engine.queries.blindness import may_read_others
from engine.queries.documents import is_readable
from engine.queries.reviews import look_at_review
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.access import Actor
from engine.rules.attachments import KINDS, kind_of
from engine.unit import Reader

LARGEST_THUMBNAIL: Final = 300_000
"""Bytes; a larger picture is too much for a telephone to load beside its name."""


@dataclass(frozen=True, slots=True)
class AttachedRow:
    """A file of a task: its name, its size in bytes, and what it is sent as."""

    id: int
    name: str
    size: int
    media_type: str

    @property
    def is_inline(self) -> bool:
        """Tell whether a browser shows it as it is."""
        return any(kind.inline and kind.media_type == self.media_type for kind in KINDS.values())

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture small enough to be shown beside its name."""
        pictured = self.is_inline and self.media_type.startswith("image/")
        return pictured and self.size <= LARGEST_THUMBNAIL


def attached(reader: Reader, task_id: int) -> list[AttachedRow]:
    """Return the files of a task, for whom its page has let in."""
    columns = Attachment.id, Attachment.name, Attachment.size, Attachment.media_type
    mine = select(*columns).where(Attachment.task_id == task_id)
    return [AttachedRow(*row) for row in reader.rows(mine.order_by(Attachment.id))]


@dataclass(frozen=True, slots=True)
class FileRow:
    """
    The content of an attached file.

    ``media_type`` is what its content is, whatever it was said to be; ``inline``: it may be
    shown in a browser as it is.
    """

    name: str
    media_type: str
    inline: bool
    content: bytes


def file(reader: Reader, actor: Actor, attachment_id: int) -> FileRow:
    """
    Return a file for who attached it, may read its document, or the answers that name it.

    Raises:
        NotFound: There is none, or the actor may not know of it.
    """
    row = reader.one(select(Attachment).where(Attachment.id == attachment_id))
    by_paper = row.document_id is not None and _in_document(reader, actor, row)
    if not (row.person_id == actor.person_id or by_paper or _in_answers(reader, actor, row)):
        raise NotFound
    kind = kind_of(row.name, row.content)
    media_type = kind.media_type if kind else "application/octet-stream"
    return FileRow(row.name, media_type, kind is not None and kind.inline, row.content)


def _in_document(reader: Reader, actor: Actor, row: Any) -> bool:
    """Tell whether the actor may read the document that a file belongs to."""
    try:
        path = look_at_review(reader, actor, row.case_id)
    except NotFound:
        return False
    document = reader.one(select(Document).where(Document.id == row.document_id))
    others = partial(may_read_others, reader, actor, row.case_id)
    return is_readable(actor, document, path, others)


def _in_answers(reader: Reader, actor: Actor, row: Any) -> bool:
    """Tell whether the actor may read answers, a draft of his task included, that name a file."""
    try:
        page = task_page(reader, actor, row.task_id)
    except NotFound:
        return False
    return page.mine or row.id in _named(page)


def _named(page: TaskPageRow) -> set[int]:
    """Return the files that the answers on a page name; those of a draft are as typed."""
    found = page.form.files(page.fields) if page.form else ()
    return {int(key) for _, keys in found for key in keys if str(key).isdecimal()}
