"""
What is still to be done within a step: one small record per kind of work.

Handlers do not call each other; they put work on the machine's agenda, and only ``step`` knows
who does it. Work names tokens, scopes and waits by number. Numbers are never used again, so
work whose subject has been cleared away meanwhile is simply dropped.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.process.model import Event


class Arrive(NamedTuple):
    """A new token stands at its element: arm, wait, or queue to act."""

    token: int


class Act(NamedTuple):
    """A token's turn has come."""

    token: int


class Begin(NamedTuple):
    """The work of an activity, or of one instance of it, begins."""

    token: int


class Finish(NamedTuple):
    """An activity, or one instance of it, is done."""

    token: int


class Depart(NamedTuple):
    """A token goes, and others take the flows of `node` (of its own element when empty)."""

    token: int
    node: str = ""


class Leave(NamedTuple):
    """Tokens take the flows out of `node`; conditions see `names`."""

    scope: int
    node: str
    names: Mapping[str, Any]
    times: int = 1


class Join(NamedTuple):
    """A token has come to a gateway that may have to wait for others."""

    token: int


class Open(NamedTuple):
    """A sub-process or a called process begins inside its token; `log`: what it can undo."""

    token: int
    log: list[Any] = []  # noqa: RUF012 - never changed, like all rows


class OpenProcess(NamedTuple):
    """The process itself begins; `start` names an event other than the plain one."""

    process: str
    variables: Mapping[str, Any]
    start: str


class Populate(NamedTuple):
    """The first tokens of an open scope; not after an event sub-process has taken it over."""

    scope: int
    start: str


class Drain(NamedTuple):
    """A scope may have run empty."""

    scope: int


class Offer(NamedTuple):
    """An activity of an ad-hoc sub-process is done: what can be done next?"""

    token: int


class StartSub(NamedTuple):
    """An event sub-process begins in `scope` by its start event."""

    scope: int
    start: str


class OpenLoop(NamedTuple):
    """A looped activity begins: how many instances, which of them at once?"""

    token: int


class Report(NamedTuple):
    """An instance is done: count, collect, ask for the quorum."""

    token: int


class Next(NamedTuple):
    """A loop goes on with its next instance, or ends."""

    scope: int


class CloseLoop(NamedTuple):
    """A loop ends, whatever is still open in it."""

    scope: int


class Trigger(NamedTuple):
    """What a wait waits for has happened."""

    wait: int
    payload: Mapping[str, Any]


class Throw(NamedTuple):
    """A throwing event goes on with its event number `nth`, or leaves after the last."""

    token: int
    nth: int = 0


class Raise(NamedTuple):
    """One event is thrown from where a token stands."""

    token: int
    event: Event


class Outward(NamedTuple):
    """An error or escalation looks for the nearest that catches it."""

    token: int
    event: Event


class Logged(NamedTuple):
    """The activity of a token is done and can be compensated; `inner` is the log inside it."""

    token: int
    inner: list[Any]


class Undo(NamedTuple):
    """Compensation or cancel, event number `nth` of the thrower."""

    token: int
    nth: int


class Undone(NamedTuple):
    """One handler of an undo scope is through: the next, or on with the thrower."""

    scope: int


Work = (
    Arrive
    | Act
    | Begin
    | Finish
    | Depart
    | Leave
    | Join
    | Open
    | OpenProcess
    | Populate
    | Drain
    | Offer
    | StartSub
    | OpenLoop
    | Report
    | Next
    | CloseLoop
    | Trigger
    | Throw
    | Raise
    | Outward
    | Logged
    | Undo
    | Undone
)
