"""What happens in a rehearsal, where it is not left to chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.bus import Command
from engine.rules.access import Role
from engine.unit import Reader

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """
    Whose turn it is at an element.

    ``round`` counts from 1 how often the same person or item has come to it; ``place`` counts
    from 0 the persons or items of a panel, in the order in which they came first.
    """

    element: str
    round: int
    place: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What somebody who acts on his own can look at."""

    reader: Reader
    case_id: int


@dataclass(frozen=True, slots=True)
class Act:
    """
    Something that a person does of his own accord.

    ``days`` working days after the element ``after`` has been opened for the ``nth`` time, the
    nearest holder of the role ``by`` gives the command.
    """

    after: str
    by: Role
    command: Callable[[Scene], Command[Any]]
    title: str
    days: int = 1
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    A way through a cycle.

    Attributes:
        title: What it shows, in Russian.
        answers: By element: answers by round (the last goes on), or a function of the turn.
        late: Working days after the deadline, by element, in its first round.
        silent: Elements at which nobody ever does anything; with a place, only the person or
            item of that place (see `Turn`), and only in the first round.
        acts: What people do of their own accord.
        settings: Of the cycle, over the diagram's.
        tardy: The share of other tasks that are late by chance.
        sequel: What happens in a case that repeats this one.
        start: A start event other than the plain one.
    """

    title: str
    answers: Mapping[str, Sequence[Answers] | Callable[[Turn], Answers]] = field(
        default_factory=dict
    )
    late: Mapping[str, int] = field(default_factory=dict)
    silent: frozenset[str | tuple[str, int]] = frozenset()
    acts: tuple[Act, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    tardy: float = 0.0
    sequel: "Scenario | None" = None
    start: str = ""

    def chosen(self, turn: Turn) -> Answers:
        """Return the answers of a turn that are not left to chance."""
        found = self.answers.get(turn.element, ())
        if callable(found):
            return found(turn)
        return found[min(turn.round, len(found)) - 1] if found else {}

    def lateness(self, turn: Turn) -> int | None:
        """Return by how many working days a turn is to be late; None: as it comes."""
        return self.late.get(turn.element) if turn.round == 1 else None

    def is_silent(self, turn: Turn) -> bool:
        """Tell whether nobody does anything this time."""
        alone = turn.round == 1 and (turn.element, turn.place) in self.silent
        return turn.element in self.silent or alone


PLAIN = Scenario("Без особых событий; некоторые опаздывают", tardy=0.15)
"""For any cycle: the first answer everywhere, and some latecomers."""
