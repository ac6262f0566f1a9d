"""Cycles, versions, incidents, people and health, as pages list them."""

from datetime import timedelta

import pytest

from engine import Engine
from engine.clock import FrozenClock
from engine.commands.people import CreatePerson
from engine.errors import Forbidden, NotFound
from engine.queries.cycles import cycle_page, cycles, new_cycle
from engine.queries.definitions import definition_page, definitions
from engine.queries.health import HealthRow, health
from engine.queries.incidents import incidents
from engine.queries.members import members
from engine.rules.access import SYSTEM, Role
from tests.drawn import TWO
from tests.timely import bundle, flows, pause
from tests.town import Town

COORDINATOR = "coordinator.office"


def test_a_cycle_counts_its_cases(town: Town) -> None:
    """Under way and over; shown to those in its reach, at, above and below it."""
    cycle = town.cycle(TWO)
    town.case(cycle)
    with town.engine.read() as reader:
        for who in (COORDINATOR, "deputy.second", "expert1"):
            assert [(1, 0)] == [(c.running, c.ended) for c in cycles(reader, town.actor(who))]
        assert [] == cycles(reader, town.actor("coordinator.far_office"))
        assert 1 == len(cycles(reader, SYSTEM))


def test_the_page_of_a_cycle_lists_the_schools_of_its_reader(town: Town) -> None:
    """Each with its newest case, and whether he may start one."""
    cycle = town.cycle(TWO)
    case = town.case(cycle)
    with town.engine.read() as reader:
        page = cycle_page(reader, town.actor(COORDINATOR), cycle)
        places = {p.organisation: (p.case_id, p.startable) for p in page.places}
        assert {"school": (case, False), "second": (None, True)} == places
        mine = cycle_page(reader, town.actor("deputy.second"), cycle)
        assert (["second"], False) == ([p.organisation for p in mine.places], mine.steerable)


def test_a_cycle_of_another_town_is_not_there(town: Town) -> None:
    """Not even for its head."""
    cycle = town.cycle(TWO)
    with town.engine.read() as reader, pytest.raises(NotFound):
        cycle_page(reader, town.actor("head.far_office"), cycle)


def test_a_new_cycle_is_offered_where_one_may_start(town: Town) -> None:
    """A deputy opens one for his school only; a teacher none; of no unknown process."""
    town.cycle(TWO)
    with town.engine.read() as reader:
        page = new_cycle(reader, town.actor("deputy.school"))
        assert (["school"], 2026) == ([p.name for p in page.places], page.school_year)
        with pytest.raises(Forbidden):
            new_cycle(reader, town.actor("teacher.school"))
        with pytest.raises(NotFound):
            new_cycle(reader, town.actor("deputy.school"), "unknown")


def test_versions_are_listed_for_who_deploys(town: Town) -> None:
    """With the cases that run on each, and the files each is made of."""
    town.case(town.cycle(TWO))
    with town.engine.read() as reader:
        (process,) = definitions(reader, town.actor("administrator.office"))
        row = process.newest
        assert (1, 1, "") == (row.number, row.running, row.deployed_by)
        assert () == process.older
        page = definition_page(reader, town.actor("administrator.office"), row.id)
        assert TWO.main == page.files[0]
        with pytest.raises(Forbidden):
            definitions(reader, town.actor(COORDINATOR))
        with pytest.raises(NotFound):
            definition_page(reader, SYSTEM, 99)


def test_without_incidents_nothing_is_listed(town: Town) -> None:
    """And only for who steers."""
    with town.engine.read() as reader:
        assert [] == incidents(reader, town.actor(COORDINATOR))
        with pytest.raises(Forbidden):
            incidents(reader, town.actor("deputy.school"))


def test_an_administrator_sees_his_people_and_those_without_a_role(town: Town) -> None:
    """Each with the roles held anywhere, as far as they lie in his reach."""
    town.engine.do(CreatePerson("Без роли", "none@town.example"), SYSTEM)
    with town.engine.read() as reader:
        page = members(reader, town.actor("administrator.office"))
        found = {one.email.partition("@")[0]: one for one in page.people}
        assert found["none"].invited
        assert () == found["none"].roles
        assert [(Role.DEPUTY, "school")] == [
            (held.role, held.organisation) for held in found["deputy.school"].roles
        ]
        assert "deputy.far_school" not in found
        assert ["office", "school", "second"] == [one.name for one in page.organisations]
        with pytest.raises(Forbidden):
            members(reader, town.actor(COORDINATOR))


def test_health_tells_how_late_the_scheduler_is(
    town: Town, engine: Engine, clock: FrozenClock
) -> None:
    """Seconds since the oldest timer came due; zero when nothing waits."""
    with engine.read() as reader:
        assert HealthRow(0, 0) == health(reader)
    waiting = bundle("waiting", pause("nap", "PT1H"), flows("start", "nap", "end"))
    town.case(town.cycle(waiting))
    clock.advance(timedelta(hours=1, seconds=30))
    with engine.read() as reader:
        assert HealthRow(timers_late=30, mail_late=0) == health(reader)
