"""
From what a browser sends to answers, unchecked: `Form.load` checks them.

The names are those of `web.forms`: ``table.row.column`` for a field of a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from werkzeug.datastructures import MultiDict

from engine.rules.fields import Field
from engine.rules.forms import Form
from web.forms import Entry

_MANY: Final = frozenset({"checklist", "taglist", "persons", "files"})


@dataclass(frozen=True, slots=True)
class Deed:
    """What a press does to the rows of a table; ``row`` is the number that the page gave it."""

    table: str = ""
    verb: Literal["", "add", "remove", "up", "down"] = ""
    row: int = 0


def deed_of(table: str, said: str) -> Deed:
    """Return what ``add``, ``up.2``, ``down.2`` or ``remove.2`` means; anything else is nothing."""
    verb, _dot, row = said.partition(".")
    number = int(row) if row.isascii() and row.isdecimal() and len(row) < 6 else 0
    match verb:
        case "add" | "remove" | "up" | "down":
            return Deed(table, verb, number)
        case _:
            return Deed(table)


def answers_from(
    form: Form | None, sent: MultiDict[str, str], deed: Deed | None = None
) -> dict[str, Any]:
    """Return what was typed, field by field, unchecked; wholly blank rows are left out."""
    return {
        one.key: _rows_from(one, sent, deed or Deed())
        if one.kind == "table"
        else _answer(one, one.key, sent)
        for one in (form.inputs if form else ())
        if not (one.readonly or one.expression)
    }


def room_after(deed: Deed, sent: MultiDict[str, str]) -> int:
    """Return how many rows a table shows after a deed: those that the page had, one more or less."""
    more = {"add": 1, "remove": -1}.get(deed.verb, 0)
    return len(_numbers(deed.table, sent)) + more


def place_after(deed: Deed, drawn: Entry, sent: MultiDict[str, str]) -> str:
    """Return the path of the field where somebody goes on after a deed."""
    if not deed.verb:
        return deed.table
    order = _ordered(_numbers(deed.table, sent), deed)
    at = order.index(deed.row) if deed.verb in ("up", "down") and deed.row in order else -1
    row = drawn.rows[min(at, len(drawn.rows) - 1)] if drawn.rows and deed.verb != "remove" else ()
    return row[0].path if row else deed.table


def _answer(one: Field, name: str, sent: MultiDict[str, str]) -> Any:
    if one.kind in _MANY:
        return sent.getlist(name)
    if one.kind == "checkbox":
        return name in sent
    text = sent.get(name, "")
    return text.replace("\r\n", "\n") if one.kind == "textarea" else text


def _rows_from(one: Field, sent: MultiDict[str, str], deed: Deed) -> list[dict[str, Any]]:
    numbers = _numbers(one.key, sent)
    rows = [
        {
            c.key: _answer(c, f"{one.key}.{number}.{c.key}", sent)
            for c in one.columns
            if not c.expression
        }
        for number in (_ordered(numbers, deed) if deed.table == one.key else numbers)
    ]
    return [row for row in rows if one.is_given or any(row.values())]


def _ordered(numbers: Sequence[int], deed: Deed) -> list[int]:
    """Return the numbers of rows in their order after a deed."""
    order = list(numbers)
    if deed.row not in order:
        return order
    at = order.index(deed.row)
    if deed.verb == "remove":
        return order[:at] + order[at + 1 :]
    to = {"up": at - 1, "down": at + 1}.get(deed.verb, at)
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order


def _numbers(key: str, sent: MultiDict[str, str]) -> list[int]:
    head = f"{key}."
    found = {name.removeprefix(head).partition(".")[0] for name in sent if name.startswith(head)}
    return sorted(int(n) for n in found if n.isascii() and n.isdecimal() and len(n) < 6)
