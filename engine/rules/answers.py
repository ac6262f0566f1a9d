"""
Answers to a form: from what a page or a program sends to checked JSON values.

Built on marshmallow. What HTML forms send is understood: «3,5» is a number, ``31.12.2026`` a
date, ``on`` a tick. Dates come out in ISO form, people and files as numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

import marshmallow as ma
from marshmallow.exceptions import SCHEMA
from marshmallow.validate import Equal, Length, OneOf, Regexp

from engine.rules.fields import Field
from engine.rules.numbers import number_of, written
from engine.rules.shown import asked_only, is_blank, is_shown

MOST_ROWS: Final = 500
MOST_CHOSEN: Final = 200
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2200, 12, 31)

FILL: Final = "Заполните поле."
CHOOSE: Final = "Выберите из списка."
PICK: Final = "Выберите ответ."
TICK: Final = "Поставьте отметку."
ATTACH: Final = "Приложите файл."
ROW: Final = "Заполните хотя бы одну строку."
LINK: Final = "Адрес начинается с https:// или http://, скопируйте его из браузера целиком."
_WRONG: Final = "Данные в неверном виде. Заполните поле заново."

Messages = dict[str, list[str]]


def answers_to(fields: Iterable[Field]) -> ma.Schema:
    """Return the schema of the answers to fields."""
    return _rows_of(tuple(fields))()


def with_computed(fields: Sequence[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return answers with what is computed of them, rows of tables included.

    Args:
        fields: All of the form, in their order: what is computed may build on what stands above.
        answers: Checked or as typed; answers to fields that are not asked count as blank.
    """
    found = dict(answers)
    for one in fields:
        if one.kind == "table" and isinstance(found.get(one.key), list):
            found[one.key] = [_computed_row(one, row, found) for row in found[one.key]]
        if one.expression:
            found[one.key] = one.expression.value(asked_only(fields, found), one.digits)
    return found


def _computed_row(table: Field, row: Any, around: Mapping[str, Any]) -> Any:
    made = [one for one in table.columns if one.expression]
    if not made or not isinstance(row, Mapping):
        return row
    return {
        key: value
        for key, value in with_computed(table.columns, {**around, **row}).items()
        if key in row or any(key == one.key for one in made)
    }


def flat(messages: object, path: str = "") -> Messages:
    """Return messages by the path of their field: ``tasks.0.title``."""
    if not isinstance(messages, Mapping):
        return {path: [str(one) for one in messages] if isinstance(messages, list) else []}
    found: Messages = {}
    for key, inner in messages.items():
        below = path if key == SCHEMA else f"{path}.{key}".removeprefix(".")
        for where, sentences in flat(inner, below).items():
            found.setdefault(where, []).extend(sentences)
    return found


# a form, or a row of a table --------------------------------------------------------------------


class _Answers(ma.Schema):
    """Leaves out what is blank or not asked before the fields look."""

    asked: tuple[Field, ...] = ()
    error_messages = {"unknown": "Такого поля в форме нет.", "type": _WRONG}  # noqa: RUF012 - theirs

    @ma.pre_load
    def _leave_out(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        made = {one.key for one in self.asked if one.expression}
        kept = asked_only(self.asked, data)
        return {k: v for k, v in kept.items() if k not in made and not is_blank(v)}

    @ma.validates_schema(pass_original=True, skip_on_field_errors=False)
    def _ask_what_is_shown(self, _data: Any, original: Any, **_: Any) -> None:
        """Ask for required fields that are shown only sometimes."""
        wanted = [one for one in self.asked if one.required and one.when]
        missing: Messages = {
            one.key: [_asking(one)]
            for one in wanted
            if is_shown(one, self.asked, original) and is_blank(original.get(one.key))
        }
        if missing:
            raise ma.ValidationError(dict(missing))


def _rows_of(fields: tuple[Field, ...]) -> type[_Answers]:
    checks = {one.key: _checked(one) for one in fields if not one.expression}
    return type("Answers", (_Answers,), {"asked": fields, **checks})


def _asking(field: Field) -> str:
    """Return what to do where nothing stands."""
    if field.kind in ("select", "person"):
        return CHOOSE
    words = {"radio": PICK, "checkbox": TICK, "files": ATTACH, "table": ROW}
    return words.get(field.kind, FILL)


# fields -----------------------------------------------------------------------------------------


class _Text(ma.fields.String):
    """A text without blanks around it; the ends of its lines are those of Unix."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


class _Number(ma.fields.Field[float]):
    """A number of a field: whole without ``digits``, within its bounds."""

    def __init__(self, field: Field, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._field = field

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        del attr, data, kwargs
        found = number_of(value)
        if found is None or (not self._field.digits and not found.is_integer()):
            sentence = (
                "Введите число, например 3,5." if self._field.digits else "Введите целое число."
            )
            raise ma.ValidationError(sentence)
        if not _within(found, self._field):
            raise ma.ValidationError(_bounds(self._field))
        return round(found, self._field.digits) if self._field.digits else int(found)


def _within(value: float, field: Field) -> bool:
    low, high = field.minimum, field.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _bounds(field: Field) -> str:
    low, high = (None if n is None else written(n) for n in (field.minimum, field.maximum))
    if low is None or high is None:
        return (
            f"Введите число не больше {high}." if low is None else f"Введите число не меньше {low}."
        )
    return f"Введите число от {low} до {high}."


class _Date(ma.fields.Field[str]):
    """A date, as 2026-12-31 or 31.12.2026; comes out in ISO form."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        del attr, data, kwargs
        found = _date(value)
        if found is None or not _EARLIEST <= found <= _LATEST:
            raise ma.ValidationError("Введите дату, например 31.12.2026.")
        return found.isoformat()


def _date(value: object) -> date | None:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(str(value).strip(), form).date()  # noqa: DTZ007 - a date
    return None


class _Many(ma.fields.List[Any]):
    """A list; HTML forms send a single choice without brackets."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        given = [value] if isinstance(value, (str, int)) else value
        found = super()._deserialize(given, attr, data, **kwargs)
        return [one for n, one in enumerate(found) if one not in found[:n]]


class _Table(ma.fields.List[Any]):
    """Rows; those that are wholly blank are left out."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        rows = [row for row in value if not _blank_row(row)] if isinstance(value, list) else value
        return list(super()._deserialize(rows, attr, data, **kwargs))


def _blank_row(row: object) -> bool:
    return isinstance(row, Mapping) and all(is_blank(value) for value in row.values())


# from a field to its check ----------------------------------------------------------------------


def _checked(field: Field) -> ma.fields.Field[Any]:
    """Return the check of a field."""
    required = field.required and field.when is None
    words = {
        "required": _asking(field),
        "null": _asking(field),
        "invalid": _WRONG,
    }
    return _MAKERS[field.kind](field, {"required": required, "error_messages": words})


def _text(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    long = f"Слишком длинно: не больше {field.longest} знаков."
    check: list[Length | Regexp] = [Length(max=field.longest, error=long)]
    if field.minimum:
        short = f"Слишком коротко: не меньше {field.minimum:g} знаков."
        check.append(Length(min=int(field.minimum), error=short))
    if field.link:
        check.append(Regexp(r"https?://\S+$", error=LINK))
    return _Text(validate=check, **common)


def _choice(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _Text(validate=_among(field), **common)


def _among(field: Field) -> OneOf | Length:
    """Check against the options; those that the host offers are checked where they are known."""
    values = [option.value for option in field.options]
    return OneOf(values, error=CHOOSE) if values else Length(max=100, error=CHOOSE)


def _checklist(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _Many(ma.fields.String(validate=_among(field)), **_counted(field, common, MOST_CHOSEN))


def _tick(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    common["error_messages"]["invalid"] = TICK
    if field.required:
        common["validate"] = Equal(comparable=True, error=TICK)
    return ma.fields.Boolean(**({} if common["required"] else {"load_default": False}) | common)


def _one_number(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _Number(field, **common)


def _day(_field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _Date(**common)


def _key(**common: Any) -> ma.fields.Field[Any]:
    words = {"invalid": CHOOSE, **common.pop("error_messages", {})} | {"invalid": CHOOSE}
    positive = ma.validate.Range(min=1, max=2**53, error=CHOOSE)
    return ma.fields.Integer(validate=positive, error_messages=words, **common)


def _one_key(_field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _key(**common)


def _keys(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    return _Many(_key(), **_counted(field, common, MOST_CHOSEN))


def _table(field: Field, common: dict[str, Any]) -> ma.fields.Field[Any]:
    row = ma.fields.Nested(_rows_of(field.columns))
    counted = _counted(field, common, MOST_ROWS)
    if field.items:
        counted["validate"].append(_each_item(field))
    return _Table(row, **counted)


def _each_item(field: Field) -> Callable[[list[Any]], None]:
    """Return a check that rows given by the schema are all there, each once."""
    wanted = [item.value for item in field.items]

    def check(rows: list[Any]) -> None:
        given = [row.get(field.subject) for row in rows]
        if rows and sorted(given, key=str) != sorted(wanted):
            raise ma.ValidationError(_WRONG)

    return check


def _counted(field: Field, common: dict[str, Any], most: int) -> dict[str, Any]:
    """Add the bounds of a list, and an empty one when nothing need be given."""
    least = int(field.minimum or (1 if common["required"] else 0))
    checks = [Length(max=int(field.maximum or most), error="Слишком много: не больше {max}.")]
    if least:
        few = _asking(field) if least == 1 else "Нужно не меньше {min}."
        checks.append(Length(min=least, error=few))
    default = {} if common["required"] else {"load_default": list}
    return {**common, **default, "validate": checks}


_MAKERS: Final = {
    "textfield": _text,
    "textarea": _text,
    "number": _one_number,
    "checkbox": _tick,
    "checklist": _checklist,
    "taglist": _checklist,
    "radio": _choice,
    "select": _choice,
    "date": _day,
    "files": _keys,
    "table": _table,
    "person": _one_key,
    "persons": _keys,
}
