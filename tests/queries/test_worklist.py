"""The list of one's tasks."""

from datetime import date, timedelta

import pytest

from engine.clock import FrozenClock
from engine.commands.cases import SuspendCase
from engine.commands.tasks import ClaimTask, MoveDeadline
from engine.queries.worklist import Cursor, Page, WorklistRow, counts, worklist
from tests.drawn import flows, parallel, person_task, process
from tests.town import Town

MANY = process(
    "many",
    parallel("split"),
    *(person_task(f"t{n}", due=f"in_days({20 - n})", stage="1") for n in range(8)),
    person_task("other", role="director"),
    *(flows("split", f"t{n}", "end") for n in range(8)),
    flows("start", "split", "other", "end"),
    extensions='<tsikl:stage id="1" name="Подготовка"/>',
)


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with eight tasks of the deputy, the last drawn due first."""
    return town.case(town.cycle(MANY))


def page(
    town: Town,
    who: str,
    *,
    mine: bool | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[WorklistRow]:
    """Return a page of somebody's list."""
    actor = town.actor(who)
    with town.engine.read() as reader:
        return worklist(reader, actor, mine=mine, after=after, limit=limit)


def elements(found: Page[WorklistRow]) -> list[str]:
    """Return the elements on a page."""
    return [row.element for row in found.rows]


def test_the_earliest_deadline_stands_first(town: Town, case: int) -> None:
    """All that the role of the school may take, in the order of the deadlines."""
    found = page(town, "deputy.school")
    assert [row.due_at for row in found.rows] == sorted(row.due_at for row in found.rows)
    assert {f"t{n}" for n in range(8)} == set(elements(found))
    assert "t7" == elements(found)[0]
    assert found.next is None


def test_a_row_says_what_whose_and_until_when(town: Town, case: int) -> None:
    """Title, stage and role in words, the school, the local day."""
    row = page(town, "deputy.school").rows[0]
    assert (
        "Задача t7",
        "Подготовка",
        "заместитель директора по УВР",
        "school",
        "Цикл many",
        date(2026, 12, 8),
        False,
        False,
    ) == (
        row.title,
        row.stage,
        row.role_name,
        row.organisation,
        row.cycle,
        row.due_on,
        row.overdue,
        row.mine,
    )


def test_what_one_holds_and_what_one_may_take(town: Town, case: int) -> None:
    """Claimed tasks are the claimer's alone; the others see them no more."""
    town.claim(case, "t3", "deputy.school")
    assert ["t3"] == elements(page(town, "deputy.school", mine=True))
    assert 7 == len(page(town, "deputy.school", mine=False).rows)
    assert 8 == len(page(town, "deputy.school").rows)
    assert "t3" not in elements(page(town, "deputy2.school"))
    assert [True] == [row.mine for row in page(town, "deputy.school", mine=True).rows]


@pytest.mark.parametrize(
    "who", ["teacher.school", "deputy.second", "coordinator.office", "expert1"]
)
def test_strangers_see_nothing(town: Town, case: int, who: str) -> None:
    """Neither other roles, nor other schools, nor those above."""
    assert Page((), None) == page(town, who)
    assert Page((), None) == page(town, who, mine=False)


def test_pages_join_without_a_gap(town: Town, case: int) -> None:
    """Page after page, each row once, also when a task is moved or done in between."""
    for n in range(4):
        town.do(MoveDeadline(town.task(case, f"t{n}"), date(2026, 12, 24), "Вместе"))
    seen: list[str] = []
    after = None
    while True:
        found = page(town, "deputy.school", after=after, limit=3)
        seen += elements(found)
        if found.next is None:
            break
        after = Cursor.read(str(found.next))
        assert after == found.next
    assert 8 == len(seen)
    assert {f"t{n}" for n in range(8)} == set(seen)


def test_a_page_that_is_just_full_is_the_last(town: Town, case: int) -> None:
    """No link leads to an empty page."""
    assert page(town, "deputy.school", limit=8).next is None
    assert page(town, "deputy.school", limit=7).next is not None


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.", ".1", "-1.1", "1.x", "9" * 50 + ".1", "9" * 38 + ".1"]
)
def test_a_cursor_that_nobody_wrote_begins_anew(text: str) -> None:
    """Whatever stands in a link, the list is shown."""
    assert Cursor.read(text) is None


def test_overdue_is_by_the_day_of_the_school(town: Town, case: int, clock: FrozenClock) -> None:
    """At the end of the due day at the school a task is not overdue; a second later it is."""
    due_at = page(town, "deputy.school").rows[0].due_at
    clock.move_to(due_at)
    assert not page(town, "deputy.school").rows[0].overdue
    clock.advance(timedelta(seconds=1))
    assert page(town, "deputy.school").rows[0].overdue


def test_a_suspended_case_is_marked(town: Town, case: int) -> None:
    """Its tasks stay in the list, and the list says that they must wait."""
    town.do(SuspendCase(case, "Карантин"))
    assert {True} == {row.suspended for row in page(town, "deputy.school").rows}


def test_counts_are_of_both_kinds(town: Town, case: int) -> None:
    """What one holds, and what one may take."""
    town.do(ClaimTask(town.task(case, "t1")), "deputy.school")
    with town.engine.read() as reader:
        assert (1, 7) == counts(reader, town.actor("deputy.school"))
        assert (0, 7) == counts(reader, town.actor("deputy2.school"))
        assert (0, 0) == counts(reader, town.actor("teacher.school"))
        assert (0, 0) == counts(reader, town.actor("expert1"))
