"""
Attempts to sign in.

A password is hashed between two transactions, never inside one: the attempt is first written
down as failed, then the password is checked, then a session is opened and the attempt corrected.
So many attempts at once cannot slip through together, and nobody else waits for the hashing.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from engine.bus import Command, Engine, handles
from engine.errors import TooManyAttempts, WrongCredentials
from engine.model.people import LoginAttempt, Person
from engine.passwords import passwords_of
from engine.rules.access import SYSTEM
from engine.rules.names import email_of
from engine.rules.throttling import WINDOW, Tally, account_of, scope_of, wait
from engine.unit import Unit

KEPT_FOR = timedelta(days=90)
"""How long an address where somebody signed in is remembered as his."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may go on; ``stored`` is empty where nobody can sign in."""

    id: int
    person_id: int
    stored: str


def password_checked(engine: Engine, email: str, password: str, address: str) -> Attempt:
    """
    Return the attempt of whoever has this address and this password.

    Raises:
        WrongCredentials: No such person, or another password; one answer, in the same time.
        TooManyAttempts: Wait first.
        SignInBusy: Too many people sign in at this moment.
    """
    attempt = engine.do(BeginAttempt(email, address), SYSTEM)
    if not passwords_of(engine.settings).matches(attempt.stored or None, password):
        raise WrongCredentials
    return attempt


@dataclass(frozen=True, slots=True)
class BeginAttempt(Command[Attempt]):
    """Write an attempt to sign in down as failed, unless it is too early for one."""

    email: str
    address: str


@handles(BeginAttempt)
def begin_attempt(unit: Unit, command: BeginAttempt) -> Attempt:
    """Count under a lock of the person's row, so that attempts at once count each other."""
    unit.allow_system()
    email, address = email_of(command.email), scope_of(command.address)
    person = unit.first(
        select(Person.id, Person.password_hash)
        .where(Person.email == email, Person.active)
        .with_for_update(key_share=True)
    )
    account = account_of(email, unit.settings.secret_key)
    _refuse_early(unit, account, address)
    row = {"account_hash": account, "address": address, "at": unit.now, "ok": False}
    attempt_id = unit.insert(LoginAttempt, row)
    if person is None:
        return Attempt(attempt_id, 0, "")
    return Attempt(attempt_id, person.id, person.password_hash or "")


def _refuse_early(unit: Unit, account: str, address: str) -> None:
    of_account = LoginAttempt.account_hash == account
    of_address = LoginAttempt.address == address
    pair = and_(of_account, of_address)
    known_at = unit.value(select(func.max(LoginAttempt.at)).where(pair, LoginAttempt.ok))
    needed = wait(
        unit.now,
        _tally(unit, pair, known_at),
        _tally(unit, of_account, None),
        _tally(unit, of_address, None),
        known=known_at is not None,
    )
    if needed > timedelta(0):
        raise TooManyAttempts(seconds=math.ceil(needed.total_seconds()))


def _tally(unit: Unit, scope: ColumnElement[bool], since: datetime | None) -> Tally:
    begin = max(filter(None, (unit.now - WINDOW, since)))
    counted = select(func.count().label("failures"), func.max(LoginAttempt.at).label("last_at"))
    row = unit.one(counted.where(scope, ~LoginAttempt.ok, LoginAttempt.at > begin))
    return Tally(row.failures, row.last_at)
