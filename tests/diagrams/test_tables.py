"""The decision tables of the cycle: every row decides what the model of ОПЭКО wants."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.diagrams.shipped import language

TODAY = date(2027, 5, 25)
FACTS = ("agree", "employed", "subordinate", "paid", "relative", "child")


def decide(table: str, settings: dict[str, Any] | None = None, **names: Any) -> dict[str, Any]:
    """Return what a table decides."""
    return language(TODAY, **(settings or {})).decide(table, names)


@pytest.mark.parametrize(
    ("missing", "waived", "complete", "note"),
    [
        (0, 0, True, "получены все источники"),
        (0, 2, True, "часть источников отсутствует по указанной причине"),
        (1, 0, False, "нет обязательных данных"),
        (1, 3, False, "нет обязательных данных"),
    ],
)
def test_data_are_complete_when_nothing_mandatory_is_missing(
    missing: int, waived: int, *, complete: bool, note: str
) -> None:
    """A source that is absent with a reason does not hold the review up; a silent one does."""
    found = decide("g1_complete", n_missing=missing, n_waived=waived)
    assert {"data_complete": complete, "data_note": note} == found


@pytest.mark.parametrize(
    ("share", "all_yes", "goal_class"),
    [(0.6, False, "experts"), (0.5, False, "tie"), (0.4, False, "help"), (0.0, True, "own")],
)
def test_goals_are_classified_by_the_share_of_no(
    share: float, *, all_yes: bool, goal_class: str
) -> None:
    """More than half «нет»: experts; even: the deputy decides; else the school itself."""
    vote = {"id": 1, "no_share": share, "all_yes": all_yes}
    assert {"goal_class": goal_class} == decide("r1_classify", goal_vote=vote)


def test_the_share_is_a_setting() -> None:
    """A school may want experts when a third does not know how."""
    vote = {"id": 1, "no_share": 0.4, "all_yes": False}
    found = decide("r1_classify", {"experts_share": 0.33}, goal_vote=vote)
    assert {"goal_class": "experts"} == found


def facts(*true: str) -> dict[str, bool]:
    """Return a declaration in which only these are true."""
    return {name: name in true for name in FACTS}


@pytest.mark.parametrize(
    ("true", "strict", "verdict"),
    [
        ((), False, "declined"),
        (("agree",), False, "admitted"),
        (("agree", "employed"), False, "recused"),
        (("agree", "subordinate"), False, "recused"),
        (("agree", "paid"), False, "recused"),
        (("agree", "relative"), False, "restricted"),
        (("agree", "child"), False, "restricted"),
        (("agree", "relative"), True, "recused"),
        (("agree", "child", "employed"), False, "recused"),
    ],
)
def test_conflicts_of_interest(true: tuple[str, ...], *, strict: bool, verdict: str) -> None:
    """Dependence recuses; kin restricts, or recuses where the cycle says so; silence declines."""
    found = decide("r2_coi", {"recuse_relatives": strict}, **facts(*true))
    assert {"verdict": verdict} == found


@pytest.mark.parametrize("strict", [False, True])
def test_every_declaration_gets_exactly_one_verdict(*, strict: bool) -> None:
    """Of all 64 declarations none is left without a verdict, and none gets two."""
    for values in product((False, True), repeat=len(FACTS)):
        declared = dict(zip(FACTS, values, strict=True))
        assert decide("r2_coi", {"recuse_relatives": strict}, **declared)["verdict"]


@pytest.mark.parametrize(
    ("unsolved", "round_", "effect"),
    [
        (0, 0, "effective"),
        (0, 2, "effective"),
        (1, 0, "adjust"),
        (3, 1, "adjust"),
        (1, 2, "ineffective"),
        (1, 3, "ineffective"),
    ],
)
def test_measures_are_adjusted_only_so_often(unsolved: int, round_: int, effect: str) -> None:
    """Control goes on until all is effective, within the bound; then the director decides."""
    found = decide("g7_effective", n_ineffective=unsolved, control_round=round_)
    assert {"effect": effect} == found
