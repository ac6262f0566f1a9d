"""The workflow engine: knows nothing of HTTP."""

from engine.bus import Engine
from engine.clock import Clock
from engine.database import Database
from engine.reactions import alarms, journal, notices
from engine.settings import Settings

__all__ = ["Engine", "open_engine"]

REACTIONS = (journal, alarms, notices)
"""What subscribes to events; named here so that it is loaded with the engine."""


def open_engine(settings: Settings, clock: Clock | None = None) -> Engine:
    """Return the engine of the database that the settings name; its tables must be there."""
    return Engine(Database(settings.database_url), settings, clock)
