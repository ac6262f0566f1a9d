"""
What a finished task means to its subject: the registry of recorders.

A form may name a subject; when a task with that form is finished, the subject's recorder writes
ordinary rows in the same transaction and returns the few values that the process routes by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.process.model import Node
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class Work:
    """
    A task about to be finished.

    ``case`` and ``task`` are the values of their rows; ``fields`` are what the form accepted;
    ``names`` are the variables that the task sees; ``settings`` are the cycle's, defaults of
    the diagram included.
    """

    case: Any
    task: Any
    node: Node
    fields: Mapping[str, Any]
    names: Mapping[str, Any]
    settings: Mapping[str, Any]


Recorder = Callable[[Unit, Work], dict[str, Any]]

RECORDERS: dict[str, Recorder] = {}


def records(subject: str) -> Callable[[Recorder], Recorder]:
    """Register the recorder of a subject."""

    def register(recorder: Recorder) -> Recorder:
        RECORDERS[subject] = recorder
        return recorder

    return register
