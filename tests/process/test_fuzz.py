"""Random diagrams with a known result: nothing wrong, nothing stuck, nothing raised."""

from collections import Counter
from random import Random

import pytest

from engine.process.orders import Deliver
from tests.process.blocks import KINDS, Draughtsman
from tests.process.playing import Case

MINUTE = 60_000
MOST = 230
"""Larger diagrams are left out: the front door has a cap of 250 elements."""


def play(case: Case, random: Random) -> None:
    """Let people finish and events come in random order, until nothing is left to do."""
    case.start()
    while case.status == "running":
        open_ = case.open
        awaited = [w for w in case.waits("message") if w.at.startswith("w")]
        if awaited and (not open_ or random.random() < 0.5):
            case.do(Deliver(random.choice(awaited).id))
        elif open_:
            case.complete(random.choice(open_))
        else:
            assert any(w.at.startswith("w") for w in case.waits("timer")), "stuck"
            case.sleep(MINUTE)


def check(seed: int) -> bool:
    """Draw, play and compare one diagram; return whether it was small enough."""
    draughtsman = Draughtsman(Random(seed))
    xml, expected = draughtsman.diagram(depth=3 + (seed % 5 == 0))
    if draughtsman.size > MOST:
        return False
    case = Case(xml)
    play(case, Random(seed))
    assert ("completed", expected) == (case.status, Counter(case.trace)), f"seed {seed}"
    return True


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_random_diagrams_do_what_they_were_drawn_for(part: int, fuzz_size: int) -> None:
    """Every script runs as often as it must, in every order of people and events."""
    played = [check(seed) for seed in range(part, fuzz_size, 4)]
    assert sum(played) > len(played) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_block_is_drawn(kind: str) -> None:
    """The test above would not notice a kind that is never drawn."""
    draughtsman = Draughtsman(Random(1), ["script", kind])
    xml, expected = draughtsman.diagram()
    case = Case(xml)
    play(case, Random(1))
    assert expected == Counter(case.trace)


def test_a_wrong_result_would_be_seen() -> None:
    """One script too many, and the comparison fails."""
    xml, expected = Draughtsman(Random(1)).diagram()
    case = Case(xml)
    play(case, Random(1))
    assert expected + Counter(["a1"]) != Counter(case.trace)
