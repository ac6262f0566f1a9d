"""Schools and people to measure with, and how far their cases are led."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bench import yardstick
from engine import Engine
from engine.commands.cases import CancelCase, StartCase
from engine.commands.cycles import OpenCycle
from engine.commands.definitions import DeployProcess
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.commands.tasks import CompleteTask
from engine.model.tasks import OPEN, Task
from engine.queries.people import actor_of
from engine.rules.access import SYSTEM, Actor, Role

ZONE = "Asia/Yekaterinburg"
STAFF = (Role.DEPUTY, Role.DIRECTOR, Role.ADMINISTRATION, Role.SECRETARY)
REWORKED = "control"
"""The task whose answer decides on another round."""


@dataclass
class Ground:
    """A municipality with schools, their staff and three experts."""

    engine: Engine
    cycle: int
    schools: list[int]
    staff: dict[tuple[int, str], Actor]
    experts: list[int]
    people: dict[int, Actor]

    def start(self, school: int) -> int:
        """Start a case."""
        return self.engine.do(StartCase(self.cycle, school, {"experts": self.experts}), SYSTEM)

    def cancel(self, case_id: int) -> None:
        """End a case, so that its school can begin another."""
        self.engine.do(CancelCase(case_id, "Замер окончен"), SYSTEM)

    def next_step(self, case_id: int, *, rework: bool = True) -> tuple[CompleteTask, Actor] | None:
        """Return the command that completes the first open task, and who may; None at the end."""
        first = select(Task.id, Task.element, Task.role, Task.organisation_id, Task.assignee_id)
        with self.engine.read() as reader:
            row: Any = reader.first(
                first.where(Task.case_id == case_id, Task.state == OPEN).order_by(Task.id)
            )
        if row is None:
            return None
        who = self.people.get(row.assignee_id) or self.staff[row.organisation_id, row.role]
        answer = yardstick.answer(rework=rework and row.element == REWORKED)
        return CompleteTask(row.id, answer), who

    def lead(self, case_id: int, completions: int) -> None:
        """Complete so many tasks, reworking without end."""
        for _ in range(completions):
            if (step := self.next_step(case_id)) is not None:
                self.engine.do(*step)

    def finish(self, school: int, rounds: int = 1) -> None:
        """Lead a case from start to end with so many rounds of rework."""
        case_id = self.start(school)
        left = rounds
        while (step := self.next_step(case_id, rework=left > 0)) is not None:
            left -= bool(step[0].fields["rework"])
            self.engine.do(*step)


def prepared(engine: Engine, schools: int) -> Ground:
    """Return a ground with so many schools."""
    town = engine.do(CreateOrganisation("municipality", "Мерный округ", ZONE), SYSTEM)
    staff, places = {}, []
    for number in range(1, schools + 1):
        school = engine.do(CreateOrganisation("school", f"СОШ № {number}", ZONE, town), SYSTEM)
        places.append(school)
        for role in STAFF:
            staff[school, str(role)] = _employed(engine, f"{role}.{number}", school, role)
    experts = [_employed(engine, f"expert{n}", town, Role.EXPERT) for n in range(3)]
    engine.do(DeployProcess(yardstick.bundle()), SYSTEM)
    cycle = engine.do(OpenCycle(town, yardstick.KEY, 2026, "Мерный цикл"), SYSTEM)
    people = {expert.person_id: expert for expert in experts}
    return Ground(engine, cycle, places, staff, list(people), people)


def _employed(engine: Engine, name: str, place: int, role: Role) -> Actor:
    person = engine.do(CreatePerson(f"Некто {name}", f"{name}@bench.example"), SYSTEM)
    engine.do(GrantRole(person, place, role), SYSTEM)
    with engine.read() as reader:
        return actor_of(reader, person)
