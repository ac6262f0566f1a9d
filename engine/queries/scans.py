"""
The statements of the worklist: one short index scan per group of the reader, merged.

A group is an organisation with a role. Each statement is compiled once for every number of
groups. ``aside``: leave out what the reader has put aside; who has put nothing aside does not
pay for it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from engine.model.base import from_ms
from engine.model.cases import Case, Cycle
from engine.model.people import Organisation, Person
from engine.model.tasks import DONE, OPEN, Snooze, Task, TaskCandidate
from engine.prepared import Prepared
from engine.rules.access import Actor, Role


class Place(Protocol):
    """Where a list goes on."""

    @property
    def at(self) -> datetime:
        """The moment that the list is ordered by."""

    @property
    def task_id(self) -> int:
        """What comes next at the same moment."""


def values_of(
    actor: Actor,
    places: tuple[tuple[int, Role], ...],
    now: datetime,
    after: Place | None,
    most: int,
) -> Mapping[str, Any]:
    """Return the parameters of all statements below, save `finished`."""
    values: dict[str, Any] = {
        "me": actor.person_id,
        "now": now,
        "after_due": after.at if after else from_ms(0),
        "after_id": after.task_id if after else 0,
        "most": most,
    }
    for number, (organisation_id, role) in enumerate(places):
        values |= {f"organisation_{number}": organisation_id, f"role_{number}": str(role)}
    return values


SHOWN: Final = (
    Task.id,
    Task.case_id,
    Task.organisation_id.label("place_id"),
    Task.element,
    Task.title,
    Task.item,
    Task.stage,
    Task.role,
    Task.personal,
    Task.priority,
    Task.assignee_id,
    Task.owner_id,
    Person.name.label("owner"),
    Task.opened_at,
    Task.due_at,
    Task.ended_at,
    Case.status,
    Case.definition_id,
    Case.organisation_id,
    Organisation.short_name,
    Organisation.zone,
    Case.cycle_id,
    Cycle.name.label("cycle"),
)
"""What a row of a worklist is made of."""


def shown(keys: Any, *more: Any) -> Select[*tuple[Any, ...]]:
    """Return the rows of the tasks of a subquery."""
    return (
        select(*SHOWN, *more)
        .select_from(keys)
        .join(Task, Task.id == keys.c.task_id)
        .join(Case, Case.id == Task.case_id)
        .join(Cycle, Cycle.id == Case.cycle_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Task.owner_id)
    )


@lru_cache(maxsize=128)
def page(groups: int, *, holds: bool, aside: bool = False) -> Prepared:
    """Return the page: the merged keys first, then what is shown of these few tasks."""
    keys = _first(_merged(groups, holds=holds, aside=aside))
    return Prepared(shown(keys, keys.c.mine).order_by(keys.c.due_at, keys.c.task_id))


@lru_cache(maxsize=128)
def count(groups: int, *, holds: bool, aside: bool = False) -> Prepared:
    """Return how many there are, as far as they are counted."""
    merged = _merged(groups, holds=holds, aside=aside)
    few = select(literal_column("1")).select_from(merged).limit(bindparam("most")).subquery("few")
    return Prepared(select(func.count().label("n")).select_from(few))


@lru_cache(maxsize=128)
def facets(groups: int, *, aside: bool = False) -> Prepared:
    """Return of each task only what it is counted by, as plain as it is stored."""
    keys = _first(_merged(groups, holds=True, aside=aside, placed=True), "place")
    due_ms = type_coerce(keys.c.due_at, BigInteger).label("due_ms")
    place = keys.join(Organisation, Organisation.id == keys.c.place)
    return Prepared(select(keys.c.mine, due_ms, Organisation.zone).select_from(place))


def _first(merged: Subquery, *more: str) -> Subquery:
    """Return the first of the merged keys."""
    columns = [merged.c[name] for name in ("task_id", "due_at", "mine", *more)]
    ordered = select(*columns).order_by(merged.c.due_at, merged.c.task_id)
    return ordered.limit(bindparam("most")).subquery("page")


def _merged(groups: int, *, holds: bool, aside: bool, placed: bool = False) -> Subquery:
    """
    Return the scans under one another; each stops after as many rows as a page can use.

    ``placed``: with the organisation whose work it is, which a key of a held task does not hold.
    """
    names = ("task_id", "due_at", "mine", *(["place"] if placed else []))
    scans = [*_offers(groups, aside=aside), *([_held(aside=aside)] if holds else [])]
    parts = [select(*(s.c[name] for name in names)) for s in (scan.subquery() for scan in scans)]
    return union_all(*parts).subquery("merged")


def _offers(groups: int, *, aside: bool) -> Iterator[Select[*tuple[Any, ...]]]:
    """Yield the scan of each group: a range of the primary key of the candidates."""
    offer = TaskCandidate
    for number in range(groups):
        yield (
            select(
                offer.task_id.label("task_id"),
                offer.due_at.label("due_at"),
                literal_column("0").label("mine"),
                offer.organisation_id.label("place"),
            )
            .where(
                offer.organisation_id == bindparam(f"organisation_{number}"),
                offer.role == bindparam(f"role_{number}"),
                _behind(offer.due_at, offer.task_id),
                *([~_put_aside(offer.task_id, offer.due_at)] if aside else []),
            )
            .order_by(offer.due_at, offer.task_id)
            .limit(bindparam("most"))
        )


def _held(*, aside: bool) -> Select[*tuple[Any, ...]]:
    """Return the scan of the tasks that the reader holds: a range of a partial index."""
    return (
        select(
            Task.id.label("task_id"),
            Task.due_at.label("due_at"),
            literal_column("1").label("mine"),
            Task.organisation_id.label("place"),
        )
        .where(
            Task.assignee_id == bindparam("me"),
            Task.state == literal_column(str(OPEN)),
            _behind(Task.due_at, Task.id),
            *([~_put_aside(Task.id, Task.due_at)] if aside else []),
        )
        .order_by(Task.due_at, Task.id)
        .limit(bindparam("most"))
    )


def _put_aside(task_id: Any, due_at: Any) -> ColumnElement[bool]:
    """Return the condition that the reader has put a task aside, and its deadline is ahead."""
    now = bindparam("now", type_=due_at.type)
    return and_(
        due_at > now,
        exists().where(
            Snooze.person_id == bindparam("me"), Snooze.task_id == task_id, Snooze.until > now
        ),
    )


def _behind(due_at: Any, task_id: Any) -> Any:
    after = tuple_(
        bindparam("after_due", type_=due_at.type), bindparam("after_id", type_=task_id.type)
    )
    return tuple_(due_at, task_id) > after


# what is out of the list ------------------------------------------------------------------------

_MINE_ASIDE = select(Snooze.task_id, Snooze.until).where(
    Snooze.person_id == bindparam("me"), Snooze.until > bindparam("now")
)
_ASIDE_KEYS = _MINE_ASIDE.subquery("aside")

PUT_ASIDE: Final = Prepared(
    shown(_ASIDE_KEYS, _ASIDE_KEYS.c.until)
    .where(
        Task.state == literal_column(str(OPEN)),
        Task.due_at > bindparam("now"),
        Task.assignee_id.is_(None) | (Task.assignee_id == bindparam("me")),
    )
    .order_by(_ASIDE_KEYS.c.until, Task.due_at, Task.id)
)
"""What the reader has put aside; of free tasks the caller keeps those that he may take."""

_GIVEN_KEYS = (
    select(Task.id.label("task_id"))
    .where(Task.owner_id == bindparam("me"), Task.state == literal_column(str(OPEN)))
    .subquery("given")
)
_HOLDER = aliased(Person)

GIVEN: Final = Prepared(
    shown(_GIVEN_KEYS, _HOLDER.name.label("holder"))
    .join(_HOLDER, _HOLDER.id == Task.assignee_id)
    .order_by(Task.due_at, Task.id)
)
"""What colleagues do for the reader."""

_MINE_DONE = (
    select(Task.id.label("task_id"), Task.ended_at.label("ended_at"))
    .where(
        Task.done_by == bindparam("me"),
        Task.state == literal_column(str(DONE)),
        tuple_(Task.ended_at, Task.id)
        < tuple_(
            bindparam("before", type_=Task.ended_at.type),
            bindparam("before_id", type_=Task.id.type),
        ),
    )
    .order_by(Task.ended_at.desc(), Task.id.desc())
    .limit(bindparam("most"))
)
_DONE_KEYS = _MINE_DONE.subquery("page")

FINISHED: Final = Prepared(
    shown(_DONE_KEYS, literal_column("1").label("mine")).order_by(
        _DONE_KEYS.c.ended_at.desc(), _DONE_KEYS.c.task_id.desc()
    )
)
"""What the reader has done, the newest first."""

_FEW = (
    select(literal_column("1"))
    .where(Task.done_by == bindparam("me"), Task.state == literal_column(str(DONE)))
    .limit(bindparam("most"))
    .subquery("few")
)
COUNT_FINISHED: Final = Prepared(select(func.count().label("n")).select_from(_FEW))

_THE_KEY = select(Task.id.label("task_id")).where(Task.id == bindparam("task_id")).subquery("page")

ONE: Final = Prepared(shown(_THE_KEY))
"""One task, whosever it is."""
