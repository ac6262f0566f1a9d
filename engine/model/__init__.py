"""
The tables, with their invariants in the database.

Importing this package registers every table with ``Base.metadata``.
"""

from engine.model import (
    cases,
    comments,
    councils,
    definitions,
    documents,
    goals,
    indicators,
    measures,
    panels,
    people,
    preferences,
    records,
    reviews,
    tasks,
)
from engine.model.base import Base

__all__ = [
    "Base",
    "cases",
    "comments",
    "councils",
    "definitions",
    "documents",
    "goals",
    "indicators",
    "measures",
    "panels",
    "people",
    "preferences",
    "records",
    "reviews",
    "tasks",
]
