"""Doing the same to several tasks, each on its own: what one refuses does not stop the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.bus import Command
from engine.commands.tasks import ClaimTask
from engine.errors import Conflict, EngineError, Forbidden, NotFound
from engine.queries.overview import overview
from engine.queries.tasks import task_page
from engine.queries.worklist import WorklistRow
from engine.rules.urgency import URGENCIES
from web.current import ask, do
from web.errors import sentence_of

MOST: Final = 50
"""So many tasks stand on a page."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several tasks; ``refusal`` is empty when it was done."""

    task_id: int
    title: str
    organisation: str
    refusal: str = ""


def for_each(task_ids: Sequence[int], command: Callable[[int], Command[int]]) -> list[Outcome]:
    """Carry out a command for each task in a transaction of its own; tell what became of each."""
    return [_outcome(task_id, command(task_id)) for task_id in dict.fromkeys(task_ids[:MOST])]


def _outcome(task_id: int, command: Command[int]) -> Outcome:
    refusal = ""
    try:
        do(command)
    except EngineError as error:
        refusal = sentence_of(error)
    try:
        task = ask(task_page, task_id)
    except NotFound:
        return Outcome(task_id, "", "", refusal)
    title = " — ".join(part for part in (task.title, task.item) if part)
    return Outcome(task_id, title, task.organisation, refusal)


def take_next() -> int | None:
    """
    Return the task to work at now: the most urgent one, claimed unless one holds it.

    Somebody else may be quicker; then it is the next one. None when nothing can be done.
    """
    for row in sorted(ask(overview).page.rows, key=_pressing):
        if row.suspended:
            continue
        try:
            if not row.mine:
                do(ClaimTask(row.task_id))
        except (Conflict, Forbidden, NotFound):
            continue
        return row.task_id
    return None


def _pressing(row: WorklistRow) -> tuple[object, ...]:
    """Order by urgency, then by what a coordinator wants first, then what one has begun."""
    return URGENCIES.index(row.urgency), -row.priority, not row.mine, row.due_at, row.task_id
