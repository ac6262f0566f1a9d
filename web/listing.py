"""How the address of the worklist is read and written: the segment, the filters, the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext

from engine.model.tasks import HIGH, LOW, NORMAL
from engine.queries.narrowing import TaskFilters
from engine.queries.overview import Segment
from engine.queries.worklist import Cursor, WorklistRow
from engine.rules.urgency import URGENCIES

SEGMENTS: Final[Mapping[Segment, str]] = {
    "all": lazy_gettext("Все"),
    "mine": lazy_gettext("Мои"),
    "free": lazy_gettext("Свободные"),
    "done": lazy_gettext("Готово"),
}

PRIORITIES: Final[Mapping[str, int]] = {"high": HIGH, "normal": NORMAL, "low": LOW}
"""As addresses and forms call them."""


NOTHING: Final = TaskFilters()


@dataclass(frozen=True, slots=True)
class Listing:
    """
    What of the worklist is asked for.

    ``selecting``: with a box beside each task; ``choosing``: with all that narrows a long list.
    """

    show: Segment = "all"
    filters: TaskFilters = NOTHING
    after: Cursor | None = None
    selecting: bool = False
    choosing: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """Return the parameters that say what is shown, for an address or a saved filter."""
        wanted = self.filters
        priority = {value: name for name, value in PRIORITIES.items()}.get(
            NORMAL if wanted.priority is None else wanted.priority, ""
        )
        found = {
            "show": "" if self.show == "all" else self.show,
            "q": wanted.words,
            "school": str(wanted.organisation_id or ""),
            "cycle": str(wanted.cycle_id or ""),
            "stage": wanted.stage,
            "priority": "" if wanted.priority is None else priority,
            "late": "yes" if wanted.late else "",
        }
        return {name: value for name, value in found.items() if value}

    def at(self, **changes: object) -> dict[str, object]:
        """Return the parameters of the same list with some of them changed."""
        selecting = {"select": "yes"} if self.selecting else {}
        return {**self.kept, **selecting, **changes}


def listing_of(sent: Mapping[str, str]) -> Listing:
    """Return what an address asks for; what cannot be read asks for nothing."""
    show: Segment = next((one for one in SEGMENTS if one == sent.get("show")), "all")
    filters = TaskFilters(
        words=sent.get("q", "").strip(),
        organisation_id=number(sent.get("school", "")),
        cycle_id=number(sent.get("cycle", "")),
        stage=sent.get("stage", ""),
        priority=PRIORITIES.get(sent.get("priority", "")),
        late=sent.get("late") == "yes",
    )
    selecting, choosing = (sent.get(name) == "yes" for name in ("select", "narrow"))
    return Listing(show, filters, Cursor.read(sent.get("after", "")), selecting, choosing)


def grouped(show: Segment, rows: Sequence[WorklistRow]) -> Mapping[str, Sequence[WorklistRow]]:
    """Return the rows by urgency, what presses most first; what is done by nothing."""
    if show == "done":
        return {"done": rows} if rows else {}
    groups = {name: [row for row in rows if row.urgency == name] for name in URGENCIES}
    return {name: found for name, found in groups.items() if found}


def number(text: str) -> int:
    """Return the number of a row that an address carries; 0 when it carries none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
