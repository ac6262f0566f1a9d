"""What must hold between the fields of a form: keys, conditions, expressions."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from engine.rules.fields import SILENT, Field, opened
from engine.rules.numbers import number_of

_COUNTED: Final = frozenset({"checklist", "taglist", "persons", "files", "table"})
"""Kinds whose answers can only be counted."""
_NUMERIC: Final = frozenset({"number", "checkbox", "computed"})


def incoherent(fields: Sequence[Field]) -> list[str]:
    """Return every reason against the fields of a form that one field alone does not show."""
    inputs = tuple(opened(fields))
    tables = [one for one in inputs if one.kind == "table"]
    found = [*_keys(inputs), *_conditions(inputs), *_groups(fields, conditional=False)]
    for one in tables:
        found += [*_keys(one.columns), *_conditions(one.columns)]
    return [*found, *_expressions(inputs)]


def _keys(fields: Sequence[Field]) -> Iterator[str]:
    """Refuse keys used twice."""
    keys = [one.key for one in fields]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"Поле «{key}»: ключ встречается дважды."


def _conditions(fields: Sequence[Field]) -> Iterator[str]:
    """Refuse conditions on fields that are not there, are computed, or wait for each other."""
    by_key = {one.key: one for one in fields}
    for one in (each for each in fields if each.when):
        seen, here = {one.key}, one
        while here.when:
            name = here.when.field
            if name not in by_key:
                yield f"Поле «{one.key}»: условие о поле «{name}», его нет."
                break
            if by_key[name].kind == "computed":
                yield f"Поле «{one.key}»: условие о поле «{name}», а оно вычисляется."
                break
            if name in seen:
                yield f"Поле «{one.key}»: условия ходят по кругу."
                break
            seen.add(name)
            here = by_key[name]


def _groups(fields: Sequence[Field], *, conditional: bool) -> Iterator[str]:
    """Refuse a condition inside a group that has one itself."""
    for one in fields:
        if conditional and one.when:
            yield f"Поле «{one.key or one.label}»: условие уже есть у раздела, в котором оно стоит."
        if one.kind == "group":
            yield from _groups(one.fields, conditional=conditional or one.when is not None)
        elif one.kind in SILENT and one.when:
            yield f"Поле «{one.key or one.label}»: у текста не бывает условия."


def _expressions(inputs: Sequence[Field]) -> Iterator[str]:
    """Refuse expressions over what is not there, stands below, or is no number."""
    above: dict[str, Field] = {}
    for one in inputs:
        row: dict[str, Field] = {}
        for column in one.columns:
            yield from _expression(column, {**above, **row}, inputs)
            row[column.key] = column
            above[f"{one.key}.{column.key}"] = column
        yield from _expression(one, above, inputs)
        above[one.key] = one


def _expression(one: Field, above: dict[str, Field], inputs: Sequence[Field]) -> Iterator[str]:
    for name, gathered in one.expression.names if one.expression else ():
        field = above.get(name) or _below(name, inputs)
        if field is None:
            yield f"Поле «{one.key}»: выражение о поле «{name}», его нет."
        elif field.kind == "computed" and name not in above:
            yield f"Поле «{one.key}»: «{name}» вычисляется ниже, поменяйте их местами."
        elif ("." in name or field.kind in _COUNTED) and not gathered:
            yield f"Поле «{one.key}»: «{name}» можно только сложить или сосчитать: sum, count."
        elif not gathered and not _is_numeric(field):
            yield f"Поле «{one.key}»: в «{name}» не число."


def _below(name: str, inputs: Sequence[Field]) -> Field | None:
    """Return a field that stands below, or a column of one."""
    columns = chain.from_iterable(
        ((f"{one.key}.{column.key}", column) for column in one.columns) for one in inputs
    )
    return dict([*columns, *((one.key, one) for one in inputs)]).get(name)


def _is_numeric(field: Field) -> bool:
    """Tell whether answers to a field are numbers; of choices, whether any mark is one."""
    marks = any(number_of(option.value) is not None for option in field.options)
    return field.kind in _NUMERIC or (field.kind in ("radio", "select") and marks)
