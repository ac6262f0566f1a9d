"""The workflow engine: knows nothing of HTTP."""

from engine.bus import Engine
from engine.clock import Clock
from engine.commands import (
    closings,
    complaints,
    conclusions,
    controls,
    councils,
    experts,
    goals,
    indicators,
    measures,
    opinions,
    panels,
    programmes,
)
from engine.database import Database
from engine.reactions import alarms, colleagues, journal, notices
from engine.settings import Settings

__all__ = ["Engine", "open_engine"]

REACTIONS = (journal, alarms, notices, colleagues)
"""What subscribes to events; named here so that it is loaded with the engine."""

SUBJECTS = (
    indicators,
    goals,
    councils,
    panels,
    experts,
    complaints,
    programmes,
    opinions,
    conclusions,
    measures,
    controls,
    closings,
)
"""What forms and service tasks of cycles mean; loaded for their registers."""


def open_engine(settings: Settings, clock: Clock | None = None) -> Engine:
    """Return the engine of the database that the settings name; its tables must be there."""
    return Engine(Database(settings.database_url), settings, clock)
