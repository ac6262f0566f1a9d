"""Who asks, and whom: the engine, the session and the actor of the request at hand."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from flask import current_app, g, request

from engine import Engine
from engine.bus import Command
from engine.queries.people import SessionRow
from engine.rules.access import Actor
from engine.unit import Reader

P = ParamSpec("P")
R = TypeVar("R")


def engine() -> Engine:
    """Return the engine that the application was made for."""
    found: Engine = current_app.extensions["engine"]
    return found


def session() -> SessionRow | None:
    """Return the session of the browser, None when nobody has signed in."""
    found: SessionRow | None = g.get("session")
    return found


def actor() -> Actor:
    """Return who acts. Pages for everybody do not ask."""
    found: Actor = g.actor
    return found


def ask(query: Callable[Concatenate[Reader, Actor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what a query finds for the current actor."""
    with engine().read() as reader:
        return query(reader, actor(), *args, **kwargs)


def do(command: Command[R]) -> R:
    """Carry out a command of the current actor."""
    return engine().do(command, actor())


def wants_fragment() -> bool:
    """Tell whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"
