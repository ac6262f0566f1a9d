"""Samples, each beside a commit of the same database, and the line that is printed of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench.databases import Commit

HUNDRED = 100


@dataclass
class Samples:
    """Milliseconds of one thing, of its processor time, and of commits made in between."""

    commit: Commit
    times: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], Any]) -> Any:
        """Measure one run of the work, and one commit."""
        begun, used = perf_counter(), process_time()
        result = work()
        self.times.append((perf_counter() - begun) * 1000)
        self.processor.append((process_time() - used) * 1000)
        self.commits.append(self.commit())
        return result

    def line(self, name: str, database: str, size: int, **more: object) -> None:
        """Print the medians; the mean and the best run say nothing."""
        found = {
            "name": name,
            "database": database,
            "size": size,
            "median_ms": _rounded(median(self.times)),
            "p10_ms": _rounded(part(self.times, 10)),
            "p95_ms": _rounded(part(self.times, 95)),
            "cpu_ms": _rounded(median(self.processor)),
            "commit_ms": _rounded(median(self.commits)),
            "commits": _rounded(median(self.times) / median(self.commits)),
            "samples": len(self.times),
            **more,
        }
        print(json.dumps(found), flush=True)


def part(values: list[float], percent: int) -> float:
    """Return the value below which so many percent lie."""
    return sorted(values)[min(len(values) * percent // HUNDRED, len(values) - 1)]


def _rounded(value: float) -> float:
    return round(value, 4)
