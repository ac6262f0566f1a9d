"""The list of cases, and the page of one."""

from datetime import timedelta

import pytest

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, SuspendCase
from engine.errors import Fault, NotFound
from engine.queries.case_page import CasePageRow, case_page
from engine.queries.cases import CaseFilters, CaseRow, cases, counts, every_case
from engine.rules.access import SYSTEM, Actor, Grant, Role
from tests.drawn import (
    TWO,
    answered,
    choice,
    end,
    flows,
    message_event,
    person_task,
    process,
)
from tests.timely import alarm
from tests.town import Town

EVERYTHING = CaseFilters()


@pytest.fixture
def cycle(town: Town) -> int:
    """Return a cycle."""
    return town.cycle(TWO)


def listed(town: Town, who: str | Actor, filters: CaseFilters = EVERYTHING) -> list[CaseRow]:
    """Return the list that somebody sees."""
    actor = town.actor(who) if isinstance(who, str) else who
    with town.engine.read() as reader:
        return list(cases(reader, actor, filters).rows)


def shown(town: Town, case: int, who: str | Actor) -> CasePageRow:
    """Return the page of a case as somebody sees it."""
    actor = town.actor(who) if isinstance(who, str) else who
    with town.engine.read() as reader:
        return case_page(reader, actor, case)


def lead(town: Town, case: int) -> Actor:
    """Return who leads the panel of a case and has no other role."""
    return Actor(town.people["expert1"], "Руководитель", (Grant(Role.LEAD, case_id=case),))


# the list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("coordinator.office", {"school", "second"}),
        ("deputy.school", {"school"}),
        ("secretary.second", {"second"}),
        ("coordinator.far_office", set()),
        ("teacher.school", set()),
        ("expert1", set()),
        ("administrator.office", set()),
    ],
)
def test_each_sees_the_cases_he_may_watch(town: Town, cycle: int, who: str, seen: set[str]) -> None:
    """One's own school; from above, the schools below; from elsewhere, nothing."""
    for place in ("school", "second"):
        town.case(cycle, place)
    assert seen == {row.organisation for row in listed(town, who)}


def test_the_system_and_the_lead_of_a_panel_see_theirs(town: Town, cycle: int) -> None:
    """All cases; the one case."""
    case = town.case(cycle)
    town.case(cycle, "second")
    assert 2 == len(listed(town, SYSTEM))
    assert [case] == [row.case_id for row in listed(town, lead(town, case))]


def test_an_organisation_is_not_taken_for_another_with_a_longer_number(
    town: Town, cycle: int
) -> None:
    """Whoever holds a role in organisation 1 sees nothing of organisation 11 or 21."""
    for number in range(8, 22):
        place = town.settle(f"school {number}", "school", "office", "Asia/Yekaterinburg")
        if place in (11, 12, 21, 13):
            town.case(cycle, f"school {number}")
    for held in (1, 2, 3):
        grants = (Grant(Role.DEPUTY, held),)
        seen = {row.organisation_id for row in listed(town, Actor(1, "Некто", grants))}
        expected = {11, 12, 13, 21} if held < 3 else set()
        assert expected == seen


def test_the_latest_stands_first(town: Town, cycle: int, clock: FrozenClock) -> None:
    """By the first deadline of the open tasks; what is over stands last."""
    over = town.case(cycle, "second")
    town.do(CancelCase(over, "Закрыто"))
    late = town.case(cycle, "school")
    clock.advance(timedelta(days=1))
    later = town.case(cycle, "second")
    assert [late, later, over] == [row.case_id for row in listed(town, SYSTEM)]


def test_a_row_says_whose_move_it_is(town: Town, cycle: int) -> None:
    """The open task, its holder or the role that may take it, and until when."""
    case = town.case(cycle)
    (row,) = listed(town, "coordinator.office")
    assert row.move is not None
    assert ("Подготовка", 1, 0, "заместитель директора по УВР") == (
        row.stage,
        row.open,
        row.overdue,
        row.move.who,
    )
    town.claim(case, "first", "deputy.school")
    (row,) = listed(town, "coordinator.office")
    assert row.move is not None
    assert "Некто deputy.school" == row.move.who


def test_a_finished_case_shows_its_outcome(town: Town, cycle: int) -> None:
    """In the words of the diagram; nobody has a move."""
    case = town.case(cycle)
    town.finish(case, "first", **answered())
    town.finish(case, "second", **answered())
    (row,) = listed(town, "coordinator.office")
    assert ("завершено", "Итог end", 0, None) == (
        row.status_name,
        row.outcome,
        row.open,
        row.move,
    )


def test_the_list_can_be_narrowed(town: Town, cycle: int, clock: FrozenClock) -> None:
    """By status, cycle, school, stage, and to what is late."""
    first, second = town.case(cycle), town.case(cycle, "second")
    town.finish(second, "first", **answered())
    town.do(SuspendCase(second, "Карантин"))
    clock.advance(timedelta(days=9))
    by = {
        CaseFilters(status="running"): [first],
        CaseFilters(status="suspended"): [second],
        CaseFilters(stage="2"): [second],
        CaseFilters(organisation_id=town.organisations["school"]): [first],
        CaseFilters(cycle_id=cycle): [first, second],
        CaseFilters(cycle_id=999): [],
        CaseFilters(late=True): [first, second],
        CaseFilters(late=True, status="running"): [first],
    }
    assert by == {f: sorted(row.case_id for row in listed(town, SYSTEM, f)) for f in by}


def test_a_long_list_is_read_page_by_page(town: Town, cycle: int, clock: FrozenClock) -> None:
    """Each case stands on one page, also where deadlines are the same or there are none."""
    over = town.case(cycle, "second")
    town.do(CancelCase(over, "Закрыто"))
    for number in (2, 10, 1):
        town.settle(f"school {number}", "school", "office", "Asia/Yekaterinburg")
        town.case(cycle, f"school {number}")
    clock.advance(timedelta(days=1))
    town.case(cycle)
    seen: list[list[str]] = []
    after = None
    with town.engine.read() as reader:
        while not seen or after:
            page = cases(reader, SYSTEM, after=after, limit=2)
            seen.append([row.organisation for row in page.rows])
            after = page.next
        assert [row for rows in seen for row in rows] == [
            row.organisation for row in every_case(reader, SYSTEM, EVERYTHING)
        ]
    assert [["school 1", "school 2"], ["school 10", "school"], ["second"]] == seen


def test_the_list_is_counted_by_stage(town: Town, cycle: int, clock: FrozenClock) -> None:
    """Those under way stand somewhere; a chosen stage hides no other; who sees less counts less."""
    town.finish(town.case(cycle), "first", **answered())
    over = town.case(cycle, "second")
    town.do(CancelCase(over, "Закрыто"))
    town.case(cycle, "second")
    clock.advance(timedelta(days=30))
    with town.engine.read() as reader:
        all_ = counts(reader, SYSTEM, EVERYTHING)
        one = counts(reader, SYSTEM, CaseFilters(stage="2"))
        mine = counts(reader, town.actor("director.school"), EVERYTHING)
        none = counts(reader, town.actor("teacher.school"), EVERYTHING)
    assert ((3, 2), (1, 1)) == ((all_.cases, all_.late), (one.cases, one.late))
    assert [("Подготовка", 1, 1), ("Решение", 1, 1)] == [
        (stand.name, stand.cases, stand.late) for stand in all_.stages
    ]
    assert all_.stages == one.stages
    assert [0, 1] == [stand.cases for stand in mine.stages]
    assert (0, 0, ()) == (none.cases, none.late, none.stages)


def test_a_number_is_found_by_its_value(town: Town, cycle: int) -> None:
    """1 does not find 12; words stand in any order, ё is as good as е."""
    for name in ("Школа № 1", "Школа № 12", "Зелёный лицей № 1"):
        town.settle(name, "school", "office", "Asia/Yekaterinburg")
        town.case(cycle, name)
    found = {
        words: {row.organisation for row in listed(town, SYSTEM, CaseFilters(words=words))}
        for words in ("1", "1 школа", "зеленый", "ЛИЦЕЙ", "№", "x" * 5000)
    }
    assert {
        "1": {"Школа № 1", "Зелёный лицей № 1"},
        "1 школа": {"Школа № 1"},
        "зеленый": {"Зелёный лицей № 1"},
        "ЛИЦЕЙ": {"Зелёный лицей № 1"},
        "№": {"Школа № 1", "Школа № 12", "Зелёный лицей № 1"},
        "x" * 5000: set(),
    } == found


# one case ---------------------------------------------------------------------------------------

RICH = process(
    "rich",
    person_task("first", stage="1"),
    alarm("late", "first", "P10D"),
    message_event("boundaryEvent", "off", "cancel", attachedToRef="first"),
    choice("way", "second", bad="missing_name"),
    end("bad"),
    person_task("second", role="director", stage="2"),
    flows("start", "first", "way"),
    flows("second", "end"),
    flows("late", "end"),
    flows("off", "end"),
    extensions='<tsikl:stage id="1" name="Подготовка"/><tsikl:stage id="2" name="Решение"/>'
    '<tsikl:stage id="3" name="Итоги"/>',
    roots='<message id="cancel" name="cancel"/>',
)


def test_a_case_says_what_happens_now(town: Town) -> None:
    """Open tasks, stages, where it stands, what it waits for and until when."""
    case = town.case(town.cycle(RICH))
    page = shown(town, case, "coordinator.office")
    assert ["Задача first"] == [move.title for move in page.moves]
    assert [("Подготовка", "current"), ("Решение", "ahead"), ("Итоги", "ahead")] == [
        (stage.name, stage.state) for stage in page.stages
    ]
    assert (["first"], ["cancel"], ["late"]) == (page.tokens, page.messages, list(page.alarms))
    assert case == page.variables["case_id"]
    assert town.engine.clock.now() + timedelta(days=10) == page.alarms["late"]


def test_stages_behind_are_done(town: Town, cycle: int) -> None:
    """The present one is current; of a finished case the last one is done as well."""
    case = town.case(cycle)
    town.finish(case, "first", **answered())
    assert ["done", "current"] == [s.state for s in shown(town, case, SYSTEM).stages]
    assert [(1, 1, 0), (0, 1, 1)] == [
        (s.finished, s.tasks, s.open) for s in shown(town, case, SYSTEM).stages
    ]
    town.finish(case, "second", **answered())
    assert ["done", "done"] == [s.state for s in shown(town, case, SYSTEM).stages]


def test_incidents_are_counted_until_they_are_resolved(town: Town) -> None:
    """The list and the page draw attention to them."""
    case = town.case(town.cycle(RICH))
    with pytest.raises(Fault):
        town.finish(case, "first", **answered())
    assert 1 == shown(town, case, SYSTEM).case.incidents
    assert [1] == [row.incidents for row in listed(town, SYSTEM)]


@pytest.mark.parametrize(
    ("who", "rights"),
    [
        ("deputy.school", "panel"),
        ("director.school", "cancel panel"),
        ("secretary.school", ""),
        ("coordinator.office", "steer panel"),
        ("head.office", "steer cancel"),
    ],
)
def test_a_page_offers_what_one_may(town: Town, cycle: int, who: str, rights: str) -> None:
    """Nothing is offered that would be forbidden."""
    page = shown(town, town.case(cycle), who)
    offers = {"steer": page.may_steer, "cancel": page.may_cancel, "panel": page.may_panel}
    assert rights == " ".join(name for name, offered in offers.items() if offered)


@pytest.mark.parametrize(
    "who", ["teacher.school", "deputy.second", "coordinator.far_office", "expert1"]
)
def test_strangers_find_nothing(town: Town, cycle: int, who: str) -> None:
    """A foreign number and one that never was look the same."""
    case = town.case(cycle)
    for number in (case, 999):
        with pytest.raises(NotFound):
            shown(town, number, who)


def test_the_lead_of_another_panel_finds_nothing(town: Town, cycle: int) -> None:
    """A seat on one panel opens one case."""
    case = town.case(cycle)
    assert shown(town, case, lead(town, case)).may_panel
    with pytest.raises(NotFound):
        shown(town, case, lead(town, case + 1))
