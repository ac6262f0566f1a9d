"""Complaints that an expert is not independent, and what they lead to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from engine.bus import Command, handles
from engine.commands.documents import Paper, issue, issue_unsigned
from engine.commands.experts import leave, member
from engine.commands.incidents import notes_fault
from engine.commands.locked import lock_case
from engine.commands.panels import routed
from engine.commands.services import ServiceCall, service
from engine.commands.steps import advance
from engine.commands.subjects import Work, records
from engine.errors import NobodyWaits, ReasonMissing
from engine.events import ComplaintMade
from engine.model.panels import Complaint, PanelMember, panel_of
from engine.process.orders import Deliver
from engine.rules.access import Right, may
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class Complain(Command[int]):
    """Say that an expert is not independent; returns the complaint. Anybody of the case may."""

    case_id: int
    person_id: int
    text: str


@handles(Complain)
def complain(unit: Unit, command: Complain) -> int:
    """
    Write the complaint; the director gets the task to answer it.

    Raises:
        ReasonMissing: It says nothing.
        NotOnPanel: The person is not on the panel.
        NobodyWaits: The case takes no complaints any more.
    """
    case = lock_case(unit, command.case_id)
    allowed = may(unit.actor, Right.WATCH, case.path, case.id)
    at_school = any(case.organisation_id == grant.organisation_id for grant in unit.actor.grants)
    unit.allow_if(allowed or at_school, case.path, case.id)
    if not command.text.strip():
        raise ReasonMissing
    member(unit, case, command.person_id, "reserve", "member")
    row = {
        "case_id": case.id,
        "person_id": command.person_id,
        "by_id": unit.actor.person_id or None,
        "text": command.text.strip(),
        "at": unit.now,
    }
    complaint = unit.insert(Complaint, row)
    event = ComplaintMade(case_id=case.id, person_id=command.person_id, complaint_id=complaint)
    unit.record(event)
    payload = {"complaint_id": complaint, "accused_id": command.person_id}
    waits = [
        w.id for w in case.state.waits.values() if (w.kind, w.name) == ("message", "complaint")
    ]
    if not waits:
        raise NobodyWaits(name="complaint")
    advance(unit, case, Deliver(min(waits), payload))
    return complaint


@records("complaint")
def record_complaint(unit: Unit, work: Work) -> dict[str, Any]:
    """Write what the director found out; return the facts that the table looks at."""
    issue(unit, work, Paper("note", "Проверка обращения о независимости", work.fields["finding"]))
    facts = {key: value == "yes" for key, value in work.fields.items() if key != "finding"}
    return routed({"agree": True, **facts})


@service("settle_complaint")
def settle_complaint(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write the verdict of the table to the complaint."""
    settled = update(Complaint).where(
        Complaint.id == call.inputs["complaint"], Complaint.case_id == call.case.id
    )
    unit.execute(settled.values(verdict=call.inputs["verdict"], decided_at=unit.now))
    return {}


@service("recuse_expert")
def recuse_expert(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Recuse the expert named in a complaint that proved right, unless he has left already."""
    person = call.inputs["person"]
    states = ("candidate", "reserve", "member")
    here = panel_of(call.case.id, *states).where(PanelMember.person_id == person)
    if unit.first(here) is not None:
        leave(unit, call.case, person, "отвод по обращению", "recused")
        issue_unsigned(unit, call.case, Paper("order", "Об отводе эксперта"))
    return {}


notes_fault(Complain)
