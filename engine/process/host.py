"""What the host offers to a diagram, and what it demands of one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

Mode = Literal["eval", "exec"]
"""An expression, or a script of assignments."""

Check = Callable[[str, Mode], None]
"""Refuses a text that is not in the language: raises `ExpressionRefused` or ``SyntaxError``."""


def anything(_text: str, _mode: Mode) -> None:
    """Accept every text; for callers that check expressions elsewhere."""


@dataclass(frozen=True, slots=True)
class Host:
    """
    The ground a diagram is compiled for.

    ``check`` is asked about every expression and script. ``house`` adds what a cycle of ours must
    have: forms, roles and deadline rules on the tasks of people, mapped calls, registered
    services. ``late`` lets calls lead to processes of other files. Of ``services``, ``tables``,
    ``roles`` and ``reminders`` None means: not checked.
    """

    check: Check = anything
    house: bool = False
    late: bool = False
    services: Collection[str] | None = None
    tables: Collection[str] | None = None
    roles: Collection[str] | None = None
    reminders: Collection[str] | None = None
