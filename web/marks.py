"""What is going on in a case, laid over the picture of its process."""

from collections import Counter
from collections.abc import Mapping

from flask import url_for

from engine.queries.case_page import CasePageRow
from web.diagram import Mark


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
