"""Numbers as people write them: «3,5», «1 234»."""

import math
from contextlib import suppress
from typing import Final

LARGEST: Final = 10**12
_LONGEST: Final = 40
_DIGITS: Final = 15
"""What a float holds for certain; with fewer a million would be «1e+06»."""


def number_of(value: object) -> float | None:
    """Return a finite number of reasonable size, written with a comma or a point; None for others."""
    if isinstance(value, str):
        with suppress(ValueError):
            plain = value.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
            value = float(plain.replace(",", ".")[:_LONGEST])
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) <= LARGEST and math.isfinite(value) else None


def written(number: float) -> str:
    """Return a number as people write it: «7,5», «1500000»."""
    return f"{number:.{_DIGITS}g}".replace(".", ",")
