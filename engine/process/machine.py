"""
The working copy of a state during one step.

It keeps the rows and their indexes together, collects the effects, and holds the agenda:
a stack of consequences, worked off depth first, and a queue of tokens that act by themselves.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from engine.errors import ExpressionFailed, ExpressionRefused, Fault, NotOpen
from engine.process.agenda import Arrive, Work
from engine.process.model import Definition, Node
from engine.process.orders import Effect, EffectKind, Language
from engine.process.state import (
    At,
    Names,
    Scope,
    State,
    Status,
    Token,
    Wait,
    frames,
    held,
    merged,
)
from engine.process.trail import note


class Machine:
    """
    One step under way. The state it was made from stays as it was.

    Args:
        definition: The diagram of the case.
        state: Where the case stands.
        now: Milliseconds UTC.
        language: Evaluates what authors write.
    """

    def __init__(self, definition: Definition, state: State, now: int, language: Language) -> None:
        self.definition = definition
        self.language = language
        self.now = now
        self.process = state.process
        self.status: Status = state.status
        self.serial = state.serial
        self.tokens = dict(state.tokens)
        self.scopes = dict(state.scopes)
        self.waits = dict(state.waits)
        self.effects: list[Effect] = []
        self.stack: list[Work] = []
        self.coming: list[Work] = []
        self.queue: deque[int] = deque()
        self.assigned = False
        """Something was assigned since conditions were looked at last."""
        self.grown = False
        """Something was assigned at all."""
        self.end = ""
        """The end event of the process that was reached last, for the outcome of the case."""
        self._index()

    def _index(self) -> None:
        """Build the indexes: a step looks rows up by scope and owner, never by a search."""
        self.within: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.armed: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.gathering: dict[int, None] = {}
        for token in self.tokens.values():
            self.within[token.scope][token.id] = None
            if token.state in ("join", "fired"):
                self.gathering[token.id] = None
        for wait in self.waits.values():
            self.armed[wait.owner][wait.id] = None
        self.child = {scope.owner: scope.id for scope in self.scopes.values() if scope.owner}

    def result(self) -> State:
        """Return the state as it is now."""
        return State(self.process, self.status, self.serial, self.tokens, self.scopes, self.waits)

    # the agenda -------------------------------------------------------------------------------

    def put(self, *work: Work) -> None:
        """Hand over consequences; they are done in this order, before anything older."""
        self.coming.extend(work)

    def pop(self) -> Work | None:
        """Return the next consequence, or None when there is no more."""
        if self.coming:
            self.coming.reverse()
            self.stack.extend(self.coming)
            self.coming.clear()
        return self.stack.pop() if self.stack else None

    def tell(
        self,
        kind: EffectKind,
        element: str,
        token: int = 0,
        name: str = "",
        data: Mapping[str, Any] | None = None,
        keys: Mapping[str, Any] | None = None,
    ) -> None:
        """Note an effect for the host."""
        self.effects.append(Effect(kind, element, token, name, data or {}, keys or {}))

    # rows -------------------------------------------------------------------------------------

    def number(self) -> int:
        """Return a number that no row of this case has ever had."""
        self.serial += 1
        return self.serial

    def node(self, token: int) -> Node:
        """Return the element at which a token stands."""
        return self.definition.nodes[self.tokens[token].at]

    def there(self, token: int, state: At | None = None) -> Token:
        """
        Return a token that a command names.

        Raises:
            NotOpen: It is gone, or not in that state any more.
        """
        found = self.tokens.get(token)
        if found is None or state not in (None, found.state):
            raise NotOpen
        return found

    def place(self, token: Token) -> int:
        """Add a token; return its number."""
        note(token.at, token.via)
        self.tokens[token.id] = token
        self.within[token.scope][token.id] = None
        return token.id

    def enter(self, node: str, scope: int, via: str = "") -> None:
        """Let a new token arrive at an element."""
        self.put(Arrive(self.place(Token(self.number(), node, scope, "ready", via))))

    def turn(self, token: int, state: At) -> None:
        """Give a token another state."""
        self.tokens[token] = replace(self.tokens[token], state=state)
        if state in ("join", "fired"):
            self.gathering[token] = None

    def add_scope(self, scope: Scope) -> int:
        """Add a scope; return its number."""
        self.scopes[scope.id] = scope
        if scope.owner:
            self.child[scope.owner] = scope.id
        return scope.id

    def add_wait(self, wait: Wait) -> None:
        """Add a wait."""
        self.waits[wait.id] = wait
        self.armed[wait.owner][wait.id] = None

    def remove_wait(self, wait: int) -> None:
        """Remove one wait."""
        del self.armed[self.waits.pop(wait).owner][wait]

    def disarm(self, owner: int) -> None:
        """Remove all waits of a token or scope."""
        for wait in self.armed.pop(owner, ()):
            del self.waits[wait]

    def drop(self, token: int) -> None:
        """Take a token away, with everything inside it and all it waits for."""
        if token in self.child:
            self.shut(self.child[token])
        self.disarm(token)
        gone = self.tokens.pop(token)
        del self.within[gone.scope][token]
        self.gathering.pop(token, None)
        if gone.state == "open":
            self.tell("close", gone.at, token)

    def clear(self, scope: int, keep: int = 0) -> None:
        """Take everything in a scope away, inside out, with its own events and what was to come."""
        self.disarm(scope)
        if (row := self.scopes[scope]).kind == "body":
            self.scopes[scope] = replace(row, rest=[])
        for token in list(self.within[scope]):
            if token != keep:
                self.drop(token)

    def shut(self, scope: int) -> None:
        """Clear a scope and remove it."""
        self.clear(scope)
        del self.within[scope]
        self.child.pop(self.scopes.pop(scope).owner, None)

    def keep(self, scope: int, entries: list[Any]) -> None:
        """Add to what can be compensated in a scope."""
        if entries:
            row = self.scopes[scope]
            self.scopes[scope] = replace(row, log=[*row.log, *entries])

    # variables --------------------------------------------------------------------------------

    def names(self, owner: int) -> Names:
        """Return all variables that a token or scope sees."""
        return merged(frames(self.tokens, self.scopes, owner))

    def assign(self, owner: int, values: Mapping[str, Any]) -> None:
        """Set each name in the innermost frame that declares it, else in the (called) process."""
        rows = list(frames(self.tokens, self.scopes, owner)) if values else []
        for name, value in values.items():
            at = next((i for i, row in enumerate(rows) if name in held(row)), len(rows) - 1)
            rows[at] = self._with(rows[at], name, value)
            self.assigned = self.grown = True

    def _with(self, row: Token | Scope, name: str, value: object) -> Token | Scope:
        """Replace a row by one in which `name` has `value`."""
        if isinstance(row, Token):
            token = self.tokens[row.id] = replace(row, local={**row.local, name: value})
            return token
        scope = self.scopes[row.id] = replace(row, vars={**row.vars, name: value})
        return scope

    def receive(self, node: Node, owner: int, values: Mapping[str, Any]) -> None:
        """Assign what a service, decision or called process gave, by the mapping if there is one."""
        if node.outputs:
            values = {name: self.value(node.key, text, values) for name, text in node.outputs}
        self.assign(owner, values)

    def value(self, element: str, text: str, names: Mapping[str, Any]) -> Any:
        """
        Return the value of an expression.

        Raises:
            Fault: It has none; names the element.
        """
        try:
            return self.language.evaluate(text, names)
        except (ExpressionFailed, ExpressionRefused) as problem:
            raise Fault(element=element, why=problem.sentence) from problem
