"""Answers that an invented person gives to a form: valid, plausible, the same for the same seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.rules.fields import Field
from engine.rules.forms import Form

_ROWS = 2
_HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """What the host offers to choose from, by the key of the field (``table.column`` in tables)."""

    people: Mapping[str, Sequence[int]] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Author:
    """
    Who fills in a form.

    Attributes:
        offer: What there is to choose from.
        today: The local date.
        random: Where his whims come from.
    """

    offer: Offer
    today: date
    random: Random

    def answers(self, form: Form, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return answers to a form: those chosen, and for what else is required something fitting.

        A chosen date may be a number of days from today; chosen people, how many of those on
        offer; a chosen table, rows that are completed column by column.
        """
        return self._filled(form.inputs, chosen, "")

    def _filled(
        self, fields: Iterable[Field], chosen: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        """Fill in what is always asked first, then what is asked because of it."""
        found: dict[str, Any] = {}
        for one in sorted(fields, key=lambda one: one.when is not None):
            if one.readonly or not _asked(one, found):
                continue
            given = chosen.get(one.key)
            if given is not None or one.required:
                found[one.key] = self._answer(one, given, f"{path}{one.key}")
        return {key: value for key, value in found.items() if value is not None}

    def _answer(self, one: Field, given: Any, path: str) -> Any:
        match one.kind:
            case "table":
                return self._table(one, given, path)
            case "person":
                return self._people(path, 1)[0] if given is None else given
            case "persons":
                wanted = int(one.minimum or 1) if given is None else given
                return self._people(path, wanted) if isinstance(wanted, int) else wanted
            case "date":
                return self._day(given)
        return self._simple(one, path) if given is None else given

    def _simple(self, one: Field, path: str) -> Any:
        match one.kind:
            case "checkbox":
                return True
            case "number":
                return self._number(one)
            case "radio" | "select":
                return self._options(one, path)[0]
            case "checklist":
                return list(self._options(one, path))[: int(one.maximum or _HIGHEST)]
            case "files":
                return None
        return self._text(one)

    def _text(self, one: Field) -> str:
        text = f"{one.label}: проверено на репетиции."
        padded = text.ljust(int(one.minimum or 0), ".")
        return padded[: one.longest]

    def _number(self, one: Field) -> float:
        low = 1 if one.minimum is None else one.minimum
        high = max(low, _HIGHEST) if one.maximum is None else one.maximum
        if one.digits:
            return round(self.random.uniform(low, high), one.digits)
        return self.random.randint(int(low), int(high))

    def _day(self, given: Any) -> str:
        if isinstance(given, str):
            return given
        ahead = self.random.randint(0, 5) if given is None else int(given)
        return (self.today + timedelta(days=ahead)).isoformat()

    def _options(self, one: Field, path: str) -> Sequence[str]:
        fixed = [option.value for option in one.options]
        return fixed or self.offer.choices[path]

    def _people(self, path: str, wanted: int) -> list[int]:
        """Choose from the front: so that the same people meet again in the next task."""
        return list(self.offer.people[path])[:wanted]

    def _table(self, one: Field, given: Any, path: str) -> list[dict[str, Any]]:
        """Complete given rows; or the rows on offer, each with what is chosen for all of them."""
        offered = self.offer.rows.get(path, ())
        if isinstance(given, list):
            begun = [dict(row) for row in given]
            if offered:
                begun = [{**row, **more} for row, more in zip(offered, begun, strict=False)]
        elif offered:
            begun = [{**row, **(given or {})} for row in offered]
        else:
            begun = [dict(given or {}) for _ in range(max(int(one.minimum or 0), _ROWS))]
        return [row | self._filled(one.columns, row, f"{path}.") for row in begun]


def _asked(one: Field, found: Mapping[str, Any]) -> bool:
    """Tell whether a field is asked, given the answers so far."""
    if one.when is None:
        return True
    value = found.get(one.when.field)
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return ("false" if value is None else plain) in one.when.equals
