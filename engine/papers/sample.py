"""An invented document of each kind, to try a template with."""

from datetime import UTC, datetime
from typing import Final

from engine.papers.content import Annex, Content, Facts, Heading, Points, Signer, Text, numbered
from engine.papers.printing import Printed, Signed, printed
from engine.rules.documents import DOCUMENT_KINDS

_WHEN: Final = datetime(2026, 9, 1, 9, tzinfo=UTC)


def sample(kind: str) -> Printed:
    """Return a document with every part that a document can have."""
    rows = [("Подготовить приказ", "Заместитель директора", "1 октября 2026 г.")] * 3
    content = Content(
        kind=kind,
        number="12",
        dated_on="2026-09-01",
        title=f"Образец: {DOCUMENT_KINDS[kind]}",
        organisation="Средняя школа № 1",
        above="Управление образования",
        place="Образцовый район",
        addressee="Педагогическому коллективу",
        blocks=(
            Facts((("Присутствовали", "15 из 20"),)),
            Heading("Раздел"),
            Text("Абзац с угловыми <скобками> и {{ фигурными }}."),
            Points(("Первый пункт.", "Второй пункт.")),
            numbered("Что сделать|Кто|Срок", (6, 4, 3), rows),
        ),
        signers=(Signer("Директор", "И. О. Фамилия"),),
        annexes=(Annex("Список", (Text("Текст приложения."),)),),
    )
    return printed(content, [Signed("Фамилия Имя Отчество", "director", _WHEN)], "Europe/Moscow")
