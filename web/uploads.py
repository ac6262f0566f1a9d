"""Files that a browser sends, as the engine wants them."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage

from engine.process.load import Bundle


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


def name_of(file: FileStorage) -> str:
    """Return the last part of the name of a file, whatever system it comes from."""
    return PurePosixPath((file.filename or "").replace("\\", "/")).name
