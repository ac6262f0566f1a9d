"""The rules a definition must keep to be run as drawn."""

from engine.errors import Finding
from engine.process.host import Host
from engine.process.model import Definition


def check(_definition: Definition, _host: Host, *, whole: bool) -> list[Finding]:
    """Return every reason against a definition."""
    return [] * whole


def warn(_definition: Definition) -> list[Finding]:
    """Return what the author should look at."""
    return []
