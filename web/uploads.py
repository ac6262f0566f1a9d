"""Files that a browser sends: how much of them is taken, and what they are called."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from flask import Flask, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.errors import DiagramRefused, Finding
from engine.process.load import Bundle
from engine.rules.attachments import KINDS, LARGEST
from web.words import NBSP

MOST_BYTES: Final = 120_000_000
"""
The largest request to a page that takes files.

Far more than one file may have: so a form that comes with one too large is read, its text kept,
and only the file refused.
"""
_TAKE_FILES: Final = frozenset(
    {"tasks.complete", "drafts.save", "drafts.redraw", "drafts.attach", "signing.check"}
)


def add_uploads(app: Flask) -> None:
    """Make room for files where they are taken, before anything reads the request."""
    app.jinja_env.globals.update(
        size=size_of, ACCEPTED=",".join(("image/*", *KINDS)), LARGEST_FILE=LARGEST
    )

    @app.before_request
    def make_room() -> None:
        """Set the limit of this request."""
        if request.endpoint in _TAKE_FILES:
            request.max_content_length = MOST_BYTES


def bundle_of(files: Iterable[FileStorage], main: str = "") -> Bundle:
    """
    Return the files of a process.

    Args:
        files: As sent; browsers send an empty one when none was chosen.
        main: The name of the diagram; it may be left out when only one is sent.

    Raises:
        DiagramRefused: There are several, and it is not said which of them is the process.
    """
    contents = {name_of(file): file.read() for file in files if file.filename}
    diagrams = sorted(name for name in contents if name.endswith(".bpmn"))
    if len(diagrams) > 1 and not main:
        said = _(
            "Схем несколько (%(names)s): впишите, какая из них главная.", names=", ".join(diagrams)
        )
        raise DiagramRefused([Finding("", said)])
    return Bundle(main or next(iter(diagrams), ""), contents)


def name_of(file: FileStorage) -> str:
    """Return the last part of the name of a file, whatever system it comes from."""
    return PurePosixPath((file.filename or "").replace("\\", "/")).name


def named_content(file: FileStorage | None) -> tuple[str, bytes]:
    """Return the name and content of a file; of one too large, more than is taken."""
    return (name_of(file), file.read(LARGEST + 1)) if file else ("", b"")


def size_of(count: int) -> str:
    """Return a number of bytes as people read it: «1,2 МБ»."""
    if count < 1_000_000:
        return f"{max(count // 1000, 1)}{NBSP}КБ"
    return f"{count / 1_000_000:.1f}{NBSP}МБ".replace(".", ",")
