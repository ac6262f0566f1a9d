"""The page of one task: what it shows to whom."""

from datetime import date

import pytest

from engine.commands.cases import SuspendCase
from engine.commands.tasks import CompleteTask, MoveDeadline, SaveDraft
from engine.errors import NotFound
from engine.queries.tasks import TaskPageRow, task_page
from engine.rules.access import SYSTEM, Actor, Grant, Role
from tests.drawn import TWO, answered, flows, panel, person_task, process
from tests.town import Town


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


def shown(town: Town, task: int, who: str | Actor) -> TaskPageRow:
    """Return the page as somebody sees it."""
    actor = town.actor(who) if isinstance(who, str) else who
    with town.engine.read() as reader:
        return task_page(reader, actor, task)


def rights(row: TaskPageRow) -> str:
    """Return what the page offers, by first letters."""
    offers = {
        "claim": row.may_claim,
        "release": row.may_release,
        "complete": row.may_complete,
        "steer": row.may_steer,
    }
    return " ".join(name for name, offered in offers.items() if offered)


@pytest.mark.parametrize(
    ("who", "offers"),
    [
        ("deputy.school", "claim complete"),
        ("deputy2.school", "claim complete"),
        ("director.school", ""),
        ("coordinator.office", "steer"),
    ],
)
def test_a_free_task_offers_what_one_may(town: Town, case: int, who: str, offers: str) -> None:
    """Its role takes it, those above steer it, others only look."""
    assert offers == rights(shown(town, town.task(case, "first"), who))


@pytest.mark.parametrize(
    ("who", "offers"),
    [("deputy.school", "release complete"), ("deputy2.school", ""), ("head.office", "steer")],
)
def test_a_held_task_is_its_holders(town: Town, case: int, who: str, offers: str) -> None:
    """Whoever else may do such work sees who has it."""
    task = town.claim(case, "first", "deputy.school")
    row = shown(town, task, who)
    assert (offers, "Некто deputy.school") == (rights(row), row.holder)
    assert (who == "deputy.school") == row.mine


@pytest.mark.parametrize(
    "who", ["teacher.school", "deputy.second", "coordinator.far_office", "expert1"]
)
def test_strangers_find_nothing(town: Town, case: int, who: str) -> None:
    """A foreign number and one that never was look the same."""
    for task in (town.task(case, "first"), 999):
        with pytest.raises(NotFound):
            shown(town, task, who)


def test_an_open_task_shows_ones_own_draft(town: Town, case: int) -> None:
    """And nobody else's."""
    task = town.task(case, "first")
    town.do(SaveDraft(task, {"note": "Моё"}), "deputy.school")
    assert {"note": "Моё"} == shown(town, task, "deputy.school").fields
    assert {} == shown(town, task, "deputy2.school").fields


def test_a_finished_task_shows_what_was_sent_in(town: Town, case: int) -> None:
    """To who did it and to who may watch; with his name and the moment."""
    task = town.task(case, "first")
    town.do(CompleteTask(task, answered(score=5)), "deputy.school")
    for who in ("deputy.school", "director.school"):
        row = shown(town, task, who)
        assert ("done", 5, "Некто deputy.school") == (row.state, row.fields["score"], row.done_by)
        assert "" == rights(row)
    assert {} == shown(town, task, "director.school").names


def test_experts_judge_blindly(town: Town) -> None:
    """The lead of the panel reads no answer of another expert from his seat on the panel."""
    drawing = process(
        "panel",
        person_task("judge", role="expert", performer="who", inner=panel("experts", "who")),
        flows("start", "judge", "end"),
    )
    experts = [town.people["expert1"], town.people["expert2"]]
    case = town.case(town.cycle(drawing), experts=experts)
    task = town.open_tasks(case)[0].id
    town.do(CompleteTask(task, answered()), "expert1")
    lead = Actor(town.people["expert3"], "Руководитель", (Grant(Role.LEAD, case_id=case),))
    assert {} == shown(town, task, lead).fields
    assert "Сделано" == shown(town, task, "expert1").fields["note"]
    with pytest.raises(NotFound):
        shown(town, task, "expert2")


def test_an_open_task_knows_its_form_and_settings(town: Town, case: int) -> None:
    """What a page needs to draw the form."""
    row = shown(town, town.task(case, "first"), "deputy.school")
    assert row.form is not None
    assert ("answer", 5, case, "Подготовка") == (
        row.form.id,
        row.settings["term"],
        row.names["case_id"],
        row.stage,
    )


def test_moved_deadlines_are_told(town: Town, case: int) -> None:
    """From which day to which, why and who; the system has a name too."""
    task = town.task(case, "first")
    town.do(MoveDeadline(task, date(2026, 12, 24), "Актированные дни"), "coordinator.office")
    town.do(MoveDeadline(task, date(2026, 12, 25), "Ещё"), SYSTEM)
    first, second = shown(town, task, "deputy.school").deadlines
    assert (date(2026, 12, 2), date(2026, 12, 24), "Некто coordinator.office") == (
        first.before,
        first.after,
        first.who,
    )
    assert ("Ещё", "Цикл") == (second.reason, second.who)


def test_a_task_of_a_suspended_case_cannot_be_finished(town: Town, case: int) -> None:
    """The page does not offer what would be refused."""
    task = town.claim(case, "first", "deputy.school")
    town.do(SuspendCase(case, "Карантин"))
    row = shown(town, task, "deputy.school")
    assert ("suspended", "release") == (row.case_status, rights(row))
