"""With chosen answers the cycle visits every element and every outgoing flow of its diagram."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from engine.process.trail import followed
from tests.diagrams.shipped import version
from tests.diagrams.walking import CLEAN, MEASURE, SOURCE, Answer, Answers, Walk

RECUSED = {"agree": True, **CLEAN, "employed": True}


def in_turn(*values: object, key: str) -> Answer:
    """Return an answer that gives one value after another, then the last for ever."""
    return lambda n, _names: {key: values[min(n, len(values)) - 1]}


# the ways through -------------------------------------------------------------------------------


def plain() -> str:
    """The shortest way: experts are needed, nobody objects, measures work."""
    return Walk().start().to_the_end()


def by_calendar() -> str:
    """Begun by the timer at the end of the school year."""
    return Walk().start("opeko_start").to_the_end()


def repeated() -> str:
    """Begun as the repetition of another case."""
    return Walk().start("opeko_again").to_the_end()


def incomplete_data() -> str:
    """A mandatory source is silent at first, and is asked again, alone."""
    answers: Answers = {
        "s1_source": lambda n, _names: {
            "missing": [SOURCE] if n == 1 else [],
            "n_missing": int(n == 1),
            "n_waived": 0,
        }
    }
    return Walk(answers).start().to_the_end()


def not_needed() -> str:
    """The school can do all alone, and states no other ground; its own plan goes on."""
    answers: Answers = {
        "s1_selfassess": {"goal_votes": [{"id": 1, "no_share": 0.0, "all_yes": True}]},
        "s1_classify": {"own_goals": [1], "n_experts": 0, "n_ties": 0},
        "s1_grounds": {"transparency": False, "competitiveness": False, "outcome": "end_notneeded"},
    }
    return Walk(answers).start().to_the_end()


def own_plan_returned() -> str:
    """A tie, other grounds, and an own plan that is returned once and extended once."""
    answers: Answers = {
        "s1_classify": {"own_goals": [], "n_experts": 0, "n_ties": 1},
        "s1_tie": {"own_goals": [1], "n_experts": 0, "n_ties": 0},
        "s1_grounds": {"transparency": True, "competitiveness": True},
        "measures_plan/mp_approve": in_turn("return", "approve", key="own_plan"),
        "measures_plan/mp_review": in_turn("more", "enough", key="own_next"),
    }
    return Walk(answers).start().to_the_end()


def reworked_then_refused() -> str:
    """The council sends the goals back, then declines."""
    answers: Answers = {
        "s2_pedsovet": lambda n, _names: (
            {"council": "rework"} if n == 1 else {"council": "decline", "outcome": "end_refused"}
        )
    }
    return Walk(answers).start().to_the_end()


def returned_papers() -> str:
    """Order, amendments and plan are each returned once; the first team is not approved."""
    answers: Answers = {
        "s2_order": lambda n, _names: (
            {"order": "return"} if n == 1 else {"order": "sign", "review_from": "2027-09-20"}
        ),
        "s2_yearplan_sign": in_turn("return", "sign", key="yearplan"),
        "s6_approve": in_turn("return", "approve", key="plan"),
        "s2_team": lambda n, _names: (
            {"team": "more", "n_team": 0, "experts": []}
            if n == 1
            else {"team": "approve", "n_team": 3, "experts": [11, 12, 13], "lead": 11}
        ),
    }
    return Walk(answers).start().to_the_end()


def silent_candidates() -> str:
    """Candidates who do not answer in their term have declined."""
    return Walk(silent=frozenset({"s2_coi"})).start().to_the_end()


def divergence() -> str:
    """Scores diverge, somebody dissents, a round table is held, the school objects."""
    answers: Answers = {
        "s4_merge": {"n_diverging": 1, "lowest": 1, "signers": [11, 12, 13]},
        "s4_reconcile": {"dissenters": [12]},
        "s4_choice": {"round_table": "yes"},
        "s5_acquaint": {"n_objections": 1},
    }
    return Walk(answers).start().to_the_end()


def reconciled() -> str:
    """Scores diverge and are settled without a dissent."""
    answers: Answers = {"s4_merge": {"n_diverging": 2, "lowest": 2, "signers": [11, 12, 13]}}
    return Walk(answers).start().to_the_end()


def adjusted_to_the_bound() -> str:
    """Measures stay ineffective until the bound; then the director decides all the same."""
    answers: Answers = {"s7_merge": {"n_ineffective": 1, "unsolved": [1]}}
    return Walk(answers).start().to_the_end()


def extended() -> str:
    """The director extends effective measures once, then orders a repeated review."""
    answers: Answers = {"s8_decision": in_turn("extend_measures", "repeat", key="decision")}
    return Walk(answers).start().to_the_end()


def replaced() -> str:
    """An expert leaves; the first of the reserve is recused, the second takes over later."""
    answers: Answers = {
        "s2_replace": in_turn(14, 15, key="replacement"),
        "s2_declare": lambda n, _names: RECUSED if n == 1 else {"agree": True, **CLEAN},
    }
    walk = Walk(answers).start().until("s3_materials")
    walk.deliver("expert_left", left=13)
    walk.withdraw("s3_expert", 13)
    return walk.to_the_end()


def silent_replacement() -> str:
    """The reserve does not answer, there is nobody else, but enough experts are left."""
    answers: Answers = {
        "s2_replace": in_turn(14, None, key="replacement"),
        "s2_team": {"team": "approve", "n_team": 5, "experts": [11, 12, 13, 14, 15], "lead": 11},
    }
    walk = Walk(answers, silent=frozenset({"s2_declare"})).start().until("s3_materials")
    walk.deliver("expert_left", left=13)
    walk.withdraw("s3_expert", 13)
    return walk.to_the_end()


def too_few_then_appointed() -> str:
    """The panel is too small; the director appoints somebody from outside."""
    answers: Answers = {
        "s2_replace": {"replacement": None},
        "s2_below": {"below": "appoint", "replacement": 16},
    }
    return _left_with_two(answers)


def too_few_then_stopped() -> str:
    """The panel is too small; the director ends the review."""
    answers: Answers = {
        "s2_replace": {"replacement": None},
        "s2_below": {"below": "stop", "replacement": None},
    }
    return _left_with_two(answers)


def _left_with_two(answers: Answers) -> str:
    few = {"team": "approve", "n_team": 2, "experts": [11, 12, 13], "lead": 11}
    walk = Walk({**answers, "s2_team": few}).start().until("s3_materials")
    walk.deliver("expert_left", left=13)
    walk.withdraw("s3_expert", 13)
    return walk.to_the_end()


def cancelled() -> str:
    """The director cancels while experts are at work."""
    walk = Walk().start().until("s3_opinion")
    walk.deliver("cancel", reason="карантин", order_number="7")
    return walk.to_the_end()


def postponed_and_complained() -> str:
    """Somebody asks for time, somebody complains twice: once rightly."""
    answers: Answers = {
        "eo_review": lambda n, _names: RECUSED if n == 1 else {"agree": True, **CLEAN}
    }
    walk = Walk(answers).start().until("s2_program")
    walk.deliver("postpone", postponed_task=1, postponed_until="2027-10-01", postponed_reason="п")
    walk.deliver("complaint", complaint_id=1, accused_id=13)
    walk.deliver("complaint", complaint_id=2, accused_id=12)
    return walk.to_the_end()


def carried_over() -> str:
    """On 31 August the case is still open and is carried over; a year later it is closed."""
    answers: Answers = {"ey_decide": in_turn("carry", "close", key="year")}
    walk = Walk(answers, silent=frozenset({"s1_analysis"})).start()
    return walk.to_the_end()


WAYS = {
    plain: "end_ok",
    by_calendar: "end_ok",
    repeated: "end_ok",
    incomplete_data: "end_ok",
    not_needed: "end_notneeded",
    own_plan_returned: "end_ok",
    reworked_then_refused: "end_refused",
    returned_papers: "end_ok",
    silent_candidates: "end_ok",
    divergence: "end_ok",
    reconciled: "end_ok",
    adjusted_to_the_bound: "end_ok",
    extended: "end_ok",
    replaced: "end_ok",
    silent_replacement: "end_ok",
    too_few_then_appointed: "end_ok",
    too_few_then_stopped: "end_closed",
    cancelled: "end_cancelled",
    postponed_and_complained: "end_ok",
    carried_over: "end_closed",
}
"""Each way through the cycle with the outcome it comes to."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way_comes_to_its_outcome(way: Callable[[], str]) -> None:
    """No way gets stuck, fails or loses a branch."""
    assert WAYS[way] == way()


def test_all_ways_together_pass_everything() -> None:
    """Every element is visited and every flow taken: nothing in the diagram is decoration."""
    definition = version().definition
    with followed() as trail:
        for way in WAYS:
            way()
    flows = {flow.key: node.key for node in definition.nodes.values() for flow in node.outflows}
    taken = {flow for _, flow in trail}
    assert set() == set(flows) - taken
    visited = {at for at, _ in trail} | {flows[flow] for flow in taken if flow}
    unseen = set(definition.nodes) - visited - set(_starts())
    assert set() == unseen


def _starts() -> Iterator[str]:
    """Yield the start events: tokens leave them and arrive nowhere before."""
    for body in version().definition.bodies.values():
        yield from body.starts


# chosen moments ---------------------------------------------------------------------------------


def test_an_interrupted_case_has_no_task_left() -> None:
    """A cancellation takes every open task away at once."""
    walk = Walk().start().until("s3_opinion")
    walk.deliver("cancel", reason="карантин")
    assert ["ec_record"] == [walk.at(token) for token in walk.open()]


def test_the_training_of_experts_waits_for_the_team() -> None:
    """The second branch begins when the team is approved, not before."""
    walk = Walk().start().until("s2_team")
    assert [] == walk.open("s2_trainexp")
    walk.work(walk.open("s2_team")[0])
    assert 3 == len(walk.open("s2_trainexp"))


def test_scores_are_not_merged_while_a_replacement_is_open() -> None:
    """Though all who stayed are done, the case waits for the one who is to come."""
    walk = Walk(silent=frozenset({"s2_replace"})).start().until("s3_materials")
    walk.deliver("expert_left", left=13)
    walk.withdraw("s3_expert", 13)
    for _ in range(9):
        ready = [t for t in walk.open() if walk.at(t).startswith("s3_")]
        if ready:
            walk.work(ready[0])
    waiting = {t.at for t in walk.state.tokens.values() if t.state == "wait"}
    assert {"w3_replaced"} == waiting
    assert [] == walk.open("s4_merge")


def test_a_case_of_few_goals_stays_small() -> None:
    """The state holds routing values only: it fits one page of the database at any moment."""
    walk = Walk().start()
    largest = 0
    for element in ("s1_analysis", "s2_team", "s3_opinion", "s5_sign", "s6_done", "s7_control"):
        largest = max(largest, len(walk.until(element).raw))
    assert largest < 4096


def test_a_source_answers_for_itself_alone() -> None:
    """Only the missing source is asked again."""
    other = {"key": "oge", "label": "ОГЭ"}
    answers: Answers = {
        "s1_sources": {"sources": [SOURCE, other], "classes": [], "associations": []},
        "s1_source": {"missing": [other], "n_missing": 1, "n_waived": 0},
    }
    walk = Walk(answers).start().until("s1_source")
    walk.work(walk.open("s1_source")[0])
    walk.work(walk.open("s1_source")[0])
    walk.do_services()
    (again,) = walk.open("s1_source")
    assert other == walk.state.names(again)["source"]


def test_measures_are_given_to_their_people_until_their_day() -> None:
    """A measure is due on its own date, by its own person."""
    walk = Walk().start().until("s6_done")
    (token,) = walk.open("s6_done")
    assert MEASURE == walk.state.names(token)["measure"]


def test_control_never_begins_before_its_day() -> None:
    """The timer stands at the computed date, 09:00 local."""
    walk = Walk().start().until("s6_done")
    walk.work(walk.open("s6_done")[0])
    walk.do_services()
    (wait,) = [w for w in walk.state.waits.values() if w.at == "t1_control"]
    assert datetime(2028, 3, 1, 4, tzinfo=UTC) == datetime.fromtimestamp(wait.due / 1000, UTC)
