"""A case, read and locked with all that its next step needs, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from engine.errors import ExpressionFailed, NotFound
from engine.model.base import ROOM
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation
from engine.model.tasks import Task
from engine.prepared import Prepared
from engine.process.orders import Language
from engine.process.state import State, load
from engine.rules.access import Path, path_of
from engine.rules.calendar import day_of
from engine.rules.deadlines import Terms
from engine.unit import Unit
from engine.versions import Version

_FACTS: Final = (
    Case.id,
    Case.cycle_id,
    Case.organisation_id,
    Case.definition_id,
    Case.number,
    Case.status,
    Case.stage,
    Case.outcome,
    Case.version,
    Case.started_at,
    Organisation.path,
    Organisation.zone,
    Organisation.short_name.label("place"),
)
_CASE: Final = (*_FACTS, Cycle.settings, Case.state)
_NAMES: Final = tuple(column.key for column in _FACTS)

_TASK: Final = (
    Task.id.label("task_id"),
    Task.organisation_id.label("task_organisation_id"),
    Task.element,
    Task.title,
    Task.item,
    Task.form,
    Task.role,
    Task.personal,
    Task.assignee_id,
    Task.owner_id,
    Task.state.label("task_state"),
    Task.opened_at,
    Task.due_at,
    Task.ended_at.label("task_ended_at"),
    Task.claimed_at,
    Task.done_by,
    Task.remind,
)

_CASE_ROW: Final = (
    select(*_CASE)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .join(Cycle, Cycle.id == Case.cycle_id)
)
_TASK_ROW: Final = (
    select(*_CASE, *_TASK)
    .join(Task, Task.case_id == Case.id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .join(Cycle, Cycle.id == Case.cycle_id)
    .where(Task.id == bindparam("task_id"))
)

READ_CASE: Final = Prepared(
    _CASE_ROW.where(Case.id == bindparam("case_id")).with_for_update(of=Case, key_share=True)
)
READ_TASK: Final = Prepared(_TASK_ROW.with_for_update(of=(Case, Task), key_share=True))
"""
The task is locked with its case: who has waited for the case must not see the task as it was
before. Rows that refer to the case, such as a journal line of a claim, can be written meanwhile:
otherwise a claim and a step that closes the claimed task would wait for each other.
"""

HOLD_TASK: Final = Prepared(_TASK_ROW.with_for_update(of=Task, key_share=True))
"""For what is written beside a task: it is there before the task ends, or not at all."""

LOOK_AT_TASK: Final = Prepared(_TASK_ROW)
"""For what does not move the case: a claim does not wait for a step of the same case."""


@dataclass(slots=True)
class CaseFacts:
    """
    The row of a case inside a command.

    ``path`` are the ids of the organisations from the root down to the school; ``place`` is
    the short name of the school.
    """

    id: int
    cycle_id: int
    organisation_id: int
    definition_id: int
    number: int
    status: str
    stage: str
    outcome: str
    version: int
    started_at: datetime
    path: Path
    zone: str
    place: str


@dataclass(slots=True)
class LockedCase(CaseFacts):
    """
    A case that no other command can move meanwhile.

    ``settings`` are the cycle's, over the defaults of the diagram; ``stored`` is the state as it
    was read.
    """

    settings: Mapping[str, Any]
    process: Version
    stored: bytes
    state: State

    def language(self, now: datetime) -> Language:
        """Return the language of this case: its functions read facts frozen at `now`."""
        terms = Terms(day_of(now, self.zone), day_of(self.started_at, self.zone), self.zone)
        return self.process.language({**terms.functions(), "setting": self.setting})

    def setting(self, name: object) -> object:
        """
        Return a setting of the cycle, for expressions.

        Raises:
            ExpressionFailed: There is no such setting.
        """
        if name not in self.settings:
            raise ExpressionFailed(text=f"setting({name!r})", why="такой настройки нет")
        return self.settings[str(name)]


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """The row of a task inside a command; ``organisation_id`` and ``role`` say whose it is."""

    id: int
    organisation_id: int
    element: str
    title: str
    item: str
    form: str
    role: str
    personal: bool
    assignee_id: int | None
    owner_id: int | None
    state: int
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    claimed_at: datetime | None
    done_by: int | None
    remind: str

    @property
    def token(self) -> int:
        """Return the number of the token that the task stands for."""
        return self.id % ROOM


def lock_case(unit: Unit, case_id: int) -> LockedCase:
    """
    Read and lock a case.

    Raises:
        NotFound: There is none.
    """
    return _locked(unit, _only(unit.run(READ_CASE, {"case_id": case_id})))


def lock_task(unit: Unit, task_id: int) -> tuple[LockedCase, TaskFacts]:
    """
    Read a task and its case, and lock the case.

    Raises:
        NotFound: There is no such task.
    """
    row = _only(unit.run(READ_TASK, {"task_id": task_id}))
    return _locked(unit, row), TaskFacts(*row[len(_CASE) :])


def look_at_task(unit: Unit, task_id: int) -> tuple[CaseFacts, TaskFacts]:
    """
    Read a task and its case, and lock neither.

    Raises:
        NotFound: There is no such task.
    """
    return _looked(_only(unit.run(LOOK_AT_TASK, {"task_id": task_id})))


def hold_task(unit: Unit, task_id: int) -> tuple[CaseFacts, TaskFacts]:
    """
    Read a task and its case, and let nobody end the task meanwhile.

    Raises:
        NotFound: There is no such task.
    """
    return _looked(_only(unit.run(HOLD_TASK, {"task_id": task_id})))


def _looked(row: Any) -> tuple[CaseFacts, TaskFacts]:
    return CaseFacts(**_facts(row)), TaskFacts(*row[len(_CASE) :])


def _only(rows: list[Any]) -> Any:
    if not rows:
        raise NotFound
    return rows[0]


def _locked(unit: Unit, row: Any) -> LockedCase:
    process = unit.versions.get(row.definition_id)
    return LockedCase(
        **_facts(row),
        settings={**process.defaults, **row.settings},
        process=process,
        stored=row.state,
        state=load(row.state),
    )


def _facts(row: Any) -> dict[str, Any]:
    """Return the columns that every command about a case knows, by name."""
    known = dict(zip(_NAMES, row, strict=False))
    known["path"] = path_of(known["path"])
    return known
