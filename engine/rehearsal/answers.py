"""Answers that an invented person gives to a form: valid, plausible, the same for the same seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from engine.rules.fields import Field
from engine.rules.forms import Form
from engine.rules.shown import is_shown

_ROWS = 2
_HIGHEST = 100

Values = Mapping[str, Any]

_SAID: Final = (
    "Работа выполнена в срок, материалы приложены.",
    "Обсудили на совещании, замечаний нет.",
    "Проверено по журналам и тетрадям, расхождений нет.",
    "Учтены предложения учителей и родителей.",
    "Сделано частично, работу продолжим в следующей четверти.",
)
"""What people write where a scenario says nothing."""


def said(about: str) -> str:
    """Return a sentence for a field, always the same: chance is for what people decide."""
    return _SAID[len(about) % len(_SAID)]


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What the page of a form offers.

    ``people`` are ids by the key of a field, ``table.column`` in tables; ``lists`` are values by
    the name of a list; ``begun`` is what the form begins with, given rows included.
    """

    people: Mapping[str, Sequence[int]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    begun: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Author:
    """
    Who fills in a form.

    Attributes:
        offer: What the page offers.
        today: The local date.
        random: Where his whims come from.
    """

    offer: Offer
    today: date
    random: Random

    def answers(self, form: Form, chosen: Values) -> dict[str, Any]:
        """
        Return answers to a form: chosen ones, those it begins with, and fitting ones for the rest.

        A chosen date may be a number of days from today; a chosen person or option, the place in
        the list on offer, from 0; chosen people, how many of them; a chosen table, its rows, or
        one row whose values hold for all.
        """
        return self._filled(form.inputs, chosen, self.offer.begun, "", 0)

    def _filled(
        self, fields: Iterable[Field], chosen: Values, begun: Values, path: str, row: int
    ) -> dict[str, Any]:
        """Fill in what is always asked first, then what is asked because of it."""
        found: dict[str, Any] = {}
        order = sorted(fields, key=lambda one: one.when is not None)
        for one in (each for each in order if not each.expression):
            before = begun.get(one.key)
            if one.key in chosen:
                found[one.key] = self._chosen(one, chosen[one.key], before, path)
            elif one.kind == "table" and (before or (one.required and is_shown(one, order, found))):
                found[one.key] = self._table(one, {}, before, path)
            elif before is not None:
                found[one.key] = before
            elif _is_needed(one) and is_shown(one, order, found):
                found[one.key] = self._fitting(one, path, row)
        return found

    def _chosen(self, one: Field, given: Any, before: Any, path: str) -> Any:
        match one.kind:
            case "table":
                return self._table(one, given, before, path)
            case "date" if isinstance(given, int):
                return self._day(given)
            case "person":
                return self._people(one, path)[given]
            case "radio" | "select" if isinstance(given, int):
                return self._options(one)[given]
            case "persons" if isinstance(given, int):
                return self._people(one, path)[:given]
        return given

    def _fitting(self, one: Field, path: str, row: int) -> Any:
        """Return some answer that the field takes; files are never needed."""
        if one.kind in ("person", "persons"):
            people = self._people(one, path)
            return people[row % len(people)] if one.kind == "person" else people[: _least(one)]
        if one.kind in ("radio", "select", "checklist", "taglist"):
            options = self._options(one)
            return options[0] if one.kind in ("radio", "select") else list(options)
        if one.kind == "number":
            return self._number(one)
        if one.kind == "date":
            return self._day(self.random.randint(0, 5))
        return True if one.kind == "checkbox" else self._text(one)

    def _text(self, one: Field) -> str:
        if one.link:
            return "https://shkola.example/"
        text = "См. материалы школы" if one.kind == "textfield" else said(one.label)
        return text.ljust(int(one.minimum or 0), ".")[: one.longest]

    def _number(self, one: Field) -> float:
        low = 1 if one.minimum is None else one.minimum
        high = max(low, _HIGHEST) if one.maximum is None else one.maximum
        if one.digits:
            return round(self.random.uniform(low, high), one.digits)
        return self.random.randint(int(low), int(high))

    def _day(self, ahead: int) -> str:
        return (self.today + timedelta(days=ahead)).isoformat()

    def _options(self, one: Field) -> Sequence[str]:
        return [option.value for option in one.options] or self.offer.lists[one.choices]

    def _people(self, one: Field, path: str) -> list[int]:
        """Return those on offer, in their order: the same people meet again in the next task."""
        return list(self.offer.people[f"{path}{one.key}"])

    def _table(self, one: Field, given: Any, before: Any, path: str) -> list[dict[str, Any]]:
        """Complete rows: given ones, those the form begins with, or a few of our own."""
        least = max(int(one.minimum or 0), _ROWS)
        if isinstance(given, list):
            kept = before if one.is_given else [{}] * len(given)
            pairs = list(zip(kept, given, strict=False))
        else:
            pairs = [(row, given) for row in before or [{}] * least]
        below = f"{path}{one.key}."
        return [
            begun | self._filled(one.columns, more, begun, below, number)
            for number, (begun, more) in enumerate(pairs)
        ]


def _least(one: Field) -> int:
    return int(one.minimum or 1)


def _is_needed(one: Field) -> bool:
    return one.required and not one.readonly and one.kind != "files"
