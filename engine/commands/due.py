"""What is due now: one look, so that an idle tick costs one statement."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, exists, select

from engine.commands.outbox import FOR_CASES, UNSENT
from engine.model.base import Moment
from engine.model.records import DigestRound, Job, Outgoing, StartSubscription, Timer
from engine.model.tasks import Task
from engine.prepared import Prepared
from engine.rules.retries import STEPS
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class Due:
    """Which kinds of rows have something due."""

    timers: bool
    jobs: bool
    messages: bool
    starts: bool
    reminders: bool
    digests: bool
    letters: bool


_NOW: Final = bindparam("now", type_=Moment)

_LOOK: Final = Prepared(
    select(
        exists().where(Timer.due_at <= _NOW, Timer.attempts < STEPS.attempts).label("timers"),
        exists().where(Job.due_at <= _NOW, Job.attempts <= STEPS.attempts).label("jobs"),
        exists().where(FOR_CASES, Outgoing.not_before <= _NOW, *UNSENT).label("messages"),
        exists().where(StartSubscription.due_at <= _NOW).label("starts"),
        exists().where(Task.remind_at <= _NOW).label("reminders"),
        exists().where(DigestRound.due_at <= _NOW).label("digests"),
        exists()
        .where(Outgoing.kind == "mail", Outgoing.not_before <= _NOW, *UNSENT)
        .label("letters"),
    )
)


def due(reader: Reader) -> Due:
    """Look at the head of each queue; each answer comes from an index."""
    (row,) = reader.run(_LOOK, {"now": reader.now})
    return Due(*map(bool, row))
