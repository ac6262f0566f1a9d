"""Which fields of a form are asked, given the answers so far; the same for the page and the check."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.rules.fields import Field

Data = Mapping[str, Any]


def is_shown(field: Field, fields: Sequence[Field], data: Data) -> bool:
    """
    Tell whether a field is asked.

    One that depends on a field which is not asked itself is not asked either.

    Args:
        field: The field.
        fields: All of its form, or of its row.
        data: The answers to them, checked or as typed.
    """
    if field.when is None:
        return True
    given = data.get(field.when.field)
    met = not is_blank(given) if field.when.filled else plain(given) in field.when.equals
    asked = next((one for one in fields if one.key == field.when.field), None)
    return met and (asked is None or is_shown(asked, fields, data))


def asked_only(fields: Sequence[Field], data: Data) -> dict[str, Any]:
    """Return answers without those to fields that are not asked."""
    hidden = {one.key for one in fields if one.when and not is_shown(one, fields, data)}
    return {key: value for key, value in data.items() if key not in hidden}


def plain(value: object) -> str:
    """Return an answer as `When` compares it."""
    if value is None or isinstance(value, bool) or value == "on":
        return "true" if value else "false"
    return str(value).strip()


def is_blank(value: object) -> bool:
    """Tell whether nothing was answered."""
    if isinstance(value, str):
        return not value.replace("\0", "").strip()
    return value in (None, []) or value is False
