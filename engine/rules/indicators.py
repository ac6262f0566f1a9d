"""Indicators of a school's results: where they come from, what they measure, how they are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.rules.comparing import MEASURES

SOURCES: Final[Mapping[str, str]] = {
    "rcokoit": "РЦОКОИТ",
    "ege": "ЕГЭ",
    "oge": "ОГЭ",
    "znak": "Система «Знак»",
    "ooo_school": "ООО «Школа»",
    "dkr_district": "ДКР района",
    "dkr_city": "ДКР города",
    "selfstudy": "Самообследование",
    "internal": "Внутренний мониторинг",
}
"""The sources that seed 003 prints; a setting may name others, which are called by their name."""

_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured: a measure of a subject in a grade, by a source."""

    source: str
    subject: str
    grade: str
    measure: str

    @property
    def key(self) -> str:
        """Return the text that stands for it in a form."""
        return _BETWEEN.join((self.source, self.subject, self.grade, self.measure))

    @property
    def label(self) -> str:
        """Return what people read: «ЕГЭ · математика · 11 · средний балл»."""
        parts = (source_label(self.source), self.subject, self.grade)
        return " · ".join((*filter(None, parts), MEASURES.get(self.measure, self.measure)))


def indicator(key: str) -> Indicator | None:
    """Return the indicator of a key, None for a text that is no key."""
    parts = key.split(_BETWEEN)
    return Indicator(*parts) if len(parts) == 4 else None


def source_label(key: str) -> str:
    """Return the name of a source."""
    return SOURCES.get(key, key)


def listed(text: str) -> list[str]:
    """Return the items of a setting that is a list with commas, each once."""
    return list(dict.fromkeys(filter(None, map(str.strip, text.split(",")))))
