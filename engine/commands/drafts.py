"""Drafts: what somebody has typed into the form of a task and not sent in yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine.bus import Command, after_refusal, handles
from engine.commands.holders import allow_work, local, name_of, refuse_ended
from engine.commands.locked import hold_task
from engine.errors import DraftElsewhere, EngineError, TaskDoneByOther
from engine.model.tasks import OPEN, Draft
from engine.unit import Stale, Unit


@dataclass(frozen=True, slots=True)
class Saved:
    """
    A draft that has been kept: which version it is now, and since when.

    ``holder`` is who else has taken the task meanwhile, and ``since`` when; empty and None
    otherwise.
    """

    version: int
    at: datetime
    holder: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveDraft(Command[Saved]):
    """
    Keep what one has typed so far; nothing is checked. Once the task is done it has no use.

    ``over`` is the version that it was typed over, 0 for none; None writes over any. ``tab``
    names the tab that it was typed in, and after a dot how often something was typed there: a
    tab never stands in its own way, and what it has sent before never comes over what it has
    sent since.
    """

    task_id: int
    fields: Mapping[str, Any]
    over: int | None = None
    tab: str = ""


@handles(SaveDraft)
def save_draft(unit: Unit, command: SaveDraft) -> Saved:
    """
    Write the draft over the one before.

    Raises:
        DraftElsewhere: Another tab has saved another text meanwhile; nothing is written over it.
        NotOpen: The task is not open any more.
    """
    case, task = hold_task(unit, command.task_id)
    allow_work(unit, case, task)
    if task.state != OPEN:
        refuse_ended(unit, case, task)
    version, at = keep(unit, command, case.zone)
    if task.assignee_id in (None, unit.actor.person_id):
        return Saved(version, at)
    since = task.claimed_at or task.opened_at
    return Saved(version, at, name_of(unit, task.assignee_id), since)


@after_refusal(SaveDraft)
def keep_for_who_was_late(unit: Unit, command: SaveDraft, refusal: EngineError) -> None:
    """Keep what was typed when somebody else has finished the task: its author may want it."""
    if isinstance(refusal, TaskDoneByOther):
        keep(unit, replace(command, over=None))


def keep(unit: Unit, command: SaveDraft, zone: str = "") -> tuple[int, datetime]:
    """Write a draft; return its version, and since when it stands."""
    mine = Draft.task_id == command.task_id, Draft.person_id == unit.actor.person_id
    columns = Draft.version, Draft.tab, Draft.saved_at, Draft.fields
    before = unit.first(select(*columns).where(*mine))
    fields = dict(command.fields)
    row = {"tab": command.tab, "saved_at": unit.now, "fields": fields}
    if before is None:
        keys = {"task_id": command.task_id, "person_id": unit.actor.person_id, "version": 1}
        if not unit.put_new(Draft, keys | row):
            raise Stale
        return 1, unit.now
    if before.fields == fields:
        return before.version, before.saved_at
    is_own = is_same_tab(command.tab, before.tab)
    if is_own and strokes_of(command.tab) < strokes_of(before.tab):
        return before.version, before.saved_at
    if command.over not in (None, before.version) and not is_own:
        raise DraftElsewhere(when=local(before.saved_at, zone), version=before.version)
    changed = update(Draft).where(*mine, Draft.version == before.version)
    if not unit.execute(changed.values(row | {"version": before.version + 1})):
        raise Stale
    return before.version + 1, unit.now


def is_same_tab(one: str, other: str) -> bool:
    """Tell whether two drafts were typed in the same tab; without a name nobody knows."""
    name = one.partition(".")[0]
    return name != "" and name == other.partition(".")[0]


def strokes_of(tab: str) -> int:
    """Return how often something had been typed in a tab, 0 when it does not say."""
    strokes = tab.partition(".")[2]
    return int(strokes) if strokes.isdecimal() else 0
