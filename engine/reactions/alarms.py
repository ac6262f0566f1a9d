"""The mornings of a time zone: from its first organisation on, digests are due in it."""

from sqlalchemy import select

from engine.commands.digests import next_morning
from engine.commands.once import insert_once
from engine.events import Event, OrganisationCreated, recorded
from engine.model.base import from_ms
from engine.model.people import Organisation
from engine.model.records import DigestRound
from engine.unit import Unit

NEVER = from_ms(0)


@recorded.connect
def arm(unit: Unit, event: Event) -> None:
    """Write the row of the first round; a zone that has one keeps it."""
    if isinstance(event, OrganisationCreated):
        zones = select(Organisation.zone).where(Organisation.id == event.organisation_id)
        zone = str(unit.value(zones))
        row = {"zone": zone, "due_at": next_morning(unit.now, zone), "told_until": NEVER}
        insert_once(unit, DigestRound, [row], key="zone")
