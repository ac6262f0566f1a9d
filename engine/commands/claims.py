"""
Taking due rows so that each is worked by one worker only, and surviving what fails.

A claim is one statement on both databases; on PostgreSQL rows that another worker has are
passed over, on SQLite there is one writer. The claim, the work and what is left of the row are
one transaction: a worker that dies has claimed nothing.
"""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select

from engine.errors import EngineError
from engine.model.base import Base
from engine.model.cases import Case
from engine.unit import Unit

BATCH: Final = 50
"""Rows in one transaction: few commits, and no lock is held for long."""

BUSY: Final = timedelta(seconds=1)
"""When to look again at what another worker holds."""

log = logging.getLogger(__name__)


def take(unit: Unit, model: type[Base], due: Select[*tuple[Any, ...]]) -> list[Any]:
    """
    Delete the rows whose keys a statement names, and return them; see `skipping`.

    The statement is written apart, since a planner may run a plain subquery more than once and
    take more rows than its limit.
    """
    table = Base.metadata.tables[model.__tablename__]
    keys = due.cte("due").prefix_with("MATERIALIZED")
    taken = delete(table).where(table.c.id.in_(select(keys.c.id))).returning(*table.c)
    unit.write()
    return list(unit.connection.execute(taken).all())


def skipping(due: Select[*tuple[Any, ...]], *locked: type[Base]) -> Select[*tuple[Any, ...]]:
    """Lock the rows of the tables, passing over those that another worker has."""
    return due.with_for_update(of=locked, skip_locked=True)


def free_cases(unit: Unit, case_ids: Collection[int]) -> set[int]:
    """Lock the cases that nobody else works at, and return their ids; never waits."""
    free = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id)
    return {row.id for row in unit.rows(skipping(free, Case))}


def caught(work: Callable[[], None]) -> Exception | None:
    """
    Do one row's work; return what went wrong.

    This is one of the two places that catch everything: a row that fails, in whatever way,
    must not stop the others.
    """
    try:
        work()
    except EngineError as refusal:
        log.warning("a due row was refused: %s", refusal)
        return refusal
    except Exception as problem:
        log.exception("a due row failed")
        return problem
    return None


def attempted(unit: Unit, work: Callable[[], None]) -> Exception | None:
    """Do one row's work in a savepoint; return what went wrong, of which nothing is left."""

    def inside() -> None:
        with unit.savepoint():
            work()

    return caught(inside)


def why(problem: Exception) -> str:
    """Return what an incident says of a failure: the sentence of a refusal, or the error."""
    return problem.sentence if isinstance(problem, EngineError) else repr(problem)
