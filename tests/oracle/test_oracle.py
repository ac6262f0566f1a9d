"""The same random diagrams on our runtime and on SpiffWorkflow's engine."""

from collections import Counter
from random import Random

import pytest

from tests.oracle.spiff import play_on_spiff
from tests.process.blocks import COMMON, Draughtsman
from tests.process.playing import Case
from tests.process.test_fuzz import MOST, play


def drawn(seed: int, timer_text: str) -> tuple[bytes, Counter[str]] | None:
    """Return a diagram of the subset that both engines run, None when it is too large."""
    draughtsman = Draughtsman(Random(seed), COMMON, timer_text)
    xml, expected = draughtsman.diagram(3)
    return None if draughtsman.size > MOST else (xml, expected)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_both_engines_run_the_same_scripts(part: int, fuzz_size: int) -> None:
    """A difference is a finding, whoever is wrong; the known result says who."""
    played = 0
    for seed in range(part, fuzz_size // 10, 4):
        ours, theirs = drawn(seed, "P9D"), drawn(seed, "&quot;P9D&quot;")
        if ours and theirs:
            case = Case(ours[0])
            play(case, Random(seed))
            spiff = play_on_spiff(theirs[0], Random(seed + 1))
            assert ours[1] == Counter(case.trace) == spiff, f"seed {seed}"
            played += 1
    assert played > fuzz_size / 80
