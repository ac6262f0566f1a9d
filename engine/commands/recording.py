"""What recorders and services share: refusing a field, local dates, the panel's variables."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NoReturn

from engine.commands.locked import LockedCase
from engine.errors import FormInvalid
from engine.rules.calendar import day_of
from engine.unit import Unit


def refuse(field: str, sentence: str) -> NoReturn:
    """
    Refuse the answers of a form because of one field, which the page then points at.

    Args:
        field: Its path: ``present``, or ``objects.0.expert`` in a table.
        sentence: Russian, says what to do.
    """
    raise FormInvalid({field: [sentence]})


def refuse_another(unit: Unit, person_id: object, field: str) -> None:
    """Refuse the work of an expert that somebody else sends in, to whom it was handed over."""
    if unit.actor.person_id != person_id:
        refuse(field, "Это делает сам эксперт. Если он не может, замените его в группе.")


def today(unit: Unit, case: LockedCase) -> date:
    """Return the date at the school."""
    return day_of(unit.now, case.zone)


def day(iso: str) -> date:
    """Return the date of a checked field."""
    return date.fromisoformat(iso)


def known(keys: Iterable[int], value: object, field: str) -> int:
    """Return a chosen id if it is one of those on offer, else refuse the field."""
    chosen = next((key for key in keys if str(key) == str(value)), None)
    if chosen is None:
        refuse(field, "Выберите из списка.")
    return chosen


def all_given(
    rows: Iterable[Mapping[str, Any]], key: str, wanted: Iterable[int], field: str
) -> None:
    """Refuse a table of given rows that lacks one, repeats one or holds a foreign one."""
    if sorted(str(row[key]) for row in rows) != sorted(map(str, wanted)):
        refuse(field, "Заполните каждую строку: ни одна не пропущена и не добавлена.")


def variable(case: LockedCase, name: str, otherwise: Any = None) -> Any:
    """Return a variable of the case itself."""
    value = case.state.variables.get(name)
    return otherwise if value is None else value


def coded(rows: Iterable[Mapping[str, Any]], letter: str) -> list[dict[str, Any]]:
    """Return rows with a code each: the given one, or the letter and the number of the row."""
    return [{**row, "code": row.get("code") or f"{letter}{n}"} for n, row in enumerate(rows, 1)]
