"""
Forms: a schema in a subset of form-js JSON, read into fields and a check of their answers.

One schema serves the page, the check of what is sent in and the print. Types of form-js:
``text``, ``textfield``, ``textarea``, ``number``, ``checkbox``, ``checklist``, ``radio``,
``select``, ``datetime`` (a date), ``filepicker`` and ``group``. Ours: ``table`` (columns under
``properties``), ``person`` and ``persons`` (a choice of people that the host offers).

Under ``properties`` a field may say ``routes``, ``choices``, ``rows``, ``readonly``, ``role``,
``scope`` (see `Field`) and ``when``: ``{"field": "sign", "equals": "return"}``. The form itself
names its ``title`` and its ``subject`` there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, cast

import marshmallow as ma
import orjson

from engine.errors import FormInvalid, FormRefused
from engine.rules.answers import answers_to, flat
from engine.rules.fields import Field, Kind, Option, When, opened

__all__ = ["Field", "Form", "Option", "When", "check_form"]

LARGEST: Final = 200_000
"""Bytes of a schema."""

_TYPES: Final[Mapping[str, Kind]] = {
    "text": "text",
    "textfield": "textfield",
    "textarea": "textarea",
    "number": "number",
    "checkbox": "checkbox",
    "checklist": "checklist",
    "radio": "radio",
    "select": "select",
    "datetime": "date",
    "filepicker": "files",
    "group": "group",
    "table": "table",
    "person": "person",
    "persons": "persons",
}
_COLUMNS: Final = frozenset(_TYPES.values()) - {"text", "group", "table", "files"}
_CHOOSING: Final = frozenset({"radio", "select", "checklist"})
_ATTRIBUTES: Final = frozenset(
    {"type", "id", "key", "label", "description", "text", "values", "validate", "properties"}
    | {"components", "subtype", "decimalDigits", "layout", "appearance", "dateLabel", "multiple"}
)
_VALIDATE: Final = frozenset({"required", "min", "max", "minLength", "maxLength"})
_PROPERTIES: Final = frozenset(
    {"columns", "routes", "choices", "rows", "readonly", "role", "scope", "when", "minRows"}
)


@dataclass(frozen=True)
class Form:
    """
    A form, read once per version of a process.

    ``subject`` names the recorder of its answers (`engine.commands.subjects`), empty for none.
    """

    id: str
    title: str
    subject: str = ""
    fields: tuple[Field, ...] = ()

    @classmethod
    def parse(cls, raw: bytes) -> "Form":
        """
        Return the form of a schema.

        Raises:
            FormRefused: With every reason.
        """
        reader = _Reader()
        form = reader.form(raw)
        if reader.problems:
            raise FormRefused(reader.problems)
        return form

    @cached_property
    def inputs(self) -> tuple[Field, ...]:
        """Return the fields that ask something, those of groups included."""
        return tuple(opened(self.fields))

    @cached_property
    def answers(self) -> ma.Schema:
        """Return the schema that checks answers; made once, it keeps nothing between uses."""
        return answers_to(self.inputs)

    def load(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return checked answers: JSON values, without those left blank or not asked.

        Raises:
            FormInvalid: With Russian sentences by the path of the field.
        """
        try:
            return dict(self.answers.load(given))
        except ma.ValidationError as error:
            raise FormInvalid(flat(error.messages)) from error

    def routing(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers that the process routes by; one left blank is None."""
        return {one.key: answers.get(one.key) for one in self.inputs if one.routes}


def check_form(name: str, raw: bytes) -> list[str]:
    """Return every reason against a form, in Russian; its id must be the name of its file."""
    reader = _Reader()
    form = reader.form(raw)
    if not reader.problems and form.id != name:
        reader.problems.append(f"id формы «{form.id}», а файл называется «{name}».")
    return reader.problems


@dataclass
class _Reader:
    """Reads a schema; what cannot be read is a problem, never skipped."""

    problems: list[str] = field(default_factory=list)

    def form(self, raw: bytes) -> Form:
        try:
            schema = orjson.loads(raw) if len(raw) <= LARGEST else None
        except orjson.JSONDecodeError:
            schema = None
        if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
            self.problems.append("Это не схема формы: нужен JSON с полем components до 200 КБ.")
            return Form("", "")
        properties = _record(schema.get("properties"))
        form = Form(
            str(schema.get("id") or ""),
            str(properties.get("title") or ""),
            str(properties.get("subject") or ""),
            self._fields(schema["components"], tuple(_TYPES.values())),
        )
        self._look(form)
        return form

    def _look(self, form: Form) -> None:
        if not form.id:
            self.problems.append("У формы нет id.")
        if not form.title:
            self.problems.append("У формы нет названия: properties.title.")
        self._look_at_keys(form.inputs)

    def _look_at_keys(self, fields: tuple[Field, ...]) -> None:
        """Refuse keys used twice, and conditions on fields that are not there."""
        keys = [one.key for one in fields]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            self.problems.append(f"Поле «{key}»: ключ встречается дважды.")
        for one in fields:
            if one.when and one.when.field not in keys:
                self.problems.append(
                    f"Поле «{one.key}»: условие о поле «{one.when.field}», его нет."
                )
            self._look_at_keys(one.columns)

    def _fields(self, components: object, kinds: tuple[Kind, ...]) -> tuple[Field, ...]:
        found = components if isinstance(components, list) else []
        return tuple(self._field(_record(one), kinds) for one in found)

    def _field(self, one: Mapping[str, Any], kinds: tuple[Kind, ...]) -> Field:
        """Read one component."""
        kind = _TYPES.get(str(one.get("type")))
        key = str(one.get("key") or "")
        if kind is None or kind not in kinds:
            self.problems.append(f"Поле «{key}»: тип «{one.get('type')}» здесь не поддерживается.")
            return Field(key, "text", "")
        properties, check = _record(one.get("properties")), _record(one.get("validate"))
        self._look_at_words(key, one, properties, check)
        read = Field(
            key=key,
            kind=kind,
            label=str(one.get("label") or one.get("text") or ""),
            hint=str(one.get("description") or ""),
            required=check.get("required") is True,
            options=self._options(key, one.get("values")),
            fields=self._fields(one.get("components"), kinds),
            columns=self._fields(properties.get("columns"), tuple(_COLUMNS)),
            minimum=_bound(check, properties, "min", "minLength", "minRows"),
            maximum=_bound(check, properties, "max", "maxLength", ""),
            digits=int(one.get("decimalDigits") or 0),
            when=self._when(key, properties.get("when")),
            routes=properties.get("routes") is True,
            readonly=properties.get("readonly") is True,
            **{
                name: str(properties.get(name) or "")
                for name in ("choices", "rows", "role", "scope")
            },
        )
        self._look_at_field(read)
        return read

    def _look_at_words(self, key: str, one: Mapping[str, Any], *parts: Mapping[str, Any]) -> None:
        """Refuse words that nobody would act on."""
        for part, known in zip((one, *parts), (_ATTRIBUTES, _PROPERTIES, _VALIDATE), strict=True):
            for word in sorted(set(part) - known):
                self.problems.append(f"Поле «{key}»: «{word}» не поддерживается.")

    def _look_at_field(self, read: Field) -> None:
        name = f"Поле «{read.key or read.label}»"
        asks = read.kind not in ("text", "group")
        if asks and (not read.key.isidentifier() or read.key.startswith("_")):
            self.problems.append(f"{name}: ключ — латинское слово без пробелов.")
        if not read.label:
            self.problems.append(f"{name}: нет подписи (label).")
        if read.kind in _CHOOSING and bool(read.options) == bool(read.choices):
            self.problems.append(f"{name}: нужны либо values, либо properties.choices.")
        if (read.kind == "table") != bool(read.columns):
            self.problems.append(f"{name}: у таблицы, и только у неё, есть столбцы (columns).")
        if None not in (read.minimum, read.maximum) and cast("float", read.minimum) > cast(
            "float", read.maximum
        ):
            self.problems.append(f"{name}: наименьшее больше наибольшего.")

    def _options(self, key: str, values: object) -> tuple[Option, ...]:
        found = [_record(one) for one in values] if isinstance(values, list) else []
        options = tuple(
            Option(str(one.get("value", "")), str(one.get("label", ""))) for one in found
        )
        if any(not one.value or not one.label for one in options):
            self.problems.append(f"Поле «{key}»: у каждого варианта есть value и label.")
        if len({one.value for one in options}) < len(options):
            self.problems.append(f"Поле «{key}»: варианты повторяются.")
        return options

    def _when(self, key: str, given: object) -> When | None:
        if given is None:
            return None
        condition = _record(given)
        equals = condition.get("equals")
        values = equals if isinstance(equals, list) else [equals]
        if set(condition) != {"field", "equals"} or not all(
            isinstance(v, (str, bool)) for v in values
        ):
            self.problems.append(f"Поле «{key}»: условие пишется как {{field, equals}}.")
            return None
        words = (str(v).lower() if isinstance(v, bool) else str(v) for v in values)
        return When(str(condition["field"]), tuple(words))


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _bound(check: Mapping[str, Any], properties: Mapping[str, Any], *names: str) -> float | None:
    """Return the first bound given under one of its names."""
    for name in names:
        value = check.get(name, properties.get(name))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    return None
