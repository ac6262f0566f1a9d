"""
Between a form and its page: entries to draw, and answers read back from what was sent.

A field of a table is named ``table.row.column``, as the engine names it in its refusals, so the
same path leads from a sentence in the summary to the field. Nothing here checks: `Form.load` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from engine.rules.fields import Field, Option
from engine.rules.forms import Form

Values = Mapping[str, Any]
Problems = Mapping[str, Sequence[str]]
Offers = Mapping[str, Sequence[Option]]
"""What there is to choose from, by the name of a list; of people and files, by the path of the
field: ``lead``, or ``candidates.person`` in a table."""
Given = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows that the host fills in for tables whose rows are given, by the key of the table."""

SPARE_ROWS: Final = 1
"""Blank rows below those filled in, so that a table grows without scripts."""
_MANY: Final = frozenset({"checklist", "persons", "files"})


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A field on a page with what is in it.

    ``path`` names its control, ``rows`` are those of a table, ``inner`` the fields of a group.
    ``only_if`` says in words when it is asked, ``when`` the same for the script of the page.
    """

    field: Field
    path: str
    value: Any = None
    problems: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    inner: tuple["Entry", ...] = ()
    rows: tuple[tuple["Entry", ...], ...] = ()
    only_if: str = ""
    when: str = ""

    @property
    def id(self) -> str:
        """Return the id of its control."""
        return f"f-{self.path}"

    @property
    def chosen(self) -> frozenset[str]:
        """Return the values that are ticked, as text."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return frozenset(str(one) for one in values if one is not None)

    @property
    def shown(self) -> str:
        """Return the value as a reader reads it."""
        if self.options:
            labels = {option.value: option.label for option in self.options}
            return ", ".join(labels.get(one, one) for one in sorted(self.chosen))
        if isinstance(self.value, bool):
            return "да" if self.value else "нет"
        if isinstance(self.value, float):
            return f"{self.value:g}".replace(".", ",")
        text = "" if self.value is None else str(self.value)
        return ".".join(reversed(text.split("-"))) if self.field.kind == "date" else text

    @property
    def is_stacked(self) -> bool:
        """Tell whether the rows of a table are too much for one line each."""
        columns = self.field.columns
        large = any(one.kind in ("radio", "textarea", "checklist", "persons") for one in columns)
        return large or len(columns) > 5

    @property
    def filled(self) -> tuple[tuple["Entry", ...], ...]:
        """Return the rows of a table in which something stands."""
        return tuple(row for row in self.rows if any(cell.shown for cell in row))

    @property
    def heading(self) -> str:
        """Return what a row is headed by, when this is its first field and given."""
        return self.shown if self.field.readonly else ""

    @property
    def is_level(self) -> bool:
        """Tell whether its options are few and short enough to stand in one line."""
        return len(self.options) <= 5 and all(len(one.label) <= 14 for one in self.options)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of a form is drawn from, besides the form itself."""

    values: Values = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    lists: Offers = field(default_factory=dict)
    people: Offers = field(default_factory=dict)
    given: Given = field(default_factory=dict)
    room: Mapping[str, int] = field(default_factory=dict)
    """How many rows a table shows at least, by its key."""


def entries(form: Form | None, sheet: Sheet) -> tuple[Entry, ...]:
    """Return the fields of a form as entries, in their order."""
    if form is None:
        return ()
    return tuple(
        _entry(one, one.key, sheet.values.get(one.key), sheet, form) for one in form.fields
    )


def find(drawn: Sequence[Entry], path: str) -> Entry | None:
    """Return the entry of a path."""
    return next((one for one in walk(drawn) if one.path == path), None)


def walk(drawn: Sequence[Entry]) -> Iterator[Entry]:
    """Walk entries with all that stand in them."""
    for one in drawn:
        yield one
        yield from walk(one.inner)
        for row in one.rows:
            yield from walk(row)


def summary(drawn: Sequence[Entry], problems: Problems) -> list[tuple[str, str]]:
    """Return the links of an error summary: the id to go to, and the sentence."""
    by_path = {one.path: one for one in walk(drawn)}
    lines: list[tuple[str, str]] = []
    for path, sentences in problems.items():
        at = by_path.get(path)
        name = f"{at.field.label}: " if at else ""
        lines += [(at.id if at else "form", f"{name}{sentence}") for sentence in sentences]
    return lines


def _entry(one: Field, path: str, value: Any, sheet: Sheet, form: Form) -> Entry:
    entry = Entry(
        field=one,
        path=path,
        value=value,
        problems=tuple(sheet.problems.get(path, ())),
        options=_options(one, path, sheet),
    )
    if one.when:
        entry = replace(entry, only_if=_condition(one, form), when=_for_script(one, path))
    if one.kind == "group":
        inner = (_entry(f, f.key, sheet.values.get(f.key), sheet, form) for f in one.fields)
        return replace(entry, inner=tuple(inner))
    if one.kind == "table":
        return replace(entry, rows=tuple(_rows(one, path, value, sheet, form)))
    return entry


def _options(one: Field, path: str, sheet: Sheet) -> tuple[Option, ...]:
    if one.options:
        return one.options
    named = sheet.lists.get(one.choices) if one.choices else sheet.people.get(_pathless(path))
    return tuple(named or ())


def _pathless(path: str) -> str:
    """Return the path of a field without the numbers of rows."""
    return ".".join(step for step in path.split(".") if not step.isdecimal())


def _rows(
    one: Field, path: str, value: Any, sheet: Sheet, form: Form
) -> Iterator[tuple[Entry, ...]]:
    typed = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    rows = (
        _filled(one, typed, sheet.given.get(one.key, ())) if one.rows else _grown(one, typed, sheet)
    )
    for number, row in enumerate(rows[: int(one.maximum or len(rows))]):
        yield tuple(
            _entry(column, f"{path}.{number}.{column.key}", row.get(column.key), sheet, form)
            for column in one.columns
        )


def _grown(one: Field, typed: Sequence[Values], sheet: Sheet) -> list[Values]:
    """Return the rows typed so far, and blank ones below."""
    wanted = max(len(typed) + SPARE_ROWS, int(one.minimum or 0), sheet.room.get(one.key, 0))
    return [*typed, *[{}] * (wanted - len(typed))]


def _filled(one: Field, typed: Sequence[Values], given: Sequence[Values]) -> list[Values]:
    """Return the given rows, each with what was typed into it, wherever it stood then."""
    fixed = next((column.key for column in one.columns if column.readonly), "")
    before = {str(row.get(fixed)): row for row in typed}
    return [{**before.get(str(row.get(fixed)), {}), **row} for row in given]


def _condition(one: Field, form: Form) -> str:
    """Return the sentence for those whose browser runs no scripts."""
    everything = [*form.inputs, *(column for f in form.inputs for column in f.columns)]
    asked = next((f for f in everything if one.when and f.key == one.when.field), None)
    if asked is None or one.when is None:
        return ""
    labels = {"true": "да", "false": "нет"} if asked.kind == "checkbox" else {}
    answers = (labels.get(value) or asked.label_of(value) for value in one.when.equals)
    return f"Заполните, если «{asked.label}» — {' или '.join(answers)}."


def _for_script(one: Field, path: str) -> str:
    """Return ``decision=rework|decline``, the name as it stands in this row of the form."""
    if one.when is None:
        return ""
    return f"{path.removesuffix(one.key)}{one.when.field}={'|'.join(one.when.equals)}"


# reading back -----------------------------------------------------------------------------------


def answers_from(form: Form | None, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed, field by field, unchecked; wholly blank rows are left out."""
    return {
        one.key: _rows_from(one, sent) if one.kind == "table" else _answer(one, one.key, sent)
        for one in (form.inputs if form else ())
        if not one.readonly
    }


def _answer(one: Field, name: str, sent: MultiDict[str, str]) -> Any:
    if one.kind in _MANY:
        return sent.getlist(name)
    if one.kind == "checkbox":
        return name in sent
    text = sent.get(name, "")
    return text.replace("\r\n", "\n") if one.kind == "textarea" else text


def _rows_from(one: Field, sent: MultiDict[str, str]) -> list[dict[str, Any]]:
    rows = [
        {c.key: _answer(c, f"{one.key}.{number}.{c.key}", sent) for c in one.columns}
        for number in _numbers(one.key, sent)
    ]
    return [row for row in rows if one.rows or any(row.values())]


def rows_sent(key: str, sent: MultiDict[str, str]) -> int:
    """Return how many rows of a table a page has sent, blank ones included."""
    return len(_numbers(key, sent))


def _numbers(key: str, sent: MultiDict[str, str]) -> list[int]:
    head = f"{key}."
    found = {name.removeprefix(head).partition(".")[0] for name in sent if name.startswith(head)}
    return sorted(int(n) for n in found if n.isascii() and n.isdecimal() and len(n) < 6)
