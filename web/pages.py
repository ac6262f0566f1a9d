"""What views have in common: the way on after a change, and a date that was chosen."""

from datetime import date
from typing import Any

import flask
from flask import request, url_for
from werkzeug import Response

from engine.errors import DateMissing


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


def day_chosen(name: str) -> date:
    """
    Return the date of a field.

    Raises:
        DateMissing: Nothing was chosen, or what was sent is no date.
    """
    found = request.form.get(name, type=date.fromisoformat)
    if found is None:
        raise DateMissing
    return found
