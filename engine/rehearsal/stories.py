"""The scenarios of the cycles that come with the product, by the name of the process."""

from collections.abc import Mapping
from typing import Final

from engine.rehearsal import opeko
from engine.rehearsal.scenarios import Scenario

STORIES: Final[Mapping[str, Mapping[str, Scenario]]] = {"opeko": opeko.SCENARIOS}
"""The first of each is the usual one."""
