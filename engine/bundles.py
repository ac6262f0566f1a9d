"""Processes as files: those that come with the product, and those of a folder."""

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from engine.process.load import Bundle

SUFFIXES = frozenset({".bpmn", ".dmn", ".json"})


def shipped(name: str) -> Bundle:
    """
    Return a process that comes with the product, with all that it may call and use.

    Raises:
        KeyError: There is none of that name; see `shipped_names`.
    """
    return _shipped()[name]


def shipped_names() -> list[str]:
    """Return the names of the processes that come with the product."""
    return sorted(_shipped())


def of_files(paths: Iterable[Path]) -> Bundle:
    """
    Return the process of the first diagram among some files; the others are what it may use.

    Raises:
        FileNotFoundError: There is no diagram among them.
    """
    paths = list(paths)
    diagrams = [path.name for path in paths if path.suffix == ".bpmn"]
    if not diagrams:
        raise FileNotFoundError("*.bpmn")
    return Bundle(diagrams[0], {path.name: path.read_bytes() for path in paths})


def _shipped() -> dict[str, Bundle]:
    contents = dict(_walk(files("bpmn"), PurePosixPath()))
    mains = (PurePosixPath(name) for name in contents if name.endswith(".bpmn"))
    return {main.stem: Bundle(str(main), contents) for main in mains}


def _walk(folder: Traversable, below: PurePosixPath) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, below / entry.name)
        elif PurePosixPath(entry.name).suffix in SUFFIXES:
            yield str(below / entry.name), entry.read_bytes()
