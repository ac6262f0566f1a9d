"""Who is told at once, and what does not happen to those who are not concerned."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.handovers import MoveDeadline, ReassignTask
from engine.commands.tasks import CompleteTask
from engine.errors import PersonUnfit
from engine.model.records import Notice, Outgoing
from tests.timely import bundle, flows, one_task, work
from tests.town import Town


@pytest.fixture
def given(town: Town) -> int:
    """Return a task given to an expert by name."""
    case = town.case(
        town.cycle(one_task(role="expert", performer="who")), who=town.people["expert1"]
    )
    return town.task(case, "a")


def notices(town: Town, who: str) -> list[Any]:
    """Return the notices of a person, in order."""
    found = select(*Notice.__table__.columns).where(Notice.person_id == town.people[who])
    return town.rows(found.order_by(Notice.id))


def letters(town: Town) -> list[Any]:
    """Return the letters of the outbox, in order."""
    return town.rows(select(*Outgoing.__table__.columns).order_by(Outgoing.id))


def test_who_is_given_a_task_by_name_is_told_at_once(town: Town, given: int) -> None:
    """A notice and a letter, in the transaction that opened the task."""
    (notice,) = notices(town, "expert1")
    assert ("assigned", given) == (notice.kind, notice.task_id)
    assert "Вам поручена задача «a» (school). Срок — 9 декабря." == notice.sentence
    (letter,) = letters(town)
    assert town.people["expert1"] == letter.person_id
    assert f"/tasks/{given}" in letter.body


def test_what_a_letter_has_said_is_not_in_the_digest(town: Town, given: int) -> None:
    """The notice counts as told."""
    assert isinstance(notices(town, "expert1")[0].digested_at, datetime)


def test_a_task_for_a_role_is_told_to_nobody_at_once(town: Town) -> None:
    """It stands in the worklists of the role and in their next digest."""
    town.case(town.cycle(one_task()))
    assert [] == town.rows(select(Notice.id))
    assert [] == letters(town)


def test_what_was_refused_is_told_to_nobody(town: Town, given: int) -> None:
    """Handing a task to somebody unfit leaves no notice and no letter."""
    before = len(town.rows(select(Notice.id))), len(letters(town))
    with pytest.raises(PersonUnfit):
        town.do(ReassignTask(given, town.people["teacher.school"], "x"), "coordinator.office")
    assert before == (len(town.rows(select(Notice.id))), len(letters(town)))


def test_the_new_holder_is_told_with_the_reason(town: Town, given: int) -> None:
    """Also by letter; the one before is not bothered."""
    town.do(ReassignTask(given, town.people["expert2"], "болезнь."), "coordinator.office")
    (notice,) = notices(town, "expert2")
    assert (
        "Вам передана задача «a» (school). Срок — 9 декабря. Причина: болезнь." == notice.sentence
    )
    assert town.people["expert2"] == letters(town)[-1].person_id
    assert 1 == len(notices(town, "expert1"))


def test_a_moved_deadline_is_told_to_the_holder(town: Town, given: int) -> None:
    """In the digest, not by a letter of its own."""
    town.do(MoveDeadline(given, date(2026, 12, 15), "карантин"), "coordinator.office")
    notice = notices(town, "expert1")[-1]
    assert "Новый срок задачи «a» (school) — 15 декабря. Причина: карантин." == notice.sentence
    assert notice.digested_at is None
    assert 1 == len(letters(town))


def test_a_moved_deadline_of_nobodys_task_is_told_to_nobody(town: Town) -> None:
    """There is no holder to tell."""
    case = town.case(town.cycle(one_task()))
    move = MoveDeadline(town.task(case, "a"), date(2026, 12, 15), "карантин")
    town.do(move, "coordinator.office")
    assert [] == town.rows(select(Notice.id))


def test_who_held_a_task_is_told_that_it_is_gone(town: Town) -> None:
    """A boundary timer took it away: nothing is to be done any more."""
    diagram = bundle(
        "cut",
        '<parallelGateway id="g"/>',
        work("a", role="expert", performer="who"),
        work("b"),
        '<endEvent id="stop"><terminateEventDefinition/></endEvent>',
        flows("start", "g", "a", "end"),
        flows("g", "b", "stop"),
    )
    case = town.case(town.cycle(diagram), who=town.people["expert1"])
    town.claim(case, "b", "deputy.school")
    town.do(CompleteTask(town.task(case, "b"), {}), "deputy.school")
    notice = notices(town, "expert1")[-1]
    assert "closed" == notice.kind
    assert "Задача «a» (school) снята" in notice.sentence


def test_an_incident_is_told_to_the_coordinator(town: Town) -> None:
    """And to nobody in the school, as if it were their fault."""
    dark = bundle(
        "dark",
        work("a"),
        '<parallelGateway id="join"/><userTask id="never" name="never">'
        '<extensionElements><tsikl:task form="note" role="deputy" due="in_days(1)"/>'
        '</extensionElements></userTask><exclusiveGateway id="x"/>',
        flows("start", "x"),
        '<sequenceFlow id="x1" sourceRef="x" targetRef="a">'
        "<conditionExpression>1 == 1</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="x2" sourceRef="x" targetRef="never">'
        "<conditionExpression>1 == 2</conditionExpression></sequenceFlow>",
        flows("a", "join", "end"),
        flows("never", "join"),
    )
    case = town.case(town.cycle(dark))
    town.claim(case, "a", "deputy.school")
    town.do(CompleteTask(town.task(case, "a"), {}), "deputy.school")
    (notice,) = notices(town, "coordinator.office")
    assert ("incident", case, None) == (notice.kind, notice.case_id, notice.task_id)
    assert notice.sentence.startswith("Сбой в деле (school): ")
    assert 1 == len(town.rows(select(Notice.id)))


def test_the_same_task_of_two_people_is_told_to_each(town: Town) -> None:
    """Dedup keys tell persons and tasks apart."""
    cycle = town.cycle(one_task(role="expert", performer="who"))
    for place, who in (("school", "expert1"), ("second", "expert2")):
        town.case(cycle, place, who=town.people[who])
    assert [1, 1] == [len(notices(town, who)) for who in ("expert1", "expert2")]
    assert 2 == len(letters(town))
