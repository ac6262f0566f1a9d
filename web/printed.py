"""
A paper as it will be printed: the same before signing, on the page afterwards, and on paper.

One template draws it (`_printed.html`); what it is made of comes from a filled-in form, or from
a conclusion that has been written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.queries.reviews import ConclusionRow
from engine.queries.tasks import TaskPageRow
from engine.rules.scoring import Total
from web.forms import Entry
from web.scales import Scale


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper: a text, or a table with its columns; ``total`` is what scores come to."""

    heading: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: Total | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper: its title, what it is about, its parts, and every dissenting opinion."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    dissents: tuple[tuple[str, str], ...] = ()


def of_form(
    task: TaskPageRow,
    author: str,
    entries: Sequence[Entry],
    scales: Mapping[str, Scale],
    dissents: Sequence[tuple[str, str]] = (),
) -> Printed:
    """Return the paper of a form as its author has filled it in."""
    title = task.form.title if task.form else task.title
    facts = (*_about(task.organisation, task.cycle, task.item), (task.role_name, author))
    return Printed(title, facts, tuple(_parts(entries, scales)), tuple(dissents))


def of_conclusion(
    organisation: str, cycle: str, lead: str, row: ConclusionRow, levels: Mapping[str, str]
) -> Printed:
    """Return the paper of a conclusion of the panel."""
    columns = ("Задача", "Вывод", "Уровень", "Рекомендации")
    items = tuple((goal, text, levels[level], more) for goal, level, text, more in row.items)
    parts = (Part("Общий вывод", row.summary), Part("По каждой задаче", "", columns, items))
    facts = (*_about(organisation, cycle), ("руководитель экспертной группы", lead))
    title = "Заключение по результатам первого этапа"
    return Printed(title, facts, parts, tuple(row.dissents))


def _about(organisation: str, cycle: str, item: str = "") -> tuple[tuple[str, str], ...]:
    about = (("школа", organisation), ("экспертиза", cycle), ("объект", item))
    return tuple((name, said) for name, said in about if said)


def _parts(entries: Iterable[Entry], scales: Mapping[str, Scale]) -> Iterable[Part]:
    for one in entries:
        if one.field.kind == "table" and (rows := _rows(one)):
            scale = scales.get(one.path)
            columns = tuple(column.label for column in one.field.columns)
            yield Part(one.field.label, "", columns, rows, scale.total if scale else None)
        elif one.field.kind == "group":
            yield from _parts(one.inner, scales)
        elif one.field.kind not in ("table", "text") and one.shown:
            yield Part(one.field.label, one.shown)


def _rows(table: Entry) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.shown or "—" for cell in row) for row in table.filled)
