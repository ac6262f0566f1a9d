"""Settings of a cycle between their values and the fields of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from engine.queries.cycles import SettingRow

HEAD: Final = "setting."


def typed(settings: Sequence[SettingRow], sent: Mapping[str, str]) -> list[SettingRow]:
    """Return the settings with what was typed; what is no number stays text, to be refused."""
    return [replace(one, value=_value(one, sent)) for one in settings]


def changes(settings: Sequence[SettingRow], sent: Mapping[str, str]) -> dict[str, Any]:
    """Return only what was typed anew."""
    return {
        new.name: new.value
        for old, new in zip(settings, typed(settings, sent), strict=True)
        if new.value != old.value
    }


def _value(setting: SettingRow, sent: Mapping[str, str]) -> Any:
    name = HEAD + setting.name
    if isinstance(setting.default, bool):
        return name in sent
    text = sent.get(name, "").strip()
    if isinstance(setting.default, str):
        return text
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
