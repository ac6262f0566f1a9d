"""
Letters of the outbox, on their way to the mail server.

They are leased in one short transaction, sent outside of any, and marked in another; a crash
between sending and marking repeats a letter with the same Message-ID. All letters that wait for
one person go in their order; of several digests, or links, only the newest goes, and letters of
one kind about tasks go as one. In somebody's quiet hours his letters stay where they are, except
those that he has just asked for.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from engine.bus import Command, Engine, handles
from engine.commands.addresses import ADDRESS_KINDS, OLD_ADDRESS, recipient, text_of_address
from engine.commands.channels import ZONE
from engine.commands.claims import skipping
from engine.commands.letters import KINDS, Spoken, open_tasks, text_about
from engine.commands.links import LINK_KINDS, text_with_link
from engine.commands.news import HOME_ZONE, TOLD, text_of_notices
from engine.commands.outbox import UNSENT, report
from engine.mail import Letter, LetterDelayed, LetterRefused, Post, ServerAway, connected
from engine.model.people import Person
from engine.model.preferences import Preference
from engine.model.records import Outgoing
from engine.rules.access import SYSTEM
from engine.rules.channels import NIGHT, Quiet, quiet_until
from engine.rules.letters import Text, shortened
from engine.rules.retries import LETTERS
from engine.unit import Unit

BATCH: Final = 40
LEASE: Final = timedelta(minutes=15)
"""Longer than a server that answers each step at its last second needs for a batch."""

DIGEST: Final = "digest"
NEWEST: Final = frozenset({DIGEST, *LINK_KINDS, *ADDRESS_KINDS})
"""The kinds of letters that a newer one of their kind makes needless."""
ASKED_FOR: Final = (*LINK_KINDS, *ADDRESS_KINDS)
"""Letters that somebody waits for: they overtake the others, and keep no quiet hours."""


def deliver_letters(engine: Engine) -> int:
    """
    Send the letters that are due, one batch; return how many left.

    Without a mail server in the settings they stay where they are, to be seen.
    """
    if not engine.settings.smtp_host:
        return 0
    leased: tuple[Parcel, ...] = engine.do(LeaseLetters(), SYSTEM)
    if not leased:
        return 0
    parcels = list(leased)
    try:
        with connected(engine.settings) as post:
            while parcels:
                _send(engine, post, parcels[0])
                parcels.pop(0)
    except ServerAway as problem:
        for parcel in parcels:
            engine.do(PutOffLetter(parcel.ids, str(problem)), SYSTEM)
    return len(leased) - len(parcels)


def _send(engine: Engine, post: Post, parcel: "Parcel") -> None:
    try:
        post.send(parcel.letter)
    except LetterDelayed as problem:
        engine.do(PutOffLetter(parcel.ids, str(problem)), SYSTEM)
    except LetterRefused as problem:
        engine.do(PutOffLetter(parcel.ids, str(problem), for_good=True), SYSTEM)
    else:
        engine.do(MarkSent(parcel.ids), SYSTEM)


# taking -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter as it goes out, and the rows of the outbox that it stands for."""

    ids: tuple[int, ...]
    letter: Letter


@dataclass(frozen=True, slots=True)
class LeaseLetters(Command[tuple[Parcel, ...]]):
    """Take the letters of some people for the time of the lease."""

    batch: int = BATCH


@handles(LeaseLetters)
def lease_letters(unit: Unit, command: LeaseLetters) -> tuple[Parcel, ...]:
    """
    Count the attempts that now begin; drop what need not be said any more.

    A person with a letter that is on its way or put off gets no other before it: so the order
    is kept.
    """
    unit.allow_system()
    found = unit.rows(skipping(_due(unit.now, command.batch), Outgoing))
    rows = _outside_quiet_hours(unit, found)
    leased = update(Outgoing).where(Outgoing.id.in_([row.id for row in rows]))
    unit.execute(leased.values(lease_until=unit.now + LEASE, attempts=Outgoing.attempts + 1))
    needless: list[int] = []
    parcels = list(_parcels(unit, rows, needless))
    dropped = update(Outgoing).where(Outgoing.id.in_(needless))
    unit.execute(dropped.values(given_up_at=unit.now, last_error="больше не нужно"))
    return tuple(parcels)


def _outside_quiet_hours(unit: Unit, rows: Sequence[Any]) -> list[Any]:
    """Put off the letters of those who want to be left alone now; return the others."""
    leave: list[Any] = []
    waiting: defaultdict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        until = _may_leave_at(unit.now, row)
        if until > unit.now:
            waiting[until].append(row.id)
        else:
            leave.append(row)
    for until, ids in waiting.items():
        unit.execute(update(Outgoing).where(Outgoing.id.in_(ids)).values(not_before=until))
    return leave


def _may_leave_at(now: datetime, row: Any) -> datetime:
    if _kind(row) in ASKED_FOR:
        return now
    chosen = row.quiet_from is not None
    quiet = Quiet(row.quiet_from, row.quiet_until) if chosen else NIGHT
    return quiet_until(now, row.zone or HOME_ZONE, quiet)


def _due(now: datetime, batch: int) -> Any:
    other = aliased(Outgoing)
    waits = or_(other.not_before > now, other.lease_until > now)
    held_up = exists().where(
        other.person_id == Outgoing.person_id,
        other.sent_at.is_(None),
        other.given_up_at.is_(None),
        waits,
    )
    asked_for = or_(*(Outgoing.dedup_key.startswith(f"{kind}:") for kind in ASKED_FOR))
    return (
        select(
            Outgoing.id,
            Outgoing.person_id,
            Outgoing.subject,
            Outgoing.body,
            Outgoing.payload,
            Outgoing.dedup_key,
            Outgoing.created_at,
            Person.email,
            Person.active,
            Person.password_hash,
            Preference.quiet_from,
            Preference.quiet_until,
            ZONE.label("zone"),
        )
        .join(Person, Person.id == Outgoing.person_id)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(Outgoing.kind == "mail", Outgoing.not_before <= now, *UNSENT)
        .where(or_(asked_for, ~held_up))
        .order_by(Outgoing.not_before, Outgoing.id)
        .limit(batch)
    )


def _parcels(unit: Unit, rows: Sequence[Any], needless: list[int]) -> Iterator[Parcel]:
    """Yield what is to be sent, person by person; the keys of other rows become needless."""
    tasks = open_tasks(unit, [number for row in rows for number in _tasks(row)])
    together: defaultdict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        # What is neither a digest nor about tasks goes by itself, and so does what goes elsewhere.
        alone = _kind(row) in ("", OLD_ADDRESS)
        together[row.person_id, row.dedup_key if alone else _kind(row)].append(row)
    for letters in together.values():
        letter = _letter(unit, letters, tasks) if letters[0].active else None
        ids = tuple(row.id for row in letters)
        if letter is None:
            needless += ids
        else:
            yield Parcel(ids, letter)


def _kind(row: Any) -> str:
    return str((row.payload or {}).get("letter", ""))


def _tasks(row: Any) -> list[int]:
    return list((row.payload or {}).get("tasks", ()))


def _letter(unit: Unit, rows: Sequence[Any], tasks: Mapping[int, Spoken]) -> Letter | None:
    """Return rows of one kind for one person as one letter; None when nothing is left to say."""
    row = rows[-1 if _kind(rows[0]) in NEWEST else 0]
    text = _text(unit, row, rows, tasks)
    if text is None:
        return None
    to = recipient(row) if _kind(row) in ADDRESS_KINDS else row.email
    return Letter(to, shortened(text.subject), text.body, row.dedup_key, row.created_at)


def _text(unit: Unit, row: Any, rows: Sequence[Any], tasks: Mapping[int, Spoken]) -> Text | None:
    """Return the text as things stand now."""
    kind, settings = _kind(row), unit.settings
    if kind in LINK_KINDS:
        return text_with_link(row, row.password_hash or "", unit.now, settings)
    if kind in ADDRESS_KINDS:
        return text_of_address(row, unit.now, settings)
    if kind == TOLD:
        return text_of_notices(unit, rows)
    if kind in KINDS:
        named = dict.fromkeys(number for each in rows for number in _tasks(each))
        still = [tasks[number] for number in named if number in tasks]
        return text_about(kind, still, row.person_id, unit.now, settings.base_url)
    return Text(row.subject, row.body)


# marking ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarkSent(Command[None]):
    """Note that a letter was taken by the mail server."""

    ids: tuple[int, ...]


@handles(MarkSent)
def mark_sent(unit: Unit, command: MarkSent) -> None:
    """Keep when, and let go of the lease."""
    unit.allow_system()
    sent = update(Outgoing).where(Outgoing.id.in_(command.ids))
    unit.execute(sent.values(sent_at=unit.now, lease_until=None, last_error=""))


@dataclass(frozen=True, slots=True)
class PutOffLetter(Command[None]):
    """Note that a letter was not taken, now or for good."""

    ids: tuple[int, ...]
    cause: str
    for_good: bool = False


@handles(PutOffLetter)
def put_off_letter(unit: Unit, command: PutOffLetter) -> None:
    """Wait longer after each attempt; after the last one an incident says so."""
    unit.allow_system()
    rows = unit.rows(
        select(Outgoing.id, Outgoing.attempts, Outgoing.case_id, Person.name)
        .join(Person, Person.id == Outgoing.person_id)
        .where(Outgoing.id.in_(command.ids))
        .order_by(Outgoing.id)
    )
    for row in rows:
        changes: dict[str, Any] = {"lease_until": None, "last_error": command.cause}
        if command.for_good or LETTERS.ends(row.attempts):
            changes["given_up_at"] = unit.now
        else:
            changes["not_before"] = unit.now + LETTERS.wait(row.attempts, row.id)
        unit.execute(update(Outgoing).where(Outgoing.id == row.id).values(changes))
        if "given_up_at" in changes and row is rows[0]:
            whose = f" ({row.name})" if command.for_good else ""
            report(unit, row.case_id, "mail", f"Письмо не доставлено{whose}: {command.cause}")
