"""A service that kills whoever runs it."""

import signal

import pytest
from sqlalchemy import select

from engine import Engine
from engine.clock import FrozenClock
from engine.commands.jobs import LEASE
from engine.model.cases import Case
from engine.model.records import Incident
from engine.rules.retries import STEPS
from engine.scheduler import tick
from engine.settings import Settings
from tests.faults.processes import Worker
from tests.faults.worker import deadly, harmless
from tests.timely import bundle, flows, service
from tests.town import build

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def test_a_service_that_kills_its_workers_becomes_an_incident(
    engine: Engine, settings: Settings, clock: FrozenClock
) -> None:
    """Five workers die of it, the sixth gives it up; the service beside it runs in the second."""
    town = build(engine)
    cases = []
    for name in (deadly.__name__, harmless.__name__):
        calling = bundle(f"calls_{name}", service(name), flows("start", name, "end"))
        cases.append(town.case(town.cycle(calling)))
    for _ in range(STEPS.attempts):
        assert -signal.SIGKILL == Worker.start(settings, "tick", clock.now()).ready().wait()
        clock.advance(LEASE)
    assert 0 == Worker.start(settings, "tick", clock.now()).ready().wait()
    found = select(Case.id, Case.status).order_by(Case.id)
    statuses = {row.id: row.status for row in town.rows(found)}
    assert ["running", "completed"] == [statuses[case] for case in cases]
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert (cases[0], "job") == (incident.case_id, incident.kind)
    clock.advance(LEASE)
    assert 0 == tick(engine).jobs
