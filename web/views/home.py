"""The front door, and the answer to whoever asks if the application is well."""

from dataclasses import asdict

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from engine.queries.health import health
from web import auth, current
from web.menu import front

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Send everybody to where he begins."""
    return redirect(front(), 303)


@blueprint.get("/healthz")
@auth.public
def healthz() -> ResponseReturnValue:
    """Say that the application and its database answer; raises 503 when they do not."""
    with current.engine().read() as reader:
        found = health(reader)
    return {"status": "ok", **asdict(found)}
