"""Files that a browser sends, as the engine wants them."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final

from flask import request
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import AttachFile
from engine.process.load import Bundle
from engine.queries.tasks import TaskPageRow
from web.current import do

HEAD: Final = "upload."
"""What the name of the control of a new file begins with; the field itself names kept files."""


def bundle_of(files: Iterable[FileStorage], main: str = "") -> Bundle:
    """
    Return the files of a process.

    Args:
        files: As sent; browsers send an empty one when none was chosen.
        main: The name of the diagram; by default the first one by name.
    """
    contents = {name_of(file): file.read() for file in files if file.filename}
    diagrams = sorted(name for name in contents if name.endswith(".bpmn"))
    return Bundle(main or next(iter(diagrams), ""), contents)


def attach_sent(task: TaskPageRow, typed: dict[str, Any]) -> dict[str, Any]:
    """Attach the new files of a request to their task; return what was typed with their ids."""
    for field in task.form.inputs if task.form else ():
        for file in request.files.getlist(HEAD + field.key):
            if file.filename:
                command = AttachFile(task.task_id, name_of(file), file.read())
                typed[field.key] = [*typed[field.key], str(do(command))]
    return typed


def name_of(file: FileStorage) -> str:
    """Return the last part of the name of a file, whatever system it comes from."""
    return PurePosixPath((file.filename or "").replace("\\", "/")).name
