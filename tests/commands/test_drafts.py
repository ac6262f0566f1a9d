"""Drafts: one per person and task, guarded against a second tab, handed on with the task."""

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.drafts import Saved
from engine.commands.handovers import ReassignTask
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.errors import DraftElsewhere, NotOpen, TaskDoneByOther
from engine.model.tasks import Draft
from engine.queries.drafts import DraftRow
from engine.queries.tasks import task_page
from tests.drawn import TWO, answered, flows, panel, person_task, process
from tests.seen import drafts
from tests.town import Town

ME, OTHER = "deputy.school", "deputy2.school"


@pytest.fixture
def task(town: Town) -> int:
    """Return a task that the two deputy directors of a school may do."""
    return town.task(town.case(town.cycle(TWO)), "first")


def save(
    town: Town, task: int, note: str, over: int | None = None, tab: str = "", who: str = ME
) -> Saved:
    """Save a draft of one line."""
    saved = town.do(SaveDraft(task, {"note": note}, over, tab), who)
    assert isinstance(saved, Saved)
    return saved


def shown(town: Town, task: int, who: str) -> DraftRow | None:
    """Return the draft that the page of a task shows to somebody."""
    with town.engine.read() as reader:
        return task_page(reader, town.actor(who), task).draft


# two tabs ---------------------------------------------------------------------------------------


def test_each_saving_is_a_version(town: Town, task: int) -> None:
    """The next one is typed over it."""
    first = save(town, task, "а", 0, "x")
    assert (1, 2) == (first.version, save(town, task, "б", first.version, "y").version)


def test_a_second_tab_does_not_write_over_the_first(
    town: Town, clock: FrozenClock, task: int
) -> None:
    """It is told since when another text stands, and that stays."""
    save(town, task, "а", 0, "x")
    with pytest.raises(DraftElsewhere, match=r"25\.11\.2026 в 11:00"):
        save(town, task, "б", 0, "y")
    assert [{"note": "а"}] == [draft[2] for draft in drafts(town)]


def test_one_may_insist(town: Town, task: int) -> None:
    """Whoever has seen that, and still wants his own, writes over it."""
    save(town, task, "а", 0, "x")
    assert 2 == save(town, task, "б", 1, "y").version


def test_a_tab_never_stands_in_its_own_way(town: Town, task: int) -> None:
    """The answer to a saving may get lost: the next one knows an old version, and is taken."""
    save(town, task, "а", 0, "x")
    save(town, task, "б", 0, "x")
    assert 3 == save(town, task, "в", 0, "x").version


def test_the_same_text_is_nobodys_loss(town: Town, task: int) -> None:
    """Two tabs that say the same do not disagree, and nothing is written."""
    save(town, task, "а", 0, "x")
    assert 1 == save(town, task, "а", 0, "y").version


def test_a_page_without_scripts_is_guarded_as_well(town: Town, task: int) -> None:
    """It has no tab to name."""
    save(town, task, "а", 0)
    with pytest.raises(DraftElsewhere):
        save(town, task, "б", 0)


# two people -------------------------------------------------------------------------------------


def test_who_types_into_a_taken_task_is_told(town: Town, task: int) -> None:
    """By whom and since when; his text is kept all the same."""
    town.do(ClaimTask(task), OTHER)
    saved = save(town, task, "а")
    assert (f"Некто {OTHER}", town.engine.now()) == (saved.holder, saved.since)
    assert DraftRow({"note": "а"}, town.engine.now(), 1) == shown(town, task, ME)


def test_who_comes_too_late_keeps_his_text(town: Town, task: int) -> None:
    """Somebody else has finished the task: the refusal says who, and the draft stays."""
    save(town, task, "а")
    town.do(CompleteTask(task, answered()), OTHER)
    with pytest.raises(TaskDoneByOther, match=f"Некто {OTHER}"):
        save(town, task, "а и б")
    assert [{"note": "а и б"}] == [draft[2] for draft in drafts(town)]
    left = shown(town, task, ME)
    assert left is not None
    assert {"note": "а и б"} == left.fields


def test_a_saving_that_overtakes_ones_own_sending_leaves_nothing(town: Town, task: int) -> None:
    """It comes after the task is done, by the same person: there is nothing to keep."""
    town.do(CompleteTask(task, answered()), ME)
    with pytest.raises(NotOpen):
        save(town, task, "поздно")
    assert [] == drafts(town)


# handed on --------------------------------------------------------------------------------------


def test_who_is_given_a_task_goes_on_with_what_was_begun(
    town: Town, clock: FrozenClock, task: int
) -> None:
    """He sees the text and whose it is; once he types, his own is shown."""
    save(town, task, "начато")
    town.do(ReassignTask(task, town.people[OTHER], "Отпуск"), "coordinator.office")
    begun = DraftRow({"note": "начато"}, town.engine.now(), by=f"Некто {ME}")
    assert begun == shown(town, task, OTHER)
    save(town, task, "дальше", 0, who=OTHER)
    assert DraftRow({"note": "дальше"}, town.engine.now(), 1) == shown(town, task, OTHER)


def test_who_only_watches_sees_no_drafts(town: Town, task: int) -> None:
    """What somebody types is nobody else's while he holds the task, nor the coordinator's."""
    save(town, task, "начато")
    assert (None, None) == tuple(shown(town, task, who) for who in (OTHER, "coordinator.office"))


def test_an_expert_begins_with_his_own_words(town: Town) -> None:
    """What another expert has thought of is not shown to who takes his place."""
    drawing = process(
        "panel",
        person_task("judge", role="expert", performer="who", inner=panel("experts", "who")),
        flows("start", "judge", "end"),
    )
    case = town.case(town.cycle(drawing), experts=[town.people["expert1"]])
    task = town.task(case, "judge")
    save(town, task, "мнение", who="expert1")
    town.do(ReassignTask(task, town.people["expert2"], "Болезнь"), "coordinator.office")
    assert shown(town, task, "expert2") is None
    assert [town.people["expert1"]] == [r.person_id for r in town.rows(select(Draft.person_id))]
