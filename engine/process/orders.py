"""What goes into a step and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from engine.process.state import Names, Status


class Language(Protocol):
    """Evaluates what authors write; its functions read only facts frozen for the command."""

    def evaluate(self, text: str, names: Mapping[str, Any]) -> Any:
        """Return the value of an expression."""
        ...

    def execute(self, text: str, names: Mapping[str, Any]) -> Names:
        """Return the assignments that a script makes."""
        ...

    def decide(self, table: str, names: Mapping[str, Any]) -> Names:
        """Return the outputs of a decision table."""
        ...


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the case; ``at`` names a start event other than the plain one."""

    process: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """A person or a service is done."""

    token: int
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fail:
    """A service raised an error that the diagram may catch by its code."""

    token: int
    code: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """A timer, message or signal has come for one armed wait."""

    wait: int
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Add:
    """One more instance of a running panel; ``token`` is the activity's own."""

    token: int
    item: Any


@dataclass(frozen=True, slots=True)
class Withdraw:
    """One instance fewer; ``token`` is the instance, open or inside its own work."""

    token: int


@dataclass(frozen=True, slots=True)
class Assign:
    """The host sets variables of the case; conditional events look again."""

    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """Repair: a token goes to another element of its own process or sub-process."""

    token: int
    to: str


@dataclass(frozen=True, slots=True)
class Set:
    """Suspend, resume or cancel; cancelling clears everything and compensates nothing."""

    status: Status


Command = Start | Complete | Fail | Deliver | Add | Withdraw | Assign | Move | Set

EffectKind = Literal[
    "open", "call", "done", "close", "send", "signal", "lost", "failed", "stuck", "ended"
]


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What the host has to do or note, in order of happening.

    open, call: a person or a service has work (``name``: service). done, close: work finished
    or taken away. send, signal: to others (``name``; ``data``: payload, ``keys``: correlation
    values by property). lost: a branch ended because no flow was true. failed: an error nobody
    caught (``name``: code). stuck: running, with nothing open and nothing awaited. ended: the
    case is complete (``name``: the end event reached last, ``data``: its variables).
    """

    kind: EffectKind
    element: str = ""
    token: int = 0
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Any] = field(default_factory=dict)
