"""The rehearsal plays small cycles through, and says where they cannot go on."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engine.commands.cases import SendMessage, SuspendCase
from engine.commands.services import ServiceCall, service
from engine.process.load import Bundle
from engine.rehearsal.scenarios import PLAIN, Act, Scenario, Turn
from engine.rehearsal.stage import Rehearsal, rehearse
from engine.rules.access import Role
from engine.rules.calendar import RUSSIA
from engine.unit import Unit
from tests.timely import bundle, flows, one_task, pause, work
from tests.timely import service as calling

BEGIN = date(2026, 9, 1)
CALM = Scenario("Всё в срок")


@service("always_fails")
def always_fails(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Fail like a program with a bug."""
    raise RuntimeError("never mind")


def play(cycle: Bundle, scenario: Scenario = CALM, seed: int = 1) -> Rehearsal:
    """Rehearse from the first of September."""
    return rehearse(cycle, scenario, BEGIN, seed)


def chain(*steps: str) -> Bundle:
    """Return a cycle of tasks one after another."""
    return bundle("chain", *(work(step) for step in steps), flows("start", *steps, "end"))


def kinds(found: Rehearsal, *wanted: str) -> list[tuple[str, str]]:
    """Return kind and element of the lines of some kinds."""
    return [(line.kind, line.element) for line in found.lines if line.kind in wanted]


# a good end -------------------------------------------------------------------------------------


def test_a_case_is_played_to_its_end() -> None:
    """Every task is opened and done, in order, and nothing is left over."""
    found = play(chain("a", "b", "c"))
    assert ("end", 3, ()) == (found.outcome, found.tasks_completed, found.dead_ends)
    assert [(kind, e) for e in "abc" for kind in ("opened", "done")] == kinds(
        found, "opened", "done"
    )
    assert {"start", "a", "b", "c", "end"} == found.elements
    assert {"start__a", "a__b", "b__c", "c__end"} == found.flows


def test_the_same_seed_tells_the_same_story() -> None:
    """To the minute; another seed tells another."""
    cycle = chain("a", "b")
    assert play(cycle).lines == play(cycle).lines
    assert play(cycle).lines != play(cycle, seed=2).lines


def test_timers_fire_when_they_are_due() -> None:
    """The clock goes to the moment of the timer, and the case goes on."""
    cycle = bundle("p", work("a"), pause("wait", "P30D"), flows("start", "a", "wait", "end"))
    found = play(cycle)
    done, fired = (line.at for line in found.lines if line.kind in ("done", "timer"))
    assert 30 == (fired - done).days
    assert "end" == found.outcome


def test_people_work_on_working_days() -> None:
    """Nothing is done at night or on a day off."""
    for line in play(chain("a", "b", "c", "e")).lines:
        local = line.at.astimezone(ZoneInfo("Europe/Moscow"))
        assert RUSSIA.is_workday(local.date())
        assert 8 <= local.hour < 18


# latecomers -------------------------------------------------------------------------------------


def test_a_latecomer_is_reminded_and_then_told_of() -> None:
    """Reminders before the day and escalations after it, each to its people, mail among it."""
    found = play(one_task(), replace(CALM, late={"a": 5}))
    assert "end" == found.outcome
    assert found.reminders > 0
    assert found.escalations > 0
    assert found.mails > 0
    assert found.reminders == len(kinds(found, "reminder"))


def test_who_is_in_time_is_not_told_of() -> None:
    """Without latecomers there is no escalation."""
    assert 0 == play(chain("a", "b")).escalations


def test_the_plain_scenario_has_latecomers() -> None:
    """Whoever rehearses without a scenario sees what delay looks like; here all are late."""
    assert PLAIN.tardy > 0
    assert play(chain("a", "b"), replace(PLAIN, tardy=1.0)).escalations > 0


# dead ends --------------------------------------------------------------------------------------


def test_a_role_that_nobody_holds_is_a_dead_end() -> None:
    """The task, and where somebody is missing, are named."""
    found = play(one_task(role="lead"))
    (end,) = found.dead_ends
    assert "a" == end.element
    assert "некому выполнить (Школа № 1)" in end.sentence
    assert "running" == found.outcome


def test_a_case_that_waits_for_ever_is_a_dead_end() -> None:
    """Nobody has a task, and nothing will come by itself."""
    cycle = bundle(
        "p",
        '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>",
        flows("start", "wait", "end"),
        roots='<message id="m" name="word"/>',
    )
    (end,) = play(cycle).dead_ends
    assert "никто не может ничего сделать" in end.sentence


def test_an_incident_is_a_dead_end() -> None:
    """A service that always fails is given up, and the rehearsal says so."""
    found = play(bundle("p", calling("always_fails"), flows("start", "always_fails", "end")))
    assert ["always_fails"] == [end.element for end in found.dead_ends]


def test_a_task_that_nobody_touches_is_not_a_dead_end() -> None:
    """Somebody could still do it: the case is only not over, after all the reminding."""
    found = play(one_task(), replace(CALM, silent=frozenset({"a"})))
    assert ("running", ()) == (found.outcome, found.dead_ends)


# scenarios --------------------------------------------------------------------------------------


def test_a_turn_knows_its_round() -> None:
    """The same element comes again after each loop; answers may change from round to round."""
    scenario = Scenario(
        "", answers={"a": ({"x": 1}, {"x": 2}), "b": lambda turn: {"n": turn.round}}
    )
    assert [{"x": 1}, {"x": 2}, {"x": 2}] == [scenario.chosen(Turn("a", n, 0)) for n in (1, 2, 3)]
    assert {"n": 3} == scenario.chosen(Turn("b", 3, 0))
    assert {} == scenario.chosen(Turn("c", 1, 0))


def test_people_act_of_their_own_accord() -> None:
    """Two working days after the task was opened the coordinator suspends the case."""
    act = Act(
        "a", Role.COORDINATOR, lambda scene: SuspendCase(scene.case_id, "карантин"), "Карантин", 2
    )
    found = play(one_task(), replace(CALM, acts=(act,), silent=frozenset({"a"})))
    assert "suspended" == found.outcome


def test_an_act_that_is_refused_is_a_dead_end() -> None:
    """The sentence of the refusal is told."""
    act = Act("a", Role.DIRECTOR, lambda scene: SendMessage(scene.case_id, "cancel"), "Отмена")
    found = play(one_task(), replace(CALM, acts=(act,)))
    assert ["a"] == [end.element for end in found.dead_ends]


# sums -------------------------------------------------------------------------------------------


def test_the_busiest_weeks_are_told() -> None:
    """The week in which most tasks were due comes first, with who had most of them."""
    cycle = bundle(
        "p",
        '<parallelGateway id="fork"/><parallelGateway id="join"/>',
        *(work(name, due="in_workdays(3)") for name in "abc"),
        work("e", due="in_workdays(20)"),
        *(flows("fork", name, "join") for name in "abce"),
        flows("start", "fork"),
        flows("join", "end"),
    )
    week, later = play(cycle).weeks
    assert (date(2026, 8, 31), 3, 3) == (week.monday, week.tasks, week.of_person)
    assert 1 == later.tasks
