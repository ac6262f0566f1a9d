"""Who is late: by person, by role, by organisation."""

from datetime import timedelta

import pytest

from engine.clock import FrozenClock
from engine.commands.cases import SuspendCase
from engine.errors import Forbidden
from engine.queries.cases import CaseFilters
from engine.queries.overdue import By, OverduePage, overdue
from tests.drawn import TWO
from tests.town import Town

COORDINATOR = "coordinator.office"


@pytest.fixture
def late(town: Town, clock: FrozenClock) -> list[int]:
    """Return two cases: of one the deputy has taken the task, of the other nobody; both late."""
    cycle = town.cycle(TWO)
    first = town.case(cycle)
    town.claim(first, "first", "deputy.school")
    clock.advance(timedelta(days=1))
    second = town.case(cycle, "second")
    clock.advance(timedelta(days=30))
    return [first, second]


def found(
    town: Town, by: By = "person", who: str = COORDINATOR, filters: CaseFilters | None = None
) -> OverduePage:
    """Return what somebody sees."""
    with town.engine.read() as reader:
        return overdue(reader, town.actor(who), by, filters)


def test_whoever_holds_a_late_task_stands_there_the_latest_first(
    town: Town, late: list[int]
) -> None:
    """What nobody holds is gathered by the role that may take it, in its organisation."""
    page = found(town)
    held, free = page.rows
    assert (2, 2) == (page.groups, page.tasks)
    assert (town.people["deputy.school"], "Некто deputy.school", 1, late[0]) == (
        held.person_id,
        held.who,
        held.tasks,
        held.case_id,
    )
    assert (0, "deputy", town.organisations["second"]) == (
        free.person_id,
        free.role,
        free.organisation_id,
    )
    assert held.due_at < free.due_at


def test_tasks_of_one_person_are_one_line(town: Town, late: list[int], clock: FrozenClock) -> None:
    """With their number, that of their cases, and the latest of them."""
    del late
    other = town.cycle(TWO, "town")
    task = town.claim(town.case(other), "first", "deputy.school")
    clock.advance(timedelta(days=30))
    held = found(town).rows[0]
    assert (2, 2) == (held.tasks, held.cases)
    assert task != held.task_id


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("role", [("заместитель директора по УВР", 2)]),
        ("organisation", [("school", 1), ("second", 1)]),
    ],
)
def test_they_are_gathered_otherwise(
    town: Town, late: list[int], by: By, names: list[tuple[str, int]]
) -> None:
    """By the role, whoever holds it; by the organisation whose work it is."""
    del late
    assert names == [(row.who, row.tasks) for row in found(town, by).rows]


def test_only_those_of_narrowed_cases(town: Town, late: list[int]) -> None:
    """The filters of the list hold here too."""
    del late
    page = found(town, filters=CaseFilters(words="second"))
    assert ["second"] == [row.school for row in page.rows]


def test_what_is_not_late_or_stands_still_is_not_there(town: Town, late: list[int]) -> None:
    """A suspended case is late for nothing."""
    town.do(SuspendCase(late[0], "Карантин"), COORDINATOR)
    assert ["second"] == [row.school for row in found(town).rows]
    town.do(SuspendCase(late[1], "Карантин"), COORDINATOR)
    assert OverduePage((), 0, 0) == found(town)


@pytest.mark.parametrize("who", ["deputy.school", "director.school", "teacher.school", "expert1"])
def test_who_steers_nothing_is_refused(town: Town, late: list[int], who: str) -> None:
    """Nobody counts the delays of his colleagues."""
    del late
    with pytest.raises(Forbidden):
        found(town, who=who)


def test_another_municipality_sees_its_own(town: Town, late: list[int]) -> None:
    """Which has none."""
    del late
    assert 0 == found(town, who="coordinator.far_office").tasks
