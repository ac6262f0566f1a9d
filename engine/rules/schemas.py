"""
Schemas of forms, a subset of form-js JSON, read into fields; the words are in `bpmn/README.md`.

What cannot be read, or what nobody would act on, is a problem in Russian, never skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson

from engine.rules.computed import Expression, ExpressionUnreadable
from engine.rules.fields import SILENT, Field, Kind, Option, Style, When
from engine.rules.ready import ready_columns

LARGEST: Final = 200_000
"""Bytes of a schema."""

_TYPES: Final[Mapping[str, Kind]] = {
    "text": "text",
    "separator": "separator",
    "textfield": "textfield",
    "textarea": "textarea",
    "number": "number",
    "checkbox": "checkbox",
    "checklist": "checklist",
    "taglist": "taglist",
    "radio": "radio",
    "select": "select",
    "datetime": "date",
    "filepicker": "files",
    "group": "group",
    "table": "table",
    "dynamiclist": "table",
    "criteria": "table",
    "evidence": "table",
    "expression": "computed",
    "person": "person",
    "persons": "persons",
}
_STYLES: Final[Mapping[str, Style]] = {"criteria": "criteria", "evidence": "evidence"}
_COLUMNS: Final = frozenset(_TYPES.values()) - SILENT - {"group", "table"}
_CHOOSING: Final = frozenset({"radio", "select", "checklist", "taglist"})
_FRESH: Final = frozenset({"date", "files", "computed", "group"}) | SILENT
"""Kinds that never begin with the answer of another year: dates of papers, signed files."""
_ATTRIBUTES: Final = frozenset(
    {"type", "id", "key", "path", "label", "description", "text", "values", "validate"}
    | {"properties", "components", "subtype", "decimalDigits", "layout", "appearance"}
    | {"dateLabel", "multiple", "expression", "isRepeating", "showOutline"}
)
_VALIDATE: Final = frozenset({"required", "min", "max", "minLength", "maxLength"})
_PROPERTIES: Final = frozenset(
    {"columns", "routes", "choices", "rows", "items", "readonly", "role", "scope", "when"}
    | {"minRows", "prefill", "link"}
)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a schema says of its form."""

    id: str = ""
    title: str = ""
    subject: str = ""
    fields: tuple[Field, ...] = ()


@dataclass
class SchemaReader:
    """Reads one schema; ``problems`` are what is wrong with single fields of it."""

    problems: list[str] = field(default_factory=list)

    def schema(self, raw: bytes) -> Schema:
        """Return what a schema says; what it does not say rightly is left out."""
        try:
            found = orjson.loads(raw) if len(raw) <= LARGEST else None
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict) or not isinstance(found.get("components"), list):
            self.problems.append("Это не схема формы: нужен JSON с полем components до 200 КБ.")
            return Schema()
        properties = _record(found.get("properties"))
        read = Schema(
            _word(found, "id"),
            _word(properties, "title"),
            _word(properties, "subject"),
            self._fields(found["components"], tuple(_TYPES.values())),
        )
        if not read.id:
            self.problems.append("У формы нет id.")
        if not read.title:
            self.problems.append("У формы нет названия: properties.title.")
        return read

    def _fields(self, components: object, kinds: tuple[Kind, ...]) -> tuple[Field, ...]:
        found = components if isinstance(components, list) else []
        return tuple(self._field(_record(one), kinds) for one in found)

    def _field(self, one: Mapping[str, Any], kinds: tuple[Kind, ...]) -> Field:
        """Read one component."""
        word = str(one.get("type"))
        kind = _TYPES.get(word)
        key = str(one.get("key") or one.get("path") or "")
        if kind is None or kind not in kinds:
            self.problems.append(f"Поле «{key}»: тип «{one.get('type')}» здесь не поддерживается.")
            return Field(key, "text", "")
        properties, check = _record(one.get("properties")), _record(one.get("validate"))
        self._look_at_words(key, one, properties, check)
        options, style = self._options(key, one.get("values")), _STYLES.get(word, "")
        columns = self._fields(_columns(one, word), tuple(_COLUMNS))
        rows, items = _word(properties, "rows"), self._options(key, properties.get("items"))
        if style and not columns:
            columns = ready_columns(style, options, rows, items)
        read = Field(
            key=key,
            kind=kind,
            label=str(one.get("label") or one.get("text") or ""),
            hint=str(one.get("description") or ""),
            required=check.get("required") is True,
            options=() if kind == "table" else options,
            fields=self._fields(one.get("components"), kinds) if kind == "group" else (),
            columns=columns,
            minimum=_bound(check, properties, "min", "minLength", "minRows"),
            maximum=_bound(check, properties, "max", "maxLength", ""),
            digits=int(one.get("decimalDigits") or 0),
            rows=rows,
            items=items,
            style=style,
            expression=self._expression(key, one.get("expression")),
            when=self._when(key, properties.get("when")),
            choices=_word(properties, "choices"),
            role=_word(properties, "role"),
            scope=_word(properties, "scope"),
            routes=properties.get("routes") is True,
            readonly=properties.get("readonly") is True,
            prefill=properties.get("prefill") is True,
            link=properties.get("link") is True,
        )
        self._look_at_field(read)
        return read

    def _look_at_words(self, key: str, one: Mapping[str, Any], *parts: Mapping[str, Any]) -> None:
        """Refuse words that nobody would act on."""
        for part, known in zip((one, *parts), (_ATTRIBUTES, _PROPERTIES, _VALIDATE), strict=True):
            for word in sorted(set(part) - known):
                self.problems.append(f"Поле «{key}»: «{word}» не поддерживается.")

    def _look_at_field(self, read: Field) -> None:
        """Refuse what makes no sense in the field alone."""
        name = f"Поле «{read.key or read.label}»"
        asks = read.kind not in SILENT and read.kind != "group"
        rules = {
            "ключ — латинское слово без пробелов": asks
            and not (read.key.isidentifier() and not read.key.startswith("_")),
            "нет подписи (label)": not read.label and read.kind != "separator",
            "нужны либо values, либо properties.choices": read.kind in _CHOOSING
            and bool(read.options) == bool(read.choices),
            "у таблицы, и только у неё, есть столбцы (columns)": (read.kind == "table")
            != bool(read.columns),
            "наименьшее больше наибольшего": None not in (read.minimum, read.maximum)
            and cast("float", read.minimum) > cast("float", read.maximum),
            "нужно выражение (expression), и только у вычисляемого поля": (read.kind == "computed")
            != (read.expression is not None),
            "вычисляемое поле не бывает обязательным": read.kind == "computed" and read.required,
            "из прошлого года такое не берут (prefill)": read.prefill
            and (read.kind in _FRESH or bool(read.rows) or read.readonly),
            "ссылкой (link) бывает только строка": read.link and read.kind != "textfield",
            **_about_rows(read),
        }
        self.problems += [f"{name}: {sentence}." for sentence, broken in rules.items() if broken]

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

    def _expression(self, key: str, given: object) -> Expression | None:
        if given is None:
            return None
        try:
            return Expression.parse(str(given))
        except ExpressionUnreadable as error:
            self.problems.append(f"Поле «{key}»: выражение не прочитать: {error}.")
            return Expression("0", 0.0)

    def _when(self, key: str, given: object) -> When | None:
        if given is None:
            return None
        condition = _record(given)
        if set(condition) == {"field", "filled"} and condition["filled"] is True:
            return When(str(condition["field"]), filled=True)
        equals = condition.get("equals")
        values = equals if isinstance(equals, list) else [equals]
        if set(condition) != {"field", "equals"} or not all(
            isinstance(v, (str, bool)) for v in values
        ):
            self.problems.append(f"Поле «{key}»: условие пишется как {{field, equals}}.")
            return None
        words = (str(v).lower() if isinstance(v, bool) else str(v) for v in values)
        return When(str(condition["field"]), tuple(words))


def _about_rows(read: Field) -> dict[str, bool]:
    """Return what tables whose rows are given must keep to, each with whether it is broken."""
    fixed = [one for one in read.columns if one.readonly]
    scales = [one for one in read.columns if one.kind == "radio"]
    return {
        "строки (rows или items) бывают только у таблицы": read.kind != "table" and read.is_given,
        "нужны либо rows, либо items": bool(read.rows and read.items)
        or bool(read.style and not read.is_given),
        "строкам нужен столбец readonly, о чём они": read.is_given and not fixed,
        "нужна одна шкала: values или столбец radio": read.style == "criteria"
        and (len(scales) != 1 or not scales[0].options),
    }


def _columns(one: Mapping[str, Any], word: str) -> object:
    """Return the columns: our tables name them under ``properties``, form-js as components."""
    return (
        one.get("components")
        if word == "dynamiclist"
        else _record(one.get("properties")).get("columns")
    )


def _word(part: Mapping[str, Any], name: str) -> str:
    return str(part.get(name) or "")


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _bound(check: Mapping[str, Any], properties: Mapping[str, Any], *names: str) -> float | None:
    """Return the first bound given under one of its names."""
    for name in names:
        value = check.get(name, properties.get(name))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
    return None
