"""What people wrote, as HTML: their text and nothing else, with links and called names marked."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from markupsafe import Markup, escape

from engine.rules.comments import calls

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"«»]{1,2000}")
_AFTER: Final = ".,;:!?)]}'…"
"""What ends a sentence rather than an address."""

_LINK: Final = Markup(
    '<a href="{0}" rel="nofollow noopener noreferrer" referrerpolicy="no-referrer">{0}</a>'
)
_CALL: Final = Markup('<strong class="call">{}</strong>')


def html_of(text: str, called: Mapping[int, str]) -> Markup:
    """
    Return a comment as HTML; line breaks are for the style sheet to keep.

    Args:
        text: As it was written.
        called: Names of those whom it calls, by their ids.
    """
    pieces: list[str] = []
    at = 0
    for begin, end, shown in sorted(_marked(text, called)):
        if begin >= at:
            pieces += [escape(text[at:begin]), shown]
            at = end
    return Markup("").join([*pieces, escape(text[at:])])


def _marked(text: str, called: Mapping[int, str]) -> Iterator[tuple[int, int, Markup]]:
    """Yield what is more than text: where it begins and ends, and its HTML."""
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER)
        yield found.start(), found.start() + len(address), _LINK.format(address)
    for begin, end, _who in calls(text, called):
        yield begin, end, _CALL.format(text[begin:end])
