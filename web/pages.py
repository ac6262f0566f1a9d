"""What views answer with besides a page: the way on after a change."""

from typing import Any

import flask
from flask import url_for
from flask.typing import ResponseReturnValue


def see(endpoint: str, told: str = "", **values: Any) -> ResponseReturnValue:
    """Send the browser to a page after a change, with a word on what has been done."""
    if told:
        flask.flash(told)
    return flask.redirect(url_for(endpoint, **values), 303)
