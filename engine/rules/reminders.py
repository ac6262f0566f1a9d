"""
The reminder ladder: when a task reminds, whom, and whom it tells once it is overdue.

A policy is data. Its rungs fall at 08:00 local on working days, never on the day of opening,
and before the digest of that morning, which carries them. Of rungs that were missed (the
program stood still) only the latest is given: nobody gets a burst.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, takewhile
from typing import Final, Literal

from engine.rules.calendar import DAY, RUSSIA, Calendar, day_of, moment_of

BEGIN: Final = time(8, 0)
END: Final = time(18, 0)
"""Nobody is told anything outside these hours, or on a day off."""

WEEK: Final = timedelta(days=7)


class Audience(StrEnum):
    """Whom a rung speaks to; who that is depends on the task."""

    PERFORMERS = "performers"
    """Who holds the task, or all it is offered to."""
    COORDINATOR = "coordinator"
    """The coordinator; for the task of an expert, the lead of the panel."""
    HEAD = "head"
    """The director; for the director's own task, the head of the office."""


Kind = Literal["reminder", "unclaimed", "overdue"]


@dataclass(frozen=True, slots=True)
class Rung:
    """
    One rung of a policy.

    ``days`` are calendar days and ``workdays`` working days from the anchor, negative before
    it; only one of them is given. ``least`` is the shortest term, in days, that has the rung.
    """

    kind: Kind
    anchor: Literal["opened", "due"]
    to: tuple[Audience, ...] = (Audience.PERFORMERS,)
    days: int = 0
    workdays: int = 0
    least: int = 0

    def day(self, opened_on: date, due_on: date, calendar: Calendar) -> date | None:
        """Return the day of the rung, or None when this term has no such rung."""
        if (due_on - opened_on).days < self.least:
            return None
        day = self._from_opening(opened_on, calendar)
        if day is None:
            day = self._from_due(due_on, calendar)
        elif day > due_on:
            return None
        return day if day > opened_on else None

    def _from_opening(self, opened_on: date, calendar: Calendar) -> date | None:
        return calendar.workday(opened_on, self.workdays) if self.anchor == "opened" else None

    def _from_due(self, due_on: date, calendar: Calendar) -> date:
        """Before the due day: on a working day at or before it; after it: on a later one."""
        if self.workdays > 0:
            return calendar.workday(due_on, self.workdays)
        last = calendar.at_or_before(due_on + DAY * self.days)
        return calendar.workday(last, self.workdays) if self.workdays else last


@dataclass(frozen=True, slots=True)
class Policy:
    """Rungs in rising order of weight: of two on one day the later in the list is given."""

    rungs: tuple[Rung, ...] = ()
    weekly: Rung | None = None
    """Given on the first working day of each week after the last rung, until the task ends."""


_FIRST = (Audience.PERFORMERS, Audience.COORDINATOR)
_SECOND = (*_FIRST, Audience.HEAD)
_LADDER_AFTER_DUE = (
    Rung("overdue", "due", to=_FIRST, workdays=1),
    Rung("overdue", "due", to=_SECOND, workdays=3),
)
_WEEKLY = Rung("overdue", "due", to=_SECOND)

DEFAULT_POLICY: Final = "std"

POLICIES: Final[Mapping[str, Policy]] = {
    "none": Policy(),
    "std": Policy(
        (
            Rung("reminder", "due", days=-14, least=22),
            Rung("reminder", "due", days=-7, least=7),
            Rung("reminder", "due", workdays=-3),
            Rung("reminder", "due", workdays=-1),
            Rung("reminder", "due"),
            Rung("unclaimed", "opened", workdays=2),
            Rung("unclaimed", "opened", workdays=5, to=_FIRST),
            *_LADDER_AFTER_DUE,
        ),
        _WEEKLY,
    ),
    "brief": Policy((Rung("reminder", "due"), *_LADDER_AFTER_DUE), _WEEKLY),
}
"""What `remind` of a task may name; with any other name, or none, it is `std`."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of one task, at its moment; numbers count from 1 and grow with the weeks."""

    number: int
    at: datetime
    rung: Rung


@dataclass(frozen=True, slots=True)
class Term:
    """The term of one task, as its ladder needs it; ``remind`` names the policy."""

    remind: str
    opened_at: datetime
    due_at: datetime
    zone: str
    calendar: Calendar = RUSSIA

    def steps(self) -> Iterator[Step]:
        """Yield the steps in order of time; those of a weekly rung never end."""
        opened_on, due_on = day_of(self.opened_at, self.zone), day_of(self.due_at, self.zone)
        policy = self.remind if self.remind in POLICIES else DEFAULT_POLICY
        ladder = _ladder(policy, opened_on, due_on, self.zone, self.calendar)
        last = day_of(ladder[-1].at, self.zone) if ladder else due_on
        return chain(ladder, _weekly(POLICIES[policy], due_on, last, self.zone, self.calendar))


def next_rung(
    remind: str,
    opened_at: datetime,
    due_at: datetime,
    now: datetime,
    zone: str,
    calendar: Calendar = RUSSIA,
) -> tuple[int, datetime] | None:
    """Return number and moment of the first rung after `now`: what a task row is armed with."""
    steps = Term(remind, opened_at, due_at, zone, calendar).steps()
    return next(((step.number, step.at) for step in steps if step.at > now), None)


@dataclass(frozen=True, slots=True)
class Climb:
    """What a task gives when it is woken: a step, or nothing; whether no delay was told before."""

    step: Step | None
    first_delay: bool


def climb(term: Term, rung: int, now: datetime, *, held: bool) -> Climb:
    """
    Return the latest step from the armed one up to now that speaks to somebody.

    Args:
        term: The term of the task.
        rung: The number that the task row was armed with.
        now: The moment.
        held: Somebody holds the task, so that nobody is told that it is unclaimed.
    """
    passed = list(takewhile(lambda step: step.at <= now, term.steps()))
    numbers = [step.number for step in passed]
    armed = numbers.index(rung) if rung in numbers else max(len(passed) - 1, 0)
    fitting = [s for s in passed[armed:] if not (held and s.rung.kind == "unclaimed")]
    told = any(step.rung.kind == "overdue" for step in passed[:armed])
    return Climb(fitting[-1] if fitting else None, first_delay=not told)


def polite(moment: datetime, zone: str, calendar: Calendar = RUSSIA) -> datetime:
    """Return the moment, or if it is at night or on a day off, the next 08:00 of work."""
    day, until = day_of(moment, zone), END
    if calendar.is_workday(day) and moment >= moment_of(day, until, zone):
        day += DAY
    return max(moment, moment_of(calendar.at_or_after(day), BEGIN, zone))


@lru_cache(maxsize=4096)
def _ladder(
    policy: str, opened_on: date, due_on: date, zone: str, calendar: Calendar
) -> tuple[Step, ...]:
    """Return the steps of the rungs that are given once; tasks of one day share them."""
    days = (
        (number, rung, rung.day(opened_on, due_on, calendar))
        for number, rung in enumerate(POLICIES[policy].rungs, start=1)
    )
    steps = [Step(n, moment_of(day, BEGIN, zone), rung) for n, rung, day in days if day]
    return tuple(sorted(steps, key=lambda step: (step.at, step.number)))


def _weekly(
    policy: Policy, due_on: date, last: date, zone: str, calendar: Calendar
) -> Iterator[Step]:
    """Yield the weekly rung of every week with a working day, after the last of the others."""
    if policy.weekly is None:
        return
    first = due_on - DAY * due_on.weekday()
    week = 0
    while True:
        week += 1
        monday = first + WEEK * week
        day = calendar.at_or_after(monday)
        if last < day < monday + WEEK:
            at = moment_of(day, BEGIN, zone)
            yield Step(len(policy.rungs) + week, at, policy.weekly)
