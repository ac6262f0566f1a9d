"""
Comparing an indicator with last year and with other schools, with care for small numbers.

Nine students who did badly prove nothing about a school. So a change is called one only when it
exceeds what chance alone would give for so few, and every line of few students carries a
caution. What cannot be compared stays empty.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final, Literal

MEASURES: Final[Mapping[str, str]] = {
    "mean": "средний балл",
    "quality": "качество знаний, %",
    "progress": "успеваемость, %",
    "failed": "не преодолели порог, %",
}
LESS_IS_BETTER: Final = frozenset({"failed"})
SHARES: Final = frozenset({"quality", "progress", "failed"})
"""Percentages of students, whose chance variation follows from their number."""

Verdict = Literal["better", "worse", "same", "few", "none"]

VERDICTS: Final[Mapping[Verdict, str]] = {
    "better": "лучше",
    "worse": "хуже",
    "same": "без заметных изменений",
    "few": "слишком мало учащихся для вывода",
    "none": "не с чем сравнить",
}
_Z: Final = 1.96
"""Two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value, and of how many students; None: not said."""

    value: float
    students: int | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """
    How careful a comparison is; both are settings of the cycle.

    ``few``: fewer students than this are few. ``notable``: by so many per cent of last year's
    value a mean must change to be called changed, since its variation is not known.
    """

    few: int = 10
    notable: float = 5.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A value beside last year's and beside the values of peers."""

    change: float | None
    peers: int
    mean: float | None
    median: float | None
    percentile: float | None
    verdict: Verdict
    caution: bool


def compare(
    measure: str, now: Measured, last: Measured | None, peers: Sequence[float], care: Care
) -> Compared:
    """Return the comparison of one indicator."""
    return Compared(
        change=None if last is None else round(now.value - last.value, 2),
        peers=len(peers),
        mean=round(fmean(peers), 2) if peers else None,
        median=round(median(peers), 2) if peers else None,
        percentile=percentile(measure, now.value, peers),
        verdict=_verdict(measure, now, last, care),
        caution=is_few(now, care),
    )


def is_few(measured: Measured, care: Care) -> bool:
    """Tell whether a value stands on few students, or nobody knows on how many."""
    return measured.students is None or measured.students < care.few


def percentile(measure: str, value: float, peers: Sequence[float]) -> float | None:
    """Return the share of peers, in per cent, that are not better; equal ones count half."""
    if not peers:
        return None
    worse = sum(_gain(measure, peer, value) > 0 for peer in peers)
    equal = sum(peer == value for peer in peers)
    return round(100 * (worse + equal / 2) / len(peers), 1)


def _gain(measure: str, before: float, after: float) -> float:
    """Return how much better the second value is."""
    return before - after if measure in LESS_IS_BETTER else after - before


def _verdict(measure: str, now: Measured, last: Measured | None, care: Care) -> Verdict:
    if last is None:
        return "none"
    if is_few(now, care) or is_few(last, care):
        return "few"
    gain = _gain(measure, last.value, now.value)
    if abs(gain) <= _chance(measure, now, last, care):
        return "same"
    return "better" if gain > 0 else "worse"


def _chance(measure: str, now: Measured, last: Measured, care: Care) -> float:
    """Return the change that may be mere chance (two shares), or is not worth a word (means)."""
    if measure not in SHARES:
        return abs(last.value) * care.notable / 100
    counts = [one.students or 1 for one in (now, last)]
    pooled = sum(one.value * n for one, n in zip((now, last), counts, strict=True)) / sum(counts)
    share = min(max(pooled / 100, 0.0), 1.0)
    return 100 * _Z * math.sqrt(share * (1 - share) * sum(1 / n for n in counts))
