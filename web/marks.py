"""What is going on in a case, laid over the picture of its process."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from flask import url_for

from engine.process.model import Kind, Node
from engine.queries.cases import CasePageRow
from web.diagram import Mark

WAITING = frozenset({Kind.CATCH, Kind.RECEIVE, Kind.EVENT_BASED, Kind.SERVICE})
"""Where a case waits for something that no person of ours does."""


def marks_of(page: CasePageRow, passed: Mapping[str, int]) -> dict[str, Mark]:
    """Return the marks of the elements where something is open or has been done."""
    marks = {element: Mark(done=times) for element, times in passed.items()}
    for element in page.tokens:
        marks[element] = Mark(open=1, done=passed.get(element, 0))
    opened = Counter(move.element for move in page.moves)
    late = {move.element for move in page.moves if move.overdue}
    first = {move.element: move.task_id for move in reversed(page.moves)}
    for element, number in opened.items():
        link = url_for("tasks.show", task_id=first[element])
        marks[element] = Mark(number, element in late, passed.get(element, 0), link)
    return marks


def waits(page: CasePageRow, nodes: Mapping[str, Node]) -> Iterator[tuple[str, datetime | None]]:
    """Yield what a case waits for besides its tasks: the name, and until when if that is known."""
    for element in page.tokens:
        node = nodes.get(element)
        if node is not None and node.kind in WAITING and node.name:
            yield node.name, page.alarms.get(element)
