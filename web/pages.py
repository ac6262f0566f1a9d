"""What views answer with besides a page: the way on after a change."""

from typing import Any

import flask
from flask import url_for
from werkzeug import Response


def see(endpoint: str, told: str = "", finished: int = 0, **values: Any) -> Response:
    """
    Send the browser to a page after a change.

    Args:
        endpoint: The page.
        told: A word on what has been done.
        finished: The task that was sent in: the browser forgets its own copy of what was typed.
        values: Of the address.
    """
    if told:
        flask.flash(told, str(finished))
    return flask.redirect(url_for(endpoint, **values), 303)
