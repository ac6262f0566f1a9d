"""
From a form to its page: entries to draw.

A field of a table is named ``table.row.column``, as the engine names it in its refusals, so the
same path leads from a sentence in the summary to the field. Nothing here checks: `Form.load` does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import Any, Final

from flask_babel import gettext as _

from engine.queries.files import AttachedRow
from engine.rules.fields import Field, Option
from engine.rules.forms import Form
from engine.rules.numbers import number_of, written
from engine.rules.scoring import Total, total
from engine.rules.shown import is_blank, is_shown

Values = Mapping[str, Any]
Problems = Mapping[str, Sequence[str]]
Offers = Mapping[str, Sequence[Option]]
"""What there is to choose from, by the name of a list; of people and files, by the path of the
field: ``lead``, or ``candidates.person`` in a table."""
Given = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows that the host fills in for tables whose rows are given, by the key of the table."""

SPARE_ROWS: Final = 1
"""Blank rows below those filled in, so that a table grows without scripts."""
_LARGE: Final = frozenset({"checklist", "taglist", "persons", "files", "radio", "textarea"})
"""Kinds that do not fit into a cell of a table."""
_SHORT: Final = 50
"""Letters of what heads a row, in a line of a summary."""
_FEW: Final = 8
"""Options that are seen at a glance; more than so many are searched in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A field on a page with what is in it.

    ``path`` names its control, ``rows`` are those of a table, ``inner`` the fields of a group,
    ``files`` those kept in it. ``only_if`` says in words when it is asked, ``when`` the same for
    the script of the page. ``is_old``: it still holds what was answered the year before;
    ``is_next``: it is where somebody goes on after the page has changed below his hands.
    """

    field: Field
    path: str
    value: Any = None
    problems: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    inner: tuple["Entry", ...] = ()
    rows: tuple[tuple["Entry", ...], ...] = ()
    files: tuple[AttachedRow, ...] = ()
    only_if: str = ""
    when: str = ""
    is_old: bool = False
    is_next: bool = False

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
        if self.field.kind == "files":
            return ", ".join(one.name for one in self.files)
        if isinstance(self.value, float):
            return written(self.value)
        text = "" if self.value is None else str(self.value)
        return ".".join(reversed(text.split("-"))) if self.field.kind == "date" else text

    @property
    def is_stacked(self) -> bool:
        """Tell whether the rows of a table are too much for one line each."""
        columns = self.field.columns
        return any(one.kind in _LARGE for one in columns) or len(columns) > 5

    @property
    def filled(self) -> tuple[tuple["Entry", ...], ...]:
        """Return the rows of a table in which something stands."""
        return tuple(row for row in self.rows if any(cell.shown for cell in row))

    @property
    def complete(self) -> int:
        """Return in how many rows of a table nothing is missing."""
        return sum(not any(_is_missing(cell, row) for cell in row) for row in self.rows)

    @property
    def total(self) -> Total | None:
        """Return what the marks of criteria come to; None for other tables."""
        if self.field.style != "criteria":
            return None
        (scale,) = (one for one in self.field.columns if one.kind == "radio")
        marks = [number_of(one.value) for one in scale.options]
        given = [number_of(c.value) for row in self.rows for c in row if c.field is scale]
        most = max((int(mark) for mark in marks if mark is not None), default=0)
        return total([(None if mark is None else int(mark), 1) for mark in given], most)

    @property
    def is_long(self) -> bool:
        """Tell whether there are more options than one sees at a glance."""
        return len(self.options) > _FEW

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
    files: Sequence[AttachedRow] = ()
    """All that are attached to the task."""
    before: Values = field(default_factory=dict)
    """What was answered the year before, by the key of the field."""
    next: str = ""
    """The path of the field, or the table, that takes the focus."""


def entries(form: Form | None, sheet: Sheet) -> tuple[Entry, ...]:
    """Return the fields of a form as entries, in their order; what is computed is filled in."""
    if form is None:
        return ()
    sheet = replace(sheet, values=form.computed(sheet.values))
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
    rows = _row_names(by_path.values())
    lines: list[tuple[str, str]] = []
    for path, sentences in problems.items():
        at = by_path.get(path)
        name = rows.get(path, "") + _named(at.field.label) if at else ""
        lines += [(at.id if at else "form", f"{name}{sentence}") for sentence in sentences]
    return lines


def _row_names(drawn: Iterable[Entry]) -> dict[str, str]:
    """Return what each cell of a table is told from the same one of another row by."""
    return {
        cell.path: f"{_short(row[0].heading) or _('Строка %(n)s', n=number)} — "
        for table in drawn
        for number, row in enumerate(table.rows, start=1)
        for cell in row
    }


def _short(text: str) -> str:
    return shorten(text, _SHORT, placeholder="…")


def _named(label: str) -> str:
    """Return a label with its colon; a question keeps its own mark."""
    return f"{label} " if label.endswith("?") else f"{label}: "


def _entry(one: Field, path: str, value: Any, sheet: Sheet, form: Form) -> Entry:
    entry = Entry(
        field=one,
        path=path,
        value=value,
        problems=tuple(sheet.problems.get(path, ())),
        options=_options(one, path, sheet),
        is_old=path in sheet.before and _plainly(value) == _plainly(sheet.before[path]),
        is_next=bool(path) and path == sheet.next,
    )
    if one.kind == "files":
        entry = replace(entry, files=tuple(f for f in sheet.files if str(f.id) in entry.chosen))
    if one.when:
        entry = replace(entry, only_if=_condition(one, form), when=_for_script(one, path))
    if one.kind == "group":
        inner = (_entry(f, f.key, sheet.values.get(f.key), sheet, form) for f in one.fields)
        return replace(entry, inner=tuple(inner))
    if one.kind == "table":
        return replace(entry, rows=tuple(_rows(one, path, value, sheet, form)))
    return entry


def _plainly(value: Any) -> Any:
    """Return a value as a page sends it back, so that one typed and one stored compare."""
    if isinstance(value, Mapping):
        return {key: _plainly(inner) for key, inner in value.items() if not is_blank(inner)}
    return [_plainly(inner) for inner in value] if isinstance(value, list) else str(value)


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
    given = sheet.given.get(one.key, ()) if one.is_given else ()
    rows = _filled(one, typed, given) if given else _grown(one, typed, sheet)
    for number, row in enumerate(rows[: int(one.maximum or len(rows))]):
        yield tuple(
            _entry(column, f"{path}.{number}.{column.key}", row.get(column.key), sheet, form)
            for column in one.columns
        )


def _grown(one: Field, typed: Sequence[Values], sheet: Sheet) -> list[Values]:
    """Return the rows typed so far, and blank ones below where one may add some."""
    if one.is_given:
        return list(typed)
    wanted = max(len(typed) + SPARE_ROWS, int(one.minimum or 0), sheet.room.get(one.key, 0))
    return [*typed, *[{}] * (wanted - len(typed))]


def _filled(one: Field, typed: Sequence[Values], given: Sequence[Values]) -> list[Values]:
    """Return the given rows, each with what was typed into it, wherever it stood then."""
    fixed = one.subject
    before = {str(row.get(fixed)): row for row in typed}
    return [{**before.get(str(row.get(fixed)), {}), **row} for row in given]


def _condition(one: Field, form: Form) -> str:
    """Return the sentence for those whose browser runs no scripts."""
    everything = [*form.inputs, *(column for f in form.inputs for column in f.columns)]
    asked = next((f for f in everything if one.when and f.key == one.when.field), None)
    if asked is None or one.when is None:
        return ""
    if one.when.filled:
        filled: str = _("Заполните, если заполнено «%(label)s».", label=asked.label)
        return filled
    labels = {"true": _("да"), "false": _("нет")} if asked.kind == "checkbox" else {}
    answers = (labels.get(value) or asked.label_of(value) for value in one.when.equals)
    either = f" {_('или')} ".join(answers)
    said: str = _("Заполните, если «%(label)s» — %(said)s.", label=asked.label, said=either)
    return said


def _for_script(one: Field, path: str) -> str:
    """
    Return ``decision=rework|decline``, the name as it stands in this row of the form.

    Without an equals sign: while anything stands there.
    """
    if one.when is None:
        return ""
    name = f"{path.removesuffix(one.key)}{one.when.field}"
    return name if one.when.filled else f"{name}={'|'.join(one.when.equals)}"


def _is_missing(cell: Entry, row: Sequence[Entry]) -> bool:
    """Tell whether a cell of a row must still be filled in."""
    if not cell.field.required or not is_blank(cell.value):
        return False
    typed = {one.field.key: one.value for one in row}
    return is_shown(cell.field, [one.field for one in row], typed)
