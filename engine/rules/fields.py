"""What one field of a form is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from engine.rules.computed import Expression

Kind = Literal[
    "text",
    "separator",
    "textfield",
    "textarea",
    "number",
    "checkbox",
    "checklist",
    "taglist",
    "radio",
    "select",
    "date",
    "files",
    "group",
    "table",
    "person",
    "persons",
    "computed",
]
Style = Literal["", "criteria", "evidence"]

SILENT: Final = frozenset({"text", "separator"})
"""Kinds that ask nothing."""
LINE: Final = 500
PAGES: Final = 20_000
"""The longest answer, in characters, of a line and of a text area that names no limit itself."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: ``value`` is kept, ``label`` is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class When:
    """
    A field is asked only while another one of its form, or of its row, has one of the values.

    ``filled`` instead of values: while anything stands there.
    """

    field: str
    equals: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field, or one column of a table; the kinds `SILENT` ask nothing.

    ``minimum`` and ``maximum`` bound a number, the length of a text in characters, the rows of
    a table, the files or the people chosen. ``digits`` are those after the comma. ``choices``
    names a list that the host offers (values are strings). The rows of a table are given when
    ``rows`` names such a list, or ``items`` are their subjects; ``style`` says how they are
    filled in. ``role`` and ``scope`` say of whom a person is chosen. ``routes``: the answer
    goes to the process. ``readonly``: the host fills it in. ``prefill``: it begins with the
    answer of the year before. ``link``: a text that is the address of a page. ``expression``
    says how the kind ``computed`` is made of other answers.
    """

    key: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    fields: tuple["Field", ...] = ()
    columns: tuple["Field", ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    digits: int = 0
    choices: str = ""
    rows: str = ""
    items: tuple[Option, ...] = ()
    style: Style = ""
    role: str = ""
    scope: str = ""
    routes: bool = False
    readonly: bool = False
    prefill: bool = False
    link: bool = False
    expression: Expression | None = None
    when: When | None = None

    @property
    def longest(self) -> int:
        """Return how many characters a text may have."""
        return int(self.maximum or (PAGES if self.kind == "textarea" else LINE))

    @property
    def is_given(self) -> bool:
        """Tell whether the rows of a table are given: nobody adds or removes any."""
        return bool(self.rows or self.items)

    @property
    def subject(self) -> str:
        """Return the key of the column that says what a given row is about."""
        return next((one.key for one in self.columns if one.readonly), "")

    def label_of(self, value: object) -> str:
        """Return the label of a value of this field's options, or the value itself as text."""
        found = (option.label for option in self.options if option.value == str(value))
        return next(found, str(value))


def opened(fields: Sequence[Field]) -> Iterator[Field]:
    """Walk the fields that ask something; those of groups are asked only when their group is."""
    for one in fields:
        if one.kind == "group":
            for inner in opened(one.fields):
                yield replace(inner, when=one.when) if one.when else inner
        elif one.kind not in SILENT:
            yield one
