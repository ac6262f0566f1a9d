"""
Services that cases call: each runs in the transaction that completes its token.

An attempt is counted before it begins, in a transaction of its own. So a service that kills
the program is tried later each time and given up like any other, and while one worker runs it
no other one does.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import select, update

from engine.bus import Command, Engine, handles
from engine.commands.carry_out import raise_incident
from engine.commands.claims import BATCH, caught, free_cases, skipping, why
from engine.commands.locked import LockedCase, lock_case
from engine.commands.services import SERVICES, ServiceCall
from engine.commands.steps import advance
from engine.errors import BpmnError
from engine.model.base import ROOM
from engine.model.cases import Case
from engine.model.records import Job
from engine.process.orders import Complete, Fail
from engine.rules.access import SYSTEM
from engine.rules.retries import STEPS
from engine.unit import Unit

LEASE: Final = timedelta(minutes=5)
"""A service that takes longer may be begun a second time; only one of the two can end it."""


def run_jobs(engine: Engine) -> int:
    """Run services that are due, one after the other; return how many were begun."""
    for begun in range(BATCH):
        job_id = engine.do(LeaseJob(), SYSTEM)
        if not job_id:
            return begun
        if problem := caught(partial(engine.do, RunJob(job_id), SYSTEM)):
            engine.do(PutOffJob(job_id, why(problem)), SYSTEM)
    return BATCH


@dataclass(frozen=True, slots=True)
class LeaseJob(Command[int]):
    """Take the job that is due next for the time of the lease; return its id, 0 without any."""


@handles(LeaseJob)
def lease_job(unit: Unit, _command: LeaseJob) -> int:
    """
    Count the attempt that now begins; give up a job that died in its last one.

    One at a time: what kills its worker must not use up the attempts of others.
    """
    unit.allow_system()
    due = (
        select(Job.id, Job.attempts)
        .join(Case, Case.id == Job.case_id)
        .where(Job.due_at <= unit.now, Job.attempts <= STEPS.attempts, Case.status == "running")
        .order_by(Job.due_at, Job.id)
        .limit(1)
    )
    while (row := unit.first(skipping(due, Job))) is not None and STEPS.ends(row.attempts):
        if not free_cases(unit, [row.id // ROOM]):
            return 0
        _give_up(unit, row.id, "программа прервалась во время действия")
    if row is None:
        return 0
    lease = update(Job).where(Job.id == row.id)
    unit.execute(lease.values(attempts=Job.attempts + 1, due_at=unit.now + LEASE))
    return int(row.id)


@dataclass(frozen=True, slots=True)
class RunJob(Command[None]):
    """Run one leased service and give its answer to the case."""

    job_id: int


@handles(RunJob)
def run_job(unit: Unit, command: RunJob) -> None:
    """Call the service; what it writes, and the step that follows, are one transaction."""
    unit.allow_system()
    case = lock_case(unit, command.job_id // ROOM)
    job = unit.first(select(Job.service, Job.inputs).where(Job.id == command.job_id))
    if job is None:
        return
    token = command.job_id % ROOM
    try:
        with unit.savepoint():
            answer = _called(unit, case, job)
    except BpmnError as error:
        advance(unit, case, Fail(token, error.code))
    else:
        advance(unit, case, Complete(token, answer))


def _called(unit: Unit, case: LockedCase, job: Any) -> dict[str, Any]:
    if job.service not in SERVICES:
        raise LookupError(f"действие «{job.service}» программе неизвестно")
    return SERVICES[job.service](unit, ServiceCall(case, job.inputs, case.settings))


@dataclass(frozen=True, slots=True)
class PutOffJob(Command[None]):
    """Note that a service has failed; it is tried again later, or given up."""

    job_id: int
    cause: str


@handles(PutOffJob)
def put_off_job(unit: Unit, command: PutOffJob) -> None:
    """Wait longer after each failure; after the last one an incident tells the coordinator."""
    unit.allow_system()
    job = unit.first(select(Job.attempts).where(Job.id == command.job_id))
    if job is None:
        return
    if STEPS.ends(job.attempts):
        _give_up(unit, command.job_id, command.cause)
        return
    due_at = unit.now + STEPS.wait(job.attempts, command.job_id)
    put_off = update(Job).where(Job.id == command.job_id)
    unit.execute(put_off.values(due_at=due_at, last_error=command.cause))


def _give_up(unit: Unit, job_id: int, cause: str) -> None:
    """Keep the job, not to be tried any more, and raise the incident."""
    case = lock_case(unit, job_id // ROOM)
    token = case.state.tokens.get(job_id % ROOM)
    given_up = update(Job).where(Job.id == job_id)
    unit.execute(given_up.values(attempts=STEPS.attempts + 1, last_error=cause))
    sentence = f"Автоматическое действие не выполнено: {cause}"
    raise_incident(unit, case, "job", token.at if token else "", sentence, job_id)
