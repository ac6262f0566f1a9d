"""Who is meant: the performers of tasks, and those above them who are told of delay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import select

from engine.model.panels import PanelMember
from engine.model.people import Membership, Person
from engine.rules.access import Path, Role
from engine.rules.reminders import Audience
from engine.unit import Reader

_ABOVE: Final = (Role.COORDINATOR, Role.DIRECTOR, Role.HEAD)


class Addressed(Protocol):
    """What has to be known of a task to find its people; ``path`` is the school's."""

    @property
    def case_id(self) -> int:
        """The case."""
        ...

    @property
    def organisation_id(self) -> int:
        """Whose work it is, with the role."""
        ...

    @property
    def role(self) -> str:
        """Whose work it is, in the organisation."""
        ...

    @property
    def assignee_id(self) -> int | None:
        """Who holds it."""
        ...

    @property
    def path(self) -> Path:
        """The organisations from the root down to the school."""
        ...


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around some tasks: who holds which role where, and who leads which panel."""

    holders: dict[tuple[int, str], list[int]]
    leads: dict[int, int]

    def people(self, audience: Audience, task: Addressed) -> Sequence[int]:
        """Return the persons of an audience, in order of their ids."""
        if audience is Audience.PERFORMERS:
            return self._performers(task)
        if audience is Audience.COORDINATOR:
            return self._first(task)
        return self._second(task)

    def _performers(self, task: Addressed) -> Sequence[int]:
        if task.assignee_id is not None:
            return [task.assignee_id]
        return self.holders.get((task.organisation_id, task.role), [])

    def _first(self, task: Addressed) -> Sequence[int]:
        """The lead for the work of an expert; the head for that of a coordinator."""
        if task.role == Role.EXPERT and task.case_id in self.leads:
            return [self.leads[task.case_id]]
        above = Role.HEAD if task.role in {Role.COORDINATOR, Role.HEAD} else Role.COORDINATOR
        return self.nearest(above, task.path)

    def _second(self, task: Addressed) -> Sequence[int]:
        """The director of the school; the head for the work of a director or of the office."""
        if task.role in _ABOVE:
            return self.nearest(Role.HEAD, task.path)
        return self.nearest(Role.DIRECTOR, task.path) or self.nearest(Role.HEAD, task.path)

    def nearest(self, role: Role, path: Path) -> Sequence[int]:
        """Return who holds a role in the school, or else in the nearest organisation above."""
        found = (self.holders.get((place, role), []) for place in reversed(path))
        return next(filter(None, found), [])


def circle_of(reader: Reader, tasks: Iterable[Addressed]) -> Circle:
    """Return the people around the tasks, in two statements."""
    tasks = list(tasks)
    places = {place for task in tasks for place in (*task.path, task.organisation_id)}
    roles = {*_ABOVE, *(task.role for task in tasks if task.assignee_id is None)}
    held = (
        select(Membership.organisation_id, Membership.role, Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.active, Membership.organisation_id.in_(places), Membership.role.in_(roles))
        .order_by(Membership.person_id)
    )
    holders: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for row in reader.rows(held):
        holders[row.organisation_id, row.role].append(row.person_id)
    return Circle(dict(holders), _leads(reader, tasks))


def _leads(reader: Reader, tasks: Iterable[Addressed]) -> dict[int, int]:
    cases = {task.case_id for task in tasks if task.role == Role.EXPERT}
    lead = select(PanelMember.case_id, PanelMember.person_id)
    rows = reader.rows(lead.where(PanelMember.is_lead, PanelMember.case_id.in_(cases)))
    return {row.case_id: row.person_id for row in rows}
