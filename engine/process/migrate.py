"""
A running case onto another version of its diagram.

A state holds no history: tokens stand at elements, so only the elements where something
stands, waits or can be undone must still mean the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from engine.errors import Fault, Finding
from engine.process.agenda import Join
from engine.process.machine import Machine
from engine.process.model import Definition, Kind, Node
from engine.process.orders import Effect, Language
from engine.process.rearm import armed_by, rearm
from engine.process.starving import starving
from engine.process.state import Scope, State, Token
from engine.process.step import run


@dataclass(frozen=True, slots=True)
class Migration:
    """
    What a migration comes to. With `problems` the state is not to be used.

    ``effects`` are what the new version does at once: a condition is true, a join is free.
    """

    state: State
    effects: list[Effect] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def migrate(
    old: Definition,
    new: Definition,
    state: State,
    now_ms: int,
    language: Language,
    renamed: Mapping[str, str] | None = None,
) -> Migration:
    """
    Return a case as it stands in another version, or why it cannot.

    The given state stays as it is, so a dry run is the same call.

    Args:
        old: The version that the case is pinned to.
        new: The other one.
        state: Where the case stands.
        now_ms: The moment, milliseconds UTC: new timers are armed from it.
        language: As for a step.
        renamed: Key in `old` -> key in `new`, where they differ.
    """
    mapping = _Mapping(old, new, state, renamed or {})
    moved = mapping.state()
    if mapping.problems:
        return Migration(state, problems=mapping.problems)
    machine = Machine(new, moved, now_ms, language)
    try:
        rearm(machine, armed_by(old, state, mapping.to), mapping.to)
        machine.put(*(Join(token) for token in machine.gathering))
        run(machine)
    except Fault as fault:
        element = str(fault.details.get("element", ""))
        return Migration(state, problems=[Finding(element, fault.sentence)])
    result = machine.result()
    before = {finding.element for finding in starving(old, state)}
    dark = [f for f in starving(new, result) if f.element not in before]
    return Migration(state, problems=dark) if dark else Migration(result, machine.effects)


class _Mapping:
    """The rows of a case, one by one, in the words of the new version."""

    def __init__(
        self, old: Definition, new: Definition, state: State, renamed: Mapping[str, str]
    ) -> None:
        self._old, self._new, self._state, self._renamed = old, new, state, renamed
        self.problems: list[Finding] = []

    def to(self, key: str) -> str:
        """Return the key of an element in the new version."""
        return self._renamed.get(key, key)

    def state(self) -> State:
        """Return the state with all its rows mapped; notes the problems."""
        old = self._state
        if self.to(old.process) not in self._new.bodies:
            self._problem(old.process, "такого процесса в новой версии нет")
            return old
        scopes = {number: self._scope(scope) for number, scope in old.scopes.items()}
        tokens = {number: self._token(token) for number, token in old.tokens.items()}
        return State(self.to(old.process), old.status, old.serial, tokens, scopes, dict(old.waits))

    def _problem(self, key: str, why: str) -> None:
        """Note why a case cannot move, once for all tokens at one element."""
        if (finding := Finding(key, why)) not in self.problems:
            self.problems.append(finding)

    # scopes -----------------------------------------------------------------------------------

    def _scope(self, scope: Scope) -> Scope:
        """Map a scope: what it still has to do, and what can be undone in it."""
        rest: list[Any]
        if scope.kind == "undo":
            rest = [[self._handler(by), self._log(scope, inner)] for by, inner in scope.rest]
        else:
            rest = [self.to(key) for key in scope.rest if self.to(key) in self._new.nodes]
        return replace(scope, at=self.to(scope.at), rest=rest, log=self._log(scope, scope.log))

    def _handler(self, key: str) -> str:
        """Map a handler that still has to run."""
        if self.to(key) not in self._new.nodes:
            self._problem(key, "должен отменить сделанное, а в новой версии его нет")
        return self.to(key)

    def _log(self, scope: Scope, log: list[Any]) -> list[Any]:
        """Map what can be undone; what cannot any more is dropped, except in a transaction."""
        kept = []
        for key, handler, around, inner in log:
            if self.to(handler) in self._new.nodes:
                names = [self.to(name) for name in around]
                kept.append([self.to(key), self.to(handler), names, self._log(scope, inner)])
            elif self._in_transaction(scope):
                self._handler(handler)
        return kept

    def _in_transaction(self, scope: Scope) -> bool:
        """Return whether a scope lies in a transaction that may still be cancelled."""
        while scope.owner:
            token = self._state.tokens[scope.owner]
            if self._old.nodes[token.at].kind is Kind.TRANSACTION:
                return True
            scope = self._state.scopes[token.scope]
        return False

    # tokens -----------------------------------------------------------------------------------

    def _token(self, token: Token) -> Token:
        """Map a token, or note why nothing can stand there in the new version."""
        before = self._old.nodes[token.at]
        after = self._new.nodes.get(self.to(token.at))
        if after is None:
            self._problem(token.at, "дело стоит на этом элементе, а в новой версии его нет")
            return token
        if why := self._differs(token, before, after):
            self._problem(token.at, f"дело стоит на этом элементе, а в новой версии {why}")
        via = self._via(token, before, after) if token.state in ("join", "fired") else ""
        return replace(token, at=after.key, via=via)

    def _differs(self, token: Token, before: Node, after: Node) -> str:
        """Return why a token cannot stand at the new element as it stood at the old one."""
        scope = self._state.scopes[token.scope]
        if after.kind is not before.kind:
            return f"это уже {after.kind.value}"
        if _repeats(after) != _repeats(before):
            return "он повторяется иначе"
        if scope.kind in ("process", "body", "call") and after.body != self.to(scope.at):
            return "он стоит в другом процессе или подпроцессе"
        if before.kind is Kind.CALL and after.text != self.to(before.text):
            return "он вызывает другой процесс"
        if token.state == "join" and after.needs != before.needs:
            return "он ждёт другого числа ветвей"
        return ""

    def _via(self, token: Token, before: Node, after: Node) -> str:
        """Return the flow by which a waiting token came: the same, else one of its source."""
        if any(flow.key == token.via for flow in after.inflows):
            return token.via
        sources = {self.to(flow.source) for flow in before.inflows if flow.key == token.via}
        for flow in after.inflows:
            if flow.source in sources:
                return flow.key
        if token.via and before.needs == 1:
            self._problem(token.at, "ждёт другие ветви, а его собственная сюда больше не ведёт")
        return token.via


def _repeats(node: Node) -> tuple[str, ...]:
    """Return what instances under way rely on: the kind of loop and the names they go by."""
    loop = node.loop
    return () if loop is None else (loop.kind, loop.item, loop.result)
