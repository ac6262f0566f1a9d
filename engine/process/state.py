"""
The state of one case: three lists of flat rows, and their stored form.

No history, no object graph, no copy of the diagram; so it does not grow with finished work.
Rows are never changed, only replaced: an old state stays true while a step works on a new one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from engine.errors import StateUnknown

Names = dict[str, Any]
"""Variables: JSON scalars and short lists or records of them."""

Status = Literal["new", "running", "suspended", "completed", "failed", "cancelled"]
At = Literal["ready", "open", "wait", "join", "fired", "inside"]
ScopeKind = Literal["process", "body", "call", "loop", "undo"]

FORMAT: Final = 1


class Token(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """
    Where the case stands, once.

    ``at`` is the element. ``state``: ready (to act), open (a person or a service works), wait
    (an event), join (for other branches), fired (a complex gateway that still swallows),
    inside (owns a child scope). ``via`` is the flow it came by; ``index`` and ``local`` are the
    number and the variables of a loop instance (-1: none).
    """

    id: int
    at: str
    scope: int
    state: At = "ready"
    via: str = ""
    index: int = -1
    local: Names = {}


class Scope(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """
    A frame in which tokens live.

    ``owner`` is the token that stands outside (0 for the process). ``total``, ``begun``,
    ``done`` and ``ended`` (withdrawn) count loop instances; in an undo scope ``begun`` is the
    number of the event that was thrown. ``items`` and ``results`` (number, value) belong to a
    loop; ``rest`` to an ad-hoc body (activities left) or an undo (handlers left); ``log``
    is what can be compensated.
    """

    id: int
    at: str
    kind: ScopeKind
    owner: int = 0
    vars: Names = {}
    total: int = 0
    begun: int = 0
    done: int = 0
    ended: int = 0
    items: list[Any] = []
    results: list[Any] = []
    rest: list[Any] = []
    log: list[Any] = []


class Wait(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """
    One armed event.

    ``owner`` is a token (catch, receive, host of a boundary event) or a scope (event
    sub-process); ``at`` the element that carries the event, ``index`` its number there. ``due``
    is in milliseconds UTC; ``left`` counts firings, -1 for ever; ``keys`` are the values of the
    correlation keys in the order of the definition; ``was`` is a condition's last value;
    ``since`` is when a repeated timer was armed (0: not known).
    """

    id: int
    owner: int
    at: str
    index: int
    kind: str
    name: str = ""
    due: int = 0
    left: int = 1
    keys: list[Any] = []
    was: bool = False
    since: int = 0


@dataclass(slots=True)
class State:
    """
    One case. ``serial`` is the last number given to a token, scope or wait.

    Numbers are never used again, so a late click on an old task cannot hit a new one.
    """

    process: str = ""
    status: Status = "new"
    serial: int = 0
    tokens: dict[int, Token] = field(default_factory=dict)
    scopes: dict[int, Scope] = field(default_factory=dict)
    waits: dict[int, Wait] = field(default_factory=dict)

    @property
    def variables(self) -> Names:
        """Return the variables of the case itself; empty once it is over."""
        return next((s.vars for s in self.scopes.values() if s.kind == "process"), {})

    def names(self, token: int) -> Names:
        """Return all that is visible where a token stands: instance, loop, sub-process, case."""
        return merged(frames(self.tokens, self.scopes, token))


def frames(
    tokens: dict[int, Token], scopes: dict[int, Scope], owner: int
) -> Iterator[Token | Scope]:
    """Yield the rows whose variables `owner`, a token or a scope, sees; from the inside out."""
    while True:
        if owner in tokens:
            token = tokens[owner]
            if token.local:
                yield token
            owner = token.scope
        scope = scopes[owner]
        yield scope
        if scope.kind in ("process", "call"):
            return
        owner = scope.owner


def held(row: Token | Scope) -> Names:
    """Return the variables that a row holds."""
    return row.local if isinstance(row, Token) else row.vars


def merged(rows: Iterator[Token | Scope]) -> Names:
    """Return one view of several frames, the first of them in front."""
    names: Names = {}
    for row in reversed(list(rows)):
        names.update(held(row))
    return names


Stored = tuple[int, str, Status, int, list[Token], list[Scope], list[Wait]]

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Stored)


def dump(state: State) -> bytes:
    """Return the stored form: one JSON array, format number first, in UTF-8."""
    return _ENCODER.encode(
        (
            FORMAT,
            state.process,
            state.status,
            state.serial,
            list(state.tokens.values()),
            list(state.scopes.values()),
            list(state.waits.values()),
        )
    )


def load(raw: bytes | str) -> State:
    """
    Return the state that `dump` stored, of this format or any before it.

    Raises:
        StateUnknown: The format number is not one this program reads.
    """
    raw = raw.encode() if isinstance(raw, str) else raw
    current = raw.startswith(b"[%d," % FORMAT)
    rows = _DECODER.decode(raw) if current else _upgraded(msgspec.json.decode(raw))
    _, process, status, serial, tokens, scopes, waits = rows
    return State(
        process,
        status,
        serial,
        {t.id: t for t in tokens},
        {s.id: s for s in scopes},
        {w.id: w for w in waits},
    )


def _upgraded(rows: list[Any]) -> Stored:
    """Return the rows of an older format in the present one."""
    while rows[0] != FORMAT:
        if rows[0] not in _UPGRADES:
            raise StateUnknown(number=rows[0])
        rows = _UPGRADES[rows[0]](rows)
    stored: Stored = msgspec.convert(rows, Stored)
    return stored


_UPGRADES: dict[int, Callable[[list[Any]], list[Any]]] = {}
"""Format n -> a pure function from its rows to those of format n + 1."""
