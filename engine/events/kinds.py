"""The base of all events, and the two signals that carry them."""

import inspect
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final

from blinker import Namespace

_signals = Namespace()

recorded = _signals.signal("recorded")
"""Sent by the unit inside the transaction; a subscriber that raises undoes the action."""

committed = _signals.signal("committed")
"""Sent by the engine after the commit, with all ``events``; who listens does nothing but wake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Что-то произошло."""

    known: ClassVar[dict[str, type["Event"]]] = {}
    """Every kind of event by the name that the journal keeps."""

    case_id: int = 0
    task_id: int = 0
    element: str = ""

    def __init_subclass__(cls) -> None:
        # A dataclass with slots is made twice: the second class, the real one, stays.
        Event.known[cls.__name__] = cls

    @classmethod
    def line(cls) -> str:
        """Return the Russian sentence, its names not yet filled in."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    @property
    def data(self) -> dict[str, Any] | None:
        """Return the fields that are this kind's own, for the journal; None without any."""
        return {name: getattr(self, name) for name in _own(type(self))} or None


ASIDE: Final = {"aside": True}
"""Marks a field that subscribers read and the journal does not keep: its rows have it already."""

_OWN: dict[str, tuple[str, ...]] = {}


def _own(kind: type[Event]) -> tuple[str, ...]:
    """Return the names of the fields that a kind of event adds."""
    if (names := _OWN.get(kind.__name__)) is None:
        shared = {common.name for common in fields(Event)}
        names = tuple(
            own.name
            for own in fields(kind)
            if own.name not in shared and not own.metadata.get("aside")
        )
        _OWN[kind.__name__] = names
    return names
