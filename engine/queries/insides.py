"""What the state of a case tells about an open task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.model.base import ROOM
from engine.process.state import State, load
from engine.versions import Version


@dataclass(frozen=True, slots=True)
class Inside:
    """
    ``names`` are the variables that a task sees, ``messages`` what its case listens to, by name.

    ``postponed_until`` is the day that somebody has asked the director for.
    """

    names: Mapping[str, Any] = field(default_factory=dict)
    messages: frozenset[str] = frozenset()
    postponed_until: date | None = None


def inside(version: Version, stored: bytes, task_id: int) -> Inside:
    """Return it for a task, from the stored state of its case."""
    state = load(stored)
    listens = frozenset(wait.name for wait in state.waits.values() if wait.kind == "message")
    return Inside(state.names(task_id % ROOM), listens, _postponed(version, state, task_id))


def _postponed(version: Version, state: State, task_id: int) -> date | None:
    """Return until when a task is to be postponed, while its director has not decided."""
    for number, token in state.tokens.items():
        work = version.definition.nodes[token.at].work
        form = version.forms.get(work.form.removesuffix(".json")) if work else None
        if form is not None and form.subject == "postponement":
            names = state.names(number)
            if names.get("task_id") == task_id:
                return date.fromisoformat(str(names["until"]))
    return None
