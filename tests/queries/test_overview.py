"""The worklist at a glance: segments, groups, filters, what is done and what is put aside."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.delegations import DelegateTask
from engine.commands.priorities import SetPriority
from engine.commands.snoozes import SnoozeTask
from engine.commands.tasks import ClaimTask, CompleteTask, MoveDeadline
from engine.errors import NotFound
from engine.model.tasks import HIGH, Task
from engine.queries import overview as module
from engine.queries.narrowing import Offer, TaskFilters
from engine.queries.overview import Overview, overview
from engine.queries.workers import workers
from engine.queries.worklist import Cursor, given_away, worklist_row
from tests.drawn import answered, flows, parallel, person_task, process
from tests.town import Town

DEPUTY = "deputy.school"
MANY = process(
    "many",
    parallel("split"),
    *(person_task(f"t{n}", due=f"in_days({2 * n})", stage=str(1 + n % 2)) for n in range(8)),
    *(flows("split", f"t{n}", "end") for n in range(8)),
    flows("start", "split"),
    extensions='<tsikl:stage id="1" name="Подготовка"/><tsikl:stage id="2" name="Экспертиза"/>',
)


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with eight tasks of the deputy, due every other day from today on."""
    return town.case(town.cycle(MANY))


def seen(town: Town, who: str = DEPUTY, *args: Any) -> Overview:
    """Return somebody's list."""
    actor = town.actor(who)
    with town.engine.read() as reader:
        return overview(reader, actor, *args)


def elements(found: Overview) -> list[str]:
    """Return the elements on the page."""
    return [row.element for row in found.page.rows]


def test_groups_and_segments_are_counted(town: Town, case: int, clock: FrozenClock) -> None:
    """By the calendar of the school, each segment by itself."""
    town.claim(case, "t0", DEPUTY)
    town.claim(case, "t1", DEPUTY)
    clock.advance(timedelta(days=1))
    numbers = seen(town).numbers
    assert (8, 2, 6, 0) == (numbers.all, numbers.mine, numbers.free, numbers.done)
    # Thursday: Wednesday's is late, Friday's is of this week, and Sunday's has moved to Monday.
    assert {"late": 1, "week": 1, "later": 6} == numbers.groups
    mine, free = seen(town, DEPUTY, "mine"), seen(town, DEPUTY, "free")
    assert ({"late": 1, "week": 1}, ["t0", "t1"]) == (mine.numbers.groups, elements(mine))
    assert ({"later": 6}, 6) == (free.numbers.groups, len(free.page.rows))
    assert 8 == mine.numbers.all == free.numbers.all


def test_counts_are_true_beyond_the_page(
    town: Town, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of three shows eight; where counting stops it says that there are more."""
    monkeypatch.setattr(module, "PAGE", 3)
    town.claim(case, "t0", DEPUTY)
    found = seen(town)
    assert (3, {"today": 1, "week": 1, "later": 6}) == (
        len(found.page.rows),
        found.numbers.groups,
    )
    assert found.offer is None
    second = seen(town, DEPUTY, "all", None, found.page.next)
    assert found.numbers == second.numbers
    assert ["t3", "t4", "t5"] == elements(second)
    monkeypatch.setattr(module, "COUNTED", 5)
    numbers = seen(town).numbers
    assert (True, 1, 7, 5) == (
        numbers.more,
        numbers.mine,
        numbers.free,
        sum(numbers.groups.values()),
    )


def test_what_is_put_aside_is_counted_apart(town: Town, case: int) -> None:
    """In no segment and in no group."""
    for name in ("t4", "t5"):
        town.do(SnoozeTask(town.task(case, name), date(2026, 11, 28)), DEPUTY)
    found = seen(town)
    assert (6, ["t4", "t5"]) == (found.numbers.all, [row.element for row in found.aside])
    assert {row.until.day for row in found.aside if row.until} == {27}
    assert not {"t4", "t5"} & set(elements(found))
    assert 6 == seen(town, DEPUTY, "mine").numbers.all == seen(town, DEPUTY, "done").numbers.all


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (TaskFilters("ЗАДАЧА t3"), {"t3"}),
        (TaskFilters("цикл MANY t7 School"), {"t7"}),
        (TaskFilters("задача протокол"), set()),
        (TaskFilters("%"), set()),
        (TaskFilters(stage="Экспертиза"), {"t1", "t3", "t5", "t7"}),
        (TaskFilters(stage="Экспертиза", words="t1"), {"t1"}),
        (TaskFilters(priority=HIGH), {"t6"}),
        (TaskFilters(late=True), {"t0"}),
        (TaskFilters(cycle_id=999), set()),
        (TaskFilters(organisation_id=999), set()),
    ],
)
def test_the_list_is_narrowed(
    town: Town, case: int, clock: FrozenClock, filters: TaskFilters, expected: set[str]
) -> None:
    """By words in any case, stage, priority, lateness, cycle and school; numbers follow."""
    town.engine.do(SetPriority(town.task(case, "t6"), HIGH), town.actor("coordinator.office"))
    clock.advance(timedelta(days=1))
    found = seen(town, DEPUTY, "all", filters)
    assert expected == set(elements(found))
    assert len(expected) == found.numbers.all == sum(found.numbers.groups.values())


def test_what_there_is_to_choose(town: Town, case: int) -> None:
    """Schools, cycles and stages of one's own tasks, and of nobody else's."""
    town.case(town.value(select(Task.case_id)) and 1, "second")
    offer = seen(town).offer
    assert offer is not None
    assert [(town.organisations["school"], "school")] == list(offer.organisations)
    assert [(1, "Цикл many")] == list(offer.cycles)
    assert ("Подготовка", "Экспертиза") == offer.stages
    assert offer.any
    assert Offer([], []) == seen(town, "director.school").offer
    assert offer == seen(town, DEPUTY, "all", TaskFilters("t1")).offer
    with town.engine.read() as reader:
        looked = overview(reader, town.actor(DEPUTY), "mine", choosing=True)
    assert (offer, []) == (looked.offer, elements(looked))


def test_a_search_has_pages(town: Town, case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each hit on exactly one."""
    monkeypatch.setattr(module, "PAGE", 3)
    shown: list[str] = []
    after: Cursor | None = None
    for _ in range(3):
        found = seen(town, DEPUTY, "free", TaskFilters("задача"), after)
        shown += elements(found)
        after = found.page.next
    assert (None, [f"t{n}" for n in range(8)]) == (after, shown)


def test_what_one_has_done_stands_newest_first(
    town: Town, case: int, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only one's own, with pages, and searched like the rest."""
    for name in ("t5", "t2", "t7"):
        clock.advance(timedelta(minutes=5))
        town.do(CompleteTask(town.task(case, name), answered()), DEPUTY)
    town.do(CompleteTask(town.task(case, "t1"), answered()), "deputy2.school")
    found = seen(town, DEPUTY, "done")
    assert (3, ["t7", "t2", "t5"]) == (found.numbers.done, elements(found))
    assert ["t2"] == elements(seen(town, DEPUTY, "done", TaskFilters("T2")))
    monkeypatch.setattr(module, "PAGE", 2)
    first = seen(town, DEPUTY, "done")
    assert ["t5"] == elements(seen(town, DEPUTY, "done", None, first.page.next))
    assert [] == elements(seen(town, "director.school", "done"))


def test_a_row_says_who_has_delegated_it(town: Town, case: int) -> None:
    """The owner's name stands in the row of the colleague, and the colleague's in his."""
    town.do(DelegateTask(town.task(case, "t0"), town.people["deputy2.school"]), DEPUTY)
    (row,) = seen(town, "deputy2.school", "mine").page.rows
    assert f"Некто {DEPUTY}" == row.owner
    with town.engine.read() as reader:
        assert () == given_away(reader, town.actor("deputy2.school"))
        (given,) = given_away(reader, town.actor(DEPUTY))
    assert ("t0", "Некто deputy2.school", False) == (given.element, given.holder, given.mine)


def test_one_row_is_for_who_has_it_in_his_list(town: Town, case: int) -> None:
    """Not for strangers, not for the deputy who was slower, not when it is done."""
    task = town.task(case, "t1")
    with town.engine.read() as reader:
        assert "t1" == worklist_row(reader, town.actor(DEPUTY), task).element
    for who in ("director.school", "deputy.second", "coordinator.office"):
        with town.engine.read() as reader, pytest.raises(NotFound):
            worklist_row(reader, town.actor(who), task)
    town.do(ClaimTask(task), "deputy2.school")
    with town.engine.read() as reader, pytest.raises(NotFound):
        worklist_row(reader, town.actor(DEPUTY), task)
    town.do(CompleteTask(task, answered()), "deputy2.school")
    with town.engine.read() as reader, pytest.raises(NotFound):
        worklist_row(reader, town.actor("deputy2.school"), task)


def test_who_could_do_the_tasks_instead(town: Town, case: int) -> None:
    """The people of the roles that one shares with them."""
    rows = seen(town).page.rows
    with town.engine.read() as reader:
        names = [one.name for one in workers(reader, town.actor(DEPUTY), rows)]
        assert ["Некто deputy.school", "Некто deputy2.school"] == names
        assert () == workers(reader, town.actor("director.school"), rows)
        foreign = [replace(row, place_id=town.organisations["second"]) for row in rows]
        assert () == workers(reader, town.actor(DEPUTY), foreign)


def test_a_moved_deadline_changes_the_group(town: Town, case: int) -> None:
    """The groups follow what a coordinator decides."""
    before = seen(town).numbers.groups["today"]
    town.do(MoveDeadline(town.task(case, "t7"), date(2026, 11, 25), "Срочно"), "coordinator.office")
    assert before + 1 == seen(town).numbers.groups["today"]
