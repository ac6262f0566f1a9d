"""What comes next for who has nothing to do."""

from collections.abc import Sequence
from datetime import date

from engine.commands.cases import SuspendCase
from engine.queries.prospects import ProspectRow, prospects
from tests.drawn import TWO, flows, person_task, process
from tests.timely import bundle, pause
from tests.town import Town

ROW = process(
    "row",
    person_task("first", role="deputy"),
    person_task("second", role="director"),
    person_task("third", role="coordinator", office="true"),
    flows("start", "first", "second", "third", "end"),
)


def ahead(town: Town, who: str) -> Sequence[ProspectRow]:
    """Return what comes next for somebody."""
    with town.engine.read() as reader:
        return prospects(reader, town.actor(who))


def test_it_tells_whose_move_it_is_and_which_will_be_ones_own(town: Town) -> None:
    """For the director the next work, for the coordinator that of the office after it."""
    town.case(town.cycle(ROW))
    (row,) = ahead(town, "director.school")
    assert ("school", "Задача first", "заместитель директора по УВР", "Задача second") == (
        row.organisation,
        row.title,
        row.who,
        row.mine,
    )
    assert row.due_at is not None
    (row,) = ahead(town, "coordinator.office")
    assert "Задача third" == row.mine
    (row,) = ahead(town, "administration.school")
    assert ("Задача first", "") == (row.title, row.mine)


def test_a_case_that_waits_says_until_when(town: Town) -> None:
    """The next timer, by the name of its element."""
    town.case(town.cycle(bundle("waiting", pause("nap", "PT48H"), flows("start", "nap", "end"))))
    (row,) = ahead(town, "deputy.school")
    assert "" == row.title
    assert row.waits_until is not None
    assert date(2026, 11, 27) == row.waits_until.date()


def test_strangers_and_standing_cases_tell_nothing(town: Town) -> None:
    """Another school, another town; and a suspended case has no next."""
    case = town.case(town.cycle(TWO))
    for who in ("deputy.second", "coordinator.far_office", "teacher.school", "expert1"):
        assert () == tuple(ahead(town, who))
    town.do(SuspendCase(case, "Карантин"))
    assert () == tuple(ahead(town, "director.school"))
