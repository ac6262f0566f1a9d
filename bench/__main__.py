"""
Measure the engine and print one JSON object a line: `make bench`, `make bench ARGS=--quick`.

Beside each median stands one durable commit of one row on the same database, measured in turn;
``commits`` is their ratio, which says more than milliseconds of a machine that is busy.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from functools import partial

from bench.crowds import idle_tick, worklist_page
from bench.databases import BOTH, Commit, opened
from bench.steps import case_bytes, complete_task, start_case
from engine import Engine

Measure = Callable[[Engine, Commit, str], None]


def measures(quick: bool) -> Mapping[str, Measure]:  # noqa: FBT001
    """Return what is measured, by name."""
    samples = 40 if quick else 400
    tasks, timers = (20_000, 20_000) if quick else (1_000_000, 300_000)
    return {
        "complete_task": partial(complete_task, samples=samples),
        "start_case": partial(start_case, samples=samples),
        "case_bytes": partial(case_bytes, _samples=0),
        "idle_tick": partial(idle_tick, size=timers, samples=samples),
        "worklist_page": partial(worklist_page, size=tasks, samples=samples),
    }


def arguments() -> Namespace:
    """Return what the command line asks for."""
    parser = ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="what to measure; everything by default")
    parser.add_argument("--quick", action="store_true", help="small tables, few samples")
    parser.add_argument("--database", choices=BOTH, action="append", help="only this one")
    return parser.parse_args()


def main() -> None:
    """Measure everything that is asked for, each on a database of its own."""
    asked = arguments()
    for name, measure in measures(asked.quick).items():
        if not asked.names or name in asked.names:
            for database in asked.database or BOTH:
                with opened(database) as (engine, commit):
                    measure(engine, commit, database)


if __name__ == "__main__":
    main()
