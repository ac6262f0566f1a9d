"""Every event becomes one line of the journal, in the transaction that caused it."""

from engine.events import Event, recorded
from engine.model.records import JournalEntry
from engine.unit import Unit


@recorded.connect
def write(unit: Unit, event: Event) -> None:
    """Keep the event with its moment and its doer."""
    unit.add(
        JournalEntry,
        {
            "at": unit.now,
            "case_id": event.case_id or None,
            "task_id": event.task_id or None,
            "actor_id": unit.actor.person_id or None,
            "event": type(event).__name__,
            "element": event.element,
            "data": event.data,
        },
    )
