"""
Two invented municipalities with offices, schools and people: the ground that commands stand on.

Everything is made through the commands themselves.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine import Engine
from engine.bus import HANDLERS
from engine.commands.cases import StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.definitions import DeployProcess
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.commands.tasks import ClaimTask, CompleteTask
from engine.model.tasks import OPEN, Task
from engine.process.load import Bundle
from engine.queries.people import actor_of
from engine.rules.access import SYSTEM, Actor, Role
from engine.unit import Unit
from tests.invariants import check

SCHOOL_ROLES = (Role.DEPUTY, Role.DIRECTOR, Role.ADMINISTRATION, Role.SECRETARY, Role.TEACHER)
OFFICE_ROLES = (Role.COORDINATOR, Role.HEAD, Role.ADMINISTRATOR)
YEAR = 2026


@dataclass
class Town:
    """
    An engine with people in it. ``people`` by e-mail before the @: ``deputy.school`` and so on.

    Every command that goes through `do` is followed by the check of all invariants.
    """

    engine: Engine
    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    unit: Unit | None = None

    def do(self, command: Any, who: str | Actor = SYSTEM) -> Any:
        """Carry out a command as somebody, and check that rows and states agree."""
        actor = self.actor(who) if isinstance(who, str) else who
        try:
            return self.engine.do(command, actor)
        finally:
            check(self.engine)

    def actor(self, who: str) -> Actor:
        """Return a person with his roles and his places on panels."""
        with self.engine.read() as reader:
            return actor_of(reader, self.people[who])

    def settle(self, name: str, kind: str, above: str | None, zone: str) -> int:
        """Create an organisation."""
        parent = self.organisations[above] if above else None
        command = CreateOrganisation(kind, name, zone, parent)
        self.organisations[name] = self._made(command)
        return self.organisations[name]

    def employ(self, who: str, place: str, *roles: Role) -> int:
        """Create a person with roles at an organisation."""
        person = self._made(CreatePerson(f"Некто {who}", f"{who}@town.example"))
        for role in roles:
            self._made(GrantRole(person, self.organisations[place], role))
        self.people[who] = person
        return person

    def _made(self, command: Any) -> int:
        """Carry out a command; while the town is built, all of them in one transaction."""
        if self.unit is None:
            return int(self.engine.do(command, SYSTEM))
        return HANDLERS[type(command)](self.unit, command) or 0

    def cycle(self, bundle: Bundle, place: str = "office", **settings: Any) -> int:
        """Deploy a process and open its cycle."""
        definition = self.engine.do(DeployProcess(bundle), SYSTEM)
        key = self.engine.definitions.get(definition).definition.processes[0]
        command = OpenCycle(self.organisations[place], key, YEAR, f"Цикл {key}", settings)
        return int(self.do(command))

    def case(self, cycle: int, place: str = "school", **variables: Any) -> int:
        """Start a case."""
        return int(self.do(StartCase(cycle, self.organisations[place], variables)))

    def open_tasks(self, case_id: int, element: str | None = None) -> list[Any]:
        """Return the open tasks of a case, oldest first."""
        found = select(*Task.__table__.columns).where(Task.case_id == case_id, Task.state == OPEN)
        if element:
            found = found.where(Task.element == element)
        with self.engine.read() as reader:
            return list(reader.rows(found.order_by(Task.id)))

    def task(self, case_id: int, element: str) -> int:
        """Return the id of the only open task at an element."""
        (row,) = self.open_tasks(case_id, element)
        return int(row.id)

    def holder(self, row: Any) -> str:
        """Return somebody who may do a task: who holds it, or has its role there."""
        if row.assignee_id:
            return next(who for who, key in self.people.items() if key == row.assignee_id)
        place = next(n for n, key in self.organisations.items() if key == row.organisation_id)
        return f"{row.role}.{place.replace(' ', '_')}"

    def finish(self, case_id: int, element: str, **fields: Any) -> None:
        """Complete the first open task at an element by who may."""
        row = self.open_tasks(case_id, element)[0]
        self.do(CompleteTask(row.id, fields), self.holder(row))

    def claim(self, case_id: int, element: str, who: str) -> int:
        """Let somebody claim the only task at an element; return its id."""
        task = self.task(case_id, element)
        self.do(ClaimTask(task), who)
        return task

    def rows(self, statement: Any) -> list[Any]:
        """Return the rows of a statement."""
        with self.engine.read() as reader:
            return list(reader.rows(statement))

    def value(self, statement: Any) -> Any:
        """Return one value."""
        with self.engine.read() as reader:
            return reader.value(statement)


def build(engine: Engine) -> Town:
    """Return a town: two municipalities, the first with an office and two schools."""
    town = Town(engine)
    with engine.unit(SYSTEM) as town.unit:
        _fill(town)
    town.unit = None
    return town


def _fill(town: Town) -> None:
    town.settle("town", "municipality", None, "Asia/Yekaterinburg")
    town.settle("office", "office", "town", "Asia/Yekaterinburg")
    town.settle("school", "school", "office", "Asia/Yekaterinburg")
    town.settle("second", "school", "office", "Asia/Yekaterinburg")
    town.settle("far town", "municipality", None, "Asia/Krasnoyarsk")
    town.settle("far office", "office", "far town", "Asia/Krasnoyarsk")
    town.settle("far school", "school", "far office", "Asia/Krasnoyarsk")
    for school in ("school", "second", "far school"):
        for role in SCHOOL_ROLES:
            town.employ(f"{role}.{school.replace(' ', '_')}", school, role)
    for office in ("office", "far office"):
        for role in OFFICE_ROLES:
            town.employ(f"{role}.{office.replace(' ', '_')}", office, role)
    town.employ("deputy2.school", "school", Role.DEPUTY)
    for number in range(1, 5):
        town.employ(f"expert{number}", "town", Role.EXPERT)
