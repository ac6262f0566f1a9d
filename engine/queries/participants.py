"""The people of a case: who has worked at it, who answers for it, and how much they have to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import SQLColumnExpression, func, select, union
from sqlalchemy.orm import aliased

from engine.errors import NotFound
from engine.model.panels import PanelMember
from engine.model.people import Membership, Organisation, Person
from engine.model.tasks import Task
from engine.queries.case_page import CasePageRow
from engine.queries.moves import IS_OPEN
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds, may
from engine.unit import Reader

_OF_SCHOOL: Final = (Role.DEPUTY, Role.DIRECTOR)
_ABOVE: Final = (Role.COORDINATOR, Role.HEAD)
_ORDER: Final = tuple(Role)


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """
    Somebody of a case with his address.

    ``roles`` in words, those held in the school or above it. ``here`` counts his open tasks in
    this case; ``load`` all his open tasks, of which ``late`` are overdue.
    """

    person_id: int
    name: str
    email: str
    roles: str
    here: int
    load: int
    late: int


def participants(reader: Reader, actor: Actor, page: CasePageRow) -> list[ParticipantRow]:
    """
    Return the people of a case by role, then by name.

    Raises:
        NotFound: The actor may not watch the case.
    """
    if not may(actor, Right.WATCH, page.path, page.case.case_id):
        raise NotFound
    concerned = _concerned(page).subquery()
    rows = reader.rows(
        select(
            Person.id,
            Person.name,
            Person.email,
            Membership.role,
            Organisation.short_name,
            _tasks(Task.case_id == page.case.case_id).label("here"),
            _tasks(Person.active).label("load"),
            _tasks(Task.due_at < reader.now).label("late"),
        )
        .join(concerned, concerned.c.person_id == Person.id)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id) & Membership.organisation_id.in_(page.path),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.active)
        .order_by(Person.sort_key, Person.id)
    )
    people: dict[int, list[Any]] = {}
    for row in rows:
        people.setdefault(row.id, []).append(row)
    found = sorted(people.values(), key=_place)
    return [_row(held) for held in found]


def _place(held: list[Any]) -> int:
    return min(_ORDER.index(Role(row.role)) if row.role else len(_ORDER) for row in held)


def _row(held: list[Any]) -> ParticipantRow:
    roles = dict.fromkeys(
        f"{ROLE_NAMES[Role(row.role)]}, {row.short_name}" for row in held if row.role
    )
    one = held[0]
    return ParticipantRow(one.id, one.name, one.email, "; ".join(roles), *one[5:])


def _concerned(page: CasePageRow) -> Any:
    """Return the ids of those who hold or did its tasks, sit on its panel, or answer for it."""
    mine = Task.case_id == page.case.case_id
    holds = select(Task.assignee_id.label("person_id")).where(mine, Task.assignee_id.is_not(None))
    did = select(Task.done_by).where(mine, Task.done_by.is_not(None))
    seat = PanelMember.case_id == page.case.case_id, PanelMember.state == "member"
    role = aliased(Membership)
    answers = select(role.person_id).where(
        ((role.organisation_id == page.path[-1]) & role.role.in_(_OF_SCHOOL))
        | (role.organisation_id.in_(page.path[:-1]) & role.role.in_(_ABOVE))
    )
    return union(holds, did, select(PanelMember.person_id).where(*seat), answers)


def _tasks(condition: SQLColumnExpression[bool]) -> Any:
    """Return how many open tasks a person holds that meet a condition."""
    held = select(func.count()).where(Task.assignee_id == Person.id, IS_OPEN, condition)
    return held.correlate(Person).scalar_subquery()


def loads_of(reader: Reader, actor: Actor, person_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many open tasks people hold, for who steers and chooses between them."""
    held = select(Task.assignee_id, func.count().label("n")).where(
        Task.assignee_id.in_(person_ids), IS_OPEN
    )
    is_asked = person_ids and holds(actor, Right.STEER)
    rows = reader.rows(held.group_by(Task.assignee_id)) if is_asked else ()
    return {row.assignee_id: row.n for row in rows}
