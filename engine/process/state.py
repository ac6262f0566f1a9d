"""
The state of one case: three lists of flat rows, and their stored form.

No history, no object graph, no copy of the diagram; so it does not grow with finished work.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from engine.errors import Invalid

Names = dict[str, Any]
"""Variables: JSON scalars and short lists or records of them."""

Status = Literal["new", "running", "suspended", "completed", "failed", "cancelled"]
At = Literal["ready", "open", "wait", "join", "fired", "inside"]
ScopeKind = Literal["process", "body", "call", "loop", "undo"]

FORMAT: Final = 1


class StateUnknown(Invalid):
    """Состояние дела записано в неизвестном формате {number}. Обновите программу."""

    code = "state.unknown"


@dataclass(slots=True)
class Token:
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
    local: Names = field(default_factory=dict)


@dataclass(slots=True)
class Scope:
    """
    A frame in which tokens live.

    ``owner`` is the token that stands outside (0 for the process). ``total``, ``begun``,
    ``done`` and ``ended`` (withdrawn) count loop instances. ``items`` and ``results`` belong to
    a loop; ``rest`` to an ad-hoc body (activities left) or an undo (handlers left); ``log``
    is what can be compensated.
    """

    id: int
    at: str
    kind: ScopeKind
    owner: int = 0
    vars: Names = field(default_factory=dict)
    total: int = 0
    begun: int = 0
    done: int = 0
    ended: int = 0
    items: list[Any] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    rest: list[Any] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Wait:
    """
    One armed event.

    ``owner`` is a token (catch, receive, host of a boundary event) or a scope (event
    sub-process); ``at`` the element that carries the event, ``index`` its number there. ``due``
    is in milliseconds UTC; ``left`` counts firings, -1 for ever; ``keys`` are the values of the
    correlation keys in the order of the definition; ``was`` is a condition's last value.
    """

    id: int
    owner: int
    at: str
    index: int
    kind: str
    name: str = ""
    due: int = 0
    left: int = 1
    keys: list[Any] = field(default_factory=list)
    was: bool = False


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
        """Return the variables of the case itself; empty once it is over without a frame."""
        return next((s.vars for s in self.scopes.values() if s.kind == "process"), {})


def dump(state: State) -> bytes:
    """Return the stored form: one JSON array, format number first, in UTF-8."""
    return orjson.dumps(
        [
            FORMAT,
            state.process,
            state.status,
            state.serial,
            [_row(t) for t in state.tokens.values()],
            [_row(s) for s in state.scopes.values()],
            [_row(w) for w in state.waits.values()],
        ]
    )


def _row(row: Token | Scope | Wait) -> list[Any]:
    """Return the fields of a row in order, without copying what is inside."""
    return [getattr(row, name) for name in row.__slots__]


def load(raw: bytes | str) -> State:
    """
    Return the state that `dump` stored, of this format or any before it.

    Raises:
        StateUnknown: The format number is not one this program reads.
    """
    rows = orjson.loads(raw)
    while rows[0] != FORMAT:
        if rows[0] not in _UPGRADES:
            raise StateUnknown(number=rows[0])
        rows = _UPGRADES[rows[0]](rows)
    _, process, status, serial, tokens, scopes, waits = rows
    return State(
        process,
        status,
        serial,
        {t[0]: Token(*t) for t in tokens},
        {s[0]: Scope(*s) for s in scopes},
        {w[0]: Wait(*w) for w in waits},
    )


_UPGRADES: dict[int, Callable[[list[Any]], list[Any]]] = {}
"""Format n -> a pure function from its rows to those of format n + 1."""
