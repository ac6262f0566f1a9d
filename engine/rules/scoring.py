"""
Scores and votes of an expert review: merging, divergence, quorum, majority, lawful panels.

Numbers that decide (shares, thresholds, sizes) are arguments: they are settings of the cycle.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

LEAST_SCORE: Final = 0
GREATEST_SCORE: Final = 4
DIGITS: Final = 2
"""Of a merged score: finer differences mean nothing on a scale from 0 to 4."""

# votes ------------------------------------------------------------------------------------------


def has_quorum(present: int, members: int, share: float = 0.5) -> bool:
    """Tell whether more than a share of the members is present (domain 3, s2_pedsovet)."""
    return members > 0 and members * share < present <= members


def has_majority(votes_for: int, present: int) -> bool:
    """Tell whether more than half of those present voted for it."""
    return votes_for * 2 > present


def verdict_of(votes: Sequence[str]) -> str:
    """
    Return the verdict that more experts gave than any other: yes, partly or no.

    Without one (a tie, or no votes) it is «partly» (domain 3, s7_conclusion).
    """
    ranked = Counter(votes).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return "partly"
    return ranked[0][0]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the associations judge one goal: can they do it themselves?"""

    yes: int = 0
    partly: int = 0
    no: int = 0

    @property
    def share_no(self) -> float:
        """Return the share of «нет»; nobody asked counts as a tie, which a person decides."""
        voted = self.yes + self.partly + self.no
        return self.no / voted if voted else 0.5


def tally(answers: Sequence[str]) -> Tally:
    """Count the answers yes, partly and no."""
    counted = Counter(answers)
    return Tally(counted["yes"], counted["partly"], counted["no"])


# the panel --------------------------------------------------------------------------------------


def against_team(kinds: Sequence[str], least: int) -> list[str]:
    """
    Return every reason against a panel of these kinds of experts, in Russian.

    A panel is lawful with at least `least` members, an odd number of them, and at least one
    public and one professional expert (domain 3, s2_team).
    """
    reasons = []
    if len(kinds) < least:
        reasons.append(f"экспертов должно быть не меньше {least}")
    if len(kinds) % 2 == 0:
        reasons.append("число экспертов должно быть нечётным")
    if "public" not in kinds:
        reasons.append("нужен хотя бы один общественный эксперт")
    if "professional" not in kinds:
        reasons.append("нужен хотя бы один профессиональный эксперт")
    return reasons


# scores -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """The scores of several experts for one thing; mean and range stay side by side."""

    experts: int
    mean: float
    lowest: float
    highest: float

    def diverges(self, threshold: float) -> bool:
        """Tell whether the scores lie further apart than the threshold."""
        return self.highest - self.lowest > threshold


def merge(scores: Sequence[float]) -> Merged:
    """
    Bring the scores for one thing together.

    Raises:
        ValueError: There is none.
    """
    if not scores:
        raise ValueError("no scores")
    rounded = [round(score, DIGITS) for score in scores]
    mean = min(max(round(fmean(rounded), DIGITS), min(rounded)), max(rounded))
    return Merged(len(rounded), mean, min(rounded), max(rounded))


LEVEL_NAMES: Final[Mapping[str, str]] = {
    "matches": "соответствует",
    "partly": "частично",
    "fails": "не соответствует",
}
"""What a conclusion says about a goal."""

NOT_APPLICABLE: Final = "na"
"""The answer «Н/П» of a form."""


def score_of(answer: str) -> int | None:
    """Return the score of an answer of a form, None for «Н/П»."""
    return None if answer == NOT_APPLICABLE else int(answer)


Scores = Mapping[tuple[str, int], Mapping[int, float]]
"""By what is scored (criterion or goal, its id), the score of each expert."""


def by_expert(rows: Iterable[tuple[str, int, int, int]]) -> Scores:
    """
    Return scores by what is scored and by whom; several by one expert give their mean.

    Args:
        rows: What is scored, its id, the person, and the score.
    """
    seen: dict[tuple[str, int], dict[int, list[int]]] = {}
    for scored, scored_id, person, score in rows:
        seen.setdefault((scored, scored_id), {}).setdefault(person, []).append(score)
    return {what: {p: fmean(s) for p, s in given.items()} for what, given in seen.items()}


@dataclass(frozen=True, slots=True)
class Total:
    """What the scores given so far come to, out of the most that these items can give."""

    points: float
    most: float


def total(scores: Iterable[tuple[int | None, float]], most: int) -> Total:
    """
    Add scores up; an item that is not scored yet, or does not apply, takes no part.

    Args:
        scores: Of each item, with its weight.
        most: The greatest score of one.
    """
    given = [(score, weight) for score, weight in scores if score is not None]
    points = sum(score * weight for score, weight in given)
    return Total(round(points, DIGITS), round(most * sum(weight for _, weight in given), DIGITS))


def kendall_w(scores: Sequence[Sequence[float]]) -> float | None:
    """
    Return Kendall's coefficient of concordance of raters, 0 to 1, corrected for ties.

    Args:
        scores: A row for each expert, in it a score for each thing, in the same order.

    Returns:
        None when fewer than two experts, fewer than two things, or no expert tells any apart.
    """
    raters, things = len(scores), len(scores[0]) if scores else 0
    if raters < 2 or things < 2:
        return None
    ranks = [ranked(row) for row in scores]
    sums = [sum(column) for column in zip(*ranks, strict=True)]
    spread = sum((one - fmean(sums)) ** 2 for one in sums)
    ties = sum(n**3 - n for row in scores for n in Counter(row).values())
    most = raters**2 * (things**3 - things) - raters * ties
    return round(min(12 * spread / most, 1.0), 3) if most else None


def ranked(scores: Sequence[float]) -> list[float]:
    """Return the rank of each score, 1 for the smallest; equal ones share their mean rank."""
    places: dict[float, list[int]] = {}
    for place, score in enumerate(sorted(scores), start=1):
        places.setdefault(score, []).append(place)
    return [fmean(places[score]) for score in scores]


# effect of measures -----------------------------------------------------------------------------


def target_reached(before: float | None, after: float | None, target: float | None) -> bool:
    """
    Tell whether a target value is reached.

    A target below the value before means that less is better; without a value before, more is.
    """
    if after is None or target is None:
        return False
    less_is_better = before is not None and target < before
    return after <= target if less_is_better else after >= target


def ineffective(verdicts: Mapping[int, str], reached: Mapping[int, bool]) -> list[int]:
    """Return the goals, in order, that are neither judged «yes» nor at their target."""
    return [goal for goal, said in verdicts.items() if said != "yes" and not reached.get(goal)]
