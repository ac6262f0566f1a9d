"""
The tables, with their invariants in the database.

Importing this package registers every table with ``Base.metadata``.
"""

from engine.model import (
    cases,
    councils,
    definitions,
    documents,
    goals,
    indicators,
    measures,
    panels,
    people,
    records,
    reviews,
    tasks,
)
from engine.model.base import Base

__all__ = [
    "Base",
    "cases",
    "councils",
    "definitions",
    "documents",
    "goals",
    "indicators",
    "measures",
    "panels",
    "people",
    "records",
    "reviews",
    "tasks",
]
