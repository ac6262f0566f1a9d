"""One task: what its page shows to whom, and what he may do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from engine.errors import NotFound
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation, Person
from engine.model.tasks import CLOSED, DONE, OPEN, DeadlineChange, Submission, Task
from engine.queries.blindness import BLIND, NOTES, PERSONAL, may_read_answers
from engine.queries.drafts import DraftRow, draft_of
from engine.queries.insides import Inside, inside
from engine.queries.stages import stage_name
from engine.rules.access import ROLE_NAMES, SYSTEM, Actor, Path, Right, Role, may, may_take, path_of
from engine.rules.calendar import day_of
from engine.rules.delegations import is_own_work
from engine.rules.forms import Form
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One change of the deadline: from which day to which, why, who and when."""

    before: date
    after: date
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskPageRow:
    """
    A task with its form.

    ``state`` is ``open``, ``done`` or ``closed`` (the process took it away). ``fields`` is what
    is filled in: the reader's draft while it is open, what was sent in when it is done. A
    ``draft`` that is left when the task has ended was never sent in.
    ``names`` are the variables that the task sees, and ``settings`` those of the cycle; both
    empty when it is over. ``messages`` are what the case listens to, by name;
    ``postponed_until`` is the day that somebody has asked its director for. ``mine``: the reader holds it. ``owner`` has delegated it to its
    holder; ``hands`` are those who hold, delegated or did it.
    """

    task_id: int
    case_id: int
    definition_id: int
    organisation_id: int
    element: str
    title: str
    item: str
    stage: str
    role: str
    role_name: str
    organisation: str
    zone: str
    path: Path
    cycle: str
    case_status: str
    state: str
    form: Form | None
    fields: Mapping[str, Any]
    draft: DraftRow | None
    names: Mapping[str, Any]
    settings: Mapping[str, Any]
    messages: frozenset[str]
    postponed_until: date | None
    holder_id: int | None
    holder: str
    owner_id: int | None
    owner: str
    hands: frozenset[int]
    done_by: str
    opened_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    due_at: datetime
    due_on: date
    overdue: bool
    personal: bool
    mine: bool
    may_claim: bool
    may_release: bool
    may_delegate: bool
    may_return: bool
    may_recall: bool
    may_complete: bool
    may_steer: bool
    may_watch: bool
    deadlines: Sequence[DeadlineRow]
    priority: int


_HOLDER = aliased(Person)
_DOER = aliased(Person)
_OWNER = aliased(Person)

_TASK = (
    select(
        Task.id,
        Task.case_id,
        Task.organisation_id,
        Task.element,
        Task.title,
        Task.item,
        Task.stage,
        Task.form,
        Task.role,
        Task.personal,
        Task.assignee_id,
        Task.owner_id,
        Task.state,
        Task.priority,
        Task.opened_at,
        Task.claimed_at,
        Task.ended_at,
        Task.due_at,
        Task.done_by,
        Case.definition_id,
        Case.status,
        Case.state.label("stored"),
        Organisation.short_name,
        Organisation.zone,
        Organisation.path,
        Cycle.name.label("cycle"),
        Cycle.settings,
        _HOLDER.name.label("holder"),
        _DOER.name.label("doer"),
        _OWNER.name.label("owner"),
    )
    .join(Case, Case.id == Task.case_id)
    .join(Cycle, Cycle.id == Case.cycle_id)
    .join(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(_HOLDER, _HOLDER.id == Task.assignee_id)
    .outerjoin(_DOER, _DOER.id == Task.done_by)
    .outerjoin(_OWNER, _OWNER.id == Task.owner_id)
)

_AS_STORED: Final = (
    "case_id",
    "definition_id",
    "organisation_id",
    "element",
    "title",
    "item",
    "zone",
    "cycle",
    "owner_id",
    "opened_at",
    "claimed_at",
    "ended_at",
    "due_at",
    "personal",
    "priority",
)
"""What a page shows of a task as it stands in the rows."""

_STATES = {OPEN: "open", DONE: "done", CLOSED: "closed"}


def task_page(reader: Reader, actor: Actor, task_id: int) -> TaskPageRow:
    """
    Return a task for who holds, delegated or did it, may take it, or may watch its case.

    Raises:
        NotFound: There is none, or the actor may not know of it.
    """
    row = reader.one(_TASK.where(Task.id == task_id))
    is_open = row.state == OPEN
    version = reader.versions.get(row.definition_id)
    due_on = day_of(row.due_at, row.zone)
    form = version.forms.get(row.form.removesuffix(".json"))
    rights = _rights(actor, row, form.subject if form else "")
    known = inside(version, row.stored, row.id) if is_open else Inside()
    draft = _draft(reader, actor, row, form, mine=rights["mine"])
    return TaskPageRow(
        task_id=row.id,
        stage=stage_name(reader, row.definition_id, row.stage),
        role=row.role,
        role_name=ROLE_NAMES[Role(row.role)] if row.role else "",
        organisation=row.short_name,
        path=path_of(row.path),
        case_status=row.status,
        state=_STATES[row.state],
        form=form,
        fields=(draft.fields if draft else {}) if is_open else _sent(reader, actor, row, form),
        draft=draft,
        names=known.names,
        messages=known.messages,
        postponed_until=known.postponed_until,
        settings={**version.defaults, **row.settings} if is_open else {},
        holder_id=row.assignee_id,
        holder=row.holder or "",
        owner=row.owner or "",
        hands=frozenset(filter(None, (row.assignee_id, row.owner_id, row.done_by))),
        done_by=row.doer or "",
        due_on=due_on,
        overdue=is_open and due_on < day_of(reader.now, row.zone),
        deadlines=_deadlines(reader, row),
        **{name: getattr(row, name) for name in _AS_STORED},
        **rights,
    )


def _rights(actor: Actor, row: Any, subject: str) -> dict[str, Any]:
    """Return what the actor may do at a task; refuse who may not know of it."""
    path, is_open, runs = path_of(row.path), row.state == OPEN, row.status == "running"
    mine = not actor.is_system and row.assignee_id == actor.person_id
    did = not actor.is_system and row.done_by == actor.person_id
    owns = not actor.is_system and row.owner_id == actor.person_id
    offered = not row.personal and may_take(actor, row.role, row.organisation_id)
    watches = may(actor, Right.WATCH, path, row.case_id)
    if not (mine or owns or did or offered or watches):
        raise NotFound
    free = is_open and offered and row.assignee_id is None
    return {
        "mine": mine,
        "may_claim": free,
        "may_release": is_open and mine and not (row.personal or row.owner_id),
        "may_delegate": is_open
        and (mine or free)
        and not (row.owner_id or is_own_work(row.role, subject)),
        "may_return": is_open and mine and row.owner_id is not None,
        "may_recall": is_open and owns,
        "may_complete": runs and is_open and (mine or free),
        "may_steer": may(actor, Right.STEER, path, row.case_id),
        "may_watch": watches,
    }


def _draft(
    reader: Reader, actor: Actor, row: Any, form: Form | None, *, mine: bool
) -> DraftRow | None:
    """Return the reader's draft; who holds the task now goes on with that of the one before."""
    if form is None:
        return None
    personal = form.subject in BLIND | PERSONAL | NOTES or row.role == Role.EXPERT
    others = mine and row.state == OPEN and not personal
    return draft_of(reader, actor, row.id, others=others)


def _sent(reader: Reader, actor: Actor, row: Any, form: Form | None) -> Mapping[str, Any]:
    """Return what was sent in to finish a task, for who may read it."""
    mine = not actor.is_system and row.done_by == actor.person_id
    subject, path = form.subject if form else "", path_of(row.path)
    if not mine and not may_read_answers(reader, actor, row.case_id, path, row.role, subject):
        return {}
    return reader.value(select(Submission.fields).where(Submission.task_id == row.id)) or {}


def _deadlines(reader: Reader, row: Any) -> list[DeadlineRow]:
    """Return how the deadline was moved, oldest first."""
    changes = (
        select(
            DeadlineChange.due_before,
            DeadlineChange.due_after,
            DeadlineChange.reason,
            DeadlineChange.at,
            Person.name,
        )
        .outerjoin(Person, Person.id == DeadlineChange.person_id)
        .where(DeadlineChange.task_id == row.id)
        .order_by(DeadlineChange.id)
    )
    return [
        DeadlineRow(
            day_of(change.due_before, row.zone),
            day_of(change.due_after, row.zone),
            change.reason,
            change.name or SYSTEM.name,
            change.at,
        )
        for change in reader.rows(changes)
    ]
