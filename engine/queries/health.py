"""Whether the scheduler and the mail keep up: for the monitoring of an installation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.model.records import Outgoing, Timer
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class HealthRow:
    """For how many seconds the oldest due timer and the oldest unsent letter have waited."""

    timers_late: int
    mail_late: int


def health(reader: Reader) -> HealthRow:
    """Return how far behind the scheduler is; raises `Unavailable` without a database."""
    timer = select(func.min(Timer.due_at)).scalar_subquery()
    letter = select(func.min(Outgoing.not_before)).where(Outgoing.sent_at.is_(None))
    row = reader.one(select(timer.label("timer"), letter.scalar_subquery().label("letter")))
    return HealthRow(_late(row.timer, reader.now), _late(row.letter, reader.now))


def _late(due_at: datetime | None, now: datetime) -> int:
    return 0 if due_at is None else max(0, int((now - due_at).total_seconds()))
