"""What is due now: one look, so that an idle tick costs one statement."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, func, select

from engine.commands.outbox import UNSENT
from engine.model.records import DigestRound, Job, Outgoing, StartSubscription, Timer
from engine.model.tasks import Task
from engine.prepared import Prepared
from engine.rules.retries import STEPS
from engine.unit import Reader

# The smallest moment is the head of an index whatever the statistics say; a planner that knows
# nothing of a table yet answers "is there one before now" by reading all of it.
_HEADS: Final[Mapping[str, Select[Any]]] = {
    "timers": select(func.min(Timer.due_at)).where(Timer.attempts < STEPS.attempts),
    "jobs": select(func.min(Job.due_at)).where(Job.attempts <= STEPS.attempts),
    "messages": select(func.min(Outgoing.not_before)).where(Outgoing.kind == "message", *UNSENT),
    "signals": select(func.min(Outgoing.not_before)).where(Outgoing.kind == "signal", *UNSENT),
    "starts": select(func.min(StartSubscription.due_at)),
    "reminders": select(func.min(Task.remind_at)).where(Task.remind_at.is_not(None)),
    "digests": select(func.min(DigestRound.due_at)),
    "letters": select(func.min(Outgoing.not_before)).where(Outgoing.kind == "mail", *UNSENT),
}

_LOOK: Final = Prepared(
    select(*(head.scalar_subquery().label(name) for name, head in _HEADS.items()))
)


def due(reader: Reader) -> set[str]:
    """Return which kinds of work have something due; each answer is the head of an index."""
    (row,) = reader.run(_LOOK, {})
    heads = zip(_HEADS, row, strict=True)
    return {name for name, at in heads if at is not None and at <= reader.now}
