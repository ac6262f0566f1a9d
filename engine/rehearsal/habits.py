"""When invented people act: on working days, in working hours of their school, mostly in time."""

from dataclasses import dataclass
from datetime import datetime, time
from random import Random

from engine.rules.calendar import RUSSIA, day_of, moment_of

_MORNING, _EVENING = 9, 17
_LONGEST = 15
"""Working days: nobody takes longer than this, however long the term."""
_EAGER = 0.75


@dataclass(frozen=True, slots=True)
class Plan:
    """When a task is taken and when it is finished."""

    claim_at: datetime
    finish_at: datetime


@dataclass(frozen=True, slots=True)
class Habits:
    """
    How the people of a school work.

    Attributes:
        zone: Of the school.
        tardy: The share of tasks that are finished after their deadline, from 0 to 1; what is due
            in half a year is not forgotten.
    """

    zone: str
    tardy: float = 0.0

    def plan(
        self, opened_at: datetime, due_at: datetime, random: Random, late: int | None = None
    ) -> Plan:
        """
        Return when somebody takes and finishes a task.

        Args:
            opened_at: Since when it is open.
            due_at: Until when it is due.
            random: Where whims come from; each call takes the same number of them.
            late: So many working days after the deadline; None: in time, unless by chance.
        """
        whim, length, hour, minute = (random.random() for _ in range(4))
        opened, due = day_of(opened_at, self.zone), day_of(due_at, self.zone)
        room = RUSSIA.workdays_between(opened, due)
        if late is None and whim < self.tardy and room <= _LONGEST:
            late = 1 + int(length * 4)
        wanted = min(1 + int(room * _EAGER * length), _LONGEST) if late is None else room + late
        at = time(_MORNING + int(hour * (_EVENING - _MORNING)), int(minute * 60))
        taken = max(wanted, 1) if late is not None else max(wanted // 3, 1)
        finish = moment_of(RUSSIA.workday(opened, max(wanted, 1)), at, self.zone)
        claim = moment_of(RUSSIA.workday(opened, taken), time(_MORNING), self.zone)
        return Plan(min(claim, finish), finish)
