"""What a coordinator has to look at first."""

from datetime import date, timedelta

import pytest

from engine.clock import FrozenClock
from engine.commands.cases import SuspendCase
from engine.commands.extensions import RequestExtension
from engine.errors import Fault
from engine.queries.attention import MOST, AttentionGroup, AttentionRow, attention
from tests.drawn import TWO, answered, choice, flows, person_task, process
from tests.town import Town

COORDINATOR = "coordinator.office"


def groups(town: Town, who: str = COORDINATOR) -> dict[str, AttentionGroup]:
    """Return what somebody has to look at, by reason."""
    with town.engine.read() as reader:
        return {group.reason: group for group in attention(reader, town.actor(who))}


def only(town: Town, reason: str) -> AttentionRow:
    """Return the only line, which is there for this reason."""
    (group,) = groups(town).values()
    (row,) = group.rows
    assert reason == row.reason == group.reason
    return row


@pytest.fixture
def cycle(town: Town) -> int:
    """Return a cycle of two tasks."""
    return town.cycle(TWO)


def test_nothing_is_there_while_all_is_well(town: Town, cycle: int) -> None:
    """A deadline far ahead is no reason."""
    town.case(cycle)
    assert {} == groups(town)


def test_the_latest_case_stands_first(town: Town, cycle: int, clock: FrozenClock) -> None:
    """With whose move it is and since when; a second overdue task is counted."""
    late = town.case(cycle)
    clock.advance(timedelta(days=2))
    town.case(cycle, "second")
    clock.advance(timedelta(days=20))
    first, second = groups(town)["late"].rows
    assert (late, "school", "Задача first", "заместитель директора по УВР") == (
        first.case_id,
        first.organisation,
        first.title,
        first.who,
    )
    assert [first.due_at, second.due_at] == sorted(r.due_at for r in (second, first) if r.due_at)


def test_a_case_stands_there_once(town: Town, clock: FrozenClock) -> None:
    """However many of its tasks are overdue."""
    both = (person_task("first"), person_task("other"), '<parallelGateway id="fork"/>')
    bundle = process(
        "both", *both, flows("start", "fork", "first", "end"), flows("fork", "other", "end")
    )
    town.case(town.cycle(bundle))
    clock.advance(timedelta(days=30))
    assert 1 == only(town, "late").more


def test_a_task_that_nobody_has_taken_is_told_shortly_before_its_deadline(
    town: Town, cycle: int, clock: FrozenClock
) -> None:
    """Once somebody holds it, it is his."""
    case = town.case(cycle)
    clock.advance(timedelta(days=5))
    assert "Задача first" == only(town, "idle").title
    town.claim(case, "first", "deputy.school")
    assert {} == groups(town)


def test_a_request_for_a_later_deadline_waits_for_an_answer(town: Town, cycle: int) -> None:
    """Who asks, for which day, and why."""
    case = town.case(cycle)
    task = town.claim(case, "first", "deputy.school")
    town.do(RequestExtension(task, date(2026, 12, 20), "Болезнь"), "deputy.school")
    row = only(town, "request")
    assert ("Некто deputy.school", "Болезнь", task) == (row.who, row.words, row.task_id)
    assert row.asked_at is not None
    assert row.due_at is not None
    assert row.due_at < row.asked_at


def test_an_incident_stands_before_all(town: Town) -> None:
    """The case does not go on by itself."""
    bundle = process(
        "broken",
        person_task("first"),
        choice("way", "end", first="missing_name"),
        flows("start", "first", "way"),
    )
    case = town.case(town.cycle(bundle))
    with pytest.raises(Fault):
        town.finish(case, "first", **answered())
    assert "missing_name" in only(town, "incident").words


def test_a_case_that_stands_still_is_late_for_nothing(
    town: Town, cycle: int, clock: FrozenClock
) -> None:
    """Somebody has decided that it waits."""
    town.do(SuspendCase(town.case(cycle), "Карантин"), COORDINATOR)
    clock.advance(timedelta(days=30))
    assert {} == groups(town)


def test_what_has_no_room_is_counted(town: Town, cycle: int, clock: FrozenClock) -> None:
    """The block stays short; the list has the rest."""
    for number in range(MOST + 2):
        town.settle(f"school {number}", "school", "office", "Asia/Yekaterinburg")
        town.case(cycle, f"school {number}")
    clock.advance(timedelta(days=30))
    group = groups(town)["late"]
    assert (MOST, 2) == (len(group.rows), group.more)


@pytest.mark.parametrize(
    "who",
    ["deputy.school", "director.school", "coordinator.far_office", "teacher.school", "expert1"],
)
def test_only_who_steers_is_told(town: Town, cycle: int, clock: FrozenClock, who: str) -> None:
    """Others see their own work on their own list."""
    town.case(cycle)
    clock.advance(timedelta(days=30))
    assert {} == groups(town, who)
    assert {"late"} == set(groups(town, "head.office"))
