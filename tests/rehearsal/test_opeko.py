"""ОПЭКО rehearsed: every scenario comes to its end, and together they pass everything."""

from datetime import date

import pytest

from engine.bundles import shipped
from engine.rehearsal.opeko import SCENARIOS
from engine.rehearsal.stage import Rehearsal, rehearse

BEGIN = date(2026, 5, 20)
ENDS = {
    "straight": "end_ok",
    "rework": "end_ok",
    "declined": "end_refused",
    "own": "end_notneeded",
    "open": "end_ok",
    "candidates": "end_ok",
    "dispute": "end_ok",
    "replaced": "end_ok",
    "spare": "end_ok",
    "short": "end_ok",
    "stopped": "end_closed",
    "ineffective": "end_ok",
    "repeated": "end_ok",
    "cancelled": "end_cancelled",
    "postponed": "end_ok",
    "complaint": "end_ok",
    "abandoned": "end_closed",
}


def play(name: str, seed: int = 1) -> Rehearsal:
    """Rehearse a scenario."""
    return rehearse(shipped("opeko"), SCENARIOS[name], BEGIN, seed)


@pytest.mark.slow
def test_together_the_scenarios_pass_every_element_and_every_branch() -> None:
    """Each comes to its own end without a dead end; no element and no flow is left out."""
    found = {name: play(name) for name in SCENARIOS}
    assert {} == {name: r.dead_ends for name, r in found.items() if r.dead_ends}
    assert ENDS == {name: r.outcome for name, r in found.items()}
    nodes = found["straight"].definition.nodes
    flows = {flow.key for node in nodes.values() for flow in node.outflows}
    assert set() == set(nodes).difference(*(r.elements for r in found.values()))
    assert set() == flows.difference(*(r.flows for r in found.values()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_the_usual_year_does_not_hang_on_one_seed(seed: int) -> None:
    """Other people, other days, other latecomers: the same end, on time for the next cycle."""
    found = play("straight", seed)
    assert ("end_ok", ()) == (found.outcome, found.dead_ends)
    assert found.tasks_completed > 60
    assert min(found.reminders, found.escalations, found.mails) > 0
    assert (found.lines[-1].at.date() - BEGIN).days < 366


def test_every_scenario_has_a_title_in_russian() -> None:
    """The coordinator chooses one by what it shows."""
    assert all(s.title and s.title[0] in "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ" for s in SCENARIOS.values())
    assert len(SCENARIOS) == len({s.title for s in SCENARIOS.values()})
