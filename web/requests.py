"""What a request carries, as the rest of the pages can take it."""

from collections.abc import Iterable
from typing import Any

import flask
from werkzeug.datastructures import ImmutableMultiDict


class Carried(ImmutableMultiDict[str, Any]):
    """What an address or a form carries; PostgreSQL keeps the sign of number zero in no text."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(name, _storable(value)) for name, value in pairs])


def _storable(value: Any) -> Any:
    """Return a text without what cannot be kept; a file as it is."""
    return value.replace("\0", "") if isinstance(value, str) else value


class Request(flask.Request):
    """A request whose texts are fit to be kept and looked for."""

    parameter_storage_class = Carried
