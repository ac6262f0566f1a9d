"""How a document of each kind looks: its layout, the words in its head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.rules.documents import DOCUMENT_KINDS


@dataclass(frozen=True, slots=True)
class Look:
    """
    How a kind looks: the built-in template of its layout.

    ``wide``: its tables need a page that lies on its side.
    """

    layout: str
    wide: bool = False


LAYOUTS: Final[Mapping[str, str]] = {
    "order": "приказ",
    "minutes": "протокол",
    "report": "заключение, отчёт, справка",
    "letter": "запрос, ответ",
    "plan": "план, программа (альбомный лист)",
}
"""The built-in templates, with what they are for."""

_LAYOUT_OF: Final = {
    "order": "order",
    "decision": "order",
    "minutes": "minutes",
    "agenda": "minutes",
    "request": "letter",
    "answer": "letter",
    "plan": "plan",
    "programme": "plan",
}


_SHORT: Final = 3
"""Words of a title that can stand as the heading."""


def look_of(kind: str) -> Look:
    """Return the look of a kind of document."""
    layout = _LAYOUT_OF.get(kind, "report")
    return Look(layout, layout == "plan")


def headed(kind: str, title: str) -> tuple[str, str]:
    """
    Return what stands above the number of a document, and its title below.

    A title that names the kind itself does not say it twice: «Итоговая справка» is the heading,
    «Протокол педагогического совета» is «ПРОТОКОЛ» and «педагогического совета».
    """
    name, said = DOCUMENT_KINDS[kind], title.casefold()
    if said.endswith(f" {name}") and len(title.split()) <= _SHORT:
        return title.upper(), ""
    rest = title[len(name) :] if said.startswith(name) else ""
    if rest == "" and said == name:
        return title.upper(), ""
    named = rest[:1] in (" ", ":", ",")
    return name.upper(), rest.lstrip(" :,") if named else title
