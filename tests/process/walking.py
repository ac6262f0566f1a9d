"""
Random walks: any command that a host could give, in any order, over any diagram.

There is no expected result; what must hold is that a case stays whole (`playing.look_over`),
that it is refused only with a refusal, and that it is dark only with a word.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from engine.errors import EngineError
from engine.process.model import Definition, Node
from engine.process.orders import (
    Add,
    Assign,
    Command,
    Complete,
    Deliver,
    Fail,
    Move,
    Set,
    Withdraw,
)
from engine.process.state import State, Token
from tests.process.playing import Case

NAMES = ("done", "approved", "again", "flag", "x", "count", "mark", "thrower", "integerVariable")
VALUES: tuple[Any, ...] = (True, False, 0, 1, 2, 5, "text", [], ["a", "b"])


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk came to."""

    commands: int
    refused: int
    status: str


class Walker:
    """
    Gives random commands to a case.

    Args:
        case: Begun already.
        random: Where chance comes from.
    """

    def __init__(self, case: Case, random: Random) -> None:
        self._case = case
        self._random = random
        self._refused = 0

    def walk(self, steps: int) -> Walk:
        """Give up to `steps` commands, until the case is over or dark."""
        given = 0
        while given < steps and (command := self._command()):
            given += 1
            try:
                self._case.do(command)
            except EngineError:
                self._refused += 1
        return Walk(given, self._refused, self._case.status)

    def _command(self) -> Command | None:
        """Choose among all that could be ordered now; mostly what moves the case on."""
        state = self._case.state
        if state.status == "suspended":
            return self._random.choice([Set("running"), Set("running"), *self._repairs(state)])
        if state.status != "running":
            return None
        usual = self._usual(state)
        if not usual or self._random.random() < 0.15:
            return self._random.choice([*usual, *self._repairs(state)])
        return self._random.choice(usual)

    def _usual(self, state: State) -> list[Command]:
        """Return what people, services, timers and messages may do."""
        found: list[Command] = []
        for token in state.tokens.values():
            if token.state == "open":
                found += [Complete(token.id, self._values())] * 3
                found.append(Fail(token.id, self._random.choice(["ER", "X"])))
        found += [Deliver(wait.id, self._values()) for wait in state.waits.values()]
        return found

    def _repairs(self, state: State) -> list[Command]:
        """Return what a coordinator may do."""
        found: list[Command] = [Set("suspended"), Assign(self._values())]
        if self._random.random() < 0.1:
            found.append(Set("cancelled"))
        for token in state.tokens.values():
            node = self._case.definition.nodes[token.at]
            found += self._on_panel(token, node) + self._moves(token, self._case.definition)
        return found

    def _on_panel(self, token: Token, node: Node) -> list[Command]:
        """Return what can be done to a panel or one of its instances."""
        if node.loop is None:
            return []
        return [Withdraw(token.id)] if token.index >= 0 else [Add(token.id, "new")]

    def _moves(self, token: Token, definition: Definition) -> list[Command]:
        """Return one move of a token, perhaps to where it cannot go."""
        return [Move(token.id, self._random.choice(list(definition.nodes)))]

    def _values(self) -> dict[str, Any]:
        """Return values for some names that the diagrams use."""
        chosen = self._random.sample(NAMES, self._random.randint(0, 3))
        return {name: self._random.choice(VALUES) for name in chosen}
