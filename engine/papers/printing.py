"""
An edition of a document as a printer takes it: the words of its head, its parts, its signatures.

Both printers, Word and the typesetter, print the same value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from engine.papers.content import Annex, Content, Signer, Text, clean, numbered
from engine.papers.looks import headed, look_of
from engine.papers.wording import capital, long_date, position, short_date

_UNFIT: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What Windows does not take in the name of a file."""
_LONGEST: Final = 120


class Printed(msgspec.Struct, frozen=True):
    """What stands on the pages; ``corner`` are the lines at the upper right."""

    above: str
    organisation: str
    heading: str
    number: str
    date: str
    place: str
    title: str
    corner: tuple[str, ...]
    content: Content
    signers: tuple[Signer, ...]
    annexes: tuple[Annex, ...]
    sheet: Annex | None
    layout: str
    wide: bool

    @property
    def name(self) -> str:
        """Return what the document is called: «Приказ № 12 от 1 сентября 2026 г.»."""
        return name_of(self.content)


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody has signed: his name, the key of his capacity, when, and whether he agrees."""

    name: str
    capacity: str
    at: datetime
    agrees: bool = True


def name_of(content: Content) -> str:
    """Return what a document is called: «Приказ № 12 от 1 сентября 2026 г.»."""
    kind = headed(content.kind, content.title)[0]
    return f"{capital(kind.lower())} № {content.number} от {long_date(content.dated_on)}"


def file_name(content: Content, form: str, edition: int = 0) -> str:
    """
    Return the name of a file: «Приказ № 12 от 01.09.2026.docx».

    Args:
        content: Of the document.
        form: The ending of the name.
        edition: Its number, when it is not the newest one.
    """
    kind = headed(content.kind, content.title)[0]
    name = f"{capital(kind.lower())} № {content.number} от {short_date(content.dated_on)}"
    older = f" (редакция {edition})" if edition else ""
    return f"{_UNFIT.sub('-', name)[:_LONGEST]}{older}.{form}"


def printed(content: Content, signatures: Sequence[Signed], zone: str) -> Printed:
    """
    Return an edition as it is printed.

    Args:
        content: As it was issued.
        signatures: Of those who had signed it by then.
        zone: Of the organisation: the sheet of signatures shows its time.
    """
    heading, title = headed(content.kind, content.title)
    look = look_of(content.kind)
    return Printed(
        above=clean(content.above),
        organisation=clean(content.organisation),
        heading=heading,
        number=content.number,
        date=long_date(content.dated_on),
        place=clean(content.place),
        title=clean(title),
        corner=content.approval or tuple(filter(None, [content.addressee])),
        content=content,
        signers=content.signers,
        annexes=(*_headed(content.annexes), *content.supplements),
        sheet=_sheet(content, signatures, zone) if signatures else None,
        layout=look.layout,
        wide=look.wide,
    )


def _headed(annexes: Sequence[Annex]) -> list[Annex]:
    """Return annexes with their numbers; a single one needs none."""
    if len(annexes) == 1:
        return [Annex(f"Приложение. {annexes[0].title}", annexes[0].blocks)]
    return [Annex(f"Приложение № {n}. {one.title}", one.blocks) for n, one in enumerate(annexes, 1)]


def _sheet(content: Content, signatures: Sequence[Signed], zone: str) -> Annex:
    """Return the sheet of signatures: who, as what, when, and under which text."""
    rows = [
        (
            clean(one.name),
            position(one.capacity),
            f"{one.at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M:%S}",
            "согласен" if one.agrees else "с особым мнением",
        )
        for one in signatures
    ]
    digest = content.digest
    return Annex(
        "Лист подписей",
        (
            Text(f"{name_of(content)} {content.title}", "left"),
            numbered("Фамилия, имя, отчество|В качестве|Дата и время|Подпись", (7, 6, 5, 4), rows),
            Text(f"Время указано по часовому поясу организации ({zone}).", "left"),
            Text("Отпечаток подписанного текста (SHA-256):", "left"),
            Text(" ".join(digest[n : n + 8] for n in range(0, len(digest), 8)), "left"),
            Text("Подписано в программе «Цикл» под личной учётной записью.", "left"),
        ),
    )
