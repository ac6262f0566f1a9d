"""Cycles: a process run in one school year, and the settings it is run with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from engine.bus import Command, handles
from engine.errors import CycleTaken, NotFound, SettingRefused, SettingUnknown
from engine.events import CycleOpened, SettingsChanged
from engine.model.cases import Cycle
from engine.model.definitions import Definition
from engine.model.people import Organisation
from engine.process.model import Setting
from engine.rules.access import Right, path_of
from engine.rules.names import tidy
from engine.unit import Unit

MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class OpenCycle(Command[int]):
    """
    Open a cycle for the schools of an organisation; returns its id.

    ``school_year`` is the year in which it begins; ``settings`` override the diagram's.
    """

    organisation_id: int
    definition_key: str
    school_year: int
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@handles(OpenCycle)
def open_cycle(unit: Unit, command: OpenCycle) -> int:
    """
    Open it.

    Raises:
        NotFound: No such organisation, or no version of the process.
        CycleTaken: There is one of this process and year already.
        SettingUnknown, SettingRefused: The diagram has no such setting, or not of this kind.
    """
    organisation = unit.one(
        select(Organisation.path).where(Organisation.id == command.organisation_id)
    )
    unit.allow(Right.START, path_of(organisation.path))
    _declared(unit, command.definition_key, command.settings)
    name = tidy(command.name)
    row = {
        "organisation_id": command.organisation_id,
        "definition_key": command.definition_key,
        "school_year": command.school_year,
        "name": name,
        "settings": dict(command.settings),
        "created_at": unit.now,
    }
    try:
        cycle_id = unit.insert(Cycle, row)
    except IntegrityError as error:
        raise CycleTaken from error
    unit.record(CycleOpened(cycle_id=cycle_id, name=name))
    return cycle_id


@dataclass(frozen=True, slots=True)
class ChangeSettings(Command[None]):
    """Change settings of a cycle; running cases go by them from their next step on."""

    cycle_id: int
    settings: Mapping[str, Any]


@handles(ChangeSettings)
def change_settings(unit: Unit, command: ChangeSettings) -> None:
    """
    Put the given settings over those of the cycle.

    Raises:
        NotFound: There is no such cycle.
        SettingUnknown, SettingRefused: The diagram has no such setting, or not of this kind.
    """
    cycle = unit.one(
        select(Cycle.definition_key, Cycle.settings, Organisation.path)
        .join(Organisation, Organisation.id == Cycle.organisation_id)
        .where(Cycle.id == command.cycle_id)
        .with_for_update(of=Cycle)
    )
    unit.allow(Right.STEER, path_of(cycle.path))
    declared = _declared(unit, cycle.definition_key, command.settings)
    given = command.settings.items()
    new = {name: value for name, value in given if cycle.settings.get(name) != value}
    if not new:
        return
    put = update(Cycle).where(Cycle.id == command.cycle_id)
    unit.execute(put.values(settings={**cycle.settings, **new}))
    words = (
        f"{declared[name].label or name}: "
        f"{_said(cycle.settings.get(name, declared[name].value))} → {_said(value)}"
        for name, value in new.items()
    )
    unit.record(SettingsChanged(cycle_id=command.cycle_id, changes=", ".join(words)))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return str(value)


def _declared(unit: Unit, key: str, given: Mapping[str, Any]) -> dict[str, Setting]:
    """Return what the newest version of a process declares; refuse settings unlike it."""
    newest = select(Definition.id).where(Definition.key == key)
    definition_id = unit.value(newest.order_by(Definition.number.desc()).limit(1))
    if definition_id is None:
        raise NotFound
    declared = {s.name: s for s in unit.versions.get(definition_id).definition.settings}
    for name, value in given.items():
        if name not in declared:
            raise SettingUnknown(name=name)
        _refuse_kind(declared[name], value)
    return declared


def _refuse_kind(setting: Setting, value: object) -> None:
    """Refuse a value of another kind than the default, and a negative number."""
    label = setting.label or setting.name
    if isinstance(setting.value, bool) or isinstance(value, bool):
        if type(value) is not type(setting.value):
            raise SettingRefused(name=label, why="здесь нужно «да» или «нет»")
    elif isinstance(setting.value, int | float):
        if not isinstance(value, int | float):
            raise SettingRefused(name=label, why="здесь нужно число")
        if isinstance(setting.value, int) and not float(value).is_integer():
            raise SettingRefused(name=label, why="здесь нужно целое число")
        if value < 0:
            raise SettingRefused(name=label, why="число не может быть меньше нуля")
    elif not isinstance(value, str) or len(value) > MOST_TEXT:
        raise SettingRefused(name=label, why=f"здесь нужен текст не длиннее {MOST_TEXT} знаков")
