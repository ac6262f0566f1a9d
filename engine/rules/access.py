"""
Who may do what, where: the one place that decides.

A role is held in an organisation. Its *work* (tasks) lies in that organisation only; what it
may *see and steer* reaches the organisations below. Experts work from outside: they reach a
case only as members of its panel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of the product (seed 003 and ``domain`` section 9)."""

    DEPUTY = "deputy"
    DIRECTOR = "director"
    ADMINISTRATION = "administration"
    SECRETARY = "secretary"
    TEACHER = "teacher"
    EXPERT = "expert"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    HEAD = "head"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, str] = {
    Role.DEPUTY: "заместитель директора по УВР",
    Role.DIRECTOR: "директор",
    Role.ADMINISTRATION: "администрация",
    Role.SECRETARY: "секретарь педсовета",
    Role.TEACHER: "учитель",
    Role.EXPERT: "эксперт",
    Role.LEAD: "руководитель экспертной группы",
    Role.COORDINATOR: "координатор",
    Role.HEAD: "начальник управления образования",
    Role.ADMINISTRATOR: "администратор",
}


class Right(StrEnum):
    """What can be allowed beyond one's own tasks."""

    WATCH = "watch"
    """See the cases of an organisation and of those below it."""
    START = "start"
    """Start a case."""
    STEER = "steer"
    """Remind, reassign, move deadlines, suspend, resume, repair; resolve incidents."""
    CANCEL = "cancel"
    """Order the cancellation or postponement of a review."""
    PANEL = "panel"
    """Add, withdraw or replace an expert."""
    DEPLOY = "deploy"
    """Deploy diagrams."""
    ADMINISTER = "administer"
    """Organisations, people and roles."""


_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.DEPUTY: frozenset({Right.WATCH, Right.START, Right.PANEL}),
    Role.DIRECTOR: frozenset({Right.WATCH, Right.START, Right.CANCEL, Right.PANEL}),
    Role.ADMINISTRATION: frozenset({Right.WATCH}),
    Role.SECRETARY: frozenset({Right.WATCH}),
    Role.TEACHER: frozenset(),
    Role.EXPERT: frozenset(),
    Role.LEAD: frozenset({Right.WATCH, Right.PANEL}),
    Role.COORDINATOR: frozenset({Right.WATCH, Right.START, Right.STEER, Right.PANEL}),
    Role.HEAD: frozenset({Right.WATCH, Right.START, Right.STEER, Right.CANCEL}),
    Role.ADMINISTRATOR: frozenset({Right.DEPLOY, Right.ADMINISTER}),
}

Path = tuple[int, ...]
"""Ids of organisations from the root down to the one meant."""


def path_of(text: str) -> Path:
    """Return the ids in a stored path: ``1/4/17/`` gives 1, 4, 17."""
    return tuple(map(int, text.split("/")[:-1]))


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in an organisation, or (``case_id``) on the panel of one case."""

    role: Role
    organisation_id: int = 0
    case_id: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with grants, or the system (``person_id`` 0), which may all."""

    person_id: int
    name: str = ""
    grants: tuple[Grant, ...] = field(default=())

    @property
    def is_system(self) -> bool:
        """Tell whether this is the scheduler and not a person."""
        return self.person_id == 0

    @property
    def places(self) -> tuple[tuple[int, Role], ...]:
        """Return the (organisation, role) pairs whose work this actor may take."""
        return tuple((g.organisation_id, g.role) for g in self.grants if g.organisation_id)


SYSTEM = Actor(0, "Цикл")


def may(actor: Actor, right: Right, path: Path, case_id: int = 0) -> bool:
    """
    Tell whether the actor has a right on what belongs to an organisation.

    Args:
        actor: Who asks.
        right: What for.
        path: The organisation with all that stand above it.
        case_id: The case, for rights that come with a place on its panel.
    """
    return actor.is_system or any(
        right in _RIGHTS[grant.role]
        and (grant.organisation_id in path or (case_id and grant.case_id == case_id))
        for grant in actor.grants
    )


def may_prompt(actor: Actor, path: Path, case_id: int, role: str) -> bool:
    """Tell whether the actor may remind of a task: who steers, and of experts' their lead."""
    leads = role == Role.EXPERT and may(actor, Right.PANEL, (), case_id)
    return leads or may(actor, Right.STEER, path, case_id)


def may_take(actor: Actor, role: str, organisation_id: int) -> bool:
    """Tell whether the work of a role in an organisation may be taken by the actor."""
    return any(place == (organisation_id, role) for place in actor.places)


def holds(actor: Actor, right: Right) -> bool:
    """Tell whether the actor has a right anywhere: for what a menu offers, never for access."""
    return actor.is_system or any(right in _RIGHTS[grant.role] for grant in actor.grants)


def roles_with(right: Right) -> frozenset[Role]:
    """Return the roles that give a right."""
    return frozenset(role for role, rights in _RIGHTS.items() if right in rights)
