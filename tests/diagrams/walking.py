"""
The cycle walked on the pure runtime: tokens, tables and timers are real, rows are not.

People and services are plain functions of routing values: what a recorder or a service would
return is chosen by the test. Each step goes through JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.process.model import PEOPLE
from engine.process.orders import Command, Complete, Deliver, Effect, Start, Withdraw
from engine.process.state import State, dump, load
from engine.process.step import step
from tests.diagrams.shipped import language, version

Values = Mapping[str, Any]
Answer = Values | Callable[[int, Values], Values]
"""Routing values, or a function of the round (from 1) and of the variables."""
Answers = dict[str, Answer]

OPEN = {"label": "МО математики", "who": 7}
SOURCE = {"key": "ege", "label": "ЕГЭ"}
MEASURE = {"id": 1, "label": "Мера", "who": 7, "due": "2027-12-01"}
VOTE = {"id": 1, "no_share": 1.0, "all_yes": False}
CLEAN = dict.fromkeys(("employed", "subordinate", "paid", "relative", "child"), False)
DONE: dict[str, Any] = {}

USUAL: dict[str, Answer] = {
    "s1_sources": {"sources": [SOURCE], "classes": [OPEN], "associations": [OPEN]},
    "s1_source": {"missing": [], "n_missing": 0, "n_waived": 0},
    "s1_compare": {"n_worse": 1},
    "s1_tasks": {"own_goals": []},
    "s1_selfassess": {"goal_votes": [VOTE]},
    "s1_classify": {"own_goals": [], "n_experts": 1, "n_ties": 0},
    "s1_tie": {"own_goals": [2], "n_experts": 1, "n_ties": 0},
    "s1_grounds": {"transparency": False, "competitiveness": False},
    "s2_agenda": {"council_on": "2027-06-30"},
    "s2_pedsovet": {"council": "invite"},
    "s2_order": {"order": "sign", "review_from": "2027-09-20", "review_to": "2027-10-20"},
    "s2_pool": {"candidates": [11, 12, 13, 14, 15]},
    "s2_coi": {"agree": True, **CLEAN},
    "s2_team": {"team": "approve", "n_team": 3, "experts": [11, 12, 13], "lead": 11},
    "s2_yearplan_sign": {"yearplan": "sign"},
    "s2_program": {"at_work": [11, 12, 13]},
    "s3_materials": {"visits": [{"id": 1, "label": "Урок", "on": "2027-09-25"}]},
    "s2_replace": {"replacement": 14},
    "s2_declare": {"agree": True, **CLEAN},
    "s2_add": {"experts": [11, 12, 14], "n_team": 3, "late": [14]},
    "s4_merge": {"n_diverging": 0, "lowest": 3, "signers": [11, 12, 13]},
    "s4_reconcile": {"dissenters": []},
    "s4_choice": {"round_table": "no"},
    "s5_acquaint": {"n_objections": 0},
    "s6_plan": {"measures": [MEASURE], "control_round": 0},
    "s6_approve": {"plan": "approve"},
    "s7_date": {"control_on": "2028-03-01"},
    "s7_indicators": {"n_indicators": 1},
    "s7_merge": {"n_ineffective": 0, "unsolved": []},
    "s7_adjust": lambda n, _names: {"measures": [MEASURE], "control_round": n},
    "s8_decision": {"decision": "close"},
    "s8_archive": {"outcome": "end_ok"},
    "es_archive": {"outcome": "end_closed"},
    "ec_record": {"outcome": "end_cancelled"},
    "eo_review": {"agree": True, **CLEAN},
    "ey_decide": {"year": "carry"},
    "measures_plan/mp_plan": {"own_measures": [MEASURE]},
    "measures_plan/mp_approve": {"own_plan": "approve"},
    "measures_plan/mp_review": {"own_next": "enough"},
}
"""The shortest way through."""


@dataclass
class Walk:
    """
    One case on the runtime alone.

    Attributes:
        answers: By element, over the usual ones.
        silent: Elements whose tasks nobody does, until a timer takes them away.
        settings: Of the cycle.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = datetime(2027, 5, 25, 6, tzinfo=UTC)
    raw: bytes = dump(State())
    rounds: dict[str, int] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    started: datetime = datetime(2027, 5, 25, 6, tzinfo=UTC)

    @property
    def state(self) -> State:
        """Return the state, loaded anew."""
        return load(self.raw)

    def do(self, command: Command) -> None:
        """Make one step."""
        spoken = language(self.now.date(), self.started.date(), **self.settings)
        moment = int(self.now.timestamp() * 1000)
        after, effects = step(version().definition, self.state, command, moment, spoken)
        self._keep_invariants(after)
        self.raw = dump(after)
        self.effects += effects

    def _keep_invariants(self, after: State) -> None:
        """Invariant 6 holds after every step: rounds of measures never exceed their bound."""
        bound = {**version().defaults, **self.settings}["max_rounds"]
        assert (after.variables.get("control_round") or 0) <= bound

    def start(self, at: str = "opeko_by_hand", **variables: Any) -> "Walk":
        """Begin the case."""
        own = {"case_id": 1, "organisation_id": 3, "school_year": 2026, "previous_id": None}
        plain = "" if at == "opeko_by_hand" else at
        self.do(Start("opeko", {**own, **variables}, plain))
        return self

    # who works ------------------------------------------------------------------------------

    def open(self, element: str = "") -> list[int]:
        """Return the open tokens, or those at an element, in order."""
        tokens = self.state.tokens.values()
        return [t.id for t in tokens if t.state == "open" and element in ("", t.at)]

    def at(self, token: int) -> str:
        """Return where a token stands."""
        return self.state.tokens[token].at

    def work(self, token: int) -> None:
        """Let a person or a service finish with the chosen values."""
        element, names = self.at(token), self.state.names(token)
        self.rounds[element] = self.rounds.get(element, 0) + 1
        chosen = self.answers.get(element, USUAL.get(element, DONE))
        values = chosen(self.rounds[element], names) if callable(chosen) else chosen
        self.do(Complete(token, values))

    def do_services(self) -> None:
        """Let all services finish that are called, and those they lead to."""
        nodes = version().definition.nodes
        while called := [t for t in self.open() if nodes[self.at(t)].kind not in PEOPLE]:
            self.work(called[0])

    def deliver(self, name: str, **payload: Any) -> None:
        """Hand the case a message that it waits for."""
        waits = [w.id for w in self.state.waits.values() if (w.kind, w.name) == ("message", name)]
        self.do(Deliver(min(waits), payload))

    def withdraw(self, panel: str, person: int) -> None:
        """Take a person's instance out of a panel."""
        tokens = self.state.tokens.values()
        (mine,) = [t.id for t in tokens if t.at == panel and person in t.local.values()]
        self.do(Withdraw(mine))

    def pass_time(self) -> bool:
        """Fire the timer that is due next; tell whether there was one before the year's end."""
        timers = [w for w in self.state.waits.values() if w.kind == "timer"]
        soon = [w for w in timers if w.at != "ey_start"] or timers
        if not soon:
            return False
        nearest = min(soon, key=lambda wait: (wait.due, wait.id))
        self.now = max(self.now, datetime.fromtimestamp(nearest.due / 1000, UTC))
        self.do(Deliver(nearest.id))
        return True

    def until(self, element: str) -> "Walk":
        """Work on until a task of people is open at an element."""
        for _ in range(300):
            if self.open(element):
                return self
            self._next(stop=element)
        raise AssertionError(f"{element} was never reached")

    def to_the_end(self) -> str:
        """Work on until the case is over; return its outcome."""
        for _ in range(300):
            if self.state.status != "running":
                break
            self._next()
        ended = [effect for effect in self.effects if effect.kind == "ended"]
        assert ["completed", 1] == [self.state.status, len(ended)]
        assert [] == [e for e in self.effects if e.kind in ("stuck", "lost", "failed")]
        return str(ended[0].data.get("outcome") or ended[0].name)

    def _next(self, stop: str = "") -> None:
        """Do the work that has been open longest; services first; else let time pass."""
        nodes = version().definition.nodes
        ready = [t for t in self.open() if self.at(t) not in (*self.silent, stop)]
        ready.sort(key=lambda t: (nodes[self.at(t)].kind in PEOPLE, t))
        if ready:
            self.now += timedelta(minutes=1)
            self.work(ready[0])
        else:
            assert self.pass_time(), f"nobody works: {[self.at(t) for t in self.open()]}"
