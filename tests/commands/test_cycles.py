"""Cycles and their settings."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.cycles import ChangeSettings, OpenCycle
from engine.commands.definitions import DeployProcess
from engine.errors import (
    CycleTaken,
    Forbidden,
    NotFound,
    SettingRefused,
    SettingUnknown,
)
from engine.model.cases import Cycle
from engine.model.records import JournalEntry
from engine.rules.access import SYSTEM
from tests.drawn import flows, person_task, process
from tests.town import Town

SET = process(
    "set",
    person_task("first"),
    flows("start", "first", "end"),
    extensions="".join(
        f'<tsikl:setting name="{name}" value="{value}" type="{kind}" label="{label}"/>'
        for name, value, kind, label in (
            ("term", "5", "int", "Срок"),
            ("share", "0.5", "float", "Доля"),
            ("strict", "false", "bool", "Строго"),
            ("title", "Отчёт", "str", "Название"),
        )
    ),
)


def opening(town: Town, place: str = "office", **settings: Any) -> OpenCycle:
    """Return the command that opens the cycle."""
    return OpenCycle(town.organisations[place], "set", 2026, " Цикл  года ", settings)


@pytest.fixture
def deployed(town: Town) -> int:
    """Return the version of a process with settings."""
    return int(town.do(DeployProcess(SET)))


def settings(town: Town, cycle: int) -> Any:
    """Return what a cycle overrides."""
    return town.value(select(Cycle.settings).where(Cycle.id == cycle))


def test_a_cycle_is_opened_by_the_coordinator(town: Town, deployed: int) -> None:
    """It keeps the settings that differ from the diagram, and a tidy name."""
    cycle = town.do(opening(town, term=7), "coordinator.office")
    (row,) = town.rows(select(Cycle.name, Cycle.school_year, Cycle.settings))
    assert ("Цикл года", 2026, {"term": 7}) == tuple(row)
    line = select(JournalEntry.data).where(JournalEntry.event == "CycleOpened")
    assert {"cycle_id": cycle, "name": "Цикл года"} == town.value(line)


def test_a_school_can_have_a_cycle_of_its_own(town: Town, deployed: int) -> None:
    """The deputy opens it for his school, where nobody above has to agree."""
    town.do(opening(town, "school"), "deputy.school")


def test_there_is_one_cycle_of_a_process_and_year(town: Town, deployed: int) -> None:
    """The second is refused, whoever opens it."""
    town.do(opening(town), "coordinator.office")
    with pytest.raises(CycleTaken):
        town.do(opening(town), "head.office")


@pytest.mark.parametrize(
    ("who", "place", "refusal"),
    [
        ("administration.school", "school", Forbidden),
        ("deputy.school", "office", NotFound),
        ("deputy.second", "school", NotFound),
        ("coordinator.far_office", "office", NotFound),
    ],
)
def test_who_may_not_start_opens_nothing(
    town: Town, deployed: int, who: str, place: str, refusal: type[Exception]
) -> None:
    """A cycle is opened by who may start cases there."""
    with pytest.raises(refusal) as refused:
        town.do(opening(town, place), who)
    assert refusal is refused.type


def test_what_does_not_exist_is_not_found(town: Town) -> None:
    """Neither a process that nobody has deployed, nor a place, nor a cycle."""
    with pytest.raises(NotFound):
        town.do(opening(town))
    with pytest.raises(NotFound):
        town.do(OpenCycle(999, "set", 2026, "Цикл"))
    with pytest.raises(NotFound):
        town.do(ChangeSettings(999, {}))


# settings ---------------------------------------------------------------------------------------


def test_a_changed_setting_is_told(town: Town, deployed: int) -> None:
    """The journal names what has changed, and nothing else."""
    cycle = town.do(opening(town, term=7))
    town.do(ChangeSettings(cycle, {"term": 7, "strict": True}), "coordinator.office")
    assert {"term": 7, "strict": True} == settings(town, cycle)
    line = select(JournalEntry.data).where(JournalEntry.event == "SettingsChanged")
    assert "Строго: нет → да" == town.value(line)["changes"]


def test_the_same_settings_are_no_change(town: Town, deployed: int) -> None:
    """Saving a page as it is tells nobody anything."""
    cycle = town.do(opening(town, term=7))
    town.do(ChangeSettings(cycle, {"term": 7}), "coordinator.office")
    assert [] == town.rows(select(JournalEntry.seq).where(JournalEntry.event == "SettingsChanged"))


def test_a_setting_that_the_diagram_does_not_declare_is_refused(town: Town, deployed: int) -> None:
    """A misspelt name would change nothing and look as if it did."""
    with pytest.raises(SettingUnknown, match="trem"):
        town.do(opening(town, trem=7))


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("term", "семь", "нужно число"),
        ("term", 1.5, "целое"),
        ("term", -1, "меньше нуля"),
        ("term", True, "нужно"),
        ("term", None, "нужно число"),
        ("share", "0,5", "нужно число"),
        ("strict", 1, "«да» или «нет»"),
        ("title", 5, "текст"),
        ("title", "х" * 501, "не длиннее"),
    ],
)
def test_a_setting_keeps_its_kind(
    town: Town, deployed: int, name: str, value: Any, why: str
) -> None:
    """Numbers stay numbers, whole ones whole; switches are on or off; texts are of a page."""
    cycle = town.do(opening(town))
    with pytest.raises(SettingRefused, match=why):
        town.do(ChangeSettings(cycle, {name: value}), "coordinator.office")
    assert {} == settings(town, cycle)


@pytest.mark.parametrize(("name", "value"), [("share", 1), ("term", 7.0), ("title", "")])
def test_what_fits_is_taken(town: Town, deployed: int, name: str, value: Any) -> None:
    """A whole number is also a fraction; an empty text is a text."""
    cycle = town.do(opening(town))
    town.do(ChangeSettings(cycle, {name: value}), SYSTEM)
    assert {name: value} == settings(town, cycle)


@pytest.mark.parametrize(
    ("who", "refusal"), [("deputy.school", NotFound), ("coordinator.far_office", NotFound)]
)
def test_who_does_not_steer_changes_no_setting(
    town: Town, deployed: int, who: str, refusal: type[Exception]
) -> None:
    """The settings of a municipal cycle are not the school's."""
    cycle = town.do(opening(town))
    with pytest.raises(refusal):
        town.do(ChangeSettings(cycle, {"term": 1}), who)
