"""
Which elements and flows tokens pass: for a rehearsal or a test that asks; else nobody looks.

A step stays a pure function: what is noted here goes into no state and no effect.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Trail = list[tuple[str, str]]
"""In order: the element at which a token arrived, and the flow it came by, empty without one."""

_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def followed() -> Iterator[Trail]:
    """Yield a list that fills with what the steps inside this block pass."""
    trail: Trail = []
    before = _trail.set(trail)
    try:
        yield trail
    finally:
        _trail.reset(before)


def note(element: str, flow: str) -> None:
    """Note an arrival, if anybody follows."""
    if (trail := _trail.get()) is not None:
        trail.append((element, flow))
