"""Whatever stands in a field of a form is taken, or refused in words: nothing breaks."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from itertools import cycle, islice
from typing import Any

from engine.commands.tasks import CompleteTask
from engine.errors import EngineError
from tests.review import Review, Way
from tests.reviews.conftest import At

GARBAGE: tuple[object, ...] = (
    "²",
    "\0",
    "9999-12-31",
    "0001-01-01",
    10**30,
    "no",
    {"a": 1},
    "9" * 5000,
    "NaN",
    [[]],
    "\u202e<script>",
)
EACH = 2
"""So many of them in each field; the next field gets the next ones."""

Place = tuple[str | int, ...]


def places(answers: Any, above: Place = ()) -> Iterator[Place]:
    """Yield where something stands in answers; of a table in its first row."""
    if above:
        yield above
    inner = answers.items() if isinstance(answers, Mapping) else ()
    rows = enumerate(answers[:1]) if isinstance(answers, list) else ()
    for key, value in (*inner, *rows):
        yield from places(value, (*above, key))


def spoiled(answers: Mapping[str, Any], place: Place, garbage: object) -> dict[str, Any]:
    """Return answers with something else at a place."""
    found: Any = deepcopy(dict(answers))
    inner = found
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = garbage
    return dict(found)


def tried(review: Review, row: Any) -> int:
    """Try garbage in every field of a task, each time undoing it; return how often."""
    answers, actor = review.answers(row), review.town.actor(review.town.holder(row))
    more, times = cycle(GARBAGE), 0
    for place in places(answers):
        for garbage in islice(more, EACH):
            times += 1
            command = CompleteTask(row.id, spoiled(answers, place, garbage))
            with suppress(EngineError):
                review.town.engine.trial(command, actor)
    return times


def test_garbage_in_a_field_breaks_nothing(way: Way, at: At) -> None:
    """Every field of every form of a whole review, by whoever may fill it in."""
    times = 0
    for element in sorted(way.moments.keys() - {"end"}):
        review = at(element)
        times += tried(review, review.open(element)[0])
    assert times > 200
