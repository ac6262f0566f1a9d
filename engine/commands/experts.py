"""Experts come and go while the review is under way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import exists, or_, select, update

from engine.bus import Command, handles
from engine.commands.incidents import notes_fault
from engine.commands.locked import LockedCase, lock_case
from engine.commands.recording import variable
from engine.commands.services import ServiceCall, service
from engine.commands.steps import advance
from engine.errors import (
    LeadNeeded,
    NoPanelYet,
    NotInReserve,
    NotOnPanel,
    ReasonMissing,
)
from engine.events import ExpertAdded, ExpertWithdrawn, LeadAppointed, TaskReassigned
from engine.model.panels import PanelMember, panel_of
from engine.model.reviews import Opinion, ProgrammeObject, Visit
from engine.model.tasks import OPEN, Task
from engine.process.orders import Add, Assign, Deliver, Withdraw
from engine.rules.access import Right, Role
from engine.rules.names import remark
from engine.unit import Unit

LEFT: Final = "expert_left"
"""The message that opens the replacement of an expert in the diagram."""
TRAINING, PANEL = "s2_trainexp", "s3_expert"
"""The panels of the diagram that take a new expert while they run."""
_ITEMS: Final = frozenset({"candidate", "expert", "dissenter", "signer"})
"""What the panels of experts call the person of an instance."""

# commands ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WithdrawExpert(Command[None]):
    """
    Take an expert off the panel; his open tasks go at once, and the lead looks for another.

    ``new_lead_id`` is needed when he leads. ``recused``: for a conflict of interest, so that
    his opinion does not count either.
    """

    case_id: int
    person_id: int
    reason: str
    new_lead_id: int = 0
    recused: bool = False


@handles(WithdrawExpert)
def withdraw_expert(unit: Unit, command: WithdrawExpert) -> None:
    """
    Withdraw him.

    Raises:
        ReasonMissing: No reason is given.
        NotOnPanel: He is not on the panel of this case.
        LeadNeeded: He leads, and nobody else of the panel is named.
    """
    case = _panel_case(unit, command.case_id)
    reason = remark(command.reason)
    if not reason:
        raise ReasonMissing
    state = "recused" if command.recused else "withdrawn"
    leave(unit, case, command.person_id, reason, state, command.new_lead_id)


@dataclass(frozen=True, slots=True)
class AddExpert(Command[None]):
    """Take an admitted expert out of the reserve into the panel, also while it is at work."""

    case_id: int
    person_id: int


@handles(AddExpert)
def add_expert(unit: Unit, command: AddExpert) -> None:
    """
    Add him.

    Raises:
        NotInReserve: He has not been admitted.
        NoPanelYet: The panel is not approved yet, or its scores are merged already.
    """
    case = _panel_case(unit, command.case_id)
    include(unit, case, command.person_id)


@dataclass(frozen=True, slots=True)
class ReplaceExpert(Command[None]):
    """Put an admitted expert in the place of another: his objects, and his part of the work."""

    case_id: int
    person_id: int
    by_id: int
    reason: str
    new_lead_id: int = 0


@handles(ReplaceExpert)
def replace_expert(unit: Unit, command: ReplaceExpert) -> None:
    """
    Replace him in one step; raises what `AddExpert` and `WithdrawExpert` raise.

    The new one comes first: a panel that lost its last expert would close.
    """
    case = _panel_case(unit, command.case_id)
    reason = remark(command.reason)
    if not reason:
        raise ReasonMissing
    member(unit, case, command.person_id, "member")
    include(unit, case, command.by_id, command.person_id)
    lead = command.new_lead_id
    leave(unit, case, command.person_id, reason, "withdrawn", lead, replaced=True)


@dataclass(frozen=True, slots=True)
class AppointLead(Command[None]):
    """Let another member of the panel lead it; the lead's open tasks become his."""

    case_id: int
    person_id: int


@handles(AppointLead)
def appoint_lead(unit: Unit, command: AppointLead) -> None:
    """Appoint him; raises `NotOnPanel` for who is no member."""
    case = _panel_case(unit, command.case_id)
    member(unit, case, command.person_id, "member")
    before = [row.person_id for row in unit.rows(panel_of(case.id, "member")) if row.is_lead]
    _lead(unit, case, before[0] if before else 0, command.person_id)


def _panel_case(unit: Unit, case_id: int) -> LockedCase:
    case = lock_case(unit, case_id)
    unit.allow(Right.PANEL, case.path, case.id)
    return case


# leaving ----------------------------------------------------------------------------------------


def leave(  # noqa: PLR0913 - what a departure consists of
    unit: Unit,
    case: LockedCase,
    person_id: int,
    reason: str,
    state: str,
    new_lead_id: int = 0,
    *,
    replaced: bool = False,
) -> None:
    """
    Take a person off the panel of a locked case, with every open task of his.

    Raises:
        NotOnPanel: He is not on it, or not any more.
        LeadNeeded: He leads, and nobody else of the panel is named.
    """
    row = member(unit, case, person_id, "candidate", "reserve", "member")
    if row.is_lead:
        _hand_over(unit, case, person_id, new_lead_id)
    mine = update(PanelMember).where(PanelMember.id == row.id)
    unit.execute(mine.values(state=state, reason=reason, is_lead=False, since=unit.now))
    unit.record(ExpertWithdrawn(case_id=case.id, person_id=person_id, reason=reason))
    if row.state == "member":
        advance(unit, case, Assign(panel_values(unit, case)))
        if not replaced and (state == "recused" or not _has_opinion(unit, case, person_id)):
            _open_replacement(unit, case, person_id)
    for token in list(_instances(case, person_id)):
        advance(unit, case, Withdraw(token))


def member(unit: Unit, case: LockedCase, person_id: int, *states: str) -> Any:
    """Return somebody's row on the panel if he is in one of the states; raises `NotOnPanel`."""
    rows = unit.rows(panel_of(case.id, *states).where(PanelMember.person_id == person_id))
    if not rows:
        raise NotOnPanel
    return rows[0]


def _open_replacement(unit: Unit, case: LockedCase, person_id: int) -> None:
    """Tell the running panel that somebody left: the lead gets the task to replace him."""
    waits = [w.id for w in case.state.waits.values() if w.kind == "message" and w.name == LEFT]
    if waits:
        advance(unit, case, Deliver(min(waits), {"left": person_id}))


def _instances(case: LockedCase, person_id: int) -> Iterator[int]:
    """Yield the instances of panels that are this person's and not yet done."""
    nodes = case.process.definition.nodes
    for token in case.state.tokens.values():
        loop = nodes[token.at].loop
        mine = loop is not None and loop.item in _ITEMS and token.local.get(loop.item) == person_id
        if mine and token.index >= 0 and token.state in ("open", "inside"):
            yield token.id


def _has_opinion(unit: Unit, case: LockedCase, person_id: int) -> bool:
    mine = select(Opinion.id).where(Opinion.case_id == case.id, Opinion.person_id == person_id)
    return unit.value(mine) is not None


def _hand_over(unit: Unit, case: LockedCase, person_id: int, new_lead_id: int) -> None:
    """Let another member lead; a program that acts by itself takes the first one."""
    others = [
        r.person_id for r in unit.rows(panel_of(case.id, "member")) if r.person_id != person_id
    ]
    if unit.actor.is_system and others:
        new_lead_id = others[0]
    if new_lead_id not in others:
        raise LeadNeeded
    _lead(unit, case, person_id, new_lead_id)


def _lead(unit: Unit, case: LockedCase, before: int, after: int) -> None:
    """Write the new lead and give him the open tasks of the lead."""
    if before == after:
        return
    here = PanelMember.case_id == case.id
    unit.execute(update(PanelMember).where(here).values(is_lead=False))
    unit.execute(
        update(PanelMember).where(here, PanelMember.person_id == after).values(is_lead=True)
    )
    unit.record(LeadAppointed(case_id=case.id, person_id=after))
    open_tasks = select(Task.id, Task.element).where(
        Task.case_id == case.id,
        Task.state == OPEN,
        Task.role == Role.LEAD,
        Task.assignee_id == before,
    )
    for task in unit.rows(open_tasks):
        given = update(Task).where(Task.id == task.id)
        unit.execute(given.values(assignee_id=after, claimed_at=unit.now))
        unit.record(
            TaskReassigned(
                case_id=case.id,
                task_id=task.id,
                element=task.element,
                person_id=after,
                reason="сменился руководитель группы",
            )
        )
    advance(unit, case, Assign({"lead": after}))


# joining ----------------------------------------------------------------------------------------


def include(unit: Unit, case: LockedCase, person_id: int, gone: int = 0) -> None:
    """
    Make somebody of the reserve a member, with the objects of who left, and let him begin.

    Raises:
        NotInReserve: He has not been admitted.
        NoPanelYet: The panel is not approved yet, or its scores are merged already.
    """
    reserve = panel_of(case.id, "reserve").where(PanelMember.person_id == person_id)
    if unit.first(reserve) is None:
        raise NotInReserve
    if not variable(case, "n_team") or variable(case, "signers") is not None:
        raise NoPanelYet
    here = (PanelMember.case_id == case.id) & (PanelMember.person_id == person_id)
    unit.execute(update(PanelMember).where(here).values(state="member", since=unit.now))
    seen = exists().where(Visit.object_id == ProgrammeObject.id)
    left = (ProgrammeObject.case_id == case.id) & (ProgrammeObject.person_id == gone) & ~seen
    unit.execute(update(ProgrammeObject).where(left).values(person_id=person_id))
    unit.record(ExpertAdded(case_id=case.id, person_id=person_id))
    advance(unit, case, Assign(panel_values(unit, case)))
    _begin(unit, case, person_id)


def _begin(unit: Unit, case: LockedCase, person_id: int) -> None:
    """Open his part of the panels that run; who comes after theirs is done begins later."""
    owners = {
        token.at: token.id
        for token in case.state.tokens.values()
        if token.at in (TRAINING, PANEL) and token.index < 0 and token.state == "inside"
    }
    for token in owners.values():
        advance(unit, case, Add(token, person_id))
    if PANEL not in owners and variable(case, "at_work") is not None:
        late = [*variable(case, "late", []), person_id]
        advance(unit, case, Assign({"late": late}))


def panel_values(unit: Unit, case: LockedCase) -> dict[str, Any]:
    """Return what the process keeps of the panel: members, and of how many opinions can come."""
    opinion = exists().where(Opinion.case_id == case.id, Opinion.person_id == PanelMember.person_id)
    counting = panel_of(case.id, "member", "withdrawn").where(
        or_(PanelMember.state == "member", opinion)
    )
    rows = unit.rows(counting)
    members = [row.person_id for row in rows if row.state == "member"]
    return {"experts": sorted(members), "n_team": len(rows)}


@service("add_expert")
def add_replacement(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Let the replacement begin; he takes over the objects of who left."""
    include(unit, call.case, call.inputs["person"], call.inputs["gone"])
    return {"late": variable(call.case, "late", []), **panel_values(unit, call.case)}


for _kind in (WithdrawExpert, AddExpert, ReplaceExpert, AppointLead):
    notes_fault(_kind)
