"""The sentences that carry what one colleague says to another: who, about which task, what."""

from datetime import date
from typing import Final

from engine.rules.notices import About
from engine.rules.words import day

EXCERPT: Final = 160
"""Letters of a comment that a notice repeats."""


def delegated(about: About, today: date, who: str, note: str) -> str:
    """Tell somebody that a colleague has delegated a task to him."""
    said = f" {note}." if note else ""
    return f"{who} поручает вам задачу {about.name}. Срок — {day(about.due_on, today)}.{said}"


def returned(about: About, today: date, who: str, note: str) -> str:
    """Tell the owner of a task that it is back, and with which remark."""
    due = day(about.due_on, today)
    return f"{who} возвращает вам задачу {about.name}: {note}. Срок — {due}."


def recalled(about: About, who: str) -> str:
    """Tell somebody that a colleague does his task himself again."""
    return f"{who} забирает назад задачу {about.name}. От вас ничего не требуется."


def done_for(about: About, who: str) -> str:
    """Tell the owner of a task that it is done."""
    return f"Задача {about.name} выполнена по вашему поручению: {who}."


def asked(about: About, who: str, until: str, reason: str) -> str:
    """Tell a coordinator that somebody wants more time."""
    return f"{who} просит перенести срок задачи {about.name} на {until}: {reason}. Откройте задачу и ответьте."


def granted(about: About, today: date) -> str:
    """Tell who asked that the deadline has moved."""
    return f"Срок задачи {about.name} перенесён, как вы просили: {day(about.due_on, today)}."


def declined(about: About, today: date, answer: str) -> str:
    """Tell who asked that the deadline stays."""
    due = day(about.due_on, today)
    return f"Срок задачи {about.name} остаётся прежним, {due}. Ответ координатора: {answer}."


def called(name: str, who: str, text: str) -> str:
    """Tell somebody that a comment calls him; ``name`` is that of the task or the case."""
    return f"{who} обращается к вам, {name}: «{excerpt(text)}»"


def commented(about: About, who: str, text: str) -> str:
    """Tell the holder of a task what was written about it."""
    return f"{who} пишет о вашей задаче {about.name}: «{excerpt(text)}»"


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rsplit(' ', 1)[0]}…"
