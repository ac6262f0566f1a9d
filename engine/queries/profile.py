"""One's own page: who one is here, where one is signed in, and what one has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.model.people import Membership, Organisation, Person, WebSession
from engine.model.preferences import Channel, Preference
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds
from engine.rules.channels import KINDS, NIGHT, Kind, Quiet, Way, way_of
from engine.rules.sessions import IDLE
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A signed-in browser. ``id`` is the fingerprint of its secret, which opens nothing."""

    id: str
    device: str
    address: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A kind of notice and the way that it goes."""

    key: str
    kind: Kind
    way: Way


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """
    A person as he sees himself.

    ``roles`` are pairs of the role's name and the organisation; ``zone`` is where his quiet
    hours are counted; ``language`` is empty until chosen.
    """

    name: str
    email: str
    has_password: bool
    roles: tuple[tuple[str, str], ...]
    zone: str
    language: str
    quiet: Quiet
    channels: tuple[ChannelRow, ...]
    devices: tuple[DeviceRow, ...]


def profile(reader: Reader, actor: Actor) -> ProfileRow:
    """Return the page of the actor."""
    me = actor.person_id
    columns = (Person.name, Person.email, Person.password_hash)
    chosen = (Preference.language, Preference.quiet_from, Preference.quiet_until)
    person = reader.one(
        select(*columns, *chosen)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(Person.id == me)
    )
    held = reader.rows(
        select(Membership.role, Organisation.short_name, Organisation.zone)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == me)
        .order_by(Organisation.id, Membership.role)
    )
    return ProfileRow(
        person.name,
        person.email,
        person.password_hash is not None,
        tuple((ROLE_NAMES[Role(row.role)], row.short_name) for row in held),
        held[0].zone if held else "Europe/Moscow",
        person.language or "",
        NIGHT if person.quiet_from is None else Quiet(person.quiet_from, person.quiet_until),
        _channels(reader, actor),
        _devices(reader, me),
    )


def _channels(reader: Reader, actor: Actor) -> tuple[ChannelRow, ...]:
    """Return the kinds that somebody with these roles can get."""
    mine = select(Channel.kind, Channel.way).where(Channel.person_id == actor.person_id)
    chosen: Mapping[str, str] = {row.kind: row.way for row in reader.rows(mine)}
    return tuple(
        ChannelRow(key, kind, way_of(key, chosen.get(key)))
        for key, kind in KINDS.items()
        if not kind.steers or holds(actor, Right.STEER)
    )


def _devices(reader: Reader, person_id: int) -> tuple[DeviceRow, ...]:
    """Return the browsers where somebody is signed in, the last used first."""
    alive = WebSession.expires_at > reader.now, WebSession.seen_at > reader.now - IDLE
    columns = (
        WebSession.id_hash,
        WebSession.device,
        WebSession.address,
        WebSession.created_at,
        WebSession.seen_at,
    )
    mine = select(*columns).where(WebSession.person_id == person_id, *alive)
    rows = reader.rows(mine.order_by(WebSession.seen_at.desc(), WebSession.id_hash))
    return tuple(DeviceRow(*row) for row in rows)
