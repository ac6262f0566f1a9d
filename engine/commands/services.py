"""
What service tasks of diagrams can call: the registry of services.

A service runs from its job row, outside the step that called it: it may be tried again, so it
must be repeatable. It returns the values that the diagram's ``out`` mappings read, or raises
`BpmnError` with a code that the diagram may catch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """
    One call. ``inputs`` are the values of the diagram's ``in`` mappings; ``case`` the case's row.

    ``settings`` are the cycle's, defaults of the diagram included.
    """

    case: Any
    inputs: Mapping[str, Any]
    settings: Mapping[str, Any]


Service = Callable[[Unit, ServiceCall], dict[str, Any]]

SERVICES: dict[str, Service] = {}


def service(name: str) -> Callable[[Service], Service]:
    """Register a service under the name that diagrams call it by."""

    def register(function: Service) -> Service:
        SERVICES[name] = function
        return function

    return register
