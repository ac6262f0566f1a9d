"""Reminders and escalations: to the right people, by day, once, and never of finished work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.cases import CancelCase, ResumeCase, SuspendCase
from engine.commands.handovers import MoveDeadline
from engine.commands.people import GrantRole
from engine.commands.reminders import RaiseReminders
from engine.commands.tasks import CompleteTask
from engine.errors import Forbidden
from engine.model.panels import PanelMember
from engine.model.records import JournalEntry, Notice, Outgoing
from engine.model.tasks import Task
from engine.rules.access import SYSTEM, Role
from engine.rules.reminders import polite
from engine.scheduler import tick
from tests.timely import bundle, flows, one_task, work
from tests.town import Town

DAY = timedelta(days=1)
DUE = date(2026, 12, 9)
"""Ten working days after the Wednesday on which the tests begin."""


def morning(day: int, month: int = 12, hour: int = 8) -> datetime:
    """Return an hour of a day in Yekaterinburg, five hours before UTC."""
    return datetime(2026, month, day, hour - 5, tzinfo=UTC)


def told(town: Town) -> list[tuple[str, str]]:
    """Return what was told to whom, in order: kind of notice and person."""
    names = {key: who for who, key in town.people.items()}
    rows = town.rows(select(Notice.kind, Notice.person_id).order_by(Notice.id))
    return [(row.kind, names[row.person_id]) for row in rows]


def sentences(town: Town, who: str) -> list[str]:
    """Return the sentences that a person was told, in order."""
    found = select(Notice.sentence).where(Notice.person_id == town.people[who])
    return [row.sentence for row in town.rows(found.order_by(Notice.id))]


def letters(town: Town) -> list[Any]:
    """Return the letters about delay, in order."""
    found = select(*Outgoing.__table__.columns).where(Outgoing.dedup_key.like("overdue:%"))
    return town.rows(found.order_by(Outgoing.id))


def walk(
    town: Town, clock: FrozenClock, until: datetime, by: timedelta = timedelta(hours=1)
) -> None:
    """Let the scheduler tick while time goes on."""
    while clock.now() < until:
        clock.advance(by)
        tick(town.engine)


@pytest.fixture
def case(town: Town) -> int:
    """Return a case with one task of the deputies, due on 9 December."""
    return town.case(town.cycle(one_task()))


@pytest.fixture
def held(town: Town, case: int) -> int:
    """Return the task, held by one of the two deputies."""
    return town.claim(case, "a", "deputy.school")


def test_who_holds_a_task_is_reminded(town: Town, clock: FrozenClock, held: int) -> None:
    """A week, three days and one day before, and on the day; nobody else hears of it."""
    walk(town, clock, morning(9, hour=20))
    assert [("reminder", "deputy.school")] * 4 == told(town)
    assert [
        "До срока задачи «a» (school) осталось 5 рабочих дней: 9 декабря. Ход за вами.",
        "До срока задачи «a» (school) осталось 3 рабочих дня: 9 декабря. Ход за вами.",
        "До срока задачи «a» (school) остался 1 рабочий день: 9 декабря. Ход за вами.",
        "Сегодня срок задачи «a» (school). Ход за вами.",
    ] == sentences(town, "deputy.school")


def test_a_task_that_nobody_takes_is_told_to_all_who_could(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """After two working days to both deputies; after five to the coordinator as well."""
    walk(town, clock, morning(27, 11, 9))
    assert [("unclaimed", "deputy.school"), ("unclaimed", "deputy2.school")] == told(town)
    walk(town, clock, morning(2, 12, 9))
    assert ("idle", "coordinator.office") == told(town)[-1]
    assert 5 == len(told(town))


def test_a_task_that_is_held_is_not_called_unclaimed(
    town: Town, clock: FrozenClock, held: int
) -> None:
    """The rungs for a task without a holder are passed over."""
    walk(town, clock, morning(1))
    assert [] == told(town)


def test_delay_is_told_step_by_step(town: Town, clock: FrozenClock, held: int) -> None:
    """First to the coordinator, then to the director, then weekly to all of them."""
    walk(town, clock, morning(9, hour=20))
    before = len(told(town))
    walk(town, clock, morning(10, hour=9))
    first = [("overdue", "deputy.school"), ("escalation", "coordinator.office")]
    assert first == told(town)[before:]
    walk(town, clock, morning(14, hour=9))
    second = [*first, ("escalation", "director.school")]
    assert first + second == told(town)[before:]
    walk(town, clock, morning(21, hour=9))
    assert first + second + second == told(town)[before:]
    assert "ждёт уже 3 рабочих дня" in sentences(town, "director.school")[0]
    assert "Ход за: Некто deputy.school." in sentences(town, "director.school")[0]


def test_the_delay_of_a_director_is_told_to_the_head(town: Town, clock: FrozenClock) -> None:
    """Nobody is told of his own delay by escalation."""
    town.case(town.cycle(one_task(role="director")))
    walk(town, clock, morning(14, hour=9))
    assert ("escalation", "head.office") in told(town)
    assert ("escalation", "director.school") not in told(town)


def test_the_delay_of_an_expert_is_told_to_the_lead(town: Town, clock: FrozenClock) -> None:
    """The lead of the panel comes before the coordinator."""
    expert, lead = town.people["expert1"], town.people["expert2"]
    diagram = one_task(role="expert", performer="who")
    case = town.case(town.cycle(diagram), who=expert)
    with town.engine.unit(SYSTEM) as unit:
        for person, leads in ((expert, False), (lead, True)):
            member = {"case_id": case, "person_id": person, "kind": "public", "state": "member"}
            unit.insert(
                PanelMember, {**member, "competence": "school", "is_lead": leads, "since": unit.now}
            )
    walk(town, clock, morning(10, hour=9))
    assert ("escalation", "expert2") in told(town)
    assert ("escalation", "coordinator.office") not in told(town)


def test_who_is_coordinator_as_well_is_told_once(town: Town, clock: FrozenClock, held: int) -> None:
    """As the performer, since the move is his; another coordinator is told as such."""
    person = town.people["deputy.school"]
    town.do(GrantRole(person, town.organisations["office"], Role.COORDINATOR))
    walk(town, clock, morning(10, hour=9))
    last = town.rows(select(Notice.kind, Notice.person_id).order_by(Notice.id))[-2:]
    assert [("overdue", person), ("escalation", town.people["coordinator.office"])] == last


def test_the_first_delay_goes_by_letter_at_once(town: Town, clock: FrozenClock, held: int) -> None:
    """To the performer only, with the direct link, once; the notice is not in the digest then."""
    walk(town, clock, morning(21, hour=9))
    (letter,) = letters(town)
    assert town.people["deputy.school"] == letter.person_id
    assert morning(10) <= letter.created_at < morning(10, hour=9)
    assert f"/tasks/{held}" in letter.body
    assert "9 декабря" in letter.subject
    digests = select(Outgoing.body).where(
        Outgoing.dedup_key.like(f"digest:{letter.person_id}:2026-12-10")
    )
    assert [] == town.rows(digests)


def test_many_delays_of_one_morning_are_one_letter(town: Town, clock: FrozenClock) -> None:
    """Nobody gets a burst: three tasks late on one day are named in one letter."""
    diagram = bundle(
        "three",
        '<parallelGateway id="g"/>',
        *(work(name) for name in "abc"),
        flows("start", "g"),
        *(flows("g", name, "end") for name in "abc"),
    )
    case = town.case(town.cycle(diagram))
    for name in "abc":
        town.claim(case, name, "deputy.school")
    walk(town, clock, morning(10, hour=9))
    (letter,) = letters(town)
    assert all(f"«{name}»" in letter.body for name in "abc")


def test_a_finished_task_reminds_nobody(
    town: Town, clock: FrozenClock, case: int, held: int
) -> None:
    """Completing it disarms it, the row says so, and nothing follows."""
    walk(town, clock, morning(4, hour=9))
    before = told(town)
    town.do(CompleteTask(held, {}), "deputy.school")
    assert town.value(select(Task.remind_at).where(Task.id == held)) is None
    walk(town, clock, morning(21, hour=9))
    assert before == told(town)
    assert [] == letters(town)


def test_a_cancelled_case_reminds_nobody(town: Town, clock: FrozenClock, case: int) -> None:
    """Its tasks are closed and disarmed with it; who could do them hears nothing more."""
    town.do(CancelCase(case, "приказ"), "director.school")
    walk(town, clock, morning(21, hour=9), DAY)
    assert [] == told(town)


def test_a_suspended_case_reminds_nobody_until_it_goes_on(
    town: Town, clock: FrozenClock, case: int, held: int
) -> None:
    """What was missed meanwhile is given as one step, the latest."""
    town.do(SuspendCase(case, "карантин"), "coordinator.office")
    walk(town, clock, morning(8, hour=12))
    assert [] == told(town)
    town.do(ResumeCase(case), "coordinator.office")
    walk(town, clock, morning(9, hour=12))
    assert [("reminder", "deputy.school")] == told(town)
    assert "Сегодня срок" in sentences(town, "deputy.school")[0]


def test_a_moved_deadline_moves_the_ladder(town: Town, clock: FrozenClock, held: int) -> None:
    """After delay was told, a new date starts over: the same rungs may be given for it."""
    walk(town, clock, morning(10, hour=9))
    town.do(MoveDeadline(held, date(2026, 12, 18), "болезнь"), "coordinator.office")
    before = len(told(town))
    walk(town, clock, morning(18, hour=9))
    assert [("reminder", "deputy.school")] * 4 == told(town)[before:]
    walk(town, clock, morning(21, hour=9))
    assert ("escalation", "coordinator.office") == told(town)[-1]
    assert 2 == len(letters(town))


def test_nobody_is_told_anything_at_night_or_on_a_day_off(
    town: Town, clock: FrozenClock, case: int
) -> None:
    """Whenever the scheduler ticks, every notice falls into the hours of a working day."""
    walk(town, clock, datetime(2027, 1, 20, tzinfo=UTC), timedelta(hours=7))
    moments = [row.at for row in town.rows(select(Notice.at))]
    assert 20 < len(moments)
    assert moments == [polite(at, "Asia/Yekaterinburg") for at in moments]


def test_a_standstill_of_weeks_gives_one_step(town: Town, clock: FrozenClock, held: int) -> None:
    """Started again after a month, each person is told once, the gravest rung."""
    clock.move_to(datetime(2027, 1, 13, 6, 0, tzinfo=UTC))
    tick(town.engine)
    assert [
        ("overdue", "deputy.school"),
        ("escalation", "coordinator.office"),
        ("escalation", "director.school"),
    ] == told(town)
    assert 1 == len(letters(town))


def test_a_start_at_night_waits_for_the_morning(town: Town, clock: FrozenClock, held: int) -> None:
    """What was missed is not made up at eleven in the evening, and it is not lost."""
    clock.move_to(morning(11, hour=23))
    assert 1 == tick(town.engine).reminders
    assert [] == told(town)
    walk(town, clock, morning(14, hour=7))
    assert [] == told(town)
    walk(town, clock, morning(14, hour=8))
    assert ("escalation", "director.school") == told(town)[-1]


def test_a_clock_that_goes_back_repeats_nothing(town: Town, clock: FrozenClock, held: int) -> None:
    """A step once given stays given; the next one comes at its own moment."""
    walk(town, clock, morning(4, hour=9))
    before = told(town)
    clock.move_to(morning(1))
    walk(town, clock, morning(7, hour=20))
    assert before == told(town)
    walk(town, clock, morning(8, hour=9))
    assert len(before) + 1 == len(told(town))


def test_escalation_stands_in_the_journal(town: Town, clock: FrozenClock, held: int) -> None:
    """The timeline of the case says that delay was told, and to whom."""
    walk(town, clock, morning(14, hour=9))
    found = select(JournalEntry.data).where(JournalEntry.event == "DelayTold")
    assert [
        {"to": "исполнителю, координатору"},
        {"to": "исполнителю, координатору, руководителю"},
    ] == [row.data for row in town.rows(found.order_by(JournalEntry.seq))]


def test_reminding_changes_nothing_in_the_case(town: Town, clock: FrozenClock, held: int) -> None:
    """Escalation tells people; the task keeps its holder, its deadline and its state."""
    columns = (Task.assignee_id, Task.due_at, Task.state)
    before = town.rows(select(*columns))
    walk(town, clock, morning(21, hour=9))
    assert before == town.rows(select(*columns))


def test_reminders_go_in_batches(town: Town, clock: FrozenClock) -> None:
    """A pass takes one batch; the next pass takes the rest."""
    cycle = town.cycle(one_task())
    for place in ("school", "second"):
        town.case(cycle, place)
    clock.move_to(morning(27, 11))
    assert 1 == town.do(RaiseReminders(batch=1))
    assert 1 == town.do(RaiseReminders(batch=1))
    assert 0 == town.do(RaiseReminders(batch=1))
    assert 3 == len(told(town))


def test_only_the_system_reminds(town: Town) -> None:
    """A person has no button that writes to everybody."""
    with pytest.raises(Forbidden):
        town.do(RaiseReminders(), "coordinator.office")
