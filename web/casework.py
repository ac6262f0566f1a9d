"""What the pages of cases are drawn from, besides what the engine tells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from flask_babel import gettext as _

from engine.events import (
    CaseCompleted,
    Event,
    ServiceCalled,
    StageEntered,
    TaskClosed,
    TaskOpened,
)
from engine.queries.attention import attention
from engine.queries.case_page import CasePageRow
from engine.queries.cases import CaseFilters, cases, counts
from engine.queries.cycles import cycles
from engine.queries.history import passed
from engine.queries.moves import MoveRow
from engine.queries.reviews import SeatRow, panel
from engine.queries.saved_filters import saved_filters
from engine.queries.worklist import Cursor
from engine.rules.access import Right, holds
from web import current
from web.diagram import Mark, Picture
from web.marks import marks_of
from web.pictures import picture_of

WHOLE: Final = "all"
"""The stage of the address that shows the whole picture."""

ZOOMS: Final = (50, 75, 100, 150, 200)
"""Per cent of the size that a picture is drawn in; 0 fits it to the width of the page."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The picture of a case with its marks, how large it is shown, and the people of its panel."""

    picture: Picture
    marks: Mapping[str, Mark]
    stage: str
    zoom: int
    panel: Sequence[SeatRow]

    @property
    def smaller(self) -> int:
        """Return the next smaller zoom; the same when there is none."""
        return max((one for one in ZOOMS if one < self.zoom), default=self.zoom or ZOOMS[0])

    @property
    def larger(self) -> int:
        """Return the next larger zoom; the same when there is none."""
        return min((one for one in ZOOMS if one > (self.zoom or 75)), default=self.zoom)


def scene_of(page: CasePageRow, sent: Mapping[str, str], stage: str = "") -> Scene:
    """
    Return the scene of a case.

    Args:
        page: As its reader sees it.
        sent: The address: ``stage`` and ``zoom``; what cannot be read is as if left out.
        stage: The name of the stage to show unless the address says so, or `WHOLE`; empty for
            the one where the case stands.
    """
    case_id = page.case.case_id
    with current.engine().read() as reader:
        times = passed(reader, case_id)
        seats = panel(reader, current.actor(), case_id)
    marks = marks_of(page, times)
    shown = sent.get("stage", "") or stage or page.case.stage
    picture = picture_of(page.definition_id)
    band = picture.group(shown)
    here = {band} if band else {key for key, mark in marks.items() if mark.open}
    part = picture if shown == WHOLE else picture.part(here)
    zoom = next((one for one in (0, *ZOOMS) if str(one) == sent.get("zoom")), 100)
    return Scene(part, marks, shown, zoom, seats)


def gathered(moves: Iterable[MoveRow]) -> Sequence[Sequence[MoveRow]]:
    """Return open tasks with those of the same title together, the group first due in front."""
    alike: defaultdict[tuple[str, str], list[MoveRow]] = defaultdict(list)
    for move in moves:
        alike[move.element, move.title].append(move)
    return tuple(alike.values())


# the list ---------------------------------------------------------------------------------------


def listed(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what the list of cases shows at an address, by the names of its template."""
    filters, after = filters_of(sent), Cursor.read(sent.get("after", ""))
    steers = holds(current.actor(), Right.STEER)
    is_front = steers and after is None and filters == CaseFilters()
    return {
        "page": current.ask(cases, filters, after=after),
        "counts": current.ask(counts, filters),
        "attention": current.ask(attention) if is_front else [],
        "cycles": current.ask(cycles),
        "saved": current.ask(saved_filters, "cases"),
        "filters": filters,
        "query": query_of(filters),
        "after": after,
        "steers": steers,
    }


def filters_of(sent: Mapping[str, str]) -> CaseFilters:
    """Return the filters that an address names; what cannot be read narrows nothing."""
    return CaseFilters(
        status=sent.get("status", ""),
        cycle_id=number(sent.get("cycle", "")),
        organisation_id=number(sent.get("organisation", "")),
        stage=sent.get("stage", ""),
        late=sent.get("late") == "yes",
        words=sent.get("q", "").strip(),
    )


def query_of(filters: CaseFilters) -> dict[str, Any]:
    """Return what an address says of filters, without those that narrow nothing."""
    kept = asdict(filters)
    named = {"cycle_id": "cycle", "organisation_id": "organisation", "words": "q"}
    query = {named.get(name, name): value for name, value in kept.items() if value}
    return {**query, "late": "yes"} if filters.late else query


def number(text: str) -> int:
    """Return the number of an address; 0 for what is none that a key can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


# what would happen ------------------------------------------------------------------------------


def outlook(page: CasePageRow, events: Iterable[Event]) -> list[str]:
    """Return in sentences what a trial of a command has brought about, for who decides on it."""
    nodes = current.engine().definitions.get(page.definition_id).definition.nodes
    return [
        _FORESEEN[type(event)](event, nodes[event.element].name if event.element in nodes else "")
        for event in events
        if type(event) in _FORESEEN
    ]


_FORESEEN: Final[Mapping[type[Event], Callable[[Any, str], str]]] = {
    TaskOpened: lambda event, _title: _(
        "Откроется задача «%(title)s», срок — %(until)s.",
        title=event.title,
        until=f"{event.due_on:%d.%m.%Y}",
    ),
    TaskClosed: lambda _event, title: _("Задача «%(title)s» будет снята.", title=title),
    StageEntered: lambda event, _title: _("Начнётся этап «%(title)s».", title=event.name),
    ServiceCalled: lambda _event, title: _(
        "Начнётся автоматическое действие «%(title)s».", title=title
    ),
    CaseCompleted: lambda event, _title: _("Дело завершится: %(title)s.", title=event.outcome),
}
