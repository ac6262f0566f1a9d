"""The answers of a form as a reader sees them: labels instead of keys, names instead of ids."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.papers.content import Block, Heading, Table, Text, clean, paragraphs
from engine.papers.wording import NOTHING, number, short_date
from engine.rules.fields import Field
from engine.rules.forms import Form

_ABOUT: Final = frozenset({"order_no", "order_date", "protocol_no"})
"""Stand in the head of the document."""
_WIDE: Final = frozenset({"textarea"})
_NUMBERS: Final = frozenset({"number", "computed"})


@dataclass(frozen=True, slots=True)
class Said:
    """
    What was answered to a form.

    ``lists`` are labels by value, by the name of the list; ``people`` names by id; ``facts``
    are what else the document needs, by a name that its composer knows.
    """

    form: Form
    fields: Mapping[str, Any]
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return an answer as text; none is empty."""
        one = next((one for one in self.form.inputs if one.key == key), None)
        value = self.fields.get(key)
        return "" if one is None or value is None else self._text(one, value)

    def rows(self, key: str) -> list[dict[str, str]]:
        """Return the rows of a table as text by column."""
        columns = next((one.columns for one in self.form.inputs if one.key == key), ())
        return [
            {c.key: self._text(c, row.get(c.key)) for c in columns}
            for row in self.fields.get(key, [])
        ]

    def blocks(self) -> tuple[Block, ...]:
        """Return all that was answered, field by field."""
        return tuple(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        asked = [one for one in self.form.inputs if one.kind != "files" and not one.routes]
        given = [one for one in asked if one.key not in _ABOUT and self.fields.get(one.key)]
        for one in given:
            if one.columns:
                yield Heading(one.label)
                yield self._table(one)
            elif one.kind in _WIDE:
                if len(given) > 1:
                    yield Heading(one.label)
                yield from paragraphs(self.text(one.key))
            else:
                yield Text(f"{one.label}: {self.text(one.key)}", "left")

    def _table(self, one: Field) -> Table:
        rows = self.rows(one.key)
        told = (c for c in one.columns if c.kind != "files")
        used = [c for c in told if any(row[c.key] not in ("", NOTHING) for row in rows)]
        return Table(
            tuple(c.label for c in used),
            tuple(tuple(row[c.key] or NOTHING for c in used) for row in rows),
            tuple(3 if c.kind in _WIDE else 2 for c in used),
        )

    def _text(self, one: Field, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "да" if value else "нет"
        if isinstance(value, Sequence) and not isinstance(value, str):
            return ", ".join(self._text(one, part) for part in value)
        return clean(self._label(one, value)) if value != "" else ""

    def _label(self, one: Field, value: Any) -> str:
        """Return the words of a value that is not empty."""
        if one.kind in ("person", "persons"):
            return self.people.get(int(value), "")
        if one.kind == "date":
            return short_date(value)
        if one.choices:
            return self.lists.get(one.choices, {}).get(str(value), str(value))
        return number(value) if one.kind in _NUMBERS else one.label_of(value)
