"""What the pages of cases are drawn from, besides what the engine tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.queries.cases import CaseFilters, CasePageRow
from engine.queries.history import passed
from engine.queries.reviews import SeatRow, panel
from web import current
from web.diagram import Mark, Picture
from web.marks import marks_of, waits
from web.pictures import picture_of

WHOLE: Final = "all"
"""The stage of the address that shows the whole picture."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The picture of a case with its marks, what it waits for, and the people of its panel."""

    picture: Picture
    marks: Mapping[str, Mark]
    stage: str
    waits: Sequence[tuple[str, datetime | None]]
    panel: Sequence[SeatRow]


def scene_of(page: CasePageRow, stage: str) -> Scene:
    """
    Return the scene of a case.

    Args:
        page: As its reader sees it.
        stage: The name of the stage to show, `WHOLE`, or empty for the one where the case stands.
    """
    case_id = page.case.case_id
    with current.engine().read() as reader:
        times = passed(reader, case_id)
        seats = panel(reader, current.actor(), case_id)
    nodes = current.engine().definitions.get(page.definition_id).definition.nodes
    marks, shown = marks_of(page, times), stage or page.case.stage
    picture = picture_of(page.definition_id)
    here = {key for key, mark in marks.items() if mark.open} | {picture.group(shown)}
    part = picture if shown == WHOLE else picture.part(here)
    return Scene(part, marks, shown, tuple(waits(page, nodes)), seats)


def filters_of(sent: Mapping[str, str]) -> CaseFilters:
    """Return the filters that an address names; what cannot be read narrows nothing."""
    return CaseFilters(
        status=sent.get("status", ""),
        cycle_id=_number(sent.get("cycle", "")),
        organisation_id=_number(sent.get("organisation", "")),
        late=sent.get("late") == "yes",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
