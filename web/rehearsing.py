"""A rehearsal told: lines of time for a reader, or objects for a program."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from babel.dates import format_date

from engine.rehearsal.report import Line, Week
from engine.rehearsal.stage import ZONE, Rehearsal
from engine.rules.words import plural

_KINDS: Final[Mapping[str, str]] = {
    "opened": "открыто",
    "done": "сделано",
    "closed": "снято",
    "stage": "этап",
    "timer": "срок",
    "message": "сообщение",
    "lost": "ветвь",
    "incident": "СБОЙ",
    "case": "дело",
    "reminder": "напоминание",
    "escalation": "ЭСКАЛАЦИЯ",
    "mail": "письмо",
}
_HERE: Final = ZoneInfo(ZONE)


# for a reader -----------------------------------------------------------------------------------


def told(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the story day by day, the busiest weeks, the sum, and the dead ends."""
    for day, lines in groupby(rehearsal.lines, key=lambda line: line.at.astimezone(_HERE).date()):
        yield ""
        yield format_date(day, "EEE d MMMM y", locale="ru")
        yield from _of_day(lines)
    yield ""
    yield "Самые плотные недели"
    yield from map(_week, rehearsal.weeks)
    yield ""
    yield _sum(rehearsal)
    yield from _ends(rehearsal)


def _of_day(lines: Iterator[Line]) -> Iterator[str]:
    """Yield the lines of a day; what is told to several people at once stands in one."""
    for (at, kind, text), group in groupby(lines, key=_alike):
        found = list(group)
        others = f" и ещё {len(found) - 1}" if len(found) > 1 else ""
        to = f" → {found[0].to}{others}" if found[0].to else ""
        yield f"  {at.astimezone(_HERE):%H:%M}  {_KINDS[kind]:<11}  {text or found[0].text}{to}"


def _alike(line: Line) -> tuple[datetime, str, str]:
    """Return what one line of the story has in common; letters differ in their counts only."""
    return line.at, line.kind, "" if line.kind == "mail" else line.text


def _week(week: Week) -> str:
    monday = format_date(week.monday, "d MMMM", locale="ru")
    tasks = f"{week.tasks} {plural(week.tasks, 'задача', 'задачи', 'задач')}"
    return f"  неделя с {monday}: {tasks}, больше всех — {week.person} ({week.of_person})"


def _sum(found: Rehearsal) -> str:
    node = found.definition.nodes.get(found.outcome)
    end = f"«{node.name}»" if node and node.name else found.outcome
    return (
        f"Итог: {end}. Задач сделано {found.tasks_completed}, напоминаний {found.reminders}, "
        f"эскалаций {found.escalations}, писем {found.mails}; "
        f"пройдено {len(found.elements)} из {len(found.definition.nodes)} элементов схемы."
    )


def _ends(found: Rehearsal) -> Iterator[str]:
    if not found.dead_ends:
        yield "Тупиков нет."
        return
    yield "Тупики"
    for end in found.dead_ends:
        node = found.definition.nodes.get(end.element)
        where = f"«{node.name}»: " if node and node.name else ""
        yield f"  {end.at.astimezone(_HERE):%d.%m.%Y}  {where}{end.sentence}"


# for a program ----------------------------------------------------------------------------------


def as_json(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield one object a line: what happened, the busiest weeks, last the sum."""
    for line in rehearsal.lines:
        yield _packed(
            at=line.at.isoformat(),
            kind=line.kind,
            case=line.case_id,
            element=line.element,
            text=line.text,
            to=line.to,
        )
    for week in rehearsal.weeks:
        yield _packed(
            kind="peak_week",
            monday=week.monday,
            tasks=week.tasks,
            person=week.person,
            of_person=week.of_person,
        )
    yield _packed(
        outcome=rehearsal.outcome,
        tasks_completed=rehearsal.tasks_completed,
        reminders=rehearsal.reminders,
        escalations=rehearsal.escalations,
        mails=rehearsal.mails,
        dead_ends=[
            {"element": end.element, "at": end.at.isoformat(), "sentence": end.sentence}
            for end in rehearsal.dead_ends
        ],
        elements_visited=sorted(rehearsal.elements),
    )


def _packed(**values: Any) -> str:
    return orjson.dumps(values).decode()
