"""What one field of a form is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "text",
    "textfield",
    "textarea",
    "number",
    "checkbox",
    "checklist",
    "radio",
    "select",
    "date",
    "files",
    "group",
    "table",
    "person",
    "persons",
]

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
    """A field is asked only while another one of its form, or of its row, has one of the values."""

    field: str
    equals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field, or one column of a table; the kind ``text`` is a paragraph and asks nothing.

    ``minimum`` and ``maximum`` bound a number, the length of a text in characters, the rows of
    a table or the people chosen. ``digits`` are those after the comma. ``choices`` names a list
    that the host offers (values are strings); ``rows`` one whose every item is a given row of
    the table. ``role`` and ``scope`` say of whom a person is chosen. ``routes``: the answer
    goes to the process. ``readonly``: the host fills it in.
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
    role: str = ""
    scope: str = ""
    routes: bool = False
    readonly: bool = False
    when: When | None = None

    @property
    def longest(self) -> int:
        """Return how many characters a text may have."""
        return int(self.maximum or (PAGES if self.kind == "textarea" else LINE))

    def label_of(self, value: object) -> str:
        """Return the label of a value of this field's options, or the value itself as text."""
        found = (option.label for option in self.options if option.value == str(value))
        return next(found, str(value))


def opened(fields: Sequence[Field]) -> Iterator[Field]:
    """Walk the fields that ask something, those of groups included."""
    for one in fields:
        if one.kind == "group":
            yield from opened(one.fields)
        elif one.kind != "text":
            yield one
