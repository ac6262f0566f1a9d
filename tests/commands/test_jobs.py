"""Services that cases call: run once, tried again when they fail, given up with an incident."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.incidents import FinishJob, RetryJob
from engine.commands.jobs import LEASE, LeaseJob, PutOffJob, RunJob, run_jobs
from engine.commands.services import SERVICES, ServiceCall
from engine.errors import BpmnError, Forbidden
from engine.model.cases import Case
from engine.model.people import Installation
from engine.model.records import Incident, Job
from engine.rules.access import SYSTEM
from engine.rules.retries import STEPS
from engine.scheduler import tick
from engine.unit import Unit
from tests.timely import bundle, flows, service
from tests.town import Town

CALLING = bundle("calling", service("probe"), flows("start", "probe", "end"))
CATCHING = bundle(
    "catching",
    service("probe"),
    '<boundaryEvent id="caught" attachedToRef="probe"><errorEventDefinition errorRef="er"/>'
    '</boundaryEvent><endEvent id="rescued"/>',
    flows("start", "probe", "end"),
    flows("caught", "rescued"),
    roots='<error id="er" name="er" errorCode="ER"/>',
)


class Probe:
    """The service `probe`: notes its calls, and fails or answers as the test says."""

    def __init__(self) -> None:
        self.calls: list[ServiceCall] = []
        self.failure: Exception | None = None

    def __call__(self, unit: Unit, call: ServiceCall) -> dict[str, Any]:
        """Write a row, then fail or answer."""
        self.calls.append(call)
        unit.add(Installation, {"name": f"probe {len(self.calls)}", "value": "was here"})
        if self.failure:
            raise self.failure
        return {"answer": 42}


@pytest.fixture
def probe() -> Iterator[Probe]:
    """Yield the registered service."""
    SERVICES["probe"] = made = Probe()
    yield made
    del SERVICES["probe"]


@pytest.fixture
def case(town: Town, probe: Probe) -> int:
    """Return a case that calls the service."""
    return town.case(town.cycle(CALLING))


def status(town: Town, case: int) -> str:
    """Return the status of a case."""
    return str(town.value(select(Case.status).where(Case.id == case)))


def job(town: Town) -> Any:
    """Return the only job row."""
    (row,) = town.rows(select(*Job.__table__.columns))
    return row


def traces(town: Town) -> list[str]:
    """Return what the service has written."""
    return [row.name for row in town.rows(select(Installation.name).order_by(Installation.name))]


def test_a_service_runs_and_its_case_goes_on(town: Town, case: int, probe: Probe) -> None:
    """Its answer and its rows are kept with the step that follows; it runs once."""
    assert 1 == tick(town.engine).jobs
    assert "completed" == status(town, case)
    assert ["probe 1"] == traces(town)
    assert case == probe.calls[0].case.id
    assert 0 == tick(town.engine).jobs


def test_a_service_runs_outside_the_step_that_called_it(
    town: Town, case: int, probe: Probe
) -> None:
    """Starting a case does not wait for its services."""
    assert [] == probe.calls
    assert "probe" == job(town).service


def test_a_failed_service_leaves_nothing_and_is_tried_again(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """What it wrote before it failed is gone; the next attempt comes later and may succeed."""
    probe.failure = RuntimeError("the disk is full")
    assert 1 == tick(town.engine).jobs
    row = job(town)
    assert (1, clock.now() + STEPS.wait(1, row.id)) == (row.attempts, row.due_at)
    assert "the disk is full" in row.last_error
    assert [] == traces(town)
    assert 0 == tick(town.engine).jobs
    probe.failure = None
    clock.move_to(row.due_at)
    assert 1 == tick(town.engine).jobs
    assert "completed" == status(town, case)
    assert [] == town.rows(select(Incident.id))


def fail_for_good(town: Town, clock: FrozenClock) -> Any:
    """Let the service fail until it is given up; return the incident."""
    for _ in range(STEPS.attempts):
        assert 1 == run_jobs(town.engine)
        clock.advance(timedelta(hours=2))
    assert 0 == run_jobs(town.engine)
    (incident,) = town.rows(select(*Incident.__table__.columns))
    return incident


def test_a_service_that_fails_for_good_becomes_an_incident(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """After five attempts the coordinator is told; nothing more is tried."""
    probe.failure = RuntimeError("the disk is full")
    incident = fail_for_good(town, clock)
    found = (incident.case_id, incident.kind, incident.element, incident.job_id)
    assert (case, "job", "probe", job(town).id) == found
    assert "the disk is full" in incident.sentence
    assert STEPS.attempts == len(probe.calls)
    assert "running" == status(town, case)


def test_a_given_up_service_can_be_tried_again(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """The coordinator repeats it from the incident."""
    probe.failure = RuntimeError("the disk is full")
    incident = fail_for_good(town, clock)
    probe.failure = None
    town.do(RetryJob(incident.id), "coordinator.office")
    assert 1 == run_jobs(town.engine)
    assert "completed" == status(town, case)


def test_a_given_up_service_can_be_answered_by_hand(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """The coordinator says what it would have answered; its job is gone."""
    probe.failure = RuntimeError("the disk is full")
    incident = fail_for_good(town, clock)
    town.do(FinishJob(incident.id, {"answer": 1}), "coordinator.office")
    assert "completed" == status(town, case)
    assert [] == town.rows(select(Job.id))


def test_an_error_of_the_diagram_is_caught_by_the_diagram(town: Town, probe: Probe) -> None:
    """A code that a boundary event names is no failure; what the service wrote is undone."""
    probe.failure = BpmnError("ER")
    case = town.case(town.cycle(CATCHING))
    assert 1 == tick(town.engine).jobs
    assert "rescued" == town.value(select(Case.outcome).where(Case.id == case))
    assert [] == traces(town)


def test_a_service_nobody_knows_becomes_an_incident(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """A program that lost a service does not lose the case."""
    del SERVICES["probe"]
    incident = fail_for_good(town, clock)
    SERVICES["probe"] = probe
    assert "«probe»" in incident.sentence


def test_a_leased_service_is_not_taken_twice(town: Town, case: int, probe: Probe) -> None:
    """While one worker runs a service, another finds nothing to do."""
    leased = town.do(LeaseJob())
    assert 0 == town.do(LeaseJob())
    town.do(RunJob(leased))
    assert "completed" == status(town, case)


def test_a_worker_that_dies_leaves_its_service_to_others(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """After the lease it is due again, and the attempt of the dead worker counts."""
    town.do(LeaseJob())
    clock.advance(LEASE)
    assert 1 == job(town).attempts
    assert 1 == run_jobs(town.engine)
    assert "completed" == status(town, case)


def test_a_service_that_kills_its_workers_is_given_up(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """An attempt is counted before it begins: also one that nobody survives to report."""
    for _ in range(STEPS.attempts):
        assert town.do(LeaseJob())
        clock.advance(LEASE)
    assert 0 == town.do(LeaseJob())
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert "прервалась" in incident.sentence
    clock.advance(timedelta(days=1))
    assert 0 == town.do(LeaseJob())


def test_two_workers_that_run_one_service_end_it_once(town: Town, case: int, probe: Probe) -> None:
    """When a lease ran out too early, the second answer finds no job."""
    leased = town.do(LeaseJob())
    town.do(RunJob(leased))
    town.do(RunJob(leased))
    assert ["probe 1"] == traces(town)


def test_a_suspended_case_calls_nothing_until_resumed(town: Town, case: int, probe: Probe) -> None:
    """Its job waits without being tried."""
    town.do(SuspendCase(case, "карантин"), "coordinator.office")
    assert 0 == tick(town.engine).jobs
    town.do(ResumeCase(case), "coordinator.office")
    assert 1 == tick(town.engine).jobs
    assert "completed" == status(town, case)


def test_a_cancelled_case_calls_nothing(town: Town, case: int, probe: Probe) -> None:
    """A job that was leased before finds nothing to do."""
    leased = town.do(LeaseJob())
    town.do(CancelCase(case, "приказ"), "director.school")
    town.do(RunJob(leased))
    town.do(PutOffJob(leased, "too late"))
    assert [] == probe.calls


def test_services_go_in_batches(town: Town, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass runs so many and leaves the rest to the next one."""
    monkeypatch.setattr("engine.commands.jobs.BATCH", 1)
    cycle = town.cycle(CALLING)
    for place in ("school", "second"):
        town.case(cycle, place)
    assert [1, 1, 0] == [run_jobs(town.engine) for _ in range(3)]


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_dead_service_of_a_busy_case_is_given_up_later(
    town: Town, case: int, probe: Probe, clock: FrozenClock
) -> None:
    """
    Who gives up does not wait for a case that another worker holds.

    SQLite has one writer: there nobody can hold a case meanwhile.
    """
    for _ in range(STEPS.attempts):
        assert town.do(LeaseJob())
        clock.advance(LEASE)
    with town.engine.database.writers.connect() as other, other.begin():
        other.execute(update(Case).where(Case.id == case).values(stage=""))
        assert 0 == town.engine.do(LeaseJob(), SYSTEM)
    assert [] == town.rows(select(Incident.id))
    assert 0 == town.do(LeaseJob())
    assert 1 == len(town.rows(select(Incident.id)))


@pytest.mark.parametrize("command", [LeaseJob(), RunJob(1), PutOffJob(1, "")])
def test_only_the_system_runs_services(town: Town, command: Any) -> None:
    """A person has no button for it."""
    with pytest.raises(Forbidden):
        town.do(command, "coordinator.office")
