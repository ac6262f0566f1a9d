"""The kinds of documents that a case brings forth (domain, section 9)."""

from collections.abc import Mapping
from typing import Final

DOCUMENT_KINDS: Final[Mapping[str, str]] = {
    "order": "приказ",
    "decision": "управленческое решение",
    "minutes": "протокол",
    "conclusion": "заключение",
    "dissent": "особое мнение",
    "opinion": "индивидуальное заключение",
    "analysis": "аналитический отчёт",
    "goals": "перечень задач",
    "request": "запрос",
    "agenda": "повестка",
    "list": "список",
    "declaration": "декларация",
    "programme": "программа",
    "observation": "лист наблюдения",
    "record": "ведомость",
    "acquaintance": "лист ознакомления",
    "answer": "ответ на возражения",
    "plan": "план мер",
    "control": "лист контроля",
    "publication": "публикация",
    "note": "справка",
}

NUMBERED_BY_PEOPLE: Final = frozenset({"order", "decision", "minutes"})
"""Kinds whose numbers come from the books of the school; all others are counted by the case."""
