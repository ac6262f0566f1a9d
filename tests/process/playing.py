"""
A case played in a test: every step goes through JSON, is made twice, and is looked over.

After each step: the given state is unchanged, the same step gives the same bytes, what is
stored is what was there, and no row is an orphan.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import BpmnError
from engine.process.compile import compile_bpmn
from engine.process.host import Host
from engine.process.model import Definition
from engine.process.orders import (
    Add,
    Command,
    Complete,
    Deliver,
    Effect,
    Fail,
    Language,
    Start,
    Withdraw,
)
from engine.process.rearm import armed_by
from engine.process.state import State, Token, dump, load
from engine.process.step import step
from tests.conformance.trusted import Python, check_python

HOUR = 3_600_000
DAY = 24 * HOUR
NOON = 1_756_717_200_000
"""1 September 2025, 9:00 UTC."""


def compiled(xml: bytes) -> Definition:
    """Return the definition of a test diagram, whose texts are Python."""
    return compile_bpmn(xml, Host(check=check_python))


class Case:
    """
    One case under a virtual clock.

    Args:
        diagram: XML, or a definition.
        functions: What its texts may call besides ``log`` and ``error``.
    """

    def __init__(self, diagram: bytes | Definition, **functions: Callable[..., Any]) -> None:
        self.definition = compiled(diagram) if isinstance(diagram, bytes) else diagram
        self.trace: list[Any] = []
        self.functions = {"log": self.trace.append, "error": BpmnError, **functions}
        self.language: Language = Python(self.functions)
        self.raw = dump(State())
        self.now = NOON
        self.effects: list[Effect] = []

    # steps ------------------------------------------------------------------------------------

    def do(self, command: Command) -> list[Effect]:
        """Make one step and look it over; return its effects."""
        before = load(self.raw)
        after, effects = step(self.definition, before, command, self.now, self.language)
        assert self.raw == dump(before), "the given state has changed"
        stored = dump(after)
        assert after == load(stored), "what is stored differs from what was there"
        self._same_again(command, stored, effects)
        self.raw = stored
        self.effects = effects
        look_over(self.definition, after, effects)
        return effects

    def _same_again(self, command: Command, stored: bytes, effects: list[Effect]) -> None:
        """Make the same step again, on a state that was loaded anew."""
        kept = list(self.trace)
        again = step(self.definition, load(self.raw), command, self.now, self.language)
        self.trace[:] = kept
        assert (stored, effects) == (dump(again[0]), again[1]), "not deterministic"

    def start(self, at: str = "", **variables: Any) -> "Case":
        """Begin the case, perhaps at a start event other than the plain one."""
        self.do(Start(self.definition.processes[0], variables, at))
        return self

    def complete(self, element: str, nth: int = 0, **variables: Any) -> list[Effect]:
        """Complete an open task; the oldest one of that element unless told otherwise."""
        return self.do(Complete(self.tokens(element, "open")[nth].id, variables))

    def fail(self, element: str, code: str) -> list[Effect]:
        """Let the service at an element raise an error."""
        return self.do(Fail(self.tokens(element, "open")[0].id, code))

    def deliver(self, element: str, **payload: Any) -> list[Effect]:
        """Let the event that an element waits for happen."""
        wait = next(w for w in self.state.waits.values() if w.at == element)
        return self.do(Deliver(wait.id, payload))

    def add(self, element: str, item: Any) -> list[Effect]:
        """Add one instance to the panel at an element."""
        own = next(t for t in self.tokens(element) if t.index < 0)
        return self.do(Add(own.id, item))

    def withdraw(self, element: str, index: int) -> list[Effect]:
        """Withdraw the instance of that number."""
        return self.do(Withdraw(self.instance(element, index).id))

    def sleep(self, milliseconds: int) -> None:
        """Let time pass; timers fire in the order of their due moments."""
        self.now += milliseconds
        while due := [w for w in self.waits("timer") if w.due <= self.now]:
            self.do(Deliver(min(due, key=lambda w: (w.due, w.id)).id))

    # looking ----------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Return the stored state."""
        return load(self.raw)

    @property
    def status(self) -> str:
        """Return the status of the case."""
        return self.state.status

    @property
    def variables(self) -> Mapping[str, Any]:
        """Return the variables of the case; when it has just ended, its last ones."""
        ended = [effect.data for effect in self.effects if effect.kind == "ended"]
        return ended[0] if ended else self.state.variables

    @property
    def open(self) -> list[str]:
        """Return the elements at which somebody works."""
        return sorted(t.at for t in self.state.tokens.values() if t.state == "open")

    @property
    def waiting(self) -> list[str]:
        """Return the elements whose events are armed."""
        return sorted(w.at for w in self.state.waits.values())

    def waits(self, kind: str) -> list[Any]:
        """Return the waits of one kind."""
        return [w for w in self.state.waits.values() if w.kind == kind]

    def tokens(self, element: str, state: str = "") -> list[Token]:
        """Return the tokens at an element, oldest first."""
        found = [t for t in self.state.tokens.values() if t.at == element]
        return [t for t in found if state in ("", t.state)]

    def instance(self, element: str, index: int) -> Token:
        """Return an instance of a loop by its number, from 0."""
        return next(t for t in self.tokens(element) if t.index == index)

    def kinds(self) -> list[tuple[str, str]]:
        """Return kind and element of the effects of the last step."""
        return [(effect.kind, effect.element) for effect in self.effects]


def look_over(definition: Definition, state: State, effects: list[Effect] | None = None) -> None:
    """Assert that a state at rest is whole: no orphan, no empty scope, nothing left at the end."""
    rows = [*state.tokens, *state.scopes, *state.waits]
    assert len(rows) == len(set(rows)), "a number was given twice"
    assert all(number <= state.serial for number in rows), "a number beyond the last one"
    if state.status in ("completed", "failed", "cancelled"):
        assert rows == [], "a case that is over has left rows"
        return
    _look_at_scopes(definition, state)
    _look_at_tokens(definition, state)
    armed = {(owner, at, index) for (owner, at, *_), index in armed_by(definition, state).items()}
    there = [(w.owner, w.at, w.index) for w in state.waits.values()]
    assert set(there) <= armed, "an orphan wait"
    assert len(there) == len(set(there)), "an event armed twice"
    if effects is not None and state.status == "running":
        works = any(t.state == "open" for t in state.tokens.values()) or bool(state.waits)
        assert works != any(e.kind == "stuck" for e in effects), "stuck without a word"


def _look_at_scopes(definition: Definition, state: State) -> None:
    """Assert that every scope has its owner, its place and something in it."""
    filled = {token.scope for token in state.tokens.values()}
    owners = [scope.owner for scope in state.scopes.values()]
    assert len(owners) == len(set(owners)), "a token owns two scopes"
    for scope in state.scopes.values():
        assert scope.id in filled, "an empty scope"
        if scope.kind == "process":
            assert scope.at in definition.bodies, "a scope without a body"
            continue
        owner = state.tokens[scope.owner]
        assert owner.state == "inside", "an owner that is not inside"
        node = definition.nodes[owner.at]
        assert scope.at == (node.text if scope.kind == "call" else node.key), "a scope elsewhere"


def _look_at_tokens(definition: Definition, state: State) -> None:
    """Assert that every token has its scope, its element and, if inside, what it is inside of."""
    owners = {scope.owner for scope in state.scopes.values()}
    for token in state.tokens.values():
        scope = state.scopes[token.scope]
        node = definition.nodes[token.at]
        assert (token.state == "inside") == (token.id in owners), "inside of nothing"
        assert token.state != "ready" or state.status == "suspended", "a token that should act"
        assert (token.index >= 0) == (scope.kind == "loop"), "an instance outside of a loop"
        if scope.kind in ("process", "body", "call"):
            assert node.body == scope.at, "a token in a foreign scope"
