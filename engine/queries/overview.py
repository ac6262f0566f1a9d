"""One's tasks at a glance: a page of them, how many there are of each kind, what is put aside."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from engine.model.base import from_ms, to_ms
from engine.queries import scans
from engine.queries.narrowing import SEARCHED, Offer, TaskFilters, narrowed, offer_of
from engine.queries.worklist import (
    COUNTED,
    PAGE,
    Cursor,
    Page,
    WorklistRow,
    counts,
    keys_of,
    put_aside,
    row_of,
)
from engine.rules.access import Actor
from engine.rules.urgency import URGENCIES, Urgency, bounds
from engine.unit import Reader

Segment = Literal["all", "mine", "free", "done"]

_HELD: Final[Mapping[Segment, bool | None]] = {"all": None, "mine": True, "free": False}


@dataclass(frozen=True, slots=True)
class Numbers:
    """
    How many tasks one holds, may take, has put aside and has done.

    ``groups`` counts the shown segment by urgency. ``more``: counting stopped, so the last
    group and what exceeds `COUNTED` has more.
    """

    mine: int
    free: int
    done: int
    groups: Mapping[Urgency, int]
    more: bool = False

    @property
    def all(self) -> int:
        """Return how many wait altogether."""
        return self.mine + self.free


@dataclass(frozen=True, slots=True)
class Overview:
    """
    A page of the list, numbers of all of it, what is put aside, and what narrows it.

    ``offer`` is None of a list that was not looked through: it is too long to do so unasked.
    """

    page: Page[WorklistRow]
    numbers: Numbers
    aside: Sequence[WorklistRow]
    offer: Offer | None


def overview(
    reader: Reader,
    actor: Actor,
    show: Segment = "all",
    filters: TaskFilters | None = None,
    after: Cursor | None = None,
    *,
    choosing: bool = False,
) -> Overview:
    """
    Return the actor's list.

    Args:
        reader: The transaction to read in.
        actor: Whose list.
        show: Which part of it.
        filters: What it is narrowed to.
        after: Where the page before ended.
        choosing: Also look through a long list for what it can be narrowed by.
    """
    filters = filters or TaskFilters()
    aside = put_aside(reader, actor)
    done = int(reader.run(scans.COUNT_FINISHED, {"me": actor.person_id, "most": COUNTED})[0].n)
    if show == "done":
        return _finished(reader, actor, filters, after, (aside, done))
    if filters.any or choosing:
        return _searched(reader, actor, show, filters, after, (aside, done))
    found = keys_of(reader, actor, mine=_HELD[show], after=after, limit=PAGE + 1, aside=bool(aside))
    whole = show == "all" and after is None and len(found) <= PAGE
    facets = _facets_of(found) if whole else _facets(reader, actor, aside=bool(aside))
    numbers = _numbers(reader, facets, show, done, stopped=len(facets) >= COUNTED)
    if numbers.more:
        mine, free = counts(reader, actor, aside=bool(aside))
        numbers = Numbers(mine, free, done, numbers.groups, more=True)
    offer = offer_of(reader, found) if whole else None
    return Overview(_cut(reader, actor, found), numbers, aside, offer)


Facet = tuple[int, int, str]
"""What a task is counted by: whether the reader holds it, its deadline in milliseconds, the zone."""


def _facets_of(rows: Sequence[Any]) -> list[Facet]:
    return [(row.mine, to_ms(row.due_at), row.zone) for row in rows]


def _facets(reader: Reader, actor: Actor, *, aside: bool) -> list[Facet]:
    """Return the facets of all tasks, as far as they are counted."""
    places = actor.places
    given = scans.values_of(actor, places, reader.now, None, COUNTED)
    return reader.run(scans.facets(len(places), aside=aside), given)


def _numbers(
    reader: Reader, facets: Sequence[Facet], show: Segment, done: int, *, stopped: bool
) -> Numbers:
    """Count by segment and urgency; in milliseconds, since there may be a thousand."""
    wanted, now, held = _HELD[show], reader.now, 0
    ends: dict[str, list[int]] = {}
    groups: Counter[Urgency] = Counter()
    for mine, due_ms, zone in facets:
        held += mine
        if wanted is None or wanted == mine:
            if zone not in ends:
                ends[zone] = [to_ms(end) for end in bounds(now, zone)]
            groups[URGENCIES[bisect_right(ends[zone], due_ms)]] += 1
    return Numbers(held, len(facets) - held, done, groups, more=stopped)


def _cut(reader: Reader, actor: Actor, found: Sequence[Any]) -> Page[WorklistRow]:
    """Return the first rows in words; a row behind them means that there is a next page."""
    rows = tuple(row_of(reader, actor, row) for row in found[:PAGE])
    if len(found) <= PAGE:
        return Page(rows, None)
    last = rows[-1]
    return Page(rows, Cursor(last.ended_at or last.due_at, last.task_id))


def _searched(
    reader: Reader,
    actor: Actor,
    show: Segment,
    filters: TaskFilters,
    after: Cursor | None,
    known: tuple[Sequence[WorklistRow], int],
) -> Overview:
    """Look through all tasks, and count those that pass."""
    aside, done = known
    rows = keys_of(reader, actor, mine=None, after=None, limit=SEARCHED, aside=bool(aside))
    passing = narrowed(reader, rows, filters)
    stopped = len(rows) >= SEARCHED
    numbers = _numbers(reader, _facets_of(passing), show, done, stopped=stopped)
    wanted = _HELD[show]
    behind = [
        row
        for row in passing
        if wanted in (None, row.mine)
        and (after is None or (row.due_at, row.id) > (after.at, after.task_id))
    ]
    return Overview(_cut(reader, actor, behind), numbers, aside, offer_of(reader, rows))


_END_OF_TIME: Final = from_ms(253_402_300_799_000)


def _finished(
    reader: Reader,
    actor: Actor,
    filters: TaskFilters,
    after: Cursor | None,
    known: tuple[Sequence[WorklistRow], int],
) -> Overview:
    """Return what the actor has done, the newest first; a search looks through the newest."""
    aside, done = known
    given = {
        "me": actor.person_id,
        "before": after.at if after else _END_OF_TIME,
        "before_id": after.task_id if after else 0,
        "most": COUNTED if filters.any else PAGE + 1,
    }
    rows = reader.run(scans.FINISHED, given)
    mine, free = counts(reader, actor, aside=bool(aside))
    numbers = Numbers(mine, free, done, {})
    page = _cut(reader, actor, narrowed(reader, rows, filters))
    return Overview(page, numbers, aside, offer_of(reader, rows))
