"""Messages and signals of the outbox, on their way to the cases that wait for them."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update

from engine.bus import Command, handles
from engine.commands.claims import attempted, skipping, why
from engine.commands.messages import deliver
from engine.events import IncidentRaised
from engine.model.records import Incident, Outgoing
from engine.rules.retries import MESSAGES
from engine.unit import Unit

UNSENT: Final = (Outgoing.sent_at.is_(None), Outgoing.given_up_at.is_(None))


@dataclass(frozen=True, slots=True)
class DeliverMessage(Command[int]):
    """Deliver the message or signal that is due next; return how many were taken: 1 or 0."""

    kind: str = "message"


@handles(DeliverMessage)
def deliver_message(unit: Unit, command: DeliverMessage) -> int:
    """
    Move the case that waits for it and mark the row, in one transaction.

    One message at a time: it waits for the row of its case, and whoever waits holds no other.
    What nobody waits for yet is tried again; after the last attempt an incident of the sender
    says so.
    """
    unit.allow_system()
    due = (
        select(Outgoing.id, Outgoing.kind, Outgoing.payload, Outgoing.case_id, Outgoing.attempts)
        .where(Outgoing.kind == command.kind, Outgoing.not_before <= unit.now, *UNSENT)
        .order_by(Outgoing.not_before, Outgoing.id)
        .limit(1)
    )
    row = unit.first(skipping(due, Outgoing))
    if row is None:
        return 0
    arrived: list[bool] = []
    problem = attempted(unit, lambda: arrived.append(deliver(unit, row.kind, row.payload)))
    if any(arrived):
        unit.execute(update(Outgoing).where(Outgoing.id == row.id).values(sent_at=unit.now))
    else:
        _put_off(unit, row, why(problem) if problem else "её никто не ждёт")
    return 1


def _put_off(unit: Unit, row: Any, cause: str) -> None:
    failures = row.attempts + 1
    changes: dict[str, Any] = {
        "attempts": failures,
        "last_error": cause,
        "not_before": unit.now + MESSAGES.wait(failures, row.id),
    }
    if MESSAGES.ends(failures):
        changes["given_up_at"] = unit.now
        sentence = f"Сообщение «{row.payload['name']}» не доставлено: {cause}"
        report(unit, row.case_id, "message", sentence)
    unit.execute(update(Outgoing).where(Outgoing.id == row.id).values(changes))


def report(unit: Unit, case_id: int | None, kind: str, sentence: str) -> None:
    """Raise an incident that changes nothing about a case, unless the same one is open."""
    plain = sentence.rstrip(".")
    row = {"case_id": case_id, "kind": kind, "sentence": f"{plain}."}
    same = select(Incident.id).filter_by(**row).where(Incident.resolved_at.is_(None))
    if unit.value(same) is None:
        incident = unit.insert(Incident, {**row, "at": unit.now})
        unit.record(IncidentRaised(case_id=case_id or 0, incident_id=incident, why=plain))
