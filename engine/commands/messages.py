"""Messages and signals between cases: from the outbox to who waits for them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.commands.cases import StartCase, start_case
from engine.commands.locked import lock_case
from engine.commands.steps import advance
from engine.errors import CaseExists, NotOpen
from engine.events import MessageReceived
from engine.model.base import ROOM
from engine.model.cases import Cycle
from engine.model.people import Organisation
from engine.model.records import StartSubscription, Subscription
from engine.process.orders import Deliver
from engine.rules.calendar import day_of, school_year
from engine.unit import Unit


def deliver(unit: Unit, kind: str, payload: Mapping[str, Any]) -> bool:
    """
    Deliver what an outbox row of the kind ``message`` or ``signal`` carries.

    A message reaches the case all of whose correlation keys match, the one that has waited
    longest; when none waits, it starts a case of a process that begins with it. A signal row
    is for one wait; a wait that is gone needs it no more.

    Returns:
        Whether it needs no further attempt.

    Raises:
        CaseNotRunning: The case is suspended; to be tried again.
        Fault: The case cannot go on with it.
    """
    if kind == "signal":
        _to_wait(unit, int(payload["wait"]), payload)
        return True
    waiting = (
        select(Subscription.id)
        .where(
            Subscription.kind == "message",
            Subscription.name == payload["name"],
            Subscription.keys == payload["keys"],
        )
        .order_by(Subscription.id)
        .limit(1)
    )
    wait = unit.value(waiting)
    if wait is not None:
        _to_wait(unit, wait, payload)
        return True
    return _start_by_message(unit, payload)


def _to_wait(unit: Unit, key: int, payload: Mapping[str, Any]) -> None:
    """Hand it to one wait, unless the case went on meanwhile."""
    case_id, wait = divmod(key, ROOM)
    case = lock_case(unit, case_id)
    if wait not in case.state.waits:
        return
    unit.record(MessageReceived(case_id=case.id, name=payload["name"]))
    advance(unit, case, Deliver(wait, payload["data"]))


def _start_by_message(unit: Unit, payload: Mapping[str, Any]) -> bool:
    """Begin a case of each process that starts with this message, where it says."""
    starts = unit.rows(
        select(StartSubscription.definition_key, StartSubscription.element).where(
            StartSubscription.kind == "message", StartSubscription.name == payload["name"]
        )
    )
    place = payload["data"].get("organisation_id")
    begun = [
        begin_everywhere(unit, row.definition_key, row.element, payload["data"], place)
        for row in starts
    ]
    return any(begun)


def begin_everywhere(
    unit: Unit,
    definition_key: str,
    element: str,
    variables: Mapping[str, Any],
    organisation_id: int | None = None,
) -> int:
    """
    Begin a case at a start event, in this school year's cycles of the process.

    Args:
        unit: Of the system actor.
        definition_key: The process.
        element: Its start event.
        variables: What the event carries.
        organisation_id: The only school meant; None: every school of each cycle.

    Returns:
        How many cases were begun; a school whose case is under way is passed over.
    """
    begun = 0
    for cycle_id, place in _places(unit, definition_key, organisation_id):
        try:
            with unit.savepoint():
                start_case(unit, StartCase(cycle_id, place, variables, at=element))
        except (CaseExists, NotOpen):
            continue
        begun += 1
    return begun


def _places(unit: Unit, definition_key: str, organisation_id: int | None) -> list[tuple[int, int]]:
    """Return the cycles of this school year, each with the schools in its reach."""
    year = school_year(day_of(unit.now, "Europe/Moscow"))
    cycles = unit.rows(
        select(Cycle.id, Organisation.path)
        .join(Organisation, Organisation.id == Cycle.organisation_id)
        .where(Cycle.definition_key == definition_key, Cycle.school_year == year)
        .order_by(Cycle.id)
    )
    found = []
    for cycle in cycles:
        schools = select(Organisation.id).where(
            Organisation.kind == "school", Organisation.path.startswith(cycle.path)
        )
        if organisation_id is not None:
            schools = schools.where(Organisation.id == organisation_id)
        found += [(cycle.id, row.id) for row in unit.rows(schools.order_by(Organisation.id))]
    return found
